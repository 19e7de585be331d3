"""Which groups of people a table or a picture shows, and what each is called there."""

from __future__ import annotations

from analysis.loaded import Results

WHEN = {"already waiting": "already waiting", "new referrals": "new"}


def shown(results: Results) -> dict[str, dict[str, str]]:
    """{modality: {label: group}}: the modality's people together, by place, and by when they came.

    Places apart where there are several; those already waiting and new referrals apart where the run
    opens with a list. With one modality its people together are the group `all`.
    """
    return {modality: _within(results, modality) for modality in results.modalities}


def everybody(results: Results, modality: str) -> str:
    """The group of everybody who needs the modality."""
    return results.everybody[modality]


def place(results: Results, modality: str, name: str) -> str:
    """The group of a place's people who need the modality."""
    return _inside(results, modality, f"place={name}")


def modality_of(group: str) -> str | None:
    """`MRI` of `modality=MRI;place=Oxford`; None where the group names none."""
    found = [part.removeprefix("modality=") for part in group.split(";") if part.startswith("modality=")]
    return found[0] if found else None


def is_growing(results: Results, arm: str, group: str = "all") -> bool:
    """Whether the group's list is still growing at the end; of any modality where the group names none."""
    modality = modality_of(group) if results.has_several_modalities else None
    kinds = results.modalities if modality is None else [modality]
    return any(results.growth.get((arm, kind)) for kind in kinds)


def came(results: Results, modality: str) -> dict[str, str]:
    """{label: group} of those already waiting and of new referrals; nothing without an opening list."""
    groups = {label: _inside(results, modality, f"opening={value}") for label, value in WHEN.items()}
    return {label: group for label, group in groups.items() if group in results.groups}


def _within(results: Results, modality: str) -> dict[str, str]:
    groups = {modality: everybody(results, modality)}
    if len(results.places) > 1:
        groups |= {name: place(results, modality, name) for name in results.places}
    return groups | came(results, modality)


def _inside(results: Results, modality: str, part: str) -> str:
    return f"modality={modality};{part}" if results.has_several_modalities else part
