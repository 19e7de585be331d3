"""The page as a student uses it: move something, read what follows; nothing but the answer to what is set."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from analysis.app import page
from tests.functional.app.conftest import text_of

pytestmark = pytest.mark.slow


def view(test, name):
    return test.radio(key="widget: view").set_value(name).run()


def widget_of(test, name):
    """The slider or choice of a setting, by its path."""
    return next(
        w for w in [*test.slider, *test.selectbox, *test.multiselect, *test.toggle] if name in (w.key or "")
    )


def test_the_page_opens_with_an_answer_and_a_picture(opened):
    test = opened()
    assert not test.exception
    said = text_of(test)
    assert "Mean wait for place Village" in said and 'alt="Mean waits lie' in said
    assert "everybody goes to town" not in test.title[0].value, "the scenario's title, not the baseline's"
    assert set(test.query_params) == {"replications"}, "to open a link is no step in the browser's history"


def test_a_slider_gives_another_answer_and_stands_in_the_address(opened):
    test = opened()
    before = answer_of(test)
    test.selectbox(key="widget: question of near").set_value("demand").run()
    widget_of(test, "demand.MRI.per_year").set_value(1000.0).run()
    assert not test.exception
    assert "demand.MRI.per_year=1000 per year" in test.query_params["set"]
    assert dict(test.query_params)["scenario"] in ("near", ["near"]), "all of the state, not the change alone"
    assert answer_of(test) != before
    again = opened(set="demand.MRI.per_year=1000 per year")
    assert answer_of(again) == answer_of(test), "the link says what is on the page"


def test_what_the_scenario_leaves_at_its_default_is_moved_once_it_is_picked(opened):
    test = opened()
    test.selectbox(key="widget: question of near").set_value("vetting").run()
    name = "near far vetting.rejected"
    assert not any(name in (slider.key or "") for slider in test.slider)
    widget_of(test, "also vetting").set_value(["vetting.rejected"]).run()
    widget_of(test, name).set_value(30.0).run()
    assert not test.exception and "vetting.rejected=30 %" in test.query_params["set"]
    again = opened(set="vetting.rejected=30 %")
    again.selectbox(key="widget: question of near").set_value("vetting").run()
    assert widget_of(again, name).value == 30, "a link shows what it moves"
    assert answer_of(again) == answer_of(test)


def answer_of(test) -> str:
    """The answer once every replication is in it."""
    assert test.session_state["asking"].wait(300)
    return re.search(r'class="answer".*?</section>', text_of(test.run()), re.DOTALL)[0]


def test_every_view_is_drawn_with_its_table(opened):
    test = opened()
    for name, alt in {
        "lists": "list",
        "map": "",
        "gaps": "Mean",
        "slots": "",
        "patient": "The same patient",
        "week": "Appointments of",
    }.items():
        view(test, name)
        if name in ("map", "patient", "week"):
            assert test.session_state["patients"][1].wait(300)
            test.run()
        assert not test.exception, name
        found = re.findall(r'alt="([^"]+)"', text_of(test))
        assert found and (alt in " ".join(found)), name
        assert "<table>" in text_of(test)
    view(test, "gaps")
    assert "between places: Gap in mean wait (days)" in text_of(test)
    view(test, "tables")
    assert text_of(test).count("<caption>") > 3


def test_the_decomposition_and_the_tipping_point_come_on_request(opened):
    test = opened()
    view(test, "why")
    assert 'alt="The difference' not in text_of(test)
    test.button(key="start decomposition").click().run()
    said = wait_for_search(test)
    assert "near less far" in said and not test.exception
    view(test, "swap")
    test.selectbox(key="tip").set_value("fleet.van.slots_per_day").run()
    test.button(key="start tipping").click().run()
    said = wait_for_search(test)
    assert "fleet.van.slots_per_day" in said and not test.exception


def wait_for_search(test) -> str:
    searching = test.session_state["searching"][2]
    searching.join(120)
    assert not searching.failure, searching.failure
    return text_of(test.run())


def test_the_download_is_what_run_py_takes(opened, tmp_path):
    test = opened(seed="4", set="fleet.van.slots_per_day=10 per day")
    asking = test.session_state["asking"]
    assert asking.wait(300)
    view(test, "download")
    content = test.session_state["drawn"]["zip",]
    zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path)
    import run

    file = tmp_path / "near-page" / "near.yaml"
    assert run.main([str(file), "--out", str(tmp_path / "out"), "--quiet", "--workers", "1"]) == 0
    from analysis.loaded import load

    table = load(tmp_path / "out" / "near").replications
    for arm in ("far", "near"):
        ours = asking.replication(arm, 1).measured
        rows = table[(table.scenario == arm) & (table.replication == 1)]
        assert {(row.measure, row.group): row.value for row in rows.itertuples()} == ours


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"scenario": "../secret"}, "There is no scenario"),
        ({"seed": "x"}, "seed must be a whole number"),
        ({"view": "nothing"}, "There is no view"),
        ({"set": "fleet.van.slots_per_day=1000000 per day"}, "fleet.van.slots_per_day must be from"),
        ({"set": "demand.MRI.dm01=/etc/passwd"}, "nothing that can be moved"),
    ],
)
def test_a_bad_address_is_told_and_the_rest_is_shown(opened, parameters, said):
    test = opened(**parameters)
    assert not test.exception
    assert said in text_of(test) and 'role="alert"' in text_of(test)
    assert "Mean wait for place Village" in text_of(test)


def test_settings_that_make_no_scenario_are_told_and_give_no_answer(opened):
    test = opened(scenario="near", set="booking.horizon=14 days")
    test.selectbox(key="widget: question of near").set_value("booking").run()
    assert not test.exception
    broken = opened(scenario="broken")
    assert not broken.exception
    said = text_of(broken)
    assert "there is no scenario" in said.lower() and 'class="answer"' not in said
    assert "/" not in re.sub(r"<[^>]*>", "", said), "no path of the machine"


def test_a_large_scenario_waits_for_a_button_and_says_how_long(opened, monkeypatch):
    monkeypatch.setattr("analysis.app.page.WITH_A_BUTTON", 1000)
    test = opened()
    said = text_of(test)
    assert 'class="answer"' not in said and "referrals a replication" in said and "would take about" in said
    run = next(button for button in test.button if button.label == "Run")
    run.click().run()
    assert 'class="answer"' in text_of(test)


@pytest.mark.parametrize(("seconds", "said"), [(0.4, "2 seconds"), (89, "89 seconds"), (90, "2 minutes"), (15_900, "4 hours")])  # fmt: skip
def test_how_long_it_takes_is_said_in_a_unit_one_would_use(seconds, said):
    from analysis.app.page import in_minutes

    assert in_minutes(seconds) == said


def test_a_change_takes_the_place_of_what_runs(opened):
    test = opened(replications="50")
    first = test.session_state["asking"]
    test.selectbox(key="widget: question of near").set_value("demand").run()
    assert test.session_state["asking"] is first, "looking at other settings changes nothing"
    widget_of(test, "demand.MRI.per_year").set_value(1200.0).run()
    second = test.session_state["asking"]
    assert second is not first and (first.cancelled or first.done == first.asked)
    assert answer_of(test) and test.session_state["answer"].asking is second


def test_a_change_is_asked_for_once_and_before_the_widgets_are_drawn(opened, live, monkeypatch):
    test = opened()
    test.selectbox(key="widget: question of near").set_value("demand").run()
    asked, drawn = [], []
    ask, look_at = live.ask, page.look_at

    def asking(*given, **named):
        asked.append(len(drawn))
        return ask(*given, **named)

    def looking(*given):
        drawn.append(True)
        return look_at(*given)

    monkeypatch.setattr(live, "ask", asking)
    monkeypatch.setattr(page, "look_at", looking)
    widget_of(test, "demand.MRI.per_year").set_value(1100.0).run()
    assert not test.exception and drawn
    assert asked == [0]


def test_a_change_stops_what_runs_before_its_scenario_is_read(opened, monkeypatch):
    monkeypatch.setattr(page, "FIRST_WAIT_SECONDS", 0)
    test = opened(replications="100")
    first, running, arms_of = test.session_state["asking"], [], page.arms_of
    test.selectbox(key="widget: question of near").set_value("demand").run()

    def reading(shown):
        running.append(not first.settled)
        return arms_of(shown)

    monkeypatch.setattr(page, "arms_of", reading)
    assert not first.settled, "a hundred replications take longer than this test"
    widget_of(test, "demand.MRI.per_year").set_value(1300.0).run()
    assert running and not any(running)
    assert test.session_state["asking"] is not first


@pytest.mark.parametrize(("name", "figure"), [("why", "decomposition"), ("swap", "tipping")])
def test_a_change_gives_up_a_search_and_shows_nothing_of_it(opened, live, name, figure):
    test = opened(view=name)
    test.button(key=f"start {figure}").click().run()
    searching = test.session_state["searching"][2]
    test.slider(key="widget: replications").set_value(3).run()
    searching.join(60)
    assert not searching.is_alive() and not test.exception
    assert test.session_state["searching"] is None
    assert "Searching:" not in text_of(test) and test.button(key=f"start {figure}")
    assert answer_of(test)


def test_too_many_referrals_are_refused_in_one_sentence(opened, monkeypatch):
    monkeypatch.setattr("analysis.app.live.MOST_REFERRALS", 100)
    test = opened()
    said = text_of(test)
    assert not test.exception and 'class="answer"' not in said
    assert said.count("this page takes at most 100") == 1


def test_another_scenario_begins_anew_and_one_alone_is_told_alone(opened):
    test = opened(set="fleet.van.slots_per_day=10 per day")
    test.selectbox(key="widget: scenario").set_value("far").run()
    assert not test.exception and "set" not in test.query_params
    assert "Under" not in answer_of(test) and "far" not in test.query_params.get("baseline", "")
    assert "Why they differ" not in str(test.radio(key="widget: view").options)
