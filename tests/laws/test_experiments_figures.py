"""Figures of experiments: their numbers are those of the lanes, and drawings are sound SVG and PDF."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from statistics import median
from typing import Any
from xml.etree import ElementTree

import pytest

from properties.experiments import claims, running, verdicts
from properties.experiments.claims import AGAINST, NOT_SEEN, SEEN, UNDECIDED, judge
from properties.experiments.configurations import TABLE_2, planned
from properties.experiments.figures import figures, rows
from properties.experiments.results import Results, stage_from_file
from reports.plots import Drawing, drawn
from verify.arena import Arena

CHEN = {
    "width": 5,
    "epochs": 2,
    "train": 32,
    "test": 16,
    "batch": 8,
    "batches": (4,),
    "decays": (0.0, 0.1, 1.0),
    "seeds": 2,
}
DEEP = {"width": 4, "epochs": 2, "train": 32, "test": 16, "batch": 8, "depths": (3, 4), "seeds": 2}


def ran(folder: Path, paper: str, dataset: str, **given: Any) -> Results:
    plan, _ = planned(paper, dataset, (CHEN if paper == "chen2024" else DEEP) | given)
    arena = Arena(dtype=plan.dtype)
    found = running.run(running.started(plan, folder, arena), arena, lambda: False, lambda at: None)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("experiments")


@pytest.fixture(scope="module")
def digits(folder: Path) -> Results:
    return ran(folder / "digits", "chen2024", "digits")


def test_the_figures_of_a_paper_are_all_there(folder: Path, digits: Results) -> None:
    assert [f["name"] for f in figures(digits)] == ["figure-4", "figure-5", "figure-6", "figure-7", "figure-9"]
    housing = ran(folder / "housing", "chen2024", "diabetes")
    assert [f["name"] for f in figures(housing)] == ["figure-1", "figure-2", "figure-3", "figure-8"]
    deep = ran(folder / "deep", "ledent2025", "diabetes")
    assert [f["name"] for f in figures(deep)] == ["figure-ranks"]
    assert len(figures(deep)[0]["panels"]) == 6


def test_the_numbers_of_a_figure_are_medians_and_ends_over_seeds(digits: Results) -> None:
    ranks, values = figures(digits)[0]["panels"]
    for k, point in enumerate(ranks["series"][0]["points"]):
        found = [block[k].weights().stable_rank for block in digits.main.blocks()]
        assert point == [digits.plan.decays[k], median(found), min(found), max(found)]
    assert [series["points"][0][1] for series in values["series"]] == [1.0] * 3
    gap = figures(digits)[1]["panels"][0]["series"][0]["points"]
    assert gap[0][1] == median(block[0].test - block[0].train for block in digits.main.blocks())


def test_a_histogram_counts_every_batch_of_the_last_epoch(digits: Results) -> None:
    panels = figures(digits)[3]["panels"]
    assert len(panels) == len(digits.plan.decays)
    for panel in panels:
        assert sum(point[1] for point in panel["series"][0]["points"]) == 2 * (32 // 8)


def test_tables_have_every_point(digits: Results) -> None:
    for figure in figures(digits):
        points = sum(len(series["points"]) for panel in figure["panels"] for series in panel["series"])
        assert len(rows(figure)) == 1 + points
        json.dumps(figure, allow_nan=False)


def test_results_read_again_are_the_same(folder: Path, digits: Results) -> None:
    for stage in digits.stages:
        path = folder / "digits" / running.STAGES / f"{stage.stage.name}.json"
        assert stage_from_file(stage.stage, digits.plan, path) == stage


def test_drawings_are_sound(folder: Path, digits: Results) -> None:
    for figure in figures(digits):
        sheet = drawn(figure)
        root = ElementTree.fromstring(sheet.svg(figure["title"]))
        assert root.attrib["aria-label"] == figure["title"]
        texts = ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]
        assert figure["title"] in texts
        assert {panel["title"] for panel in figure["panels"]} <= set(texts)
        for _, text, _, _, _ in sheet.words:
            assert text.isprintable()
        _sound(sheet.pdf(figure["title"]))


def _sound(document: bytes) -> None:
    assert document.startswith(b"%PDF-1.4\n")
    start = int(document.split(b"startxref\n")[1].split()[0])
    table = document[start:].split(b"trailer")[0].split(b"\n")[3:-1]
    for number, line in enumerate(table, 1):
        assert document[int(line[:10]) :].startswith(b"%d 0 obj" % number)
    stream = document.split(b"stream\n")[1].split(b"\nendstream")[0]
    zlib.decompress(stream)


def test_words_that_a_font_lacks_do_no_harm() -> None:
    sheet = Drawing(10, 10)
    sheet.word((0, 0), "a\u2192b (c) \\ <&>\x07")
    assert "a?b (c) \\ &lt;&amp;&gt;?" in sheet.svg("\u2192")
    assert b"(a?b \\(c\\) \\\\ <&>?)" in zlib.decompress(sheet.pdf("\u2192").split(b"stream\n")[1].split(b"\nend")[0])


def test_diverged_networks_leave_everything_undecided_and_drawn(folder: Path) -> None:
    found = ran(folder / "diverged", "chen2024", "diabetes", rate=10.0**6, epochs=3)
    assert found.diverged
    assert {one.verdict for one in verdicts.judged(found)} == {UNDECIDED}
    for figure in figures(found):
        ElementTree.fromstring(drawn(figure).svg(""))


def test_sentences_are_judged_by_their_tests(digits: Results) -> None:
    trend = next(t for t in verdicts.TRENDS if t.id == "chen2024/trend-weight-decay-lowers-stable-rank")

    def with_ranks(*ranks: float, seeds: int = 3) -> str:
        from dataclasses import replace

        lanes = []
        for seed in range(seeds):
            for lane, rank in zip(digits.main.lanes[:3], ranks, strict=True):
                changed = replace(lane.weights(), stable_rank=rank)
                lanes.append(replace(lane, seed=seed, spectra=(changed,)))
        stage = replace(digits.main, lanes=tuple(lanes))
        return judge(trend, replace(digits, stages=(stage,))).verdict

    assert with_ranks(3.0, 2.0, 1.0) == SEEN
    assert with_ranks(1.0, 2.0, 3.0) == AGAINST
    assert with_ranks(2.0, 1.0, 3.0) == NOT_SEEN
    assert with_ranks(2.0, 2.0, 2.0) == NOT_SEEN
    assert with_ranks(3.0, 2.0, 1.0, seeds=1) == UNDECIDED


def test_too_few_seeds_are_told_how_many_are_enough(digits: Results) -> None:
    found = {one.trend.id: one for one in verdicts.judged(digits)}
    assert "--seeds 5" in found["chen2024/trend-no-decay-no-low-rank"].why
    assert found["chen2024/trend-no-decay-no-low-rank"].verdict == UNDECIDED


def test_what_is_printed_and_what_is_assumed_is_said_of_every_setting() -> None:
    for known in TABLE_2.values():
        assert {setting.source for setting in known.values()} <= {"printed", "reported", "assumed"}
    assert TABLE_2["california"]["width"].value == 8192
    assert TABLE_2["mnist"]["width"].value == 32768
    assert (TABLE_2["california"]["epochs"].value, TABLE_2["mnist"]["epochs"].value) == (5000, 2000)
    assert TABLE_2["mnist"]["rate"].source == "assumed"


def test_only_what_is_printed_at_printed_sizes_can_be_contradicted() -> None:
    assert len({trend.id for trend in verdicts.TRENDS}) == len(verdicts.TRENDS)
    whole, _ = planned("chen2024", "california", {})
    smaller, _ = planned("chen2024", "california", {"width": 64})
    other, _ = planned("chen2024", "diabetes", {})
    for trend in verdicts.TRENDS:
        seen, against = claims.Judged(trend, SEEN, None, ""), claims.Judged(trend, AGAINST, None, "")
        assert not verdicts.contradicted(whole, [seen])
        assert verdicts.contradicted(whole, [seen, against]) == (trend.provenance == "printed")
        assert not verdicts.contradicted(smaller, [against])
        assert not verdicts.contradicted(other, [against])
