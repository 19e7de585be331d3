"""Checks that need more than one section. They read the merged tree, so all faults come at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.scenario.checks.demand import (
    an_opening_list_needs_no_warm_up,
    every_modality_is_described,
    every_place_has_a_rate,
    every_priority_is_vetted,
    shares_sum_to_all,
    somebody_lives_there,
)
from sim.scenario.checks.eligibility import a_complex_referral_fits_into_a_session, everybody_may_be_scanned
from sim.scenario.checks.fleet import (
    a_mobile_is_in_one_place,
    a_reserve_stands_beside_another,
    a_scanner_closes_before_it_opens,
    bays_take_no_emergencies,
    every_crew_is_known,
    scanners_can_be_counted,
    the_clerk_can_book,
)
from sim.scenario.checks.names import names_are_somebodys
from sim.scenario.checks.references import (
    keys_are_their_own,
    names_exist,
    requests_name_what_is_there,
    the_headline_can_be_measured,
    unknown_sources,
)
from sim.scenario.checks.reporting import every_report_takes_time, every_scan_is_reported
from sim.scenario.checks.tree import Found
from sim.scenario.document import Document
from sim.scenario.faults import Fault, in_dots

RULES: tuple[Callable[[dict], Found], ...] = (
    names_exist,
    somebody_lives_there,
    every_scan_is_reported,
    every_report_takes_time,
    shares_sum_to_all,
    every_place_has_a_rate,
    requests_name_what_is_there,
    a_reserve_stands_beside_another,
    every_crew_is_known,
    scanners_can_be_counted,
    a_mobile_is_in_one_place,
    bays_take_no_emergencies,
    every_modality_is_described,
    every_priority_is_vetted,
    everybody_may_be_scanned,
    a_scanner_closes_before_it_opens,
    keys_are_their_own,
    a_complex_referral_fits_into_a_session,
    an_opening_list_needs_no_warm_up,
    the_clerk_can_book,
    the_headline_can_be_measured,
)


def check(document: Document, sources: dict[str, Any], beside: Callable[[str], bool]) -> list[Fault]:
    """Every fault that is found between sections. beside: whether a scenario beside this one has a name."""
    tree = document.tree
    found = [fault for rule in RULES for fault in rule(tree)]
    found += names_are_somebodys(tree, beside)
    found += unknown_sources(tree, sources)
    return [Fault(document.position(path), in_dots(path), message) for path, message in found]
