"""Every table that leaves the program, defined once: columns, units, meanings; and the measures.

`python -m sim.results.columns` prints `results/README.md`, which a test keeps fresh.
"""

from __future__ import annotations

from typing import NamedTuple

SCENARIO_TIME = "days since the calendar's start"


class Column(NamedTuple):
    """A column: its name, its unit (or kind) and what it means."""

    name: str
    unit: str
    meaning: str


class MeasureName(NamedTuple):
    """A measure: its name, its unit, what it means, and what to call it in a sentence.

    better: `less` or `more`; empty where neither is better by itself.
    """

    name: str
    unit: str
    meaning: str
    in_words: str
    more: str = "higher"
    less: str = "lower"
    better: str = "less"


def _waits(prefix: str, what: str) -> list[MeasureName]:
    lived = " counted from the request, whatever was missed" if prefix else ", resets applied"
    words = "wait since the request" if prefix else "wait"
    longer = ("longer", "shorter")
    return [
        MeasureName(f"{prefix}wait_days_mean", "days", f"mean {what} of those scanned{lived}", f"mean {words}", *longer),
        MeasureName(f"{prefix}wait_days_median", "days", f"median {what} of those scanned{lived}", f"median {words}", *longer),
        MeasureName(f"{prefix}wait_days_p92", "days", f"92 of 100 of those scanned waited no longer{lived}", f"92nd percentile of the {words}", *longer),
        MeasureName(f"{prefix}wait_days_p95", "days", f"95 of 100 of those scanned waited no longer{lived}", f"95th percentile of the {words}", *longer),
        MeasureName(f"{prefix}waiting_days_mean", "days", f"mean time on the list so far of those waiting at month ends{lived}", f"{words} so far of those on the list", *longer),
    ]  # fmt: skip


MEASURES: dict[str, MeasureName] = {
    m.name: m
    for m in [
        *_waits("", "wait from request to scan"),
        *_waits("lived_", "wait from request to scan"),
        MeasureName("report_days_mean", "days", "mean time from scan to report", "mean wait for the report", "longer", "shorter"),
        MeasureName("total_days_mean", "days", "mean time from request to report", "mean time from request to report", "longer", "shorter"),
        MeasureName("reports_over_limit_percent", "%", "share of the scans whose `report_due` came by the end that were reported later or not at all", "share of reports over the limit"),
        MeasureName("list_size", "referrals", "requested, not scanned and not removed at month ends, in vetting and booked included; planned scans are not on it", "waiting list", "longer", "shorter"),
        MeasureName("over_6_weeks_percent", "%", "share of the list waiting 42 days or more at month ends (clock)", "share waiting over six weeks"),
        MeasureName("over_13_weeks_percent", "%", "share of the list waiting 91 days or more at month ends (clock)", "share waiting over 13 weeks"),
        MeasureName("result_in_28_days_percent", "%", "share of those requested at least 28 days before the end whose report came within 28 days of the request, less `time_before_request`", "share with a result in 28 days", better="more"),
        MeasureName("weeks_to_clear", "weeks", "list at the end over scans a week of people on it", "weeks of work on the list", "longer", "shorter"),
        MeasureName("scans", "scans", "complete scans in the data-collection period, planned and unscheduled ones included", "number of scans", better="more"),
        MeasureName("scans_per_week", "scans per week", "scans over weeks of the data-collection period", "scans a week", better="more"),
        MeasureName("slots_percent", "%", "what became of the slots offered, by `outcome`", "share of slots", better=""),
        MeasureName("slots_lost_percent", "%", "share of slots offered that were booked and gave no scan", "share of slots lost"),
        MeasureName("missed_percent", "%", "share of appointments due that were missed", "share of appointments missed"),
        MeasureName("cancelled_by_patient_percent", "%", "share of appointments that the patient cancelled, before the day or on it", "share of appointments cancelled by patients"),
        MeasureName("cancelled_by_hospital_percent", "%", "share of appointments that the hospital cancelled", "share of appointments cancelled by the hospital"),
        MeasureName("unscheduled_wait_hours_mean", "hours", "mean time from turning up to the couch of unscheduled patients scanned", "mean wait of unscheduled patients", "longer", "shorter"),
        MeasureName("displaced_per_1000", "per 1000", "appointments lost on the day, per 1,000 due", "patients displaced per 1,000 appointments"),
        MeasureName("wasted_journeys", "journeys", "journeys made for an appointment that was lost on the day", "wasted journeys"),
        MeasureName("scanner_use_percent", "%", "share of open time in which a patient was on the couch", "scanner use", better=""),
        MeasureName("crew_use_percent", "%", "radiographers who held sessions over those rostered, by open time; a session lost to maintenance, a blocked mobile or a tracer that failed is not held", "crew use", better=""),
        MeasureName("downtime_percent", "%", "share of open time in which the scanner was down and nobody on the couch", "downtime"),
        MeasureName("open_time_percent", "%", "what became of the open time, by `use`", "share of open time", better=""),
        MeasureName("travel_minutes_mean", "minutes", "mean one-way journey of those scanned", "mean journey", "longer", "shorter"),
        MeasureName("travel_over_60_minutes_percent", "%", "share of those scanned who travelled over 60 minutes one way", "share travelling over an hour"),
        MeasureName("service_days_per_week", "days per week", "days a week on which the sites that scanned these people were open, averaged over the people", "days of service a week", "more", "fewer", "more"),
        MeasureName("load_percent", "%", "slots booked over slots offered", "load", better=""),
        MeasureName("times_acted", "times", "how often a mechanism of the scenario acted, by `mechanism`; referrals, appointments, sessions or events", "times it acted", "more often", "less often", ""),
        MeasureName("happened_percent", "%", "100 where a tender had failed, or the contractor had given up, by the end of the run, warm-up included, and 0 elsewhere, by `event`: over replications the share of the runs", "share of runs in which it happened", "higher", "lower", ""),
        MeasureName("decisions_requested", "requests", "requests for capacity made in the data-collection period, by `request`", "requests for capacity", "more", "fewer", ""),
        MeasureName("decisions_agreed", "requests", "requests to which the last board agreed in it, whenever they were made", "requests agreed to", "more", "fewer", ""),
        MeasureName("decisions_refused", "requests", "requests that a board refused in it for the last time", "requests refused", "more", "fewer", ""),
        MeasureName("decisions_in_effect", "requests", "requests that came into effect in it", "requests that came into effect", "more", "fewer", ""),
        MeasureName("decision_days_mean", "days", "mean time from request to effect of those that came into effect in it", "mean time from request to effect", "longer", "shorter"),
        MeasureName("cost_per_scan_pounds", "pounds", "cost to the public over complete scans. It is the costs of the public providers, what the contractor is paid under its guarantee and caps with the VAT on it, and, not by provider, the one-off cost, which counts in the period whole", "cost to the public per scan"),
        MeasureName("cost_per_scan_in_6_weeks_pounds", "pounds", "the same cost over the complete scans made within 42 days of the clock's start (of a planned scan: of its due date)", "cost to the public per scan within six weeks"),
        MeasureName("one_off_pounds", "pounds", "procurement and set-up of the contract, and, once it is agreed, the `worth` of scanners handed over that do not come back", "one-off cost"),
        MeasureName("charity_bought_lost_pounds", "pounds", "the part of `one_off_pounds` that is the worth of scanners bought with charitable money", "worth of charity-bought scanners lost"),
        MeasureName("payments_pounds", "pounds", "paid to the contractor in the data-collection period, guarantee and VAT included", "payments to the contractor", better=""),
        MeasureName("surplus_pounds", "pounds", "income less costs of a provider in the data-collection period: tariff, or what the contractor is paid without VAT, less the costs of its scans, sessions and scanners; below zero a deficit", "surplus", better=""),
        MeasureName("gap_wait_days_difference", "days", "longest less shortest mean wait between the members of `between`", "gap in mean wait", "wider", "narrower"),
        MeasureName("gap_wait_days_ratio", "ratio", "longest over shortest mean wait between the members of `between`", "ratio of mean waits", "wider", "narrower"),
        MeasureName("gap_travel_minutes_difference", "minutes", "longest less shortest mean journey between the members of `between`", "gap in mean journey", "wider", "narrower"),
        MeasureName("gap_travel_minutes_ratio", "ratio", "longest over shortest mean journey between the members of `between`", "ratio of mean journeys", "wider", "narrower"),
    ]
}  # fmt: skip

DM01_BANDS = (
    "00 < 01 Week",
    *(f"{week:02d} < {week + 1:02d} Weeks" for week in range(1, 13)),
    "13+ Weeks",
)

COMPARED = [
    Column("scenario", "name", "the arm"),
    Column("baseline", "name", "the arm it is compared with"),
    Column("measure", "name", "one of the measures below"),
    Column("unit", "name", "the measure's unit"),
    Column("group", "text", "`all`, or up to three key=value joined by `;`"),
    Column("difference", "the measure's", "scenario less baseline, mean of the differences in pairs"),
    Column("lower", "the measure's", "lower end of the interval: 95 % for the headline, together over the arms with the same baseline; elsewhere together over the measure's groups too"),
    Column("upper", "the measure's", "upper end of the interval"),
    Column("verdict", "text", "a word such as longer or shorter, `no difference that matters` or `not settled`; `exploratory` unless the headline"),
    Column("replications_needed", "number", "replications that would settle a difference of this size 4 times in 5, from the spread seen; empty when settled"),
    Column("variance_ratio", "ratio", "variance of the difference between independent runs, over its variance in pairs on the same patients; empty where the difference does not vary"),
]  # fmt: skip
"""The columns of every table of differences in pairs."""

TABLES: dict[str, list[Column]] = {
    "patients/<scenario>/<replication>/referrals.parquet": [
        Column("referral", "number", "row number, in order of coming in"),
        Column("parent", "number", "the referral it follows: redirected from, or returned with a finding missed; -1 for none"),
        Column("opening", "name", "already waiting at the start, or new"),
        Column("modality", "name", "the kind of test requested"),
        Column("place", "name", "where the patient lives"),
        Column("referrer", "name", "gp, outpatients, inpatients, emergency_department or other; none where the scenario names none"),
        Column("priority", "name", "urgent_suspected_cancer, urgent or routine; planned (surveillance, off the six-week list); emergency (unscheduled)"),
        Column("complexity", "name", "standard or complex"),
        Column("car", "name", "car, or no car in the household"),
        Column("age", "name", "under 65, or 65 or over; none where the scenario does not say"),
        Column("mobility", "name", "walks, or needs help; none where the scenario does not say"),
        Column("transferred", SCENARIO_TIME, "when last moved from one list to another; of an unscheduled patient, when they left for another hospital"),
        Column("referred", SCENARIO_TIME, "request made: the lived clock starts; before the start for the opening list; of a planned scan its due date; of an unscheduled patient when they turn up"),
        Column("before_request_days", "days", "`time_before_request` of the modality"),
        Column("listed", SCENARIO_TIME, "vetted and put on the list"),
        Column("clock_start", SCENARIO_TIME, "the DM01 clock's start, resets applied"),
        Column("booked", SCENARIO_TIME, "when the last appointment was made"),
        Column("scan_start", SCENARIO_TIME, "beginning of the scan"),
        Column("scanned", SCENARIO_TIME, "end of the scan: both clocks stop"),
        Column("left", SCENARIO_TIME, "left without a scan: rejected, redirected, removed or discharged"),
        Column("reported", SCENARIO_TIME, "first report finished"),
        Column("reader", "name", "the pool that reports the scan"),
        Column("report_due", SCENARIO_TIME, "end of the scan plus the pool's `limit`; empty without one"),
        Column("re_read", SCENARIO_TIME, "second reading finished; empty where the first was not found wanting"),
        Column("outcome", "name", "waiting, scanned, rejected, redirected, removed or discharged"),
        Column("attempts", "number", "appointments booked"),
        Column("scanner", "name", "scanner that made the scan"),
        Column("site", "name", "where the scan was made"),
        Column("provider", "name", "who made the scan"),
        Column("travel_minutes", "minutes", "one-way journey to the scan"),
    ],
    "patients/<scenario>/<replication>/appointments.parquet": [
        Column("appointment", "number", "row number, in order of booking"),
        Column("referral", "number", "row of the referral"),
        Column("attempt", "number", "which appointment of this referral, from 0"),
        Column("session", "number", "row of the session"),
        Column("slot_start", SCENARIO_TIME, "time the patient was asked to come; empty for an unscheduled patient, who has a row for each scan begun"),
        Column("booked", SCENARIO_TIME, "when the appointment was made; empty for an unscheduled patient"),
        Column("cancelled", SCENARIO_TIME, "when the patient cancelled, if before the day was worked out: the slot was free again"),
        Column("outcome", "name", "booked, attended, missed, cancelled_by_patient, cancelled_by_hospital or displaced"),
        Column("lost_to", "name", "breakdown, overrun, crew, tracer, van, maintenance or empty"),
        Column("complete", "name", "yes, or no where the scan has to be repeated"),
        Column("scan_start", SCENARIO_TIME, "patient on the couch"),
        Column("scan_end", SCENARIO_TIME, "patient off the couch"),
        Column("couch_seconds", "seconds", "time on the couch; less than from start to end where the scanner failed between"),
        Column("scanner", "name", "scanner of the session"),
        Column("site", "name", "site of the session"),
        Column("provider", "name", "provider of the session"),
        Column("travel_minutes", "minutes", "one-way journey to this appointment"),
    ],
    "patients/<scenario>/<replication>/sessions.parquet": [
        Column("session", "number", "row number, in order of opening for booking"),
        Column("day", "days since the calendar's start", "date of the session"),
        Column("scanner", "name", "which scanner"),
        Column("site", "name", "where"),
        Column("provider", "name", "whose"),
        Column("modality", "name", "the scanner's modality"),
        Column("rostered", "people", "radiographers whom its crew had for it, more than it needs where there are more posts; 0 without `workforce.crews`"),
        Column("radiographers", "people", "radiographers of its crew who hold it; 0 without"),
        Column("slots", "slots", "slots staffed; 0 for time on call, which has only the seconds used"),
        Column("bookable", "slots", "slots and overbooked appointments"),
        Column("booked", "slots", "slots booked at the close"),
        Column("open_seconds", "seconds", "from opening to closing time"),
        Column("overrun_seconds", "seconds", "worked after closing time"),
        Column("used_seconds", "seconds", "a patient on the couch"),
        Column("idle_seconds", "seconds", "working scanner, nobody on the couch"),
        Column("set_up_seconds", "seconds", "set-up before the first patient"),
        Column("down_seconds", "seconds", "scanner down, nobody on the couch"),
        Column("maintenance_seconds", "seconds", "planned maintenance"),
        Column("no_crew_seconds", "seconds", "no crew"),
        Column("blocked_seconds", "seconds", "mobile scanner could not reach its site"),
        Column("no_tracer_seconds", "seconds", "no tracer was delivered"),
    ],
    "patients/<scenario>/<replication>/decisions.parquet": [
        Column("request", "name", "which of the scenario's requests"),
        Column("does", "name", "extra_sessions, hired_mobile, replacement or new_scanner; contract: a tender and what came of it; collapse: the contractor gives up"),
        Column("requested", SCENARIO_TIME, "when capacity was asked for: the end of a month"),
        Column("by", "name", "who asked"),
        Column("boards", "number", "boards that had to agree, commissioners included"),
        Column("agreed", SCENARIO_TIME, "when every board had agreed"),
        Column("refused", SCENARIO_TIME, "when a board had refused for the last time"),
        Column("in_effect", SCENARIO_TIME, "when it worked"),
        Column("ended", SCENARIO_TIME, "when it worked no longer; empty where it stays"),
    ],
    "replications.parquet": [
        Column("scenario", "name", "the arm"),
        Column("replication", "number", "from 0; the same number means the same patients in every arm"),
        Column("measure", "name", "one of the measures below"),
        Column("unit", "name", "the measure's unit"),
        Column("group", "text", "`all`, or up to three key=value joined by `;`"),
        Column("value", "the measure's", "in this replication"),
    ],
    "census.parquet": [
        Column("scenario", "name", "the arm"),
        Column("replication", "number", "from 0"),
        Column("Period", "date", "last day of the month; counted at its midnight"),
        Column("Provider Org Name", "name", "who will scan them as booked, else the list's holder; `all` here"),
        Column("Diagnostic Tests", "name", "modality"),
        *(Column(band, "referrals", "on the list by whole weeks waited (clock)") for band in DM01_BANDS),
        Column("Total WL", "referrals", "on the list"),
        Column("Waiting List Activity", "scans", "scans from the list in the month"),
        Column("Planned Activity", "scans", "planned (surveillance) scans in the month"),
        Column("Unscheduled Activity", "scans", "emergency scans in the month"),
    ],
    "summary.csv": [
        Column("scenario", "name", "the arm"),
        Column("measure", "name", "one of the measures below"),
        Column("unit", "name", "the measure's unit"),
        Column("group", "text", "`all`, or up to three key=value joined by `;`"),
        Column("mean", "the measure's", "over replications"),
        Column("lower", "the measure's", "lower end of the 95 % interval (Student's t, longer on the side of the longer tail)"),
        Column("upper", "the measure's", "upper end of the 95 % interval"),
        Column("n", "number", "replications in which the measure exists"),
    ],
    "comparison.csv": COMPARED,
    "pairs.csv": COMPARED,
    "best.csv": [
        Column("scenario", "name", "the arm"),
        Column("measure", "name", "one of the measures below that has a better side"),
        Column("unit", "name", "the measure's unit"),
        Column("group", "text", "`all`, or up to three key=value joined by `;`"),
        Column("best_percent", "%", "share of 2,000 resamples of the replications, the same for every arm, in which its mean is the best; who ties shares"),
    ],
    "front.csv": [
        Column("scenario", "name", "the arm"),
        Column("group", "text", "the headline's, and everybody (of each modality)"),
        Column("wait_days_mean", "days", "mean over the replications that every arm has"),
        Column("travel_minutes_mean", "minutes", "the same"),
        Column("cost_per_scan_pounds", "pounds", "the same; over everybody where the group has none of its own; empty without a contract"),
        Column("on_front", "name", "yes, or no where another arm is worse in none of the three and better in one"),
        Column("beaten_by", "text", "the arms that beat it, joined by `;`"),
        Column("on_front_percent", "%", "share of 2,000 resamples of the replications in which no arm beats it"),
    ],
    "sweep.csv": [
        Column("scenario", "name", "the scenario, without the values it was given"),
        Column("<path>", "text", "one column a swept path: the value given"),
        Column("measure", "name", "one of the measures below"),
        Column("unit", "name", "the measure's unit"),
        Column("group", "text", "`all`, or up to three key=value joined by `;`"),
        Column("mean", "the measure's", "over replications"),
        Column("lower", "the measure's", "lower end of the 95 % interval"),
        Column("upper", "the measure's", "upper end of the 95 % interval"),
        Column("difference", "the measure's", "less the baseline at the same values; empty for the baseline"),
        Column("difference_lower", "the measure's", "lower end, as in comparison.csv"),
        Column("difference_upper", "the measure's", "upper end, as in comparison.csv"),
        Column("verdict", "text", "as in comparison.csv"),
    ],
    "sensitivity.csv": [
        Column("scenario", "name", "the arm"),
        Column("baseline", "name", "empty: of the arm's own measure; named: of its difference from that arm"),
        Column("path", "text", "the number that is varied; empty where the row is about all of them"),
        Column("measure", "name", "the headline measure"),
        Column("unit", "name", "the measure's unit"),
        Column("group", "text", "the headline group"),
        Column("kind", "name", "low, high: at that end of the range, all else as stated; first_order, total_order: Sobol' indices, shares of the variance; regression, rank_regression: slopes in units of spread; explained: share of the variance that the straight line explains, of numbers and then of ranks"),
        Column("value", "text", "low, high: the end of the range"),
        Column("estimate", "the measure's for low and high, else a ratio", "low, high: how much the measure or difference changes, on the same patients; else the index"),
        Column("lower", "as the estimate", "lower end of the 95 % interval (low, high: Student's t; else bootstrap over points and replications)"),
        Column("upper", "as the estimate", "upper end of the 95 % interval"),
    ],
    "tipping.csv": [
        Column("scenario", "name", "the arm"),
        Column("baseline", "name", "the arm it is compared with"),
        Column("path", "text", "the number that is varied"),
        Column("measure", "name", "the headline measure"),
        Column("unit", "name", "the measure's unit"),
        Column("group", "text", "the headline group"),
        Column("kind", "name", "swap: the two swap places here; not settled: they may, between value_lower and value_upper; none: they do not, and this is where they come nearest; the same: no difference at any value; point: a value that was run"),
        Column("value", "value_unit", "of the path"),
        Column("value_lower", "value_unit", "lower end of the swap's 95 % interval (Fieller's, piece by piece between the points)"),
        Column("value_upper", "value_unit", "upper end of the swap's 95 % interval"),
        Column("value_unit", "name", "unit of the path's numbers; empty where it has none"),
        Column("difference", "the measure's", "scenario less baseline at the value, mean of the differences in pairs"),
        Column("lower", "the measure's", "lower end of its 95 % interval (Student's t, each on its own)"),
        Column("upper", "the measure's", "upper end of its 95 % interval"),
        Column("verdict", "text", "which is longer or shorter, or `not settled`"),
    ],
    "capacity.csv": [
        Column("scenario", "name", "the arm"),
        Column("vary", "text", "what is varied"),
        Column("measure", "name", "the measure of the target"),
        Column("unit", "name", "the measure's unit"),
        Column("group", "text", "of whom"),
        Column("relation", "name", "<= or >="),
        Column("target", "the measure's", "the number to be met"),
        Column("month", "month", "at whose end; empty: over the data-collection period"),
        Column("kind", "name", "needed: the least level from which every level tried is enough; best found: where none is; rule of thumb, to reach it or to keep it: the NHS rule (Fong and others 2022); tried: a level that was run"),
        Column("capacity", "capacity_unit", "the level"),
        Column("capacity_unit", "name", "unit of the level"),
        Column("met_percent", "%", "share of replications that met the target; 80 % is enough"),
        Column("met_lower", "%", "lower end of its 95 % interval (Wilson)"),
        Column("met_upper", "%", "upper end of its 95 % interval"),
        Column("mean", "the measure's", "of the target's measure over replications"),
        Column("lower", "the measure's", "lower end of its 95 % interval (Student's t)"),
        Column("upper", "the measure's", "upper end of its 95 % interval"),
        Column("scans_per_week", "scans per week", "of people on the list, until the target's month; of the rule: what it asks for"),
        Column("n", "number", "replications"),
    ],
    "decomposition.csv": [
        Column("scenario", "name", "the arm"),
        Column("baseline", "name", "the arm it is compared with"),
        Column("part", "text", "the question answered differently, or several that make no scenario apart; whole: the difference"),
        Column("measure", "name", "one of the measures below"),
        Column("unit", "name", "the measure's unit"),
        Column("group", "text", "`all`, or up to three key=value joined by `;`"),
        Column("contribution", "the measure's", "what swapping the answer adds, averaged over the orders of swapping; the parts sum to the whole"),
        Column("lower", "the measure's", "lower end of the 95 % interval: chance of replications and, where orders are drawn, of the orders"),
        Column("upper", "the measure's", "upper end of the 95 % interval"),
        Column("share_percent", "%", "of the whole; over 100 % or below 0 % where parts pull against each other"),
        Column("alone", "the measure's", "what swapping only this answer adds to the baseline"),
        Column("last", "the measure's", "what swapping it adds when all others are swapped"),
        Column("n", "number", "replications in which all mixes have the measure"),
    ],
    "uncertain.csv": [
        Column("scenario", "name", "the arm"),
        Column("baseline", "name", "the arm that it is less, in pairs; empty for the arm itself"),
        Column("measure", "name", "one of the measures below"),
        Column("unit", "name", "the measure's unit"),
        Column("group", "text", "`all`, or up to three key=value joined by `;`"),
        Column("mean", "the measure's", "over the draws of all assumptions from their ranges"),
        Column("lower", "the measure's", "lower end of its 95 % interval (Student's t over draws): chance and not knowing together"),
        Column("upper", "the measure's", "upper end of its 95 % interval"),
        Column("low", "the measure's", "95 of 100 draws lie from here, chance taken out of them"),
        Column("high", "the measure's", "to here"),
        Column("chance_sd", "the measure's", "standard deviation of one replication when every assumption is known"),
        Column("not_knowing_sd", "the measure's", "standard deviation over draws, chance taken out"),
        Column("not_knowing_percent", "%", "part of the variance of one replication that is not knowing"),
        Column("draws", "number", "draws in which the measure exists"),
    ],
    "uncertain_ranks.csv": [
        Column("scenario", "name", "the arm"),
        Column("measure", "name", "one of the measures below that has a better side"),
        Column("group", "text", "`all`, or up to three key=value joined by `;`"),
        Column("rank_mean", "place", "its place among the arms, 1 the best, over the draws of all assumptions; who ties shares"),
        Column("rank_low", "place", "90 of 100 draws give it a place from here"),
        Column("rank_high", "place", "to here"),
        Column("best_percent", "%", "draws in which it is the best; who ties shares"),
        Column("draws", "number", "draws in which every arm has the measure"),
    ],
    "events.csv": [
        Column("of", "name", "the arm in whose replications it happened or not"),
        Column("event", "name", "failed tender (one at least), or collapse"),
        Column("runs", "name", "all replications, those with it, or those without"),
        Column("scenario", "name", "the arm"),
        Column("baseline", "name", "the arm that it is less, in pairs; empty for the arm itself"),
        Column("measure", "name", "the headline's"),
        Column("unit", "name", "the measure's unit"),
        Column("group", "text", "the headline's"),
        Column("mean", "the measure's", "over these replications; empty where there are none"),
        Column("lower", "the measure's", "lower end of its 95 % interval (as in `summary.csv`), of this row alone"),
        Column("upper", "the measure's", "upper end"),
        Column("n", "number", "replications of this kind in which the measure exists"),
    ],
    "uncertain_draws.csv": [
        Column("draw", "number", "from 0"),
        Column("scenario", "name", "the arm"),
        Column("path", "text", "the assumption"),
        Column("value", "value_unit", "as drawn"),
        Column("value_unit", "name", "unit of the value; empty where it has none"),
    ],
    "claims.csv": [
        Column("claim", "name", "of `scenarios/claims.yaml`"),
        Column("side", "name", "against outsourcing, for outsourcing, about capacity, or about networks; plays no part in the verdict"),
        Column("says", "text", "what was said"),
        Column("source", "name", "where, a name in `scenarios/sources.yaml`"),
        Column("scenario", "name", "the model that it is about"),
        Column("baseline", "name", "the one it is compared with"),
        Column("settings", "text", "path=value laid over both, joined by `;`"),
        Column("measure", "name", "one of the measures below"),
        Column("unit", "name", "the measure's unit"),
        Column("group", "text", "`all`, or up to three key=value joined by `;`"),
        Column("expects", "name", "higher, lower or no different: the scenario's measure if the claim is right"),
        Column("matters", "the measure's", "the smallest difference that counts"),
        Column("verdict", "name", "supported: the whole interval is on the claim's side by more than matters, as the models stand and at both ends of everything it may hang on; not supported: on the other side or within matters at all of them; depends: one here, the other there; not settled: too few replications; not run"),
        Column("difference", "the measure's", "scenario less baseline as the models stand, mean of the differences in pairs"),
        Column("lower", "the measure's", "lower end of its 95 % interval, on its own"),
        Column("upper", "the measure's", "upper end of its 95 % interval"),
        Column("hangs_on", "text", "the path that it hangs on most; empty where none changes anything"),
        Column("low", "text", "lower end of that range"),
        Column("difference_at_low", "the measure's", "the difference there, all else as the models stand"),
        Column("lower_at_low", "the measure's", "lower end of its 95 % interval"),
        Column("upper_at_low", "the measure's", "upper end of its 95 % interval"),
        Column("high", "text", "upper end of that range"),
        Column("difference_at_high", "the measure's", "the difference there"),
        Column("lower_at_high", "the measure's", "lower end of its 95 % interval"),
        Column("upper_at_high", "the measure's", "upper end of its 95 % interval"),
        Column("tip", "name", "where it depends, or with --tip: tips (as often as it is written, joined by `;`), not settled, or does not tip"),
        Column("tip_path", "text", "the path along which it was looked for: the one that it hangs on most, of those with numbers"),
        Column("tip_value", "tip_unit", "the lowest value of the range at which the answer changes"),
        Column("tip_lower", "tip_unit", "lower end of its 95 % interval (Fieller's, piece by piece between the points)"),
        Column("tip_upper", "tip_unit", "upper end of its 95 % interval"),
        Column("tip_unit", "name", "unit of the path's numbers; empty where it has none"),
        Column("better_somewhere", "text", "the models that are better by more than matters at one of the values that were run, joined by `;`; empty: neither is, or neither side of the measure is better by itself"),
        Column("n", "number", "replications"),
        Column("years", "text", "length of the data-collection period"),
        Column("replications_needed", "number", "that would settle it, 4 times in 5; empty when settled"),
    ],
    "hindcast.csv": [
        Column("provider", "name", "as in the extract"),
        Column("test", "name", "the kind of test, as DM01 calls it"),
        Column("start", "month", "the forecast starts from the list at its end"),
        Column("month", "month", "at whose end the list was counted"),
        Column("ahead", "number", "months from the start"),
        Column("measure", "name", "over_6_weeks_percent, or median_weeks: half of the list has waited so long, at most 13"),
        Column("unit", "name", "the measure's unit"),
        Column("published", "the measure's", "by NHS England (DM01)"),
        Column("predicted", "the measure's", "simulated: mean of the replications"),
        Column("lower", "the measure's", "lower end of the 80 % prediction interval"),
        Column("upper", "the measure's", "upper end"),
        Column("fluid", "the measure's", "the same fit and flows by days and without chance"),
        Column("as_published", "the measure's", "the same with a fit and flows in which only those tested leave"),
        Column("nothing_changes", "the measure's", "of the list at the start"),
        Column("turnover", "number", "people who leave the list for each recorded test, as fitted"),
        Column("holes", "number", "months of the forecast whose activity is taken as not recorded"),
    ],
    "hindcast_errors.csv": [
        Column("measure", "name", "as in hindcast.csv"),
        Column("unit", "name", "of the errors: percentage points or weeks"),
        Column("ahead", "text", "months ahead, or `all` months together"),
        Column("predicted", "the measure's", "mean absolute error of the simulation over the series"),
        Column("fluid", "the measure's", "of the same fit without chance"),
        Column("as_published", "the measure's", "of the fluid in which only those tested leave"),
        Column("nothing_changes", "the measure's", "of the list at the start"),
        Column("held", "%", "of the 80 % prediction intervals that hold what was published"),
        Column("width", "the measure's", "mean width of the intervals"),
        Column("series", "number", "lists and starts"),
    ],
    "published.csv": [
        Column("scenario", "name", "the arm"),
        Column("modality", "name", "the kind of test"),
        Column("month", "month", "`YYYY-MM`; lists are counted at its last midnight"),
        Column("measure", "name", "list, shares over 6 and 13 weeks, activity by stream, and the bands as numbers and as shares"),
        Column("band", "name", "weeks waited, of the bands; otherwise empty"),
        Column("unit", "name", "the measure's unit"),
        Column("published", "the measure's", "by NHS England (DM01); tests, not people"),
        Column("mean", "the measure's", "simulated, over replications"),
        Column("lower", "the measure's", "lower end of the 95 % interval of the mean (Student's t, longer on the side of the longer tail)"),
        Column("upper", "the measure's", "upper end of the 95 % interval"),
        Column("n", "number", "replications"),
        Column("opening", "the measure's", "of the opening list: the forecast that nothing changes; empty for activity"),
    ],
}  # fmt: skip


GROUPS = """\
## Groups

A group is `all`, or says who: by `modality`, `priority`, `place`, `provider`, `site`, `car` or `opening` (already waiting, or
new), by place and priority, by place and car. In a run of several modalities each of these stands within one
(`modality=MRI;place=Oxford`), and only money and counts are told over all; in a run of one modality they stand without it
(`place=Oxford`). Some measures have a key of their own: `outcome`, `use`, `between`, `request`, `mechanism`, `event`.
""".splitlines()


def readme() -> str:
    """The text of `results/README.md`."""
    lines = [
        "# Results",
        "",
        "Each run writes one folder here, named for its first scenario file. Nothing but this page is",
        "kept under version control. This page is generated from `sim/results/columns.py` by",
        "`python -m sim.results.columns > results/README.md`.",
        "",
        "| file | what |",
        "|---|---|",
        "| `manifest.json` | command, seed, version, commit, hashes of the scenario files, package versions, time |",
        "| `scenario.yaml` | every arm fully resolved, one YAML document each |",
        "| `summary.csv` | every measure and group of every arm, with intervals |",
        "| `comparison.csv` | every arm against the baseline on the same patients |",
        "| `pairs.csv` | with three arms or more: every arm against every other; intervals hold together over the pairs too, every verdict is exploratory |",
        "| `best.csv` | with three arms or more: how sure it is that each is best |",
        "| `front.csv` | with three arms or more: which no other beats in wait, travel and cost |",
        "| `sweep.csv` | with `--sweep`: every measure at every value |",
        "| `sensitivity.csv` | with `--design lhs` or `sobol`, or `--sweep assumptions`: which numbers matter |",
        "| `tipping.csv` | with `--tip`: where two models swap places |",
        "| `capacity.csv` | with `--target`: the least capacity that meets it |",
        "| `decomposition.csv` | with `--decompose`: the difference by question |",
        "| `events.csv`, where a tender may fail or a contractor give up | the headline over all replications, over those in which it did and over those in which it did not |",
        "| `uncertain.csv`, `uncertain_draws.csv` | with `--uncertain`: how much is chance and how much not knowing; what was drawn |",
        "| `uncertain_ranks.csv` | with `--uncertain` and three models or more: how they rank over the ranges |",
        "| `claims/claims.csv`, `claims/claims.html`, `claims/claims.md` | with `python -m analysis.claims`: every claim with its verdict; beside them a folder a claim |",
        "| `hindcast.csv`, `hindcast_errors.csv` | with `python -m analysis.hindcast`: forecasts beside published lists; mean absolute errors; beside them `hindcast.html` and the scenarios |",
        "| `published.csv` | with `python -m analysis.published`: month ends beside those published |",
        "| `replications.parquet` | every measure of every replication |",
        "| `census.parquet` | month ends in the 14 bands of DM01 |",
        "| `patients/` | the four tables of each replication, with `--keep-patients` |",
        "| `figures/` | SVG and PNG, and the table behind each figure as CSV |",
        "| `tables/` | with `python -m analysis.tables`: the tables of the report as CSV, HTML and LaTeX |",
        "| `report.html` | one self-contained page: the first page of a run, or with `python -m analysis.report` the full report |",
        "| `animation.html` | with `python -m analysis.animate`: patients moving from the list to a scanner and a report, one self-contained page |",
        "| `ro-crate-metadata.json` | what each file is, its SHA-256, and what made it (RO-Crate 1.1) |",
        "",
        "Times are days since the calendar's start, unless a column says otherwise.",
    ]
    for table, columns in TABLES.items():
        lines += ["", f"## {table}", "", "| column | unit or kind | meaning |", "|---|---|---|"]
        lines += [f"| `{c.name}` | {c.unit} | {c.meaning} |" for c in columns]
    lines += ["", *GROUPS]
    lines += ["", "## Measures", "", "| measure | unit | better | meaning |", "|---|---|---|---|"]
    lines += [f"| `{m.name}` | {m.unit} | {m.better} | {m.meaning} |" for m in MEASURES.values()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(readme(), end="")
