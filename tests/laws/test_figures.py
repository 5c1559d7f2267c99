"""Pictures say what the record says: drawn where there is data, to scale, small, harmless, and with their words."""

import copy
import dataclasses
import math
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.by_design import _Line
from reports.drawing import Scale, scaled, short
from reports.figures import LAST, MOST, Figure, figures, trend
from reports.record import Record, Verdict, read_record

DOORS = Path(__file__).parents[1] / "doors"
EXAMPLE = read_record(DOORS / "record_example.jsonl")
EDGES = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99, 1.0, "inf"]
CLASSES = {"fig", *(f"fig-{look}" for look in ("bar", "line", "mark", "dot", "axis", "grid", "limit", "text"))}
ATTRIBUTES = {
    "class", "viewBox", "role", "aria-label", "font-size", "fill", "fill-opacity", "stroke", "stroke-opacity",
    "stroke-width", "stroke-linecap", "stroke-dasharray", "d", "x", "y", "dy", "text-anchor",
}  # fmt: skip
TIGHT = {"worst", "histogram", "worst_by_design", "pairs"}


def verdict(name: str = "example2024/batch-rank", **changes: Any) -> Verdict:
    made: Any = copy.deepcopy(EXAMPLE.by_id[name])
    for key, value in changes.items():
        (made["tightness"] if key in TIGHT else made)[key] = value
    return made


def drawn(title: str, **changes: Any) -> Figure:
    return next(figure for figure in figures(verdict(**changes)) if figure.title.startswith(title))


def paths(figure: Figure, look: str) -> str:
    root = ET.fromstring(figure.svg)
    return "".join(path.get("d", "") for path in root.iter("path") if path.get("class") == f"fig-{look}")


def labels(figure: Figure) -> list[str]:
    return ["".join(text.itertext()) for text in ET.fromstring(figure.svg).iter("text")]


def harmless(figure: Figure) -> None:
    root = ET.fromstring(figure.svg)
    assert root.get("role") == "img"
    assert root.get("aria-label", "").startswith(figure.title)
    for element in root.iter():
        assert element.tag in {"svg", "path", "g", "text", "tspan"}
        assert set(element.attrib) <= ATTRIBUTES
        assert element.get("class", "fig") in CLASSES
    assert not re.search(r"nan|inf|e[+-]?\d", "".join(e.get("d", "") for e in root.iter()))
    assert figure.words.isprintable()


def test_each_kind_of_data_has_its_picture_and_what_is_absent_has_none() -> None:
    titles = [figure.title for figure in figures(verdict())]
    assert titles == ["Tightness", "Bound against truth", "Worst tightness by design", "Singular values of G[S]"]
    assert figures(verdict(tightness=None, spectrum=None)) == []
    bare = verdict(histogram=None, worst_by_design={}, spectrum=None)
    del bare["tightness"]["pairs"]  # type: ignore[misc, union-attr]
    assert figures(bare) == []
    assert figures(verdict(histogram={"edges": EDGES, "counts": [0] * 12}, worst_by_design={}, spectrum=[3.0],
                           spectrum_of={"matrix": "x", "cut": None, "claimed": None}, pairs=[])) == []  # fmt: skip


def test_a_record_of_the_first_version_has_pictures_too() -> None:
    old = read_record(DOORS / "record_1.0.jsonl")
    for line in old.verdicts:
        for figure in figures(line):
            harmless(figure)
    by_title = {figure.title: figure for figure in figures(old.by_id["chen2024/lemma-2.2"])}
    assert "Bound against truth" not in by_title
    assert "claimed rank 1" in labels(by_title["Singular values"]), "the statement says rank(A[i]) <= 1"
    assert all("claimed" not in words for words in labels(figures(old.by_id["example2024/batch-rank"])[-1]))


def test_all_pictures_are_small_and_harmless() -> None:
    for line in EXAMPLE.verdicts:
        for figure in figures(line):
            harmless(figure)
            assert len(figure.svg.encode()) < 1700


# -- tightness --------------------------------------------------------------------------------------------------------


def test_bars_stand_where_their_bins_are_and_the_last_one_beyond_the_limit() -> None:
    figure = drawn("Tightness", worst=0.42, histogram={"edges": EDGES, "counts": [8, *[0] * 3, 4, *[0] * 6, 2]})
    boxes = re.findall(r"M([\d.]+) ([\d.]+)V([\d.]+)H([\d.]+)V", paths(figure, "bar"))
    lefts, heights = [float(b[0]) for b in boxes], [float(b[1]) - float(b[2]) for b in boxes]
    limit = float(re.findall(r"M([\d.]+)", paths(figure, "limit"))[0])
    assert lefts == sorted(lefts)
    assert lefts[-2] < limit < lefts[-1]
    assert heights[0] == pytest.approx(2 * heights[1], abs=0.3)
    assert heights[1] == pytest.approx(2 * heights[2], abs=0.3)
    left = float(boxes[0][0]) - 0.5
    marked = float(re.findall(r"M([\d.]+)", paths(figure, "mark"))[0])
    assert (marked - left) / (limit - left) == pytest.approx(0.42, abs=0.005)
    assert "worst 0.42" in labels(figure)
    assert "Networks seen: 14; worst value / bound: 0.42" in figure.words
    assert "0 to 0.1: 8; 0.4 to 0.5: 4; 1 or more: 2" in figure.words


def test_counts_that_span_decades_have_a_logarithmic_scale() -> None:
    figure = drawn("Tightness", histogram={"edges": EDGES, "counts": [10_000, *[0] * 3, 100, *[0] * 6, 1]})
    heights = [float(b) - float(t) for b, t in re.findall(r" ([\d.]+)V([\d.]+)H", paths(figure, "bar"))]
    assert heights[0] - heights[1] == pytest.approx(heights[1] - heights[2], abs=0.3)
    assert heights[2] > 3, "a single one is seen"
    assert figure.words.endswith("The scale of the counts is logarithmic.")
    assert {"1", "100", "10k"} <= set(labels(figure))


@pytest.mark.parametrize(
    ("worst", "shown"), [("inf", "worst ∞"), ("3/4", "worst 0.75"), (0, "worst 0"), (1.25, "worst 1.25")]
)
def test_the_worst_is_marked_wherever_it_is(worst: Any, shown: str) -> None:
    figure = drawn("Tightness", worst=worst, histogram={"edges": EDGES, "counts": [5] * 12})
    harmless(figure)
    assert shown in labels(figure)
    assert paths(figure, "mark")


def test_a_histogram_that_is_none_is_refused() -> None:
    for edges, counts in (([0, 1], [1, 2]), ([1, 0, 2], [1, 2]), ([0, None, 2], [1, 2])):
        with pytest.raises((ValueError, TypeError)):
            figures(verdict(histogram={"edges": edges, "counts": counts}))


# -- bound against truth ----------------------------------------------------------------------------------------------


def places(figure: Figure) -> list[tuple[float, float]]:
    x = y = 0.0
    found = []
    for sign, dx, dy in re.findall(r"([Mm])(-?[\d.]+)[ ]?(-?[\d.]+)h0", paths(figure, "dot")):
        x, y = (float(dx), float(dy)) if sign == "M" else (x + float(dx), y + float(dy))
        found.append((x, y))
    return found


@pytest.mark.parametrize(
    "pairs",
    [[[1.0, 0.5], [2.0, 2.0], [4.0, 1.0]], [[0.001, 0.001], [1000.0, 1.0], [50.0, 50.0]], [[-4.0, -4.0], [2.0, -1.0]],
     [[-1e6, -1e6], [1e-3, -1.0], [1e6, 1e6]]],
)  # fmt: skip
def test_equal_pairs_lie_on_the_diagonal_and_the_others_below_it(pairs: list[list[float]]) -> None:
    figure = drawn("Bound against truth", pairs=pairs)
    (x0, y0), (x1, y1) = (map(float, p.split()) for p in re.findall(r"[ML]([\d.]+ [\d.]+)", paths(figure, "limit")))
    for (x, y), (bound, value) in zip(places(figure), pairs, strict=True):
        diagonal = y0 + (y1 - y0) * (x - x0) / (x1 - x0)
        assert y == pytest.approx(diagonal, abs=0.3) if bound == value else y > diagonal + 1
    equal = sum(bound == value for bound, value in pairs)
    assert f"{equal} of {len(pairs)} at the bound" in labels(figure)
    assert f"that it bounds: {len(pairs)}; equal and not 0: {equal}." in figure.words


def test_the_tightest_pair_is_ringed_and_0_of_0_does_not_count() -> None:
    figure = drawn("Bound against truth", pairs=[[0.0, 0.0], [4.0, 1.0], [10.0, 9.0]])
    assert "tightest 0.9" in labels(figure)
    assert "The tightest: value 9 for bound 10." in figure.words
    assert "a5.5" in paths(figure, "axis")
    none = drawn("Bound against truth", pairs=[[0.0, 0.0], [4.0, 0.0]])
    assert not [words for words in labels(none) if "tightest" in words or "at the bound" in words]


def test_infinite_pairs_stand_at_the_edges() -> None:
    pairs = [["inf", 1.0], [1.0, "-inf"], ["-inf", "-inf"], [3.0, 2.0], ["3/4", "1/2"]]
    figure = drawn("Bound against truth", pairs=pairs)
    harmless(figure)
    assert len(places(figure)) == 2
    assert paths(figure, "mark").count("z") == 3
    assert "Bounds from -inf to inf" in figure.words


def test_64_pairs_stay_small_and_zeros_have_a_place_of_their_own() -> None:
    pairs = [[1.7 ** (k - 20) * 1.2345, 1.7 ** (k - 20) * (k % 7) / 9] for k in range(64)]
    figure = drawn("Bound against truth", pairs=pairs)
    assert len(figure.svg.encode()) < 1900
    assert len(places(figure)) == 64
    floor = max(y for _, y in places(figure))
    assert [y for _, y in places(figure)].count(floor) == sum(value == 0 for _, value in pairs)
    assert sorted(y for _, y in places(figure) if y != floor)[-1] < floor - 10
    assert "Both scales are logarithmic" in figure.words


# -- by design --------------------------------------------------------------------------------------------------------


def test_a_power_law_is_found_with_its_standard_error() -> None:
    exact = _Line.of("N", {str(k): 3 * k**-0.5 for k in (1, 2, 4, 8)}).fit()
    assert exact is not None
    assert exact[0] == pytest.approx(-0.5)
    assert exact[1] == pytest.approx(math.log(3))
    assert exact[2] == pytest.approx(0, abs=1e-9)
    # By hand: at log value 0, 1, 2 log worst is 0, 1, 0: slope 0, residuals -1/3, 2/3, -1/3, variance (2/3)/1/2.
    rough = _Line.of("N", {"1": 1.0, repr(math.e): math.e, repr(math.e**2): 1.0}).fit()
    assert rough is not None
    assert rough[0] == pytest.approx(0, abs=1e-9)
    assert rough[2] == pytest.approx(math.sqrt(1 / 3))


@pytest.mark.parametrize(
    "found",
    [{"1": 1.0, "2": 0.5}, {"1": 0, "2": 0.5, "4": 0.25}, {"1": "inf", "2": 0.5, "4": 0.25},
     {"a": 1, "b": 0.5, "c": 0.25}, {"1": 0.5, "1/1": 0.4, "2/2": 0.3},
     {"0": 0.5, "1": 0.4, "2": 0.3}, {"1": 0.5, "2": None, "3": 0.2}],
)  # fmt: skip
def test_no_slope_is_told_of_fewer_than_three_finite_positive_points(found: Any) -> None:
    assert _Line.of("m", found).fit() is None
    figure = drawn("Worst tightness by design", worst_by_design={"m": found})
    harmless(figure)
    assert "slope" not in figure.words


def test_values_of_a_field_rise_whatever_their_order_in_the_record() -> None:
    line = _Line.of("m", {"16": 0.1, "2": 0.3, "1/2": 0.4, "4": "1/5"})
    assert (line.places, line.worst) == ([0.5, 2.0, 4.0, 16.0], [0.4, 0.3, 0.2, 0.1])
    assert _Line.of("activation", {"tanh": 0.5, "relu": 1}).names == ["tanh", "relu"]


def test_the_slope_stands_in_the_picture_and_infinities_at_its_top() -> None:
    worst = {"1": 0.5, "2": "inf", "4": 0.25, "8": 0.125, "16": 0.06}
    figure = drawn("Worst tightness by design", worst_by_design={"m": worst, "n": {"1": 1.0, "2": 1.0, "3": 1.0}})
    assert "~ m−0.75" in labels(figure)
    assert "m: 0.5 at 1, inf at 2, 0.25 at 4, 0.125 at 8, 0.06 at 16; slope -0.75, standard error 0.11" in figure.words
    assert "n: 1 at 1, 1 at 2, 1 at 3; slope 0, standard error 0" in figure.words
    assert not [words for words in labels(figure) if words.startswith("~ n")], "what is level needs no slope"
    top = min(float(y) for y in re.findall(r"M[\d.]+ ([\d.]+)l", paths(figure, "mark")))
    assert all(top < y for _, y in places(figure))


def test_a_field_with_one_value_is_left_out() -> None:
    assert [f.title for f in figures(verdict(worst_by_design={"m": {"1": 1}}))].count("Worst tightness by design") == 0


def test_many_fields_have_rows_of_four() -> None:
    fields = {f: {str(k): 0.5 / k for k in (1, 2, 4)} for f in "abcdefg"}
    figure = drawn("Worst tightness by design", worst_by_design=fields)
    assert float(ET.fromstring(figure.svg).get("viewBox", "").split()[3]) > 200
    assert len({y for _, y in places(figure)}) == 6
    assert len(figure.svg.encode()) < 3500


# -- singular values --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cut", "between"), [(0, (None, 0)), (1, (0, 1)), (2, (1, 2)), (3, (2, None)), (9, (2, None))])
def test_the_cut_stands_between_the_singular_values_that_it_parts(cut: int, between: tuple[Any, Any]) -> None:
    of = {"matrix": "H[S]", "cut": cut, "claimed": "rank(H[S]) <= Min(B, m, n)"}
    figure = drawn("Singular values", spectrum=[4.0, 2.0, 1.0], spectrum_of=of)
    line = float(re.findall(r"M([\d.]+)", paths(figure, "limit"))[0])
    xs = [x for x, _ in places(figure)]
    assert all(xs[k] < line for k in (between[0],) if k is not None)
    assert all(line < xs[k] for k in (between[1],) if k is not None)
    assert figure.title == "Singular values of H[S]"
    assert f"The claim cuts them after number {cut}, where it says rank(H[S]) <= Min(B, m, n)." in figure.words


@pytest.mark.parametrize(
    "values", [[5.0, 0.0, 0.0], [1.0, 1e-9, 1e-18], ["inf", 1.0], [0.0, 0.0], [2.0] * 3, [1e308, 5e-324]]
)
def test_spectra_of_all_sizes_are_drawn(values: list[Any]) -> None:
    figure = drawn("Singular values", spectrum=values)
    harmless(figure)
    assert "Singular values of G[S] at the closest call: " in figure.words


def test_long_spectra_stay_small_and_say_so() -> None:
    figure = drawn("Singular values", spectrum=[1.0 / (k + 1) for k in range(5000)])
    assert f"The first {MOST} of 5,000 are shown." in figure.words
    assert len(places(figure)) == MOST
    assert len(figure.svg.encode()) < 6000
    assert len(figure.words) < 600


# -- over many records ------------------------------------------------------------------------------------------------


def history(*grades: str, worst: Any = None, restated: int | None = None) -> list[Record]:
    made = []
    for k, grade in enumerate(grades):
        changed: Any = verdict(grade=grade, worst=0.5 if worst is None else worst[k])
        if restated is not None and k >= restated:
            changed["statement"]["hash"] = "f" * 16
        run: Any = {**EXAMPLE.run, "started": f"2026-01-{1 + k % 28:02d}T00:00:00+00:00"}
        made.append(dataclasses.replace(EXAMPLE, run=run, verdicts=(changed,)))
    return made


def test_a_trend_needs_two_records_that_have_the_claim() -> None:
    name, two = "example2024/batch-rank", history("TESTED", "PROVED")
    assert trend(name, []) is None
    assert trend(name, two[:1]) is None
    assert trend("draft/other", two) is None
    assert trend(name, [*two[:1], dataclasses.replace(two[1], verdicts=())]) is None
    assert trend(name, two) is not None


def test_a_trend_tells_grades_tightness_and_what_was_restated() -> None:
    grades = ("INCONCLUSIVE", "TESTED", "TESTED", "PROVED", "REFUTED")
    figure = trend("example2024/batch-rank", history(*grades, worst=(0.5, 0.6, "3/4", "inf", None), restated=3))
    assert figure is not None
    harmless(figure)
    assert "in 5 records from 2026-01-01 to 2026-01-05." in figure.words
    assert (
        "INCONCLUSIVE in 1, 0.5 to 0.5; TESTED in 2, 0.6 to 0.75; PROVED in 1, inf to inf; REFUTED in 1."
        in figure.words
    )
    assert figure.words.endswith("Restated in record 4.")
    shown = labels(figure)
    assert [shown.index(g) for g in ("proved", "tested", "inconclusive", "refuted")] == sorted(
        shown.index(g) for g in ("proved", "tested", "inconclusive", "refuted")
    ), "the best grade stands on top"
    assert "restated" in shown


def test_a_long_history_shows_its_end() -> None:
    figure = trend("example2024/batch-rank", history(*["TESTED", "PROVED"] * LAST))
    assert figure is not None
    assert f"in {LAST} records" in figure.words
    steady = trend("example2024/batch-rank", history(*["PROVED"] * LAST))
    assert steady is not None
    assert len(steady.svg.encode()) < 2500


# -- anything ---------------------------------------------------------------------------------------------------------


def test_no_text_of_a_record_becomes_markup() -> None:
    bad = "<script>alert(1)</script> \"'&amp; \x1b[31m \ud800 \u202e"
    of = {"matrix": bad, "cut": 1, "claimed": bad}
    worst = {bad: {"1": 0.5, "2": 0.25, "3": 0.2}, "kind": {bad: 0.5, "b": 1}}
    line = verdict(spectrum_of=of, worst_by_design=worst)
    (record,) = history("TESTED")
    record = dataclasses.replace(record, run={**record.run, "started": bad})
    over_time = trend("example2024/batch-rank", [record, record])
    assert over_time is not None
    for figure in [*figures(line), over_time]:
        harmless(figure)
        assert "<script" not in figure.svg
        assert "\x1b" not in figure.svg + figure.title + figure.words


QUANTITIES = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["inf", "-inf", "3/4", "-7", f"1/{7**400}", f"{7**400}", 10**400, 0, 1, -1]),
    st.integers(-3, 3),
)


@settings(max_examples=150, deadline=None)
@given(
    worst=QUANTITIES,
    counts=st.lists(st.one_of(st.just(0), st.integers(0, 10**9)), min_size=12, max_size=12),
    designs=st.dictionaries(
        st.sampled_from(["m", "eps", "width"]),
        st.dictionaries(st.sampled_from(["-1", "0", "1", "2", "1/3", "0.5", "relu", str(10**299)]), QUANTITIES),
    ),
    pairs=st.lists(st.tuples(QUANTITIES, QUANTITIES), max_size=8),
    spectrum=st.lists(QUANTITIES, max_size=9),
)
def test_whatever_numbers_a_record_has_the_pictures_can_be_drawn(
    worst: Any, counts: list[int], designs: Any, pairs: Any, spectrum: Any
) -> None:
    made = verdict(
        worst=worst,
        histogram={"edges": EDGES, "counts": counts},
        worst_by_design=designs,
        pairs=pairs,
        spectrum=spectrum,
    )
    for figure in figures(made):
        harmless(figure)
        _, _, width, height = map(float, ET.fromstring(figure.svg).get("viewBox", "").split())
        for look in ("bar", "dot", "mark", "line"):
            for x, y in re.findall(r"M(-?[\d.]+) (-?[\d.]+)", paths(figure, look)):
                assert -1 <= float(x) <= width + 1
                assert -1 <= float(y) <= height + 1


@settings(deadline=None)
@given(st.lists(st.floats(allow_nan=False), min_size=2))
def test_scales_keep_the_order_of_numbers(numbers: list[float]) -> None:
    scale = scaled(numbers, 0.0, 100.0)
    placed = [scale(n) for n in sorted(numbers)]
    assert placed == sorted(placed)
    assert all(0 <= at <= 100 for at in placed)
    assert all(0 <= scale(tick) <= 100 for tick, _ in scale.ticks())
    assert 1 <= len(scale.ticks()) <= 8 or scale.kind == "log"


def test_numbers_are_short() -> None:
    shown = [short(n) for n in (0.0, 0.25164, -1.5, 6.62009e-16, 1e5, 13.0, math.inf, -math.inf, 1234567.0)]
    assert shown == ["0", "0.252", "−1.5", "6.62·10⁻¹⁶", "10⁵", "13", "∞", "−∞", "1.23·10⁶"]
    assert [label for _, label in Scale("log", 1e-4, 1e4, 0, 1).ticks()] == ["10⁻³", "1", "10³"]


def test_ties_stand_on_the_limit_and_not_beyond_it() -> None:
    figure = drawn("Tightness", worst=1, histogram={"edges": EDGES, "counts": [8, *[0] * 10, 2]})
    boxes = re.findall(r"M([\d.]+) ([\d.]+)V([\d.]+)H([\d.]+)V", paths(figure, "bar"))
    limit = float(re.findall(r"M([\d.]+)", paths(figure, "limit"))[0])
    assert float(boxes[-1][0]) < limit < float(boxes[-1][3])
    assert "1 exactly: 2" in figure.words
