"""What is said about a scenario that is wrong: all of it, at once, in the right place."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario.checks import demand, eligibility, fleet, references, reporting
from sim.scenario.checks.rules import RULES
from sim.scenario.document import read_document
from sim.scenario.faults import ScenarioFaults
from sim.scenario.read import read_arms

MOBILE = (
    "modality: MRI, provider: Company, site: Hospital, opens: 08:00, closes: 18:00, slots_per_day: 9 per day"
)

VAN = f"kind: mobile, unit: van, {MOBILE.replace('Company', 'Trust')}"

CREW = "establishment: 4 people, sessions_per_week: 5 per week"

EVENING = "days: [tuesday], opens: 18:00, closes: 19:00, slots_per_day: 2 per day"

FOURTEEN = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]"

ON_REQUEST_ONLY = "eligibility: {takes: {scanner: {priority: [urgent_suspected_cancer, urgent, routine]}}}"

BOARD = "meets_every: 28 days, agrees: 80 %, tries: 3 meetings"

SOON = "by: Trust, procurement: 60 days, installation: 0 days"

IF_LONG = f"when: {{modality: MRI, over_6_weeks: 10 %}}, {SOON}"

HIRE = f"{IF_LONG}, does: hired_mobile, lasts: 90 days"

IN_RESERVE = f"kind: mobile, visits: [monday], in_reserve: true, {MOBILE.replace('Company', 'Trust')}"

OTHERS = "organisation: O, days: [monday], opens: 09:00, closes: 17:00, reports_per_day: 9 per day"


def test_a_scenario_without_faults_is_read_in_silence(faults_of):
    assert faults_of("") == []


def test_all_faults_come_at_once_in_the_order_of_their_places(faults_of):
    found = faults_of(
        """\
        attendance: {missed: 6, clock_after_missed: no}
        places:
          Town: {population: -3 people}
        fleet:
          scanner: {site: Hospitel, slot_per_day: 9 per day}
        headline: {measure: wait_day_mean}
        demand: {MRI: {priority: {routine: 90 %}}}
        """
    )
    assert [" ".join(line.split()[:2]) for line in found] == [
        "x.yaml:2:14: attendance.missed:",
        "x.yaml:2:25: attendance.clock_after_missed:",
        "x.yaml:4:10: places.Town.population:",
        "x.yaml:6:13: fleet.scanner.site:",
        "x.yaml:6:29: fleet.scanner.slot_per_day:",
        "x.yaml:7:12: headline.measure:",
        "x.yaml:8:16: demand.MRI.priority:",
    ]


def test_faults_of_several_files_come_together(write):
    broken = write("title: a\ntitle: b", "broken.yaml")
    with pytest.raises(ScenarioFaults) as found:
        read_arms([broken, write("extends: small.yaml\nattendance: {missed: 6}"), Path("gone.yaml")])
    assert [fault.position.file for fault in found.value.faults] == ["broken.yaml", "gone.yaml", "x.yaml"]


def test_an_inherited_fault_names_the_file_that_wrote_it(faults_of, write):
    write("extends: small.yaml\nattendance:\n  missed: 6\n  place_after_missed: top\n", "parent.yaml")
    assert faults_of("attendance: {missed: 6 %}\n", over="extends: parent.yaml\n") == [
        "parent.yaml:4:3: attendance.place_after_missed: must be one of 'end_of_list' or 'keeps_place', got 'top'"
    ]


@pytest.mark.parametrize("text, line", [
    ("atendance: {missed: 6 %}", "x.yaml:2:1: atendance: unknown key; did you mean 'attendance'? (legal: title, question, "),
    ("booking: {hold_bak: 6 %}", "x.yaml:2:11: booking.hold_bak: unknown key; did you mean 'hold_back'? (legal: clerk_starts, "),
    ("places: {Town: {peeple: 6}}", "x.yaml:2:17: places.Town.peeple: unknown key (legal: population, households_without_car, "),
    ("attendance: {clock_after_missed: no}", "x.yaml:2:14: attendance.clock_after_missed: must be one of 'resets' or 'continues', got 'no'"),
    ("fleet: {scanner: {modality: MRT}}", "x.yaml:2:19: fleet.scanner.modality: must be one of 'MRI', 'CT', "),
    ("fleet: {scanner: {slots_per_day: -3 per day}}", "x.yaml:2:19: fleet.scanner.slots_per_day: must be at least 0 per day, got -3 per day"),
    ("fleet: {scanner: {closes: 1700}}", 'x.yaml:2:19: fleet.scanner.closes: must be a time of day such as "08:00", got 1700'),
    ("fleet: {scanner: {days: [monday, moonday]}}", "x.yaml:2:34: fleet.scanner.days[1]: must be a weekday (monday, "),
    ("fleet: {scanner: {days: [monday, monday]}}", "x.yaml:2:9: fleet.scanner: `days` names a weekday twice"),
    ("fleet: {scanner: {visits: [monday]}}", "x.yaml:2:9: fleet.scanner: a fixed scanner has `days`, not `visits`"),
    ("fleet: {scanner: {kind: mobile}}", "x.yaml:2:9: fleet.scanner: a mobile scanner needs `visits: [weekday, ...]`"),
    ("fleet: {scanner: {set_up: 10 hours}}", "x.yaml:2:9: fleet.scanner: `closes` must be later than `opens` plus `set_up`"),
    ("fleet: {scanner: big}", "x.yaml:2:9: fleet.scanner: must be a map of keys, got 'big'"),
    ("places: [Town]", "x.yaml:2:1: places: must be a map of keys, got ['Town']"),
    ("reporting: {radiologists: {closes: 08:30}}", "x.yaml:2:13: reporting.radiologists: `closes` must be later than `opens`"),
    ("reporting: {radiologists: {sessions: {evening: {days: [monday], opens: 19:00, closes: 18:00}}}}", "x.yaml:2:39: reporting.radiologists.sessions.evening: `closes` must be later than `opens`"),
    ("reporting: {radiologists: {sessions: {evening: {days: [monday], opens: 18:00, closes: 19:00, priorities: [urgnt]}}}}", "x.yaml:2:107: reporting.radiologists.sessions.evening.priorities[0]: must be one of 'urgent_suspected_cancer', "),
    ("reporting: {radiologists: {sessions: {early: {days: [sunday, friday], opens: 08:00, closes: 09:01}}}}", "x.yaml:2:13: reporting.radiologists: the pool's own session and session 'early' overlap on friday"),
    ("reporting: {radiologists: {sessions: {a: {days: [sunday], opens: 08:00, closes: 10:00}, b: {days: [sunday], opens: 09:00, closes: 09:30}}}}", "x.yaml:2:13: reporting.radiologists: session 'a' and session 'b' overlap on sunday"),
    ("reporting: {radiologists: {takes: {Trust: 101 %}}}", "x.yaml:2:36: reporting.radiologists.takes.Trust: must be at most 100 %, got 101 %"),
    ("reporting: {radiologists: {takes: {Trust: 50 %}}}", "x.yaml:2:13: reporting.radiologists: `reports_for` and `takes` both name 'Trust'"),
    ("reporting: {radiologists: {reports_for: []}}", "x.yaml:2:13: reporting.radiologists: needs `reports_for: [provider, ...]` or `takes: {provider: share}`"),
    ("reporting: {radiologists: {report_time: {MRI: 481 minutes}}}", "x.yaml:2:13: reporting.radiologists: the longest report does not fit between `opens` and `closes`"),
    ("reporting: {radiologists: {report_time: {MRI: 0 minutes}}}", "x.yaml:2:42: reporting.radiologists.report_time.MRI: must be more than 0 days, got 0 minutes"),
    ("reporting: {radiologists: {report_time: {MRT: 9 minutes}}}", "x.yaml:2:42: reporting.radiologists.report_time.MRT: must be one of 'MRI', 'CT', "),
    ("reporting: {radiologists: {discrepancy_rate: 3 %}}", "x.yaml:2:13: reporting.radiologists: `discrepancy_rate` needs `re_read_after`"),
    ("reporting: {radiologists: {discrepancy_rate: 103 %, re_read_after: 7 days}}", "x.yaml:2:28: reporting.radiologists.discrepancy_rate: must be at most 100 %, got 103 %"),
    ("reporting: {radiologists: {days: []}}", "x.yaml:2:28: reporting.radiologists.days: "),
    ("images: {transfer_fails: 2 %}", "x.yaml:2:1: images: `transfer_fails` needs `noticed_after`"),
    ("images: {transfer_fails: 96 %, noticed_after: 1 day}", "x.yaml:2:10: images.transfer_fails: must be at most 95 %, got 96 %"),
    ("images: {transfer_fails: -1 %, noticed_after: 1 day}", "x.yaml:2:10: images.transfer_fails: must be at least 0 %, got -1 %"),
    ("demand: {MRI: {time_before_request: -1 days}}", "x.yaml:2:16: demand.MRI.time_before_request: must be at least 0 days, got -1 days"),
    ("calendar: {start: 2019-01-02}", "x.yaml:2:1: calendar: start must be the first day of a month, got 2019-01-02"),
    ("calendar: {start: 1819-01-01}", "x.yaml:2:1: calendar: start must lie between 1990 and 2090, got 1819-01-01"),
    ("calendar: {start: 1989-12-01}", "x.yaml:2:1: calendar: start must lie between 1990 and 2090, got 1989-12-01"),
    ("calendar: {start: 2091-01-01}", "x.yaml:2:1: calendar: start must lie between 1990 and 2090, got 2091-01-01"),
    ("calendar: {start: January}", "x.yaml:2:12: calendar.start: must be date, got 'January'"),
    ("calendar: {shocks: {strike: {from: 2019-03-02, until: 2019-03-02}}}", "x.yaml:2:21: calendar.shocks.strike: `until` must be later than `from` (2019-03-02), got 2019-03-02"),
    ("calendar: {shocks: {strike: {until: 2019-03-02}}}", "x.yaml:2:21: calendar.shocks.strike.from: is missing"),
    ("calendar: {shocks: {strike: {from: March}}}", "x.yaml:2:30: calendar.shocks.strike.from: must be date, got 'March'"),
    ("calendar: {shocks: {strike: {form: 2019-03-02}}}", "x.yaml:2:30: calendar.shocks.strike.form: unknown key; did you mean 'from'? (legal: from, until, demand_falls, capacity_falls)"),
    ("calendar: {shocks: {strike: {capacity_falls: 50}}}", "x.yaml:2:30: calendar.shocks.strike.capacity_falls: no unit in 50; must be a number with %"),
    ("calendar: {shocks: {strike: {capacity_falls: 150 %}}}", "x.yaml:2:30: calendar.shocks.strike.capacity_falls: must be at most 100 %, got 150 %"),
    ("calendar: {shocks: {strike: {demand_falls: {MRI: -5 %}}}}", "x.yaml:2:45: calendar.shocks.strike.demand_falls.MRI: must be at least 0 %, got -5 %"),
    ("calendar: {shocks: {strike: {demand_falls: {MRT: 5 %}}}}", "x.yaml:2:45: calendar.shocks.strike.demand_falls.MRT: must be one of 'MRI', 'CT', "),
    ("calendar: {shocks: 50 %}", "x.yaml:2:12: calendar.shocks: must be a map of keys, got '50 %'"),
    ("demand: {MRI: {per_1000: {default: 80 per 1000 people a year}}}", "x.yaml:2:10: demand.MRI: has both `per_year` and `per_1000`; take one out, as `per_year: null` does"),
    ("demand: {MRI: {per_year: null}}", "x.yaml:2:10: demand.MRI: needs `per_year` or `per_1000`"),
    ("demand: {MRI: {priority: null}}", "x.yaml:2:10: demand.MRI: needs `priority` or `referrers`"),
    ("demand: {MRI: {referrers: {gp: {share: 100 %, priority: {routine: 100 %}}}}}", "x.yaml:2:10: demand.MRI: has both `priority` and `referrers`; "),
    ("demand: {MRI: {priority: null, referrers: {GP: {share: 100 %, priority: {routine: 100 %}}}}}", "x.yaml:2:44: demand.MRI.referrers.GP: must be one of 'gp', 'outpatients', "),
    ("demand: {MRI: {priority: null, referrers: {}}}", "x.yaml:2:32: demand.MRI.referrers: "),
    ("demand: {MRI: {per_year: null, per_1000: {Town: 80 per year}}}", "x.yaml:2:43: demand.MRI.per_1000.Town: unknown unit 'per year' in '80 per year'; must be a number with per 1000 people a year"),
    ("demand: {MRI: {growth: 4.5 %}}", "x.yaml:2:16: demand.MRI.growth: unknown unit '%' in '4.5 %'; must be a number with % a year"),
    ("demand: {MRI: {growth: 450 % a year}}", "x.yaml:2:16: demand.MRI.growth: must be at most 100 % a year, got 450 % a year"),
    ("demand: {MRI: {season: {january: 300 %}}}", "x.yaml:2:16: demand.MRI.season: the twelve factors must have a mean of 90 % to 110 %, have 117 %"),
    ("demand: {MRI: {season: {january: 0 %, february: 0 %}}}", "x.yaml:2:16: demand.MRI.season: the twelve factors must have a mean of 90 % to 110 %, have 83.3 %"),
    ("demand: {MRI: {season: {Jan: 101 %}}}", "x.yaml:2:25: demand.MRI.season.Jan: must be one of 'january', "),
    ("demand: {MRI: {season: {january: 1.01}}}", "x.yaml:2:25: demand.MRI.season.january: no unit in 1.01; must be a number with %"),
    ("demand: {MRI: {reacts_to_wait: {elasticity: -0.2}}}", "x.yaml:2:16: demand.MRI.reacts_to_wait.reference_wait: is missing"),
    ("demand: {MRI: {reacts_to_wait: {elasticity: -20 %, reference_wait: 4 weeks}}}", "x.yaml:2:33: demand.MRI.reacts_to_wait.elasticity: unknown unit '%' in '-20 %'; must be a number without unit"),
    ("demand: {MRI: {reacts_to_wait: {elasticity: -1, reference_wait: 4 weeks, least: 1.2}}}", "x.yaml:2:74: demand.MRI.reacts_to_wait.least: must be at most 1, got 1.2"),
    ("demand: {MRI: {reacts_to_wait: {elasticity: -1, reference_wait: 4 weeks, least: 1, most: 1}}}", "x.yaml:2:16: demand.MRI.reacts_to_wait: `least` and `most` must differ"),
    ("experiment: {replications: 1}", "x.yaml:2:14: experiment.replications: must be at least 2, got 1"),
    ("experiment: {seed: 1.5}", "x.yaml:2:14: experiment.seed: must be a whole number, got 1.5"),
    ("experiment: {seed: true}", "x.yaml:2:14: experiment.seed: must be a whole number, got True"),
    ("title: {a: b}", "x.yaml:2:1: title: must be text, got {'a': 'b'}"),
    ("headline: {matters: 2 %}", "x.yaml:2:1: headline: `matters` must be a number of days, as wait_days_mean is"),
    ("compare_with: gone.yaml", "x.yaml:2:1: compare_with: there is no file gone.yaml"),
    ("fleet: {scanner: {blocked: 5 %}}", "x.yaml:2:9: fleet.scanner: `blocked` and `unit` are for mobile scanners"),
    ("fleet: {scanner: {unit: van}}", "x.yaml:2:9: fleet.scanner: `blocked` and `unit` are for mobile scanners"),
    ("fleet: {scanner: {kind: mobile, days: null, visits: [monday], blocked: 101 %}}", "x.yaml:2:63: fleet.scanner.blocked: must be at most 95 %, got 101 %"),
    ("fleet: {scanner: {more_sessions: {late: {days: [monday], opens: 17:00, closes: 19:00, slots_per_day: 2 per day}}}}", "x.yaml:2:9: fleet.scanner: two of its sessions overlap on monday"),
    ("fleet: {scanner: {more_sessions: {a: {days: [tuesday, sunday], opens: 19:00, closes: 21:00, slots_per_day: 2 per day}, b: {days: [sunday], opens: 20:59, closes: 22:00, slots_per_day: 2 per day}}}}", "x.yaml:2:9: fleet.scanner: two of its sessions overlap on sunday"),
    ("fleet: {scanner: {more_sessions: {late: {days: [], opens: 18:00, closes: 20:30, slots_per_day: 2 per day}}}}", "x.yaml:2:35: fleet.scanner.more_sessions.late: `days` must name weekdays, each once"),
    ("fleet: {scanner: {kind: mobile, days: null, visits: [monday], on_call: true}}", "x.yaml:2:9: fleet.scanner: a mobile scanner cannot be `on_call`: at night it is on the road"),
    ("fleet: {scanner: {on_call: true, opens: 00:00}}", "x.yaml:2:9: fleet.scanner: a session of a scanner on call may not begin at midnight"),
    ("fleet: {scanner: {on_call: true, more_sessions: {night: {days: [monday], opens: 00:00, closes: 07:00, slots_per_day: 2 per day}}}}", "x.yaml:2:9: fleet.scanner: a session of a scanner on call may not begin at midnight"),
    ("fleet: {scanner: {replacement: {closes: 2019-03-02, opens: 2019-03-01}}}", "x.yaml:2:19: fleet.scanner.replacement: `opens` must not be before `closes`"),
    ("fleet: {scanner: {maintenance: {every: 0 days, lasts: 1 day}}}", "x.yaml:2:33: fleet.scanner.maintenance.every: must be more than 0 days, got 0 days"),
    ("fleet: {scanner: {age: -1 years}}", "x.yaml:2:19: fleet.scanner.age: must be at least 0 years, got -1 years"),
    ("scanning: {MRI: {bays: 3}}", "x.yaml:2:12: scanning.MRI: `bays` and `uptake` belong together"),
    ("scanning: {MRI: {uptake: 1 hour}}", "x.yaml:2:12: scanning.MRI: `bays` and `uptake` belong together"),
    ("scanning: {MRI: {bays: 0, uptake: 1 hour}}", "x.yaml:2:18: scanning.MRI.bays: must be at least 1, got 0"),
    ("scanning: {MRI: {bays: 101, uptake: 1 hour}}", "x.yaml:2:18: scanning.MRI.bays: must be at most 100, got 101"),
    ("scanning: {MRI: {engineers: 1001}}", "x.yaml:2:18: scanning.MRI.engineers: must be at most 1000, got 1001"),
    ("scanning: {MRI: {slots_if_complex: 0}}", "x.yaml:2:18: scanning.MRI.slots_if_complex: must be at least 1, got 0"),
    ("scanning: {MRI: {slots_if_complex: 11}}", "x.yaml:2:18: scanning.MRI.slots_if_complex: must be at most 10, got 11"),
    ("attendance: {discharged_after: 0}", "x.yaml:2:14: attendance.discharged_after: must be at least 1, got 0"),
    (f"demand: {{MRI: {{unscheduled: {{per_year: 9 per year, hours: [{', '.join(['4 %'] * 24)}]}}}}}}", "x.yaml:2:16: demand.MRI.unscheduled: `hours` must sum to 100 %, sums to 96 %"),
    ("demand: {MRI: {unscheduled: {per_year: 9 per year, referrers: {gp: 60 %, inpatients: 50 %}}}}", "x.yaml:2:16: demand.MRI.unscheduled: `referrers` must sum to 100 %, sums to 110 %"),
    ("attendance: {discharged_after: 101}", "x.yaml:2:14: attendance.discharged_after: must be at most 100, got 101"),
    ("demand: {MRI: {reacts_to_wait: {elasticity: 5.1, reference_wait: 4 weeks}}}", "x.yaml:2:33: demand.MRI.reacts_to_wait.elasticity: must be at most 5, got 5.1"),
    ("demand: {MRI: {reacts_to_wait: {elasticity: -5.1, reference_wait: 4 weeks}}}", "x.yaml:2:33: demand.MRI.reacts_to_wait.elasticity: must be at least -5, got -5.1"),
    ("demand: {MRI: {reacts_to_wait: {elasticity: 1, reference_wait: 4 weeks, least: 1.1}}}", "x.yaml:2:73: demand.MRI.reacts_to_wait.least: must be at most 1, got 1.1"),
    ("demand: {MRI: {reacts_to_wait: {elasticity: 1, reference_wait: 4 weeks, most: 0.9}}}", "x.yaml:2:73: demand.MRI.reacts_to_wait.most: must be at least 1, got 0.9"),
    ("demand: {MRI: {reacts_to_wait: {elasticity: 1, reference_wait: 4 weeks, most: 10.1}}}", "x.yaml:2:73: demand.MRI.reacts_to_wait.most: must be at most 10, got 10.1"),
    ("scanning: {MRI: {engineers: 0}}", "x.yaml:2:18: scanning.MRI.engineers: must be at least 1, got 0"),
    ("scanning: {MRI: {use_between_failures: 0 hours}}", "x.yaml:2:18: scanning.MRI.use_between_failures: must be more than 0 days, got 0 hours"),
    ("scanning: {MRI: {incomplete: 101 %}}", "x.yaml:2:18: scanning.MRI.incomplete: must be at most 95 %, got 101 %"),
    ("scanning: {MRI: {tracer_fails: 101 %}}", "x.yaml:2:18: scanning.MRI.tracer_fails: must be at most 95 %, got 101 %"),
    ("scanning: {MRI: {missed_findings: {share: 101 %, after: 9 days}}}", "x.yaml:2:36: scanning.MRI.missed_findings.share: must be at most 95 %, got 101 %"),
    ("scanning: {MRI: {uptime: 101 %}}", "x.yaml:2:18: scanning.MRI.uptime: must be at most 100 %, got 101 %"),
    ("attendance: {cancelled_by_patient: 101 %}", "x.yaml:2:14: attendance.cancelled_by_patient: must be at most 95 %, got 101 %"),
    (f"workforce: {{crews: {{a: {{providers: [Trust], {CREW}, sickness: 96 %}}}}}}", "x.yaml:2:101: workforce.crews.a.sickness: must be at most 95 %, got 96 %"),
    (f"workforce: {{crews: {{a: {{providers: [Trust], {CREW}, vacancies: 101 %}}}}}}", "x.yaml:2:101: workforce.crews.a.vacancies: must be at most 100 %, got 101 %"),
    ("opening_list: {a: {modality: MRI, bands: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]}}", "x.yaml:2:35: opening_list.a.bands: "),
    ("opening_list: {a: {modality: MRI, bands: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]}}", "x.yaml:2:35: opening_list.a.bands: "),
    (f"opening_list: {{a: {{modality: MRI, bands: {FOURTEEN.replace('14', '-1')}}}}}", "x.yaml:2:86: opening_list.a.bands[13]: must be at least 0, got -1"),
    (f"opening_list: {{a: {{modality: MRI, bands: {FOURTEEN.replace('14', '1.5')}}}}}", "x.yaml:2:86: opening_list.a.bands[13]: must be a whole number, got 1.5"),
    (f"opening_list: {{a: {{bands: {FOURTEEN}}}}}", "x.yaml:2:16: opening_list.a: needs either `modality` and `bands`, or `dm01`, `provider`, `test` and `month`"),
    (f"opening_list: {{a: {{modality: MRT, bands: {FOURTEEN}}}}}", "x.yaml:2:20: opening_list.a.modality: must be one of 'MRI', 'CT', "),
    (f"opening_list: {{a: {{modality: MRI, bands: {FOURTEEN}, urgent: {{urgent: 60 %, urgent_suspected_cancer: 50 %}}}}}}", "x.yaml:2:16: opening_list.a: `urgent` names urgent priorities only, and at most 100 % of people"),
    ("booking: {treatment_hazard: {MRI: {Trust: {by_week: [1, 2, 3]}}}}", "x.yaml:2:44: booking.treatment_hazard.MRI.Trust.by_week: "),
    (f"booking: {{treatment_hazard: {{MRI: {{Trust: {{by_week: {FOURTEEN.replace('[1,', '[0,')}}}}}}}}}", "x.yaml:2:54: booking.treatment_hazard.MRI.Trust.by_week[0]: must be more than 0, got 0"),
    ("vetting: {redirected: 5 %, redirected_to: {MRI: MRT}}", "x.yaml:2:44: vetting.redirected_to.MRI: must be one of 'MRI', 'CT', "),
    ("vetting: {rejected: 60 %, redirected: 40 %}", "x.yaml:2:1: vetting: `rejected` and `redirected` must leave at least 5 % to be scanned"),
    ("decisions: {boards: {a: {meets_every: 0 days}}}", "x.yaml:2:26: decisions.boards.a.meets_every: must be more than 0 days, got 0 days"),
    ("decisions: {boards: {a: {agrees: 101 %}}}", "x.yaml:2:26: decisions.boards.a.agrees: must be at most 100 %, got 101 %"),
    ("decisions: {boards: {a: {tries: 0 meetings}}}", "x.yaml:2:26: decisions.boards.a.tries: must be at least 1 meetings, got 0 meetings"),
    ("decisions: {boards: {a: {tries: 3}}}", "x.yaml:2:26: decisions.boards.a.tries: no unit in 3; must be a number with meetings or meeting"),
    ("decisions: {order: in_turn}", "x.yaml:2:13: decisions.order: must be one of 'one_after_the_other' or 'together', got 'in_turn'"),
    (f"decisions: {{requests: {{a: {{{IF_LONG}, does: hire, scanners: [van]}}}}}}", "x.yaml:2:126: decisions.requests.a.does: must be one of 'extra_sessions', "),
    (f"decisions: {{requests: {{a: {{{IF_LONG}, does: extra_sessions, scanners: [van]}}}}}}", "x.yaml:2:24: decisions.requests.a: `does: extra_sessions` needs `sessions`, and no `scanners`"),
    (f"decisions: {{requests: {{a: {{{IF_LONG}, does: new_scanner}}}}}}", "x.yaml:2:24: decisions.requests.a: `does: new_scanner` needs `scanners`, and no `sessions`"),
    (f"decisions: {{requests: {{a: {{{IF_LONG}, does: hired_mobile, scanners: [van]}}}}}}", "x.yaml:2:24: decisions.requests.a: `does: hired_mobile` needs `lasts`: for how long is it hired?"),
    (f"decisions: {{requests: {{a: {{{IF_LONG}, does: replacement, scanners: [van], lasts: 9 days}}}}}}", "x.yaml:2:24: decisions.requests.a: `does: replacement` has no `lasts`: it stays for good"),
    (f"decisions: {{requests: {{a: {{{HIRE}, scanners: [van], places: []}}}}}}", "x.yaml:2:179: decisions.requests.a.places: "),
    (f"decisions: {{requests: {{a: {{when: {{modality: MRI}}, {SOON}}}}}}}", "x.yaml:2:28: decisions.requests.a.when: needs either `modality` with `over_6_weeks` or `list_size`, or `scanner` with `older_than`"),
    (f"decisions: {{requests: {{a: {{when: {{over_6_weeks: 9 %}}, {SOON}}}}}}}", "x.yaml:2:28: decisions.requests.a.when: needs either"),
    (f"decisions: {{requests: {{a: {{when: {{scanner: scanner}}, {SOON}}}}}}}", "x.yaml:2:28: decisions.requests.a.when: needs either"),
    (f"decisions: {{requests: {{a: {{when: {{scanner: scanner, older_than: 9 years, modality: MRI}}, {SOON}}}}}}}", "x.yaml:2:28: decisions.requests.a.when: needs either"),
    (f"decisions: {{requests: {{a: {{when: {{for_months: 0 months}}, {SOON}}}}}}}", "x.yaml:2:35: decisions.requests.a.when.for_months: must be at least 1 months, got 0 months"),
    (f"fleet: {{scanner: {{in_reserve: true, more_sessions: {{late: {{{EVENING}, in_reserve: true}}}}}}}}", "x.yaml:2:9: fleet.scanner: the whole scanner is `in_reserve`; its sessions come with it"),
    ("attendance: {missed: {value: 6 %, source: gone}}", "x.yaml:2:35: attendance.missed.source: 'gone' is not in sources.yaml"),
])  # fmt: skip
def test_a_fault_names_its_place_its_key_and_what_is_legal(faults_of, text, line):
    assert any(found.startswith(line) for found in faults_of(text)), faults_of(text)


def test_a_section_that_is_missing_is_named(faults_of):
    (line,) = faults_of("travel: null")
    assert line.endswith(
        "travel: is missing; `travel:` with nothing below it removes it: is what follows indented?"
    )


def test_a_fleet_that_slipped_out_of_its_section_is_told_once(faults_of):
    below, beside = faults_of("fleet:\nvan: {kind: mobile}")
    assert below.startswith("x.yaml:2:1: fleet: is missing; ")
    assert beside.startswith("x.yaml:3:1: van: unknown key (legal: title, ")


def test_a_source_that_is_nearly_one_is_suggested(faults_of, write):
    write("census-2021: {title: t}", "sources.yaml")
    (line,) = faults_of("attendance: {missed: {value: 6 %, source: census-2012}}")
    assert "did you mean 'census-2021'?" in line


# ---- checks between sections: every rule of sim/scenario/checks/

BROKEN = {
    references.names_exist: [
        ("places: {default: {population: 9 people, households_without_car: 0 %, latitude: 51 degrees, longitude: 0 degrees}}", "x.yaml:2:10: places.default: `default` stands for all places that are not named; name it otherwise"),
        ("sites: {Hospital: {place: Tawn}}", "x.yaml:2:20: sites.Hospital.place: no 'Tawn' here; did you mean 'Town'?"),
        ("fleet: {scanner: {site: Clinic}}", "x.yaml:2:19: fleet.scanner.site: no 'Clinic' here (legal: Hospital)"),
        ("travel: {car_minutes: {City: {Town: 5 minutes}}}", "x.yaml:2:24: travel.car_minutes.City: no 'City' here"),
        ("travel: {car_minutes: {Town: {City: 5 minutes}}}", "x.yaml:2:31: travel.car_minutes.Town.City: no 'City' here"),
        (f"opening_list: {{a: {{modality: MRI, bands: {FOURTEEN}, place: Tawn}}}}", "x.yaml:2:91: opening_list.a.place: no 'Tawn' here; did you mean 'Town'?"),
        (f"opening_list: {{a: {{modality: CT, bands: {FOURTEEN}}}}}", "x.yaml:2:20: opening_list.a.modality: no 'CT' here (legal: MRI)"),
        ("vetting: {redirected: 5 %, redirected_to: {MRI: CT}}", "x.yaml:2:44: vetting.redirected_to.MRI: no 'CT' here (legal: MRI)"),
    ],
    eligibility.a_complex_referral_fits_into_a_session: [
        ("demand: {MRI: {complex: 10 %}}\nscanning: {MRI: {slots_if_complex: 3}}\nfleet: {scanner: {slots_per_day: 2 per day}}", "x.yaml:3:18: scanning.MRI.slots_if_complex: no session has so many slots; the longest that takes complex referrals has 2"),
    ],
    demand.an_opening_list_needs_no_warm_up: [
        (f"calendar: {{warm_up: 1 weeks}}\nopening_list: {{a: {{modality: MRI, bands: {FOURTEEN}}}}}", "x.yaml:2:12: calendar.warm_up: must be 0 days where there is an `opening_list`: it takes its place"),
    ],
    references.requests_name_what_is_there: [
        (f"decisions: {{boards: {{oxford: {{{BOARD}}}}}, requests: {{a: {{{HIRE}, scanners: [van], boards: [oxfrd]}}}}}}", "decisions.requests.a.boards[0]: no 'oxfrd' here; did you mean 'oxford'?"),
        (f"decisions: {{requests: {{a: {{{HIRE}, scanners: [van], places: [Tawn]}}}}}}", "decisions.requests.a.places[0]: no 'Tawn' here; did you mean 'Town'?"),
        (f"decisions: {{requests: {{a: {{{HIRE.replace('MRI', 'CT')}, scanners: [van]}}}}}}", "x.yaml:2:35: decisions.requests.a.when.modality: no 'CT' here (legal: MRI)"),
    ],
    fleet.a_reserve_stands_beside_another: [
        (f"sites: {{Clinic: {{place: Town, latitude: 51 degrees, longitude: 0 degrees}}}}\nfleet: {{van: {{{IN_RESERVE.replace('Hospital', 'Clinic')}}}}}", "x.yaml:3:47: fleet.van.in_reserve: no other scanner for MRI works at 'Clinic' from the start"),
        ("fleet: {scanner: {in_reserve: true}}", "x.yaml:2:19: fleet.scanner.in_reserve: no other scanner for MRI works at 'Hospital' from the start"),
    ],
    fleet.every_crew_is_known: [
        (f"fleet: {{scanner: {{more_sessions: {{late: {{{EVENING}, radiographers: 1 people}}}}}}}}\nworkforce: {{crews: {{a: {{providers: [Trust], {CREW}}}, b: {{providers: [Trust], {CREW}}}}}}}", "x.yaml:2:9: fleet.scanner.radiographers: both a and b of `workforce.crews`"),
        (f"fleet: {{scanner: {{radiographers: 2 people}}}}\nworkforce: {{crews: {{a: {{providers: [Trust], {CREW}}}, b: {{providers: [Trust], {CREW}}}}}}}", "x.yaml:2:19: fleet.scanner.radiographers: both a and b of `workforce.crews`"),
    ],
    fleet.scanners_can_be_counted: [
        ("fleet: {scanner: {per_million: 4.9 per million people}}", "x.yaml:2:19: fleet.scanner.per_million: comes to 0 scanners for 100,000 people; must come to 1 to 500"),
        ("fleet: {scanner: {per_million: 5005 per million people}}", "x.yaml:2:19: fleet.scanner.per_million: comes to 501 scanners for 100,000 people; must come to 1 to 500"),
        (f"fleet: {{scanner: {{count: 2}}, scanner 2: {{kind: mobile, visits: [monday], {MOBILE.replace('Company', 'Trust')}}}}}", "x.yaml:2:30: fleet.scanner 2: 'scanner 2' is what scanners of 'scanner' are called; name it otherwise"),
        (f"fleet: {{scanner: {{count: 2, key: old}}, van: {{key: old 2, kind: mobile, visits: [monday], {MOBILE.replace('Company', 'Trust')}}}}}", "x.yaml:2:40: fleet.van: 'old 2' is what scanners of 'scanner' are called"),
    ],
    fleet.a_mobile_is_in_one_place: [
        (f"fleet: {{a: {{visits: [monday, tuesday], {VAN}}}, b: {{visits: [Tuesday], {VAN}}}}}", "x.yaml:2:173: fleet.b.visits: van is with 'a' on Tuesday; it cannot be in two places"),
        (f"fleet: {{a: {{visits: [tuesday], {VAN}}}, b: {{visits: [friday], {VAN}, more_sessions: {{late: {{{EVENING}}}}}}}}}", "it cannot be in two places"),
    ],
    fleet.bays_take_no_emergencies: [
        ("scanning: {MRI: {bays: 3, uptake: 1 hour}}\ndemand: {MRI: {unscheduled: {per_year: 9 per year}}}", "x.yaml:3:16: demand.MRI.unscheduled: is not possible where `scanning` has uptake `bays`"),
    ],
    references.keys_are_their_own: [
        (f"workforce: {{crews: {{a: {{providers: [Trust], {CREW}}}, b: {{key: a, providers: [], {CREW}}}}}}}", "workforce.crews.b: has the key 'a' of 'a'"),
        (f"decisions: {{boards: {{a: {{{BOARD}}}, b: {{key: a, {BOARD}}}}}}}", "decisions.boards.b: has the key 'a' of 'a'"),
        ("places: {Village: {key: Town, population: 9 people, households_without_car: 1 %, latitude: 51 degrees, longitude: 0 degrees}}", "x.yaml:2:10: places.Village: has the key 'Town' of 'Town'"),
    ],
    fleet.the_clerk_can_book: [
        ("booking: {minimum_notice: 8 days, horizon: 1 week}", "x.yaml:2:35: booking.horizon: must not be shorter"),
    ],
    demand.somebody_lives_there: [
        ("places: {Town: {population: 0 people}}", "x.yaml:2:1: places: nobody lives in any of them"),
    ],
    reporting.every_scan_is_reported: [
        (f"fleet: {{scanner: {{provider: Company}}}}\nreporting: {{others: {{reports_for: [Firm], {OTHERS}}}}}", "reporting: no pool reports the MRI of 'Company'"),
        ("reporting: {radiologists: {modalities: [CT]}}", "reporting: no pool reports the MRI of 'Trust'"),
        (f"reporting: {{others: {{reports_for: [Trust], {OTHERS}}}}}", "x.yaml:2:1: reporting: both radiologists and others report the MRI of 'Trust'"),
        (f"reporting: {{radiologists: null, others: {{takes: {{Trust: 60 %}}, {OTHERS}}}}}", "x.yaml:2:50: reporting.others.takes.Trust: shares of the MRI of 'Trust' sum to 60 %, and no pool has it in `reports_for` for the rest"),
        (f"reporting: {{a: {{takes: {{Trust: 60 %}}, {OTHERS}}}, b: {{takes: {{Trust: 50 %}}, {OTHERS}}}}}", "reporting.b.takes.Trust: shares of the MRI of 'Trust' sum to 110 %, over 100 %"),
    ],
    reporting.every_report_takes_time: [
        ("reporting: {radiologists: {reports_per_day: null}}", "reporting.radiologists: how long does a report of MRI take? `reports_per_day` or `report_time` must say"),
        ("reporting: {radiologists: {reports_per_day: null, report_time: {CT: 9 minutes}}}", "x.yaml:2:13: reporting.radiologists: how long does a report of MRI take?"),
    ],
    demand.shares_sum_to_all: [
        ("demand: {MRI: {priority: {routine: 90 %}}}", "x.yaml:2:16: demand.MRI.priority: must sum to 100 %, sums to 90 %"),
        ("demand: {MRI: {weekdays: {monday: {value: 30 %, assumption: a, range: [0 %, 40 %]}}}}", "x.yaml:2:16: demand.MRI.weekdays: must sum to 100 %, sums to 115.714 %"),
        ("demand: {MRI: {priority: null, referrers: {gp: {share: 90 %, priority: {routine: 100 %}}}}}", "x.yaml:2:32: demand.MRI.referrers: must sum to 100 %, sums to 90 %"),
        ("demand: {MRI: {priority: null, referrers: {gp: {share: 100 %, priority: {routine: 90 %}}}}}", "x.yaml:2:63: demand.MRI.referrers.gp.priority: must sum to 100 %, sums to 90 %"),
    ],
    demand.every_place_has_a_rate: [
        ("demand: {MRI: {per_year: null, per_1000: {Tawn: 80 per 1000 people a year, default: 9 per 1000 people a year}}}", "x.yaml:2:43: demand.MRI.per_1000.Tawn: no 'Tawn' here; did you mean 'Town'?"),
        ("demand: {MRI: {per_year: null, per_1000: {}}}", "x.yaml:2:32: demand.MRI.per_1000: no rate for Town, and no `default`"),
    ],
    demand.every_modality_is_described: [
        (f"fleet: {{ct: {{kind: mobile, visits: [monday], {MOBILE.replace('MRI', 'CT').replace('Company', 'Trust')}}}}}", "scanning: CT is missing: how is it scanned?"),
        ("workforce: {planned_load: 90 %, planned_missed: 0 %, planned_referrals: {}}", "x.yaml:2:54: workforce.planned_referrals: MRI is missing: for how many was the plan made?"),
    ],
    demand.every_priority_is_vetted: [
        ("vetting: {time: {urgent: null}}", "x.yaml:2:11: vetting.time: urgent is missing"),
    ],
    eligibility.everybody_may_be_scanned: [
        ("eligibility: {takes: {scanner: {priority: [urgent]}}}", "x.yaml:2:1: eligibility: no scanner takes standard routine referrals for MRI"),
        ("demand: {MRI: {complex: 5 %}}\neligibility: {takes: {scanner: {complexity: [standard]}}}", "x.yaml:3:1: eligibility: no scanner takes complex urgent referrals for MRI"),
        (f"demand: {{MRI: {{unscheduled: {{per_year: 9 per year}}}}}}\n{ON_REQUEST_ONLY}", "x.yaml:3:1: eligibility: no scanner takes standard emergency referrals for MRI"),
        (f"demand: {{MRI: {{planned: {{per_year: 9 per year}}}}}}\n{ON_REQUEST_ONLY}", "x.yaml:3:1: eligibility: no scanner takes standard planned referrals for MRI"),
        ("demand: {MRI: {complex: 5 %}}\neligibility: {takes: {Trust: {complexity: [standard]}}}", "x.yaml:3:1: eligibility: no scanner takes complex urgent referrals for MRI"),
        ("demand: {MRI: {aged_65_or_over: 40 %}}\neligibility: {takes: {Trust: {age: [under 65]}}}", "x.yaml:3:1: eligibility: no scanner takes standard routine referrals for MRI of people who are: 65 or over"),
        ("demand: {MRI: {aged_65_or_over: 40 %, needing_help: 5 %}}\neligibility: {takes: {scanner: {mobility: [walks]}}}", "x.yaml:3:1: eligibility: no scanner takes standard routine referrals for MRI of people who are: under 65, needs help"),
        ("demand: {MRI: {planned: {per_year: 9 per year, complex: 5 %}}}\neligibility: {takes: {scanner: {complexity: [standard]}}}", "x.yaml:3:1: eligibility: no scanner takes complex planned referrals for MRI"),
        ("demand: {MRI: {unscheduled: {per_year: 9 per year, complex: 5 %}}}\neligibility: {takes: {scanner: {complexity: [standard]}}}", "x.yaml:3:1: eligibility: no scanner takes complex emergency referrals for MRI"),
        ("fleet: {scanner: {modality: CT}}", "x.yaml:2:1: fleet: no scanner takes standard routine referrals for MRI"),
        (f"eligibility: {{takes: {{scanner: {{priority: [urgent]}}}}}}\nfleet: {{van: {{{IN_RESERVE}}}}}", "x.yaml:2:1: eligibility: no scanner takes standard routine referrals for MRI"),
    ],
    fleet.a_scanner_closes_before_it_opens: [
        ("fleet: {scanner: {closes: 23:00}}", "x.yaml:2:19: fleet.scanner.closes: with the longest overrun it must be before midnight"),
        ("fleet: {scanner: {more_sessions: {late: {days: [monday], opens: 18:00, closes: 23:30, slots_per_day: 2 per day}}}}", "x.yaml:2:72: fleet.scanner.more_sessions.late.closes: with the longest overrun it must be before midnight"),
        ("scanning: {MRI: {longest_overrun: 0.25 days}}", "fleet.scanner.closes: with the longest overrun it must be before midnight"),
    ],
    references.the_headline_can_be_measured: [
        ("headline: {measure: wait_day_mean}", "x.yaml:2:12: headline.measure: no 'wait_day_mean' here; did you mean 'wait_days_mean'?"),
        ("headline: {group: place=Tawn}", "x.yaml:2:12: headline.group: no place 'Tawn'; did you mean 'Town'?"),
        ("headline: {group: plac=Town}", "x.yaml:2:12: headline.group: 'plac' is no key of a group; did you mean 'place'?"),
        ("headline: {group: site=Clinic}", "x.yaml:2:12: headline.group: no site 'Clinic'"),
        ("headline: {group: provider=Company}", "x.yaml:2:12: headline.group: no provider 'Company'"),
        ("headline: {group: priority=soon}", "x.yaml:2:12: headline.group: no priority 'soon'"),
        ("headline: {group: car=bus}", "x.yaml:2:12: headline.group: no car 'bus'"),
        ("headline: {group: modality=CT}", "x.yaml:2:12: headline.group: no modality 'CT'"),
        ("headline: {measure: decisions_requested, group: request=more}", "x.yaml:2:42: headline.group: no request 'more'"),
        ("headline: {group: opening=new}", "x.yaml:2:12: headline.group: no opening 'new'"),
        ("headline: {group: Town}", "x.yaml:2:12: headline.group: 'Town' is no key of a group"),
        ("headline: {group: place=Town;car=car;priority=urgent;site=Hospital}", "x.yaml:2:12: headline.group: at most 3 key=value"),
        ("headline: {group: [place, Town]}", "x.yaml:2:12: headline.group: must be text"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    "rule, text, line", [(rule, *case) for rule, cases in BROKEN.items() for case in cases]
)
def test_what_two_sections_say_must_fit_together(faults_of, write, rule, text, line):
    assert any(line in found for found in faults_of(text)), faults_of(text)
    assert list(rule(read_document(write(f"extends: small.yaml\n{text}")).tree))


def test_every_rule_between_sections_is_broken_by_a_test():
    assert set(BROKEN) == set(RULES)


@pytest.mark.parametrize("text, line", [
    ("fleet: {scanner: {count: 2, per_million: 9 per million people}}", "x.yaml:2:9: fleet.scanner: `count` and `per_million` are two ways to say how many: give one"),
    ("fleet: {scanner: {count: 0}}", "x.yaml:2:19: fleet.scanner.count: must be at least 1, got 0"),
    ("fleet: {scanner: {count: 501}}", "x.yaml:2:19: fleet.scanner.count: must be at most 500, got 501"),
    ("fleet: {scanner: {per_million: 8.6}}", "fleet.scanner.per_million: no unit in 8.6; must be a number with per million people"),
    (f"fleet: {{a: {{visits: [monday], count: 2, {VAN}}}}}", "fleet.a: several scanners cannot be one vehicle"),
    ("contract: {provider: Company, guaranteed: {MRI: 9 per year}}", "contract: what is a guaranteed scan of MRI paid? `price` or `tariff` must say"),
    ("contract: {provider: Company, tariff: {MRI: £9 per scan}, guaranteed: {MRI: 121 per year}, cap: {MRI: 10 per month}}", "contract: more scans of MRI are guaranteed in a year than twelve times the `cap`"),
    ("contract: {tariff: {MRT: £9 per scan}}", "contract.tariff.MRT: must be one of 'MRI', 'CT', 'ultrasound', 'X-ray', 'DEXA' or 'PET-CT', got 'MRT'"),
    ("headline: {measure: cost_per_scan_pounds, matters: 2 days}", "headline: `matters` must be a number of pounds, as cost_per_scan_pounds is"),
])  # fmt: skip
def test_money_and_counts_of_scanners_that_make_no_sense_are_refused(faults_of, text, line):
    assert any(line in found for found in faults_of(text)), faults_of(text)


ANOTHER_MODEL = "fleet: {lorry: {provider: Company, more_sessions: {late: {}}}, scanner_2: {provider: A Third}, van: {provider: Somebody Else}}"
"""What another model beside this one has."""


@pytest.mark.parametrize("text", [
    "headline: {group: place=Town;priority=urgent}",
    f"opening_list: {{all: {{modality: MRI, bands: {[1] * 14}}}}}\nheadline: {{group: opening=already waiting}}",
    "headline: {measure: cost_per_scan_pounds, matters: £20}",
    "headline: {measure: surplus_pounds, group: provider=Trust, matters: 5e4 pounds}",
    "contract: {provider: Somebody Else, price: {MRI: £9 per scan}, one_off: £2 million, costs: {A Third: {CT: {}}}}",
    "contract: {tariff: {CT: £9 per scan}, costs: {default: {MRI: {per_year: £0.3 million per year}}}}",
    "fleet: {scanner: {count: 500, worth: £1.1 million, charity_bought: true}}",
    "fleet: {scanner: {per_million: {value: 8.6 per million people, assumption: UK, range: [8.6 per million people, 11.5 per million people]}}}",
    "headline: {group: provider=Trust}",
    "fleet: {scanner: {closes: 22:59}}",
    "demand: {MRI: {priority: {routine: 99.999 %}}}",
    "demand: {MRI: {complex: 10 %}}\nscanning: {MRI: {slots_if_complex: 3}}\nfleet: {scanner: {slots_per_day: 3 per day}}",
    "demand: {MRI: {complex: 0 %}}\neligibility: {takes: {scanner: {complexity: [standard]}}}",
    "travel: {car_minutes: {Town: {Town: 5 minutes}}}",
    "decisions: {}",
    f"decisions: {{boards: {{oxford: {{{BOARD}}}}}, commissioners: {{{BOARD}}}}}",
    f"fleet: {{van: {{{IN_RESERVE}}}}}",
    f"fleet: {{van: {{{IN_RESERVE}}}}}\ndecisions: {{requests: {{hire: {{{HIRE}, scanners: [van]}}}}}}",
    f"decisions: {{requests: {{hire: {{{HIRE}, scanners: [lorry, scanner_2]}}}}}}",
    f"decisions: {{requests: {{more: {{{IF_LONG}, does: extra_sessions, sessions: {{scanner: [late], lorry: [late]}}}}}}}}",
    f"decisions: {{requests: {{new: {{when: {{scanner: lorry, older_than: 9 years}}, {SOON}, does: replacement, scanners: [lorry]}}}}}}",
    f"decisions: {{requests: {{hire: {{{HIRE}, scanners: [van]}}}}}}\nheadline: {{measure: decisions_requested, group: request=hire, matters: 1 requests}}",
    "demand: {MRI: {per_year: null, per_1000: {Town: 80 per 1000 people a year}}}",
    "demand: {MRI: {season: {january: 220 %}}}",
    "demand: {MRI: {reacts_to_wait: {elasticity: 0.3, reference_wait: 28 days, least: 0, most: 1}}}",
    "calendar: {start: 1990-01-01}",
    "scanning: {MRI: {bays: 100, uptake: 1 hour, engineers: 1000, slots_if_complex: 10}}",
    "attendance: {discharged_after: 100}",
    "attendance: {discharged_after: 1}",
    "demand: {MRI: {reacts_to_wait: {elasticity: 5, reference_wait: 4 weeks, least: 0, most: 10}}}",
    "demand: {MRI: {reacts_to_wait: {elasticity: -5, reference_wait: 4 weeks, least: 1, most: 2}}}",
    "calendar: {start: 2090-12-01}",
    "demand: {MRI: {priority: null, referrers: {gp: {share: 30 %, priority: {urgent: 100 %}}, other: {share: 70 %, priority: {routine: 100 %}}}}}",
    "calendar: {shocks: {strike: {from: 2019-03-02, until: 2019-03-03, demand_falls: {MRI: 60 %, CT: 5 %}, capacity_falls: {value: 50 %, assumption: mine, range: [0 %, 100 %]}}}}",
    f"reporting: {{others: {{takes: {{Trust: 100 %}}, {OTHERS}}}}}",
    f"reporting: {{radiologists: null, a: {{takes: {{Trust: 66.667 %}}, {OTHERS}}}, b: {{takes: {{Trust: 33.333 %}}, {OTHERS}}}}}",
    f"reporting: {{others: {{reports_for: [Trust], modalities: [CT], {OTHERS}}}}}",
    "reporting: {radiologists: {reports_per_day: null, report_time: {MRI: 480 minutes}}}",
    "reporting: {radiologists: {sessions: {evening: {days: [monday], opens: 17:00, closes: 24:00}, early: {days: [monday], opens: 00:00, closes: 09:00}}}}",
    "reporting: {radiologists: {sessions: {weekend: {days: [saturday, sunday], opens: 09:00, closes: 17:00}}}}",
    "reporting: {radiologists: {discrepancy_rate: 0 %}}",
    "images: {transfer_fails: 0 %}",
    # what a mix of two models' answers says about somebody who has no scanner in it does nothing
    "fleet: {scanner: {provider: Company}}",
    "reporting: {radiologists: {reports_for: [Trust, Company]}}",
    "reporting: {radiologists: {takes: {Company: 5 %}}}",
    "eligibility: {takes: {van: {priority: [urgent]}, scanner_2: {priority: [urgent]}}}",
    f"workforce: {{crews: {{a: {{providers: [Company], {CREW}}}}}}}",
    f"booking: {{treatment_hazard: {{CT: {{Trust: {{by_week: {FOURTEEN}}}}}}}}}",
    f"booking: {{treatment_hazard: {{MRI: {{Trust: {{by_week: {FOURTEEN}}}}}}}}}",
    f"fleet: {{scanner: {{radiographers: 2 people}}}}\nworkforce: {{crews: {{a: {{providers: [Trust], {CREW}}}}}}}",
    "fleet: {scanner: {radiographers: 0 people}}",
    "fleet: {scanner: {radiographers: 2 people}}",
    "fleet: {scanner: {radiographers: 2 people}}\nworkforce: {crews: {a: {providers: [Trust], sessions_per_week: 4 per week}}}",
    "workforce: {contractor: Company, drawn_from_nhs: 100 %, drawn_over: 12 months, refilled_after: 0 days}",
    "workforce: {drawn_from_nhs: 50 %}",
    f"workforce: {{crews: {{a: {{providers: [Trust], {CREW}}}, b: {{providers: [Trust], {CREW}}}}}}}",
    f"fleet: {{a: {{visits: [monday, tuesday], {VAN}}}, b: {{visits: [friday], {VAN}}}}}",
    f"fleet: {{a: {{visits: [monday], {VAN}}}, b: {{visits: [monday], {VAN.replace('unit: van', 'unit: lorry')}}}}}",
    f"fleet: {{scanner: {{more_sessions: {{late: {{{EVENING}}}}}}}}}",
    f"fleet: {{scanner: {{on_call: true, opens: 00:01, more_sessions: {{late: {{{EVENING}}}}}}}}}",
    "fleet: {scanner: {replacement: {closes: 2019-03-02, opens: 2019-03-02}}}",
    "scanning: {MRI: {bays: 3, uptake: 1 hour}}\ndemand: {MRI: {planned: {per_year: 9 per year}}}",
    "demand: {MRI: {unscheduled: {per_year: 9 per year}, planned: {per_year: 9 per year}}}",
    f"opening_list: {{a: {{modality: MRI, bands: {FOURTEEN}, place: Town, urgent: {{urgent: 100 %}}}}}}",
    "vetting: {redirected: 5 %, redirected_to: {}}",
    "vetting: {rejected: 50 %, redirected: 45 %}",
    "demand: {MRI: {season: {january: 0 %, february: 80 %}}}",
    "booking: {refusal: [{travel: 10 minutes, share: 5 %}, {travel: 20 minutes, share: 5 %}], removal: [{after: 1 day, a_week: 9 %}, {after: 2 days, a_week: 2 %}]}",
    "demand: {MRI: {unscheduled: {per_year: 9 per year, referrers: {gp: 60 %, inpatients: 40.009 %}}}}",
    f"opening_list: {{a: {{modality: MRI, bands: {FOURTEEN.replace('14', '10000000')}}}}}",
    "places: {Town: {population: 999999999999999 people}}",
])  # fmt: skip
def test_what_just_fits_is_no_fault(faults_of, write, text):
    write(ANOTHER_MODEL, "another_model.yaml")
    assert faults_of(text) == []


@pytest.mark.parametrize("text", [
    "fleet: {scanner: {provider: [a], modality: [b]}}",
    "reporting: {radiologists: {reports_for: 3}}",
    "scanning: [MRI]",
    "reporting: {radiologists: {takes: [Trust], modalities: MRI, report_time: 3, sessions: [a]}}",
    "reporting: {radiologists: {takes: {3: many}, sessions: {a: 3}}}",
    "demand: 7",
    "booking: {treatment_hazard: [MRI]}",
    "booking: {treatment_hazard: {MRI: [Trust]}}",
    "booking: 7",
    "workforce: {crews: [a]}",
    "workforce: {crews: {a: {providers: Trust}}}",
    "workforce: 7",
    "fleet: {scanner: {more_sessions: [a], radiographers: two}}",
    "fleet: {scanner: {unit: [a], visits: 3}}",
    "vetting: {redirected_to: CT}",
    "opening_list: {a: {modality: [MRI], place: 3}}",
    "demand: {MRI: {unscheduled: 3, planned: [3]}}",
    "decisions: [a]",
    "decisions: {boards: [a], requests: {a: 3}}",
    "decisions: {requests: {a: {when: [b], boards: c, places: {d: e}, scanners: f, sessions: [g]}}}",
    "decisions: {requests: {a: {when: {modality: [MRI], scanner: 3}, scanners: [[b], 3], sessions: {scanner: 3, 4: [5]}}}}",
    "title: !!python/object/apply:os.system ['ls']",
])  # fmt: skip
def test_a_value_of_the_wrong_kind_is_a_fault_and_no_traceback(faults_of, text):
    assert faults_of(text)


@pytest.mark.parametrize("text, line", [
    ('title: "a\\nb"', "x.yaml:2:1: title: must be one line of text, got 'a\\nb'"),
    ('title: ""', "x.yaml:2:1: title: must be one line of text, got ''"),
    ('question: "who\\0?"', "x.yaml:2:1: question: must be one line of text, got 'who\\x00?'"),
    ('fleet: {scanner: {provider: "Tr;ust"}}', "x.yaml:2:19: fleet.scanner.provider: a name must be one line of text without any of ;=, got 'Tr;ust'"),
    ('fleet: {scanner: {provider: "Tr\\nust"}}', "x.yaml:2:19: fleet.scanner.provider: a name must be one line of text without any of ;=, got 'Tr\\nust'"),
    ('fleet: {scanner: {provider: " Trust"}}', "x.yaml:2:19: fleet.scanner.provider: a name must be one line of text without any of ;=, got ' Trust'"),
    ("fleet: {scanner: {provider: default}}", "x.yaml:2:19: fleet.scanner.provider: 'default' stands for all who are not named; name it otherwise"),
    ("fleet: {scanner: {on_call: 'yes'}}", "x.yaml:2:19: fleet.scanner.on_call: must be true or false, got 'yes'"),
    ("fleet: {scanner: null}", "x.yaml:2:1: fleet: must have at least 1 entry, has 0"),
    ("places: {Town: {population: 1e15 people}}", "x.yaml:2:17: places.Town.population: must be a number below 1e15, got '1e15 people'"),
    ("vetting: {rejected: 50 %, redirected: 45.1 %}", "x.yaml:2:1: vetting: `rejected` and `redirected` must leave at least 5 % to be scanned"),
    ("demand: {MRI: {season: {january: 0 %, february: 79 %}}}", "x.yaml:2:16: demand.MRI.season: the twelve factors must have a mean of 90 % to 110 %, have 89.9 % (a month left out is 100 %); a year that is busier as a whole belongs in the yearly number"),
    ("demand: {MRI: {season: {january: 221 %}}}", "x.yaml:2:16: demand.MRI.season: the twelve factors must have a mean of 90 % to 110 %, have 110 % (a month left out is 100 %); a year that is busier as a whole belongs in the yearly number"),
    ("booking: {refusal: [{travel: 10 minutes, share: 5 %}, {travel: 10 minutes, share: 6 %}]}", "x.yaml:2:1: booking: `refusal` must list longer and longer travel, and shares that do not fall"),
    ("booking: {refusal: [{travel: 10 minutes, share: 5 %}, {travel: 20 minutes, share: 4 %}]}", "x.yaml:2:1: booking: `refusal` must list longer and longer travel, and shares that do not fall"),
    ("booking: {removal: [{after: 1 day, a_week: 9 %}, {after: 1 day, a_week: 9 %}]}", "x.yaml:2:1: booking: `removal` must list later and later times"),
    ("demand: {MRI: {unscheduled: {per_year: 9 per year, referrers: {gp: 60 %, inpatients: 40.011 %}}}}", "x.yaml:2:16: demand.MRI.unscheduled: `referrers` must sum to 100 %, sums to 100.011 %"),
    (f"opening_list: {{a: {{modality: MRI, bands: {FOURTEEN.replace('14', '10000001')}}}}}", "x.yaml:2:86: opening_list.a.bands[13]: must be at most 10000000, got 10000001"),
    ("booking: {horizon: 1e300 days}", "x.yaml:2:11: booking.horizon: must be a number below 1e15, got '1e300 days'"),
    ("compare_with: x.yaml", "x.yaml:2:1: compare_with: is this file itself"),
])  # fmt: skip
def test_names_lines_and_counts_that_are_none(faults_of, text, line):
    assert line in faults_of(text), faults_of(text)


def test_a_question_may_be_a_folded_block(faults_of):
    assert faults_of("question: >\n  who waits\n  longer?\n") == []
