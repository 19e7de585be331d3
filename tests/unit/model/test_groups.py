"""Which list a referral may join, by what is known of it."""

import numpy as np
import pytest

from sim.model.demand import EMERGENCY, ROUTINE
from sim.model.groups import Groups

NOT = float("nan")


def groups(**about) -> Groups:
    """The number of the ways tells the place in the table: modality, place, priority, complexity, car, sites
    refused, short notice, age, mobility, sent."""
    shape = about.pop("shape", (1, 1, 4, 1, 1, 3, 2, 2, 2, 2))
    known = {"kinds": [], "ways": [], "refusing": np.array([[[0.7, 0.3]]]), "short_notice": 0.2}
    known |= {"older": np.array([0.4]), "needing_help": np.array([0.1]), "sent": 0.5}
    return Groups(**known | about, number=np.arange(np.prod(shape)).reshape(shape))


def where(made: Groups, refuses=0.9, short=0.9, sent=0.9, age=0, mobility=0, priority=ROUTINE, person=True):
    """(priority, sites refused, short notice, age, mobility, sent) of one referral's ways; None: it has none."""
    zero = np.array([0])
    rows = {
        "modality": zero,
        "place": zero,
        "complexity": zero,
        "car": zero,
        "priority": np.array([priority]),
    }
    rows |= {"age": np.array([age]), "mobility": np.array([mobility])}
    person = np.array([[0.0, 0.0, sent, 0.0]]) if person else None
    (number,) = made.numbers(rows, np.array([refuses]), np.array([short]), person)
    if number < 0:
        return None
    at = np.unravel_index(number, made.number.shape)
    return tuple(int(n) for n in (at[2], *at[5:]))


@pytest.mark.parametrize(("u", "sites"), [(0.29, 2), (0.3, 1), (0.69, 1), (0.7, 0), (0.99, 0)])
def test_as_many_sites_are_refused_as_have_a_larger_chance_of_it(u, sites):
    assert where(groups(), refuses=u) == (ROUTINE, sites, 0, 0, 0, 0)


@pytest.mark.parametrize(("u", "comes"), [(0.0, 1), (0.19, 1), (0.2, 0)])
def test_a_share_comes_at_short_notice(u, comes):
    assert where(groups(), short=u) == (ROUTINE, 0, comes, 0, 0, 0)


@pytest.mark.parametrize(("u", "sent"), [(0.49, 1), (0.5, 0)])
def test_a_share_is_sent_to_the_contractor(u, sent):
    assert where(groups(), sent=u) == (ROUTINE, 0, 0, 0, 0, sent)
    assert where(groups(sent=None), sent=u) == (ROUTINE, 0, 0, 0, 0, 0)


def test_age_and_mobility_count_where_they_are_known_and_where_they_make_a_difference():
    assert where(groups(), age=1, mobility=1) == (ROUTINE, 0, 0, 1, 1, 0)
    assert where(groups(), age=-1, mobility=-1) == (ROUTINE, 0, 0, 0, 0, 0)
    alike = groups(shape=(1, 1, 4, 1, 1, 3, 2, 1, 1, 1))
    assert where(alike, age=1, mobility=1, sent=0.0) == (ROUTINE, 0, 0, 0, 0, 0)


def test_an_emergency_has_no_list():
    assert where(groups(), priority=EMERGENCY) is None
    assert where(groups(), priority=EMERGENCY - 1) == (EMERGENCY - 1, 0, 0, 0, 0, 0)


def test_where_nothing_is_asked_about_persons_nothing_is_known_of_them():
    assert where(groups(shape=(1, 1, 4, 1, 1, 3, 2, 1, 1, 1)), person=False) == (ROUTINE, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("about", "asks"),
    [
        ({"older": np.array([NOT]), "needing_help": np.array([NOT]), "sent": None}, False),
        ({"older": np.array([0.4]), "needing_help": np.array([NOT]), "sent": None}, True),
        ({"older": np.array([NOT]), "needing_help": np.array([0.0]), "sent": None}, True),
        ({"older": np.array([NOT]), "needing_help": np.array([NOT]), "sent": 0.0}, True),
    ],
)
def test_persons_are_drawn_where_anything_hangs_on_them(about, asks):
    assert groups(**about).asks_who == asks


def test_who_is_old_or_needs_help_is_drawn_by_modality_and_not_known_where_nobody_says():
    """40 % of the first modality are 65 or over, of the second it is not known; 10 % and 30 % need help."""
    made = groups(older=np.array([0.4, NOT]), needing_help=np.array([0.1, 0.3]))
    u = np.array([[0.39, 0.09], [0.4, 0.1], [0.0, 0.29], [0.0, 0.3]])
    found = made.persons(np.array([0, 0, 1, 1]), u)
    assert found["age"].tolist() == [1, 0, -1, -1]
    assert found["mobility"].tolist() == [1, 0, 1, 0]
