"""Money over whole replications and on the screen: what is paid changes nobody's scan."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

from sim.experiment.provenance import program
from sim.experiment.replication import run_replication
from sim.scenario.document import Document, lay_over, read_document
from sim.scenario.read import validate
from tests.world import SMALL, tables

CONTRACT = {
    "provider": "Trust",
    "price": {"MRI": "£300 per scan"},
    "vat": "20 %",
    "one_off": "£0.2 million",
    "costs": {"default": {"MRI": {"per_scan": "£100 per scan", "per_slot": "£20 per slot", "per_year": "£120,000 per year"}}},
}  # fmt: skip


def test_a_year_of_the_small_world_is_billed_to_the_pound():
    """Ten slots on every day of 2019 but eight bank holidays; one scanner for twelve months."""
    document = read_document(SMALL)
    lay_over(document, Document(tree={"contract": CONTRACT}, files=[SMALL]))
    [(values, *_)] = run_replication((pickle.dumps(validate(document, SMALL)),), 1, 0, False, program())
    scans = values["scans", "all"]
    assert scans > 1500
    assert values["payments_pounds", "all"] == pytest.approx(1.2 * 300 * scans)
    assert values["cost_per_scan_pounds", "all"] == pytest.approx(1.2 * 300 + 200_000 / scans)
    left = 300 * scans - 100 * scans - (365 - 8) * 10 * 20 - 120_000
    assert values["surplus_pounds", "provider=Trust"] == pytest.approx(left)


def test_money_scans_nobody():
    paid, unpaid = tables({"contract": CONTRACT}), tables()
    for table in ("referrals", "appointments", "sessions"):
        for name, column in getattr(unpaid, table).items():
            np.testing.assert_array_equal(column, getattr(paid, table)[name], err_msg=name)


@pytest.mark.slow
def test_the_screen_and_the_page_say_what_it_costs(run, near, tmp_path):
    """A user sets what the company is paid and what scanning costs; the far village keeps to the trust."""
    costs = (
        "--set",
        "contract={provider: Company, tariff: {MRI: £200 per scan}, costs: {default: {MRI: {per_scan: £150 per scan}}}}",
    )
    said = run(tmp_path, *costs, "--replications", "2").stdout.replace("\N{NO-BREAK SPACE}", " ")
    (folder,) = tmp_path.iterdir()
    found = pd.read_csv(folder / "summary.csv").set_index(["scenario", "measure", "group"])["mean"]
    scans = {name: found["near", "scans", f"provider={name}"] for name in ("Trust", "Company")}
    public = (scans["Trust"] * 150 + scans["Company"] * 200) / sum(scans.values())
    assert found["near", "cost_per_scan_pounds", "all"] == pytest.approx(public, rel=1e-3)
    assert found["near", "surplus_pounds", "provider=Company"] == pytest.approx(50 * scans["Company"])
    assert found["far", "cost_per_scan_pounds", "all"] == pytest.approx(150)
    assert found["far", "payments_pounds", "all"] == 0
    page = (folder / "report.html").read_text(encoding="utf-8")
    for words in ("Cost to the public per scan (pounds)", "Surplus of Company (pounds)"):
        assert words in said and words in page
