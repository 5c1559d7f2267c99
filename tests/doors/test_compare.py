"""Comparisons of records: each planted change is found, and nothing else; chance is no change."""

import copy
import dataclasses
import itertools
import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from reports.changes import KINDS, RESTATED
from reports.compare import Comparison, briefly, compare, summary, to_json, to_markdown
from reports.history import history
from reports.history import to_markdown as grades
from reports.record import Record, Verdict, read_record
from reports.restated import differences
from reports.sampling import LEAST, LEVEL, chance, moved

LINES = Path(__file__).with_name("record_example.jsonl").read_text(encoding="utf-8").splitlines()
RUN, VERDICTS, END = json.loads(LINES[0]), [json.loads(line) for line in LINES[1:-1]], json.loads(LINES[-1])
OF_GRADE = {verdict["grade"]: verdict for verdict in VERDICTS}
MIRROR = {"rose": "fell", "appeared": "vanished", "tightened": "loosened"}
MIRROR |= {there: here for here, there in MIRROR.items()}
Plant = Callable[[dict[str, Any]], object]


def written(verdicts: list[dict[str, Any]], **run: Any) -> Record:
    """A finished record of these verdicts."""
    line: Any = {**RUN, "claims": [verdict["id"] for verdict in verdicts], **run}
    return Record("r.jsonl", line, tuple(cast(list[Verdict], verdicts)), END, False)


def stored(name: str, verdicts: list[dict[str, Any]]) -> None:
    lines = [{**RUN, "claims": [verdict["id"] for verdict in verdicts]}, *verdicts, END]
    Path(name).write_text("\n".join(map(json.dumps, lines)) + "\n", encoding="utf-8")


def numbered(count: int) -> list[dict[str, Any]]:
    """So many claims, of every grade in turn."""
    verdicts = [copy.deepcopy(VERDICTS[number % len(VERDICTS)]) for number in range(count)]
    for number, verdict in enumerate(verdicts):
        verdict["id"] = f"draft/{number:04d}-{verdict['grade'].lower()}"
        verdict["statement"]["hash"] = f"{number:016x}"
    return verdicts


def of_grade(verdicts: list[dict[str, Any]], grade: str, number: int = 0) -> dict[str, Any]:
    return [verdict for verdict in verdicts if verdict["grade"] == grade][number]


def says(text: str) -> Plant:
    def plant(verdict: dict[str, Any]) -> None:
        verdict["statement"]["says"]["text"] = text
        verdict["statement"]["hash"] = "f" * 16

    return plant


def listed(field: str, *texts: str) -> Plant:
    def plant(verdict: dict[str, Any]) -> None:
        verdict["statement"][field] = [{"text": text, "latex": text} for text in texts]
        verdict["statement"]["hash"] = "e" * 16

    return plant


def survived(verdict: dict[str, Any]) -> None:
    verdict["mutants"][0].update(refuted=False, witness=None)


# Kind of change, grade and number of the claim it is planted in, what is planted, what the table says.
PLANTED: list[tuple[str, str, int, Plant, str]] = [
    ("fell", "PROVED", 0, lambda v: v.update(grade="TESTED", as_expected=False), "PROVED | TESTED, PROVED expected"),
    ("rose", "INCONCLUSIVE", 0, lambda v: v.update(grade="TESTED", as_expected=True), "TESTED expected | TESTED"),
    ("tightened", "CERTIFIED", 0, lambda v: v["tightness"].update(worst=0.9999), "0.9871 | 0.9999"),
    ("loosened", "TESTED", 0, lambda v: v["tightness"].update(worst="3/4"), "1 | 0.75"),
    ("statement", "TESTED", 1, says("rank(G[S]) <= N"), "`rank(G[S]) <= B` | `rank(G[S]) <= N`"),
    ("constant", "PROVED", 1, says("rank(A[i]) <= 2"), "`rank(A[i]) <= 2` | 1 became 2"),
    ("hypothesis", "CERTIFIED", 1, listed("assuming"), "`d <= N` | - | dropped"),
    ("definition", "TESTED", 2, listed("where", "G[S] = sum(A[i], i in S)"), "`G[S] = sum(A[i], i in S)`"),
    ("witness", "REFUTED", 0, lambda v: v["witness"].update(sides=["3", "2"]), "2 against 1 at m=2 n=2 N=2 B=2, 8"),
    ("mutant", "PROVED", 2, survived, "caught | survived | mutant 'a batch gradient has rank one too'"),
]


def plant(kinds: list[str]) -> tuple[Record, Record, dict[str, str]]:
    """Two records of 30 claims, the new one with these changes; and the claim that each kind was planted in."""
    old, new, places = numbered(30), numbered(30), {}
    for kind, grade, number, change, _ in PLANTED:
        if kind in kinds:
            verdict = of_grade(old, grade, number)
            places[kind] = verdict["id"]
            change(new[old.index(verdict)])
    for kind, verdicts in (("appeared", old), ("vanished", new)):
        if kind in kinds:
            places[kind] = verdicts[25 if kind == "appeared" else 26]["id"]
            verdicts[:] = [verdict for verdict in verdicts if verdict["id"] != places[kind]]
    return written(old), written(new), places


ALL = [*(kind for kind, *_ in PLANTED), "appeared", "vanished"]


@pytest.mark.parametrize("kind", ALL)
def test_one_planted_change_is_found_and_nothing_else(kind: str) -> None:
    old, new, places = plant([kind])
    found = compare(old, new)
    assert [(item.kind, item.claim) for item in found.items] == [(kind, places[kind])]
    assert found.same == 29
    assert found.exit_code == (kind in ("fell", "mutant"))
    expected = next((text for planted, *_, text in PLANTED if planted == kind), kind)
    assert expected in to_markdown(found)


def test_twelve_planted_changes_are_found_and_nothing_else() -> None:
    old, new, places = plant(ALL)
    found = compare(old, new)
    assert len(ALL) == 12
    assert {(item.kind, item.claim) for item in found.items} == set(places.items())
    assert (len(found.items), found.same) == (12, 18)
    told = [line.split(" | ")[:2] for line in to_markdown(found).splitlines() if line.startswith("| ")][2:]
    assert {(kind.strip("| *"), claim.strip("`")) for kind, claim in told} == set(places.items())
    assert [c.id for c in found.fell] == [places["fell"]]
    assert [c.id for c in found.rose] == [places["rose"]]
    assert [v["id"] for v in found.appeared] == [places["appeared"]]
    assert [v["id"] for v in found.vanished] == [places["vanished"]]
    assert {c.id for c in found.statement_changed} == {places[kind] for kind in RESTATED if kind in places}
    assert [c.id for c in (*found.tightened, *found.loosened)] == [places["tightened"], places["loosened"]]
    assert [item.kind for item in found.failures] == ["fell", "mutant"]
    assert summary(found).endswith("1 witness changed, 1 loosened, 1 tightened, 1 appeared, 1 vanished, 18 unchanged")


def mirrored(found: Comparison) -> list[tuple[str, str, str, str]]:
    return sorted((MIRROR.get(item.kind, item.kind), item.claim, item.now, item.was) for item in found.items)


def test_the_reverse_comparison_is_the_mirror() -> None:
    old, new, _ = plant(ALL)
    there, back = compare(old, new), compare(new, old)
    assert mirrored(there) == sorted((i.kind, i.claim, i.was, i.now) for i in back.items)
    assert [item.kind for item in back.failures] == ["fell"]
    assert {kind for record in (old, new) for kind in (item.kind for item in compare(record, record).items)} == set()
    assert summary(compare(old, old)) == "29 unchanged"
    assert summary(compare(written([]), written([]))) == "nothing to compare"


def changed(grade: str, *plants: Plant, new: dict[str, Any] | None = None, old: Plant = lambda v: None) -> Comparison:
    """One claim, before and after what is planted; `new` are other settings of the new run."""
    before = numbered(5)
    place = before.index(of_grade(before, grade))
    old(before[place])
    after = copy.deepcopy(before)
    for change in plants:
        change(after[place])
    return compare(written(before), written(after, **(new or {})))


def rows(found: Comparison) -> list[tuple[str, str, str, str]]:
    return [(item.kind, item.was, item.now, item.note) for item in found.items]


def test_two_changes_of_one_claim_are_two() -> None:
    found = changed("TESTED", says("rank(G[S]) <= 2*B"), listed("assuming"), survived)
    assert [item.kind for item in found.items] == ["mutant", "constant", "hypothesis"]
    assert rows(found)[1][1:] == ("rank(G[S]) <= B", "rank(G[S]) <= 2*B", "1 became 2")
    both = changed("PROVED", lambda v: v.update(grade="TESTED", as_expected=False), survived)
    assert [item.kind for item in both.items] == ["fell", "mutant"]


@pytest.mark.parametrize(
    ("was", "now", "part", "note"),
    [
        ("x <= 2*B", "x <= 3*B", "constant", "2 became 3"),
        ("x <= 2*B", "x <= B", "constant", "2 became 1"),
        ("x <= B", "x <= B/3", "constant", "1 became 1/3"),
        ("x <= 5*B/2", "x <= 2*B", "constant", "5 became 2, 1/2 became 1"),
        ("x**2 + 8*y <= 0.5", "x**3 + 8*y <= 0.25", "constant", "2 became 3, 0.5 became 0.25"),
        ("x <= N**2", "x <= N**(3/2)", "constant", "2 became 3/2"),
        ("x <= N**(1/4)", "x <= N**(11/40)", "constant", "1/4 became 11/40"),
        ("x <= 2*N**2", "x <= N**(3/2)", "constant", "2 became 1, 2 became 3/2"),
        ("x <= N**(1/4)", "x <= N**(y/4)", "statement", ""),
        ("x <= N**(1/4)", "x <= N", "statement", ""),
        ("x <= B**2", "x <= B", "statement", ""),
        ("x <= a", "x <= 2/a", "statement", ""),
        ("x <= y*z", "x <= y/z", "statement", ""),
        ("x1 <= 2", "x2 <= 2", "statement", ""),
        ("x <= 2", "x < 2", "statement", ""),
        ("x <= 1 - y", "x <= y", "statement", ""),
        ("x <= 2", "x  <= 2", "statement", ""),
    ],
)
def test_a_number_alone_is_a_constant(was: str, now: str, part: str, note: str) -> None:
    old, new = copy.deepcopy(VERDICTS[0]["statement"]), copy.deepcopy(VERDICTS[0]["statement"])
    old["says"]["text"], new["says"]["text"], new["hash"] = was, now, "f" * 16
    (found,) = differences(old, new)
    assert (found.part, found.was, found.now, found.note) == (part, was, now, note)


@pytest.mark.parametrize(
    ("field", "was", "now", "expected"),
    [
        ("assuming", ["B < N"], ["B <= N"], [("B < N", "B <= N", "")]),
        ("assuming", ["c > 0", "B < N"], ["c > 1", "B < N"], [("c > 0", "c > 1", "0 became 1")]),
        ("assuming", ["c > 0"], ["c > 0", "B < N"], [("", "B < N", "added")]),
        ("assuming", ["rank(A) < 3"], ["B < N"], [("rank(A) < 3", "", "dropped"), ("", "B < N", "added")]),
        (
            "where",
            ["Eq(f(a, b), 0)"],
            ["Eq(f(a, b), log(N/d)**2)"],
            [("Eq(f(a, b), 0)", "Eq(f(a, b), log(N/d)**2)", "")],
        ),
        ("where", ["g = 2*x"], ["h = 2*x"], [("g = 2*x", "", "dropped"), ("", "h = 2*x", "added")]),
        ("assuming", ["c > 0"], [f"c > {n}" for n in range(100)], None),
    ],
)
def test_hypotheses_and_definitions_are_paired(field: str, was: list[str], now: list[str], expected: Any) -> None:
    found = changed("TESTED", listed(field, *now), old=listed(field, *was))
    told = [
        (w, n, note) for kind, w, n, note in rows(found) if kind == {"where": "definition"}.get(field, "hypothesis")
    ]
    assert len(told) == len(found.items)
    if expected is None:
        assert len(told) == 99
    else:
        # The hash is that of the old plant, so that the words are told with a doubt.
        assert [(w, n, note.partition("the hash")[0].rstrip("; ")) for w, n, note in told] == expected


def test_the_hash_is_a_cross_check() -> None:
    def text(verdict: dict[str, Any]) -> None:
        verdict["statement"]["says"]["text"] = "2 <= 3"

    def rehash(verdict: dict[str, Any]) -> None:
        verdict["statement"]["hash"] = "a" * 16

    assert [row[0] for row in rows(changed("TESTED", rehash))] == ["hash"]
    assert "nothing that is written" in to_markdown(changed("TESTED", rehash))
    assert "the hash is the same" in rows(changed("TESTED", text))[0][3]
    assert rows(changed("TESTED", text, new={"versions": {"sympy": "9"}})) == []
    turned = [{"text": text, "latex": text} for text in ("eps <= mu/16", "mu > 0")]
    assert [
        row[0] for row in rows(changed("INCONCLUSIVE", lambda v: v["statement"].update(assuming=turned), rehash))
    ] == ["hash"]


def test_a_restated_claim_is_told_once_with_what_follows() -> None:
    def refuted_otherwise(verdict: dict[str, Any]) -> None:
        verdict["witness"].update(sides=["7", "3"], sentence="rank(G[S]) <= 3")

    def inherited(verdict: dict[str, Any]) -> None:
        for mutant in verdict["mutants"]:
            mutant["statement"] = f"B < N => {mutant['statement']}"

    looser = changed("CERTIFIED", says("decreasing(gap, d)"), lambda v: v["tightness"].update(worst=0.5), inherited)
    assert [row[::3] for row in rows(looser)] == [("statement", "tightness 0.5, was 0.9871")]
    found = changed("REFUTED", says("rank(G[S]) <= 3"), refuted_otherwise)
    assert [row[::3] for row in rows(found)] == [
        ("constant", "1 became 3; now 7 against 3 at m=2 n=2 N=2 B=2, 8 nonzero draws")
    ]
    titled = changed("TESTED", says("rank(G[S]) <= N"), lambda v: v.update(title="By samples."))
    assert [row[0] for row in rows(titled)] == ["statement"]
    assert [row[::3] for row in rows(changed("TESTED", lambda v: v.update(title="By B.")))] == [("source", "title")]
    world = changed("TESTED", lambda v: v["statement"].update(given="DenseLayer()", hash="b" * 16))
    assert [row[0] for row in rows(world)] == ["world"]


def test_a_grade_explains_what_came_or_went_with_it() -> None:
    def lost(verdict: dict[str, Any]) -> None:
        verdict.update(grade="TESTED", as_expected=False, witness=None, reason="nothing found")

    def blind(verdict: dict[str, Any]) -> None:
        survived(verdict)
        name = verdict["mutants"][0]["name"]
        verdict.update(grade="INCONCLUSIVE", as_expected=False, reason=f"it cannot find: mutant {name!r} survived")

    def raised(verdict: dict[str, Any]) -> None:
        verdict.update(grade="INCONCLUSIVE", as_expected=False, error="f (draft.py:3) raised", mutants=[], findings=[])
        verdict.update(reason="the claim's own code failed", tightness=None)

    fields = {key: OF_GRADE["TESTED"][key] for key in ("grade", "as_expected", "mutants")} | {"reason": "found"}
    found = changed("REFUTED", lost)
    gone = "the counterexample is gone: 2 against 1 at m=2 n=2 N=2 B=2, 8 nonzero draws"
    assert rows(found) == [("fell", "REFUTED, as expected", "TESTED, REFUTED expected", f"nothing found; {gone}")]
    assert [item.kind for item in changed("TESTED", blind).items] == ["fell"]
    assert "mutant 'B - 1 for B' survived" in changed("TESTED", blind).items[0].note
    back = changed("TESTED", lambda v: v.update(copy.deepcopy(fields)), old=blind)
    assert [(item.kind, item.note) for item in back.items] == [("rose", "found; mutant 'B - 1 for B' is caught")]
    assert rows(changed("TESTED", raised)) == [
        ("fell", "TESTED", "INCONCLUSIVE, TESTED expected", "f (draft.py:3) raised")
    ]


def test_an_error_without_a_fall_and_other_expectations_and_sources() -> None:
    def raised(verdict: dict[str, Any]) -> None:
        verdict["error"] = "f raised"

    found = changed("INCONCLUSIVE", raised)
    assert (rows(found)[0][0], rows(found)[0][3], found.exit_code) == ("error", "f raised", 1)
    assert changed("INCONCLUSIVE", lambda v: v.update(error=None), old=raised).exit_code == 0
    assert rows(changed("PROVED", lambda v: v.update(expects="TESTED"))) == [("expectation", "PROVED", "TESTED", "")]
    excused = changed("INCONCLUSIVE", lambda v: v.update(expects="INCONCLUSIVE", as_expected=True))
    assert [row[0] for row in rows(excused)] == ["rose"]
    assert rows(excused)[0][3].endswith("; TESTED was expected, INCONCLUSIVE is")
    source = changed("PROVED", lambda v: v["source"].update(provenance="repaired"))
    assert rows(source) == [("source", "printed", "repaired", "provenance")]


def test_a_rise_that_is_not_as_expected_any_more_fails() -> None:
    lost = changed(
        "INCONCLUSIVE",
        lambda v: v.update(grade="TESTED", expects="PROVED", as_expected=False),
        old=lambda v: v.update(expects="INCONCLUSIVE", as_expected=True),
    )
    assert ([item.kind for item in lost.items], lost.exit_code) == (["rose"], 1)


def test_witnesses_are_told_by_what_they_are() -> None:
    def smaller(verdict: dict[str, Any]) -> None:
        verdict["witness"].update(size={"m": 2, "n": 1, "N": 2, "B": 2}, nonzero=6)

    def moved_file(verdict: dict[str, Any]) -> None:
        verdict["witness"].update(
            file=".lakatos/witnesses/example2024-batch-rank-printed.json", replay="lakatos replay x"
        )

    assert rows(changed("REFUTED", smaller))[0][3] == "a smaller counterexample"
    assert rows(changed("REFUTED", smaller, new={"seed": 1}))[0][3].endswith("; other networks were drawn")
    assert rows(changed("REFUTED", lambda v: None, old=smaller)) == []
    assert rows(changed("REFUTED", moved_file)) == []
    other = changed("REFUTED", lambda v: v["witness"].update(sentence="rank(G[S]) <= B"))
    assert "another counterexample, to rank(G[S]) <= B" in rows(other)[0][3]
    assert rows(changed("REFUTED", lambda v: v.update(witness=None)))[0][::3] == (
        "witness",
        "the counterexample is gone",
    )


def test_mutants_come_go_and_are_renamed() -> None:
    def edit(**fields: Any) -> Plant:
        return lambda verdict: verdict["mutants"][0].update(fields)

    def without(verdict: dict[str, Any]) -> None:
        del verdict["mutants"][0]

    def engine(verdict: dict[str, Any]) -> None:
        verdict["mutants"][2].update(refuted=False)

    assert rows(changed("TESTED", without)) == [("mutant", "caught", "", "mutant 'B - 1 for B'")]
    assert rows(
        changed("TESTED", lambda v: v.update(mutants=copy.deepcopy(OF_GRADE["TESTED"]["mutants"])), old=without)
    ) == [("mutant", "", "caught", "mutant 'B - 1 for B'")]
    assert rows(changed("TESTED", edit(name="one less"))) == [
        ("mutant", "named 'B - 1 for B'", "named 'one less'", "mutant 'one less'")
    ]
    proved = changed("TESTED", edit(refuted=False, proved=True))
    assert (rows(proved), proved.exit_code) == ([("mutant", "caught", "proved", "mutant 'B - 1 for B'")], 1)
    otherwise = changed("TESTED", edit(statement="rank(G[S]) < B"))
    assert (rows(otherwise)[0][2], otherwise.exit_code) == ("rank(G[S]) < B", 0)
    assert [row[2] for row in rows(changed("TESTED", engine))] == ["not refuted"]
    assert changed("TESTED", engine).exit_code == 0
    assert rows(changed("TESTED", engine, new={"seed": 1})) == []
    late = changed("TESTED", lambda v: v.update(mutants=[], reason="the budget of time was spent before it was judged"))
    assert rows(late) == []


# -- chance --------------------------------------------------------------------------------------------------------

EDGES = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99, 1.0]


def searched(draw: Callable[[random.Random], float], seed: int, worlds: int = 70, lanes: int = 100) -> dict[str, Any]:
    """A verdict of a search of so many worlds; the networks of one are nearly alike, as they are in a search."""
    law = random.Random(seed)
    tight = [base * law.uniform(0.97, 1) for base in (draw(law) for _ in range(worlds)) for _ in range(lanes)]
    verdict = copy.deepcopy(OF_GRADE["TESTED"])
    counts = [sum(low <= t < high for t in tight) for low, high in itertools.pairwise([*EDGES, 2.0])]
    verdict["tightness"] = {
        "worst": float(f"{max(tight):.6g}"),
        "histogram": {"edges": [*EDGES, "inf"], "counts": counts},
        "worst_by_design": {},
    }
    verdict["findings"][0]["counts"].update(worlds=worlds, drawn=worlds * lanes, admissible=worlds * lanes)
    verdict["findings"][0]["stages"] = {"random": worlds * lanes}
    return verdict


LAWS: dict[str, Callable[[random.Random], float]] = {
    "uniform": lambda law: law.random(),
    "attained": lambda law: min(1.0, law.random() * 2),
    "small": lambda law: law.random() ** 8,
    "heavy": lambda law: law.random() ** 0.1,
    "rare": lambda law: 0.9 * law.random() if law.random() < 0.02 else 0.2 * law.random(),
}


@pytest.mark.parametrize("worlds", [3, 12, 70])
def test_seeds_make_no_change_of_tightness(worlds: int) -> None:
    runs = []
    for seed in range(12):
        verdicts = []
        for number, law in enumerate([*LAWS.values()] * 3):
            verdict = searched(law, 100 * seed + number, worlds, 20)
            verdicts.append({**verdict, "id": f"draft/{number}"})
        runs.append(written(verdicts, seed=seed))
    for old, new in itertools.permutations(runs, 2):
        found = compare(old, new)
        assert (found.tests, found.items) == (15, ())
    assert any(
        old.verdicts[0]["tightness"]["worst"] != new.verdicts[0]["tightness"]["worst"]  # type: ignore[index]
        for old, new in itertools.pairwise(runs)
    )


def test_what_chance_hardly_does_is_told_between_seeds() -> None:
    old = searched(lambda law: 0.6 * law.random(), 1)
    new = searched(lambda law: 0.95 * law.uniform(0.4, 1), 2)
    there, back = (compare(written([a], seed=0), written([b], seed=1)) for a, b in ((old, new), (new, old)))
    assert [item.kind for item in there.items] == ["tightened"]
    assert [item.kind for item in back.items] == ["loosened"]
    assert moved(old, new, False, 10**12) == 0
    few = searched(lambda law: 0.6 * law.random(), 1, 3, 2000), searched(lambda law: 0.95, 2, 3, 2000)
    assert moved(*few, False, 1) == 0
    assert moved(*few, True, 1) == 1


def test_bred_networks_are_no_evidence() -> None:
    old, new = searched(lambda law: 0.6 * law.random(), 1), searched(lambda law: 0.95 * law.uniform(0.4, 1), 2)
    new["findings"][0]["stages"] = {"random": 2000, "climbing": 5000}
    assert moved(old, new, False, 1) == 0


def test_the_chance_is_that_of_the_precedence_test() -> None:
    for n, m, k in ((4, 5, 2), (6, 3, 3), (5, 5, 5), (3, 3, 0)):
        orders = list(itertools.combinations(range(n + m), n))  # places of the n, the tightest first
        expected = sum(set(range(k)) <= set(order) for order in orders) / len(orders)
        assert chance(k, n, m) == pytest.approx(expected)
    assert 2 * chance(16, 70, 70) * 1000 > LEVEL > 2 * chance(24, 70, 70) * 1000


def test_the_same_networks_leave_nothing_to_chance() -> None:
    def by(factor: float) -> Plant:
        return lambda verdict: verdict["tightness"].update(worst=0.9 * factor)

    def at(worst: Any) -> Plant:
        return lambda verdict: verdict["tightness"].update(worst=worst)

    assert rows(changed("TESTED", by(1 + LEAST / 2), old=at(0.9))) == []
    assert [row[0] for row in rows(changed("TESTED", by(1 + 2 * LEAST), old=at(0.9)))] == ["tightened"]
    assert [row[0] for row in rows(changed("TESTED", by(1 - 2 * LEAST), old=at(0.9)))] == ["loosened"]
    assert [row[0] for row in rows(changed("TESTED", at("inf"), old=at(0.9)))] == ["tightened"]
    assert rows(changed("TESTED", at("inf"), old=at("inf"))) == []
    assert rows(changed("TESTED", at(None))) == []
    # Other seeds, and a histogram that does not hold the worst: no test, but what is evident.
    assert rows(changed("TESTED", by(1.05), old=at(0.9), new={"seed": 1})) == []
    assert [row[0] for row in rows(changed("TESTED", at(0.3), new={"seed": 1}))] == ["loosened"]
    # As many networks at every stage, or the settings were not all.
    drawn = changed("TESTED", by(1.05), lambda v: v["findings"][0]["stages"].update(random=1), old=at(0.9))
    assert rows(drawn) == []


# -- records -------------------------------------------------------------------------------------------------------


def test_claims_that_were_not_selected_and_those_without_verdict() -> None:
    verdicts = numbered(6)
    whole, ids = written(verdicts), [verdict["id"] for verdict in verdicts]
    fewer, broken = written(verdicts[:4]), written(verdicts[:4], claims=ids)
    assert compare(whole, fewer).exit_code == 0
    assert {item.note for item in compare(whole, fewer).items} == {"not among the claims that the new run selected"}
    assert briefly(compare(whole, fewer)) == "4 unchanged, 2 not selected now"
    lost = compare(whole, broken)
    assert (lost.exit_code, [v["id"] for v in lost.vanished]) == (1, ids[4:])
    assert "2 of 6 claims have no verdict." in to_markdown(lost)
    assert "**vanished**" in to_markdown(lost)
    assert briefly(lost).splitlines()[1:] == [
        f"  vanished: {name}, {grade} -> no verdict"
        for name, grade in zip(ids[4:], ("REFUTED, as expected", "PROVED"), strict=True)
    ]
    died = dataclasses.replace(broken, end=None, truncated=True)
    assert "new: lakatos 0.1.0" in to_markdown(compare(whole, died))
    assert "The record breaks off in the middle of a line: 2 of 6" in to_markdown(compare(whole, died))
    assert {item.note for item in compare(broken, whole).items} == {
        "the old run set out to judge it and has no verdict"
    }


def test_a_renamed_claim_is_recognised() -> None:
    verdicts = numbered(3)
    renamed = [*verdicts[:2], {**verdicts[2], "id": "draft/another"}]
    found = compare(written(verdicts), written(renamed))
    assert found.items[0].note == f"says what {verdicts[2]['id']} said, which vanished"


def test_other_settings_are_told() -> None:
    old = written(numbered(5))
    text = to_markdown(compare(old, written(numbered(5), seed=3, effort="standard", versions={"python": "4"})))
    assert "- The runs differ in seed and effort and versions: another tightness" in text
    assert "effort standard, seed 3" in text
    device = [{**RUN["device"][0], "dtypes": ["float32"]}]
    assert "- The runs differ in device: " in to_markdown(compare(old, written(numbered(5), device=device)))


def test_hostile_text_stays_in_its_cell() -> None:
    evil = "a|b `c` </td><script>alert(1)</script>\n| fell | x |\x1b[2J \u202e[y](javascript:z) @all #1"

    def plant(verdict: dict[str, Any]) -> None:
        verdict.update(title=evil, reason=evil, grade="INCONCLUSIVE", as_expected=False)
        says(evil)(verdict)
        verdict["mutants"][0].update(name=evil, refuted=False)

    found = changed("TESTED", plant)
    text = to_markdown(found)
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert len(lines) == 2 + len(found.items)
    assert "\x1b" not in text + briefly(found)
    assert "\u202e" not in text
    assert all(line.endswith(" |") for line in lines)
    # Outside of code, no bar, tag or link is left as it was.
    assert "\\</td>\\<script>" in text
    assert "\\[y\\](javascript" in text


def test_two_thousand_changes_fit_into_a_comment() -> None:
    old, new = numbered(2000), numbered(2000)
    for number, verdict in enumerate(new):
        says(f"rank(G[S]) <= {number + 2}" + " + x" * (number % 90))(verdict)
    for verdict in new[:700:7]:
        verdict.update(grade="INCONCLUSIVE", as_expected=False)
    found = compare(written(old), written(new))
    text = to_markdown(found)
    assert 60_000 < len(text.encode()) <= 65_536
    kept = Counter(line.split(" | ")[0].strip("| *") for line in text.splitlines() if line.startswith("| "))
    whole = Counter(item.kind for item in found.items)
    assert kept["fell"] == whole["fell"]
    last = text.splitlines()[-1]
    assert last.startswith("*Cut to 65,536 bytes; left out: ")
    for kind in KINDS:
        left = whole[kind] - kept[kind]
        assert (f"{left} {kind}" in last) == bool(left)
    assert len(to_markdown(found, 5_000).encode()) <= 5_000
    with pytest.raises(ValueError, match="does not fit into 300 bytes"):
        to_markdown(found, 300)


def test_long_sentences_are_cut_to_what_differs() -> None:
    long = " + ".join(f"a_{number}" for number in range(300))
    found = changed("TESTED", says(f"{long} <= 3*B"), old=says(f"{long} <= 2*B"))
    (row,) = [line for line in to_markdown(found).splitlines() if line.startswith("| constant")]
    assert "a_299 <= 2*B` | `..." in row
    assert len(row) < 500
    assert found.items[0].was == f"{long} <= 2*B"


def test_json_has_every_change() -> None:
    old, new, places = plant(ALL)
    told = json.loads(to_json(compare(old, new)))
    assert {(change["change"], change["claim"]) for change in told["changes"]} == set(places.items())
    assert (told["exit"], told["unchanged"], told["new"]["claims"], told["new"]["unfinished"]) == (1, 18, 29, "")
    assert set(told["changes"][0]) == {"claim", "change", "was", "is", "why", "fails"}


def test_history_tells_what_rose_and_fell_when() -> None:
    records = [written(numbered(5), commit=f"{number}" * 12) for number in range(3)]
    records[1] = written(
        [{**v, "grade": "TESTED", "as_expected": False} if v["grade"] == "PROVED" else v for v in numbered(4)]
    )
    line = history(records)["draft/0000-proved"]
    assert [moment.standing for moment in line] == ["PROVED", "TESTED, PROVED expected", "PROVED"]
    assert [moment.worst for moment in line] == [1, 1, 1]
    assert history(records)["draft/0004-refuted"][1].standing is None
    text = grades(records)
    assert "| `draft/0000-proved` | PROVED | TESTED, PROVED expected | PROVED |" in text
    assert "0004" not in text
    assert grades(records[::2]) == "## Grades over 2 records\n\nNo grade changed.\n"
    many = [written(numbered(300)), written([{**v, "grade": "INCONCLUSIVE"} for v in numbered(300)])]
    assert grades(many, 1000).endswith(" more claims were left out.*\n")


# -- the command ---------------------------------------------------------------------------------------------------


def test_the_command(lakatos: Callable[..., Any]) -> None:
    verdicts = numbered(5)
    fallen = copy.deepcopy(verdicts)
    fallen[0].update(grade="TESTED", as_expected=False)
    stored("a.jsonl", verdicts)
    stored("b.jsonl", fallen)
    ended = lakatos("compare", "a.jsonl", "b.jsonl")
    assert (ended.code, ended.err) == (1, "")
    assert "**1 fell, 4 unchanged.** Exit 1: 1 fell." in ended.out
    assert lakatos("compare", "a.jsonl", "b.jsonl", "--markdown").out == ended.out
    assert lakatos("compare", "b.jsonl", "a.jsonl").code == 0
    told = lakatos("compare", "a.jsonl", "b.jsonl", "--json", "-")
    assert (told.code, json.loads(told.out)["changes"][0]["change"]) == (1, "fell")
    written = lakatos("compare", "a.jsonl", "b.jsonl", "--json", "c.json", "-o", "c.md")
    assert (written.code, written.out) == (1, "")
    assert Path("c.md").read_text(encoding="utf-8") == ended.out
    assert json.loads(Path("c.json").read_text(encoding="utf-8")) == json.loads(told.out)
    several = lakatos("compare", "a.jsonl", "b.jsonl", "a.jsonl", "--json", "h.json")
    assert several.code == 0
    assert "## Grades over 3 records" in several.out
    line = json.loads(Path("h.json").read_text(encoding="utf-8"))["history"]["draft/0000-proved"]
    assert [moment["standing"] for moment in line] == ["PROVED", "TESTED, PROVED expected", "PROVED"]
    assert lakatos("compare", "a.jsonl").code == 2
    assert lakatos("compare", "a.jsonl", "absent.jsonl").err.startswith("lakatos: absent.jsonl cannot be read")
    assert "Exit 1 if a grade fell" in " ".join(lakatos("compare", "--help").out.split())


DRAFT = """
from properties.worlds.networks import TwoLayerReLU
from symbolic import mean, rank
from symbolic.papers.weight_decay import A, S, i, j
from verify import claim

lemma = claim("draft/gradient", "Gradients have rank one.", given=TwoLayerReLU(), says=10*rank(A[i]) <= {})
lemma.breaks_when("a batch gradient has rank one", says=rank({}) <= 1)
"""


def test_a_baseline_names_what_failed_and_a_constant_that_changed(lakatos: Callable[..., Any]) -> None:
    Path("draft.py").write_text(DRAFT.format(10, "mean(A[j], j, S)"), encoding="utf-8")
    assert lakatos("check", "draft.py", "--json", "old.jsonl").code == 0
    same = lakatos("check", "draft.py", "--baseline", "old.jsonl", "--seed", "1")
    assert (same.code, same.out.splitlines()[-1]) == (0, "1 unchanged")
    Path("draft.py").write_text(DRAFT.format(11, "A[i]"), encoding="utf-8")
    ended = lakatos("check", "draft.py", "--baseline", "old.jsonl", "--json", "new.jsonl")
    fell, constant = compare(read_record("old.jsonl"), read_record("new.jsonl")).items
    assert (constant.kind, constant.was, constant.now) == ("constant", "10*rank(A[i]) <= 10", "10*rank(A[i]) <= 11")
    assert constant.note == "10 became 11; tightness 0.9091, was 1"
    assert (fell.kind, fell.was, fell.now) == ("fell", "TESTED", "INCONCLUSIVE, TESTED expected")
    assert "mutant 'a batch gradient has rank one' survived" in fell.note
    said = ["1 fell, 1 constant changed", f"  fell: draft/gradient, TESTED -> {fell.now}"]
    assert (ended.code, ended.out.splitlines()[-2:]) == (1, said)
