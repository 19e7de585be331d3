"""What the page shows is what `run.py` would have written."""

from __future__ import annotations

import io
import zipfile

import pandas as pd
import pytest

from analysis.answer import answer
from analysis.app.address import Shown
from analysis.app.asked import arms_of, count_to_tell, groups_of, told
from analysis.app.asking import Asking
from analysis.app.download import zipped
from analysis.app.lessons import LESSONS
from analysis.app.pictures import MOST_ROWS, pictured, table_behind, tabled
from analysis.app.shown import Answer, files_of
from analysis.loaded import load
from analysis.tables import TextTable
from sim.experiment import Experiment, read_arms
from sim.experiment.runner import mark_of
from sim.scenario.faults import Fault, Position, ScenarioFaults
from tests.functional.conftest import FAR, NEAR
from tests.unit.app.conftest import slots


@pytest.fixture(scope="module")
def arms(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scenarios")
    (folder / "far.yaml").write_text(FAR)
    (folder / "near.yaml").write_text(NEAR)
    return read_arms([folder / "near.yaml"])


@pytest.fixture(scope="module")
def found(live, arms):
    asking = live.ask("reader", arms, 1, 3, lane="shown")
    assert asking.wait(300)
    return Answer(asking)


def test_tables_and_sentences_are_those_of_a_results_folder(found, arms, tmp_path):
    folder = Experiment(arms, 3, 1).run(tmp_path / "results", where=1)
    written, shown = load(folder.path), found.results(3)
    for name in ("summary", "comparison"):
        pd.testing.assert_frame_equal(getattr(shown, name), getattr(written, name), check_dtype=False)
    assert answer(shown) == answer(written)
    assert pictured(shown, "waits_by_place") == pictured(written, "waits_by_place")


@pytest.mark.parametrize("count", [2, 3])
def test_the_headline_compared_by_itself_is_that_of_the_whole_comparison(found, count):
    shown = found.results(count)
    measure = shown.headline["measure"]
    whole = shown.comparison[shown.comparison.measure == measure].reset_index(drop=True)
    pd.testing.assert_frame_equal(shown.of_headline, whole)
    assert len(whole) > 3


def test_one_replication_has_a_difference_and_no_interval(found):
    (said, *_) = answer(found.results(1))
    assert "difference" in said and "one replication has no spread" in said
    assert "interval" not in said and "- to -" not in said
    assert "95 % interval" in answer(found.results(2))[0]


def test_an_answer_of_fewer_replications_is_of_the_first(found):
    assert set(found.results(2).replications.replication) == {0, 1}
    assert found.results(2).manifest["replications"] == 2


def test_its_folder_goes_with_it(live, arms):
    asking = live.ask("reader", arms, 1, 1, lane="shown")
    assert asking.wait(300)
    folder = Answer(asking).folder
    assert not folder.exists()


def test_single_patients_are_drawn_once_they_are_there(live, arms, found):
    assert "--keep-patients" in pictured(found.results(3), "patient_journey")
    asking = live.ask("reader", arms, 1, 1, lane="patients", patients=True)
    assert asking.wait(300)
    found.keep_patients(asking)
    assert 'alt="The same patient: under' in pictured(found.results(3), "patient_journey")


def test_a_picture_has_alternative_text_a_caption_and_asks_nothing_from_outside(found):
    made = pictured(found.results(3), "waits_by_place")
    assert 'alt="Mean waits lie' in made and "<figcaption>" in made
    assert 'src="data:image/svg+xml;base64,' in made and "http" not in made.replace("data:", "")


def test_a_table_names_its_rows_and_columns_and_says_what_it_leaves_out(found):
    made = table_behind(found.results(3), "list_over_time")
    assert '<th scope="col">scenario</th>' in made and '<th scope="row">' in made
    assert made.count("<tr>") <= MOST_ROWS + 1
    assert "&lt;b&gt;" in tabled(TextTable("<b>", ["a"], [["1"]]))


def test_the_files_to_take_along_make_the_same_replications(arms, tmp_path):
    for name, text in files_of(arms, seed=5, replications=8).items():
        (tmp_path / name).write_text(text)
    back = read_arms([tmp_path / "near.yaml"])
    assert [arm.name for arm in back] == ["far", "near"]
    assert [mark_of(arm, 5) for arm in back] == [mark_of(arm, 5) for arm in arms]
    assert (back[-1].scenario.experiment.replications, back[-1].scenario.experiment.seed) == (8, 5)
    assert back[-1].scenario.headline == arms[-1].scenario.headline


def test_shipped_files_come_back_the_same_after_a_slider(tmp_path):
    arms = arms_of(Shown("outsourced", "in_house", changes={"workforce.planned_load": "80 %"}))
    for name, text in files_of(arms, 1, 30).items():
        (tmp_path / name).write_text(text)
    (tmp_path / "sources.yaml").write_text((arms[0].file.parent / "sources.yaml").read_text())
    assert [mark_of(arm, 1) for arm in read_arms([tmp_path / "outsourced.yaml"])] == [
        mark_of(arm, 1) for arm in arms
    ]


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_a_lesson_is_taken_along_with_its_sliders_as_they_stand(lesson, tmp_path):
    given = {slider.key: slider.high for slider in lesson.sliders}
    asking = Asking("student", lesson.read_arms(given), 1, lesson.replications, patients=False)
    zipfile.ZipFile(io.BytesIO(zipped(asking))).extractall(tmp_path)
    back = read_arms([tmp_path / f"{asking.arms[-1].name}-page" / f"{asking.arms[-1].name}.yaml"])
    assert {arm.name: mark_of(arm, 1) for arm in back} == asking.marks
    assert back[-1].scenario.experiment.replications == lesson.replications


def test_one_scenario_alone_is_one_file(tmp_path):
    (name,) = files_of([slots(5)], 1, 2)
    assert name == "small.yaml"


def test_people_to_look_at_are_everybody_and_places(arms):
    assert groups_of(arms) == ["all", "place=Town", "place=Village"]


def test_faults_are_told_without_a_path_of_the_machine():
    fault = Fault(Position("/home/somebody/x.yaml", 3, 1), "demand.MRI.per_year", "must be at least 0")
    assert told(ScenarioFaults([fault])) == ["demand.MRI.per_year: must be at least 0"]


def test_the_answer_is_told_anew_now_and_then_and_at_the_end():
    assert [count_to_tell(n, 30) for n in (0, 1, 3, 7, 29, 30)] == [0, 1, 2, 4, 15, 30]
