"""Every scan is read, by one reader, in a time that is known."""

from __future__ import annotations

from sim.scenario.checks.tree import Found, maps, number


def every_scan_is_reported(tree: dict) -> Found:
    """Each scan has one reader: shares of a provider's scans sum to 100 %, or one pool takes the rest."""
    for provider, modality in _made(tree):
        rest, shares = _readers(tree, provider, modality)
        what, last = f"the {modality} of {provider!r}", next(reversed(shares), None)
        total = sum(shares.values())
        if len(rest) > 1:
            yield ("reporting",), f"both {' and '.join(rest)} report {what}"
        elif not rest and not shares:
            yield ("reporting",), f"no pool reports {what}"
        elif total > 100.01:
            yield ("reporting", last, "takes", provider), f"shares of {what} sum to {total:g} %, over 100 %"
        elif not rest and total < 99.99:
            message = f"shares of {what} sum to {total:g} %, and no pool has it in `reports_for` for the rest"
            yield ("reporting", last, "takes", provider), message


def every_report_takes_time(tree: dict) -> Found:
    """A pool says for each modality that it is sent how long a report takes."""
    for name, pool in maps(tree, "reporting"):
        known = pool.get("report_time")
        sent = {made[1] for made in _made(tree) if any(name in some for some in _readers(tree, *made))}
        for modality in sorted(sent) if pool.get("reports_per_day") is None else ():
            if not isinstance(known, dict) or modality not in known:
                message = (
                    f"how long does a report of {modality} take? `reports_per_day` or `report_time` must say"
                )
                yield ("reporting", name), message


def _made(tree: dict) -> list[tuple[str, str]]:
    """(provider, modality) of everything that is scanned."""
    pairs = [(answer.get("provider"), answer.get("modality")) for _, answer in maps(tree, "fleet")]
    return sorted({pair for pair in pairs if all(isinstance(text, str) for text in pair)})


def _readers(tree: dict, provider: str, modality: str) -> tuple[list[str], dict[str, float]]:
    """(pools that take all or the rest, shares in percent of the others) of a provider's scans.

    Scans that no pool names go to the only pool that reports the modality, where there is only one.
    """
    only = {name: pool.get("modalities") for name, pool in maps(tree, "reporting")}
    able = {
        name: pool
        for name, pool in maps(tree, "reporting")
        if not isinstance(only[name], list) or modality in only[name]
    }
    naming = [name for name, pool in able.items() if _names(pool, provider)]
    taken = {name: able[name].get("takes") for name in naming}
    shares = {
        n: number(t[provider]) or 0.0 for n, t in taken.items() if isinstance(t, dict) and provider in t
    }
    rest = [name for name in naming if name not in shares]
    return (rest if naming or len(able) > 1 else list(able)), shares


def _names(pool: dict, provider: str) -> bool:
    """Whether a pool names a provider."""
    named = [pool.get("reports_for"), pool.get("takes")]
    return any(provider in names for names in named if isinstance(names, (list, dict)))
