"""False claims about how bounds behave are refuted at exact points; true ones are not, and nothing is overrated."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import torch
from sympy import Abs, Implies, Max, Min, Not, Rational, ceiling, exp, harmonic, log, oo, sqrt

from properties.worlds.boxes import Box
from properties.worlds.networks import TwoLayerReLU
from symbolic import (
    Span,
    concave,
    conclusions,
    convex,
    crossover,
    decreasing,
    dominates,
    homogeneous,
    increasing,
    limit,
    positive,
    reduces_to,
    word,
)
from symbolic.papers.weight_decay import eta
from verify import Claim, ClaimError, Grade, claim, exact_judge
from verify.appeal import ACQUITTED, OPEN, UPHELD, Hearing
from verify.arena import Arena
from verify.draws import Draw
from verify.efforts import EFFORTS
from verify.engine import NOT_REFUTABLE
from verify.landmarks import landmarks
from verify.probes import probes
from verify.search import Search
from verify.showing import show
from verify.shrink import Shrinker
from verify.verdict import Contradiction

N = word("behaves:N", "the number of samples", integer=True, nonnegative=True)
D = word("behaves:D", "a dimension", integer=True, nonnegative=True)
m = word("behaves:m", "rows", integer=True, nonnegative=True)
n = word("behaves:n", "columns", integer=True, nonnegative=True)
C = word("behaves:C", "a constant", nonnegative=True)
E = word("behaves:E", "a constant", nonnegative=True)
d = word("behaves:d", "a dimension that need not be an integer", nonnegative=True)
h = word("behaves:h", "a horizon", nonnegative=True)
p = word("behaves:p", "an exponent", nonnegative=True)
delta = word("behaves:delta", "one minus the confidence", nonnegative=True)
x = word("behaves:x", "a real")

VAPNIK = sqrt(8 * (D * log(2 * exp(1) * N / D) + log(4 / delta)) / N)
SAMPLE = Box(N=(1, 10**9), D=(1, 10**6), delta=("1e-9", "1/2"))
PLANE = Box(d=(1, 10**6), h=(1, 100))
SHAPE = Box(m=(1, 10**6), n=(1, 1000))
THIRD = Rational(1, 3)
DRAWN = ("side", "step", "exponent")

FALSE: dict[str, tuple[Box, list[Any], Any, dict[str, str]]] = {
    "a maximum inside": (Box(N=(1, 10**9)), [], decreasing(log(N) / sqrt(N), N), {"N": "1", "N'": "2"}),
    "beyond twice the sample": (SAMPLE, [], increasing(VAPNIK, D), {}),
    "a cubic": (Box(x=(-5, 5)), [], convex(x**3, x), {}),
    "a root is not convex": (Box(d=(0, 9)), [], convex(sqrt(d), d), {}),
    "constant at one": (PLANE, [], increasing(log(d) * log(h), d, strictly=True), {"h": "1"}),
    "nothing at one row": (Box(C=(1, 9), m=(1, 99), n=(1, 99)), [], dominates(C * m * n * log(m), n + 1), {"m": "1"}),
    "another degree": (PLANE, [], homogeneous(d**THIRD * sqrt(h), (d, h), 1), {}),
    "another special case": (PLANE, [], reduces_to(log(d * h), {h: d**2}, 2 * log(d)), {}),
    "another value": (PLANE, [], limit(h * exp(d), d, 0, 2 * h), {}),
    "they cross elsewhere": (Box(d=(1, 10**6)), [], crossover(d**2 / 100, d, d, 101), {}),
    "beyond a million": (Box(N=(1, 10**12)), [], decreasing(1 / sqrt(N) + N**2 / Rational(10) ** 24, N), {}),
    "a small base": (
        Box(C=("1/2", 9), p=Span(0, 2, open_low=True)), [], increasing(C ** (2 * p / (p + 2)), p), {"C": "1/2"},
    ),
    "steps": (Box(N=(1, 10**6)), [], increasing(ceiling(N / 3), N, strictly=True), {}),
    "a little below harmonic numbers": (Box(N=(1, 10**6)), [], dominates(Rational(57, 100) + log(N), harmonic(N)), {}),
    "wide and high": (SHAPE, [], increasing(Min(m, n) / Max(m, n), m), {}),
    "zero at the end": (Box(d=(1, 9)), [], positive(log(d)), {"d": "1"}),
}  # fmt: skip

TRUE: dict[str, tuple[Box, list[Any], Any]] = {
    "past the maximum": (Box(N=(8, 10**9)), [], decreasing(log(N) / sqrt(N), N)),
    "up to twice the sample": (SAMPLE, [D <= 2 * N], increasing(VAPNIK, D)),
    "a parabola": (Box(x=(-5, 5)), [], convex(x**2 - x, x)),
    "a logarithm": (Box(d=(1, 10**6)), [], concave(log(d), d)),
    "constant at one": (PLANE, [], increasing(log(d) * log(h), d)),
    "a product of powers": (PLANE, [], homogeneous(d**THIRD * sqrt(h), (d, h), Rational(5, 6))),
    "a square": (PLANE, [], reduces_to(log(d * h), {h: d**2}, 3 * log(d))),
    "where they cross": (Box(d=(1, 10**6)), [], crossover(d**2 / 100, d, d, 100)),
    "inside of the unit interval": (Box(delta=Span(0, 1, True, True)), [], positive(log(1 / delta))),
    "harmonic numbers": (Box(N=(1, 10**6)), [], dominates(1 + log(N), harmonic(N))),
    "wider than high": (SHAPE, [m <= n], increasing(Min(m, n) / Max(m, n), m)),
}


def made(name: str, box: Box, assuming: list[Any], says: Any) -> Claim:
    return claim(f"test/{name.replace(' ', '-')}", "It behaves.", given=box, assuming=assuming, says=says)


def searched(known: Claim) -> Search:
    search = Search(known.statement, Arena(), EFFORTS["quick"], 0)
    search.arena.prepare()
    search.run()
    return search


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_is_refuted_at_an_exact_point(name: str) -> None:
    box, assuming, says, point = FALSE[name]
    search = searched(made(f"false {name}", box, assuming, says))
    assert search.found is not None
    found = Shrinker(search)(search.found)
    hearing = Hearing(search.statement, found.world, found.draws)
    assert hearing.ruling.ruling == UPHELD
    assert not hearing.stray
    assert point.items() <= hearing.point.items()


@pytest.mark.parametrize("name", TRUE)
def test_what_is_true_is_not_accused_in_the_end(name: str) -> None:
    known = made(f"true {name}", *TRUE[name])
    search = searched(known)
    tally = search.tally
    assert search.found is None
    assert (tally.undecided, tally.unheard) == (0, 0)
    assert tally.distinct > 100
    assert any(searched(statement_of(known, mutant)).found for mutant in probes(known) if mutant.by == "engine")


def statement_of(known: Claim, mutant: Any) -> Claim:
    return made("probe", mutant.statement.given, list(mutant.statement.assuming), mutant.statement.says)


def test_the_engine_turns_a_behaviour_round() -> None:
    names = {m.name for m in probes(made("probes", SAMPLE, [D <= 2 * N], increasing(VAPNIK, D)))}
    assert {"the opposite direction", "strictly", "without D <= 2*N"} <= names
    assert "the opposite direction" in {m.name for m in probes(made("probes of a square", PLANE, [], convex(d**2, d)))}


def test_a_limit_at_infinity_is_never_tested(judge: Callable[..., Any]) -> None:
    verdict = judge(made("limit", Box(d=(1, 9), h=(1, 9)), [], limit(h / (d + ceiling(h)), d, oo, h)))
    assert verdict.grade not in (Grade.TESTED, Grade.REFUTED)
    assert any(f.summary == NOT_REFUTABLE for f in verdict.findings)


def test_what_holds_of_no_point_is_not_proved(judge: Callable[..., Any]) -> None:
    box = Box(N=(1, 10**6), D=(1, 10**6))
    empty = judge(made("empty", box, [N >= 2 * D, N <= D], decreasing(VAPNIK.subs(delta, THIRD), N)))
    assert empty.grade is Grade.INCONCLUSIVE
    assert "the hypotheses hold in none of" in empty.reason
    assert judge(made("met", box, [N >= 2 * D], decreasing(VAPNIK.subs(delta, THIRD), N))).grade is Grade.PROVED


def test_a_proof_about_what_has_no_value_is_a_contradiction(
    judge: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A planted way: the degree of a function need have no value."""
    says = homogeneous(d ** (1 + sqrt(h)), d, (h - 1) / (sqrt(h) - 1))
    claimed = made("degree", Box(d=(1, 5), h=("1/2", 2)), [], says)
    assert judge(claimed).grade is Grade.INCONCLUSIVE
    planted = conclusions.Way("degree", (("range", says.function, None),), lambda parts: True)
    monkeypatch.setitem(conclusions._WAYS, homogeneous, lambda goal, ground: [planted] if goal == says else [])
    with pytest.raises(Contradiction, match="no real value at"):
        judge(claimed)


def test_a_verdict_shows_the_point(judge: Callable[..., Any]) -> None:
    verdict = judge(made("point", *FALSE["a maximum inside"][:3]))
    assert verdict.grade is Grade.REFUTED
    assert verdict.details["witness"]["point"] == {"N": "1", "N'": "2"}
    assert verdict.details["witness"]["size"] == {}


def test_behaviours_are_claimed_of_boxes_and_at_the_top() -> None:
    rises = increasing(d, d)
    for says in (Not(rises), Implies(h > 1, rises)):
        with pytest.raises(ClaimError, match="stands where each is judged alone"):
            claim("test/inside", "Not at the top.", given=PLANE, says=says)
    with pytest.raises(ClaimError, match="assume a relation"):
        claim("test/assumed", "A behaviour is assumed.", given=PLANE, assuming=[rises], says=h <= 100)
    with pytest.raises(ClaimError, match="has no second value of eta"):
        claim("test/elsewhere", "Not of a box.", given=TwoLayerReLU(), says=increasing(eta**2, eta))


ROOT_FROM_5 = increasing(sqrt(x - 5), x)
ABOVE = log(d + 2) * sqrt(h) * Max(d, h) + exp(exp(d))


@pytest.mark.parametrize("high", [10, 1])
def test_what_has_no_real_value_somewhere_in_its_box_is_not_tested(high: int, judge: Callable[..., Any]) -> None:
    verdict = judge(made("partly real", Box(x=(0, high)), [], ROOT_FROM_5))
    assert verdict.grade is Grade.INCONCLUSIVE
    assert "no real value at x = 0, x' = " in verdict.reason
    assert "narrow the box or assume what makes it real" in verdict.reason


def test_what_is_real_under_its_hypotheses_or_overflows_floats_is_not_blamed() -> None:
    met = searched(made("real where it is assumed", Box(x=(0, 10)), [x >= 5], ROOT_FROM_5))
    assert met.without_value() is None
    large = searched(made("overflow", Box(d=(1, 1000), h=(1, 9)), [], increasing(ABOVE, d)))
    assert large.tally.undefined
    assert large.without_value() is None


@pytest.mark.parametrize(("word_", "low"), [(N, 98), (N, 99), (N, 101), (d, 98), (d, 101)])
def test_a_crossover_that_is_a_little_off_is_refuted(word_: Any, low: int) -> None:
    box = Box({word_: (1, oo), h: (1, 100)})
    says = crossover(1 / sqrt(word_), 10 / word_ + h - h, word_, low)
    assert searched(made("a little off", box, [], says)).found is not None
    assert searched(made("not off", box, [], says.xreplace({says.at: Rational(100)}))).found is None


def test_a_number_that_a_sentence_turns_at_is_tried() -> None:
    inside = positive(Abs(2 * N - 390) + sqrt(h) - 1)
    search = searched(made("touches at 195", Box(N=(1, 10**6), h=(1, 9)), [], inside))
    assert search.found is not None
    assert landmarks(search.statement) == ((N.name, 195),)


@pytest.mark.parametrize(
    ("interval", "integer"),
    [
        ((1, oo), True), ((0, 10**9), True), ((3, 7), True), ((-5, 5), False), (Span(0, 1, True, True), False),
        (("1/3", 9), False), (("-7/3", "22/7"), False), ((0, oo), False),
    ],
)  # fmt: skip
def test_draws_that_aim_at_a_number_come_close_and_stay_in_the_box(interval: Any, integer: bool) -> None:
    letter = N if integer else x
    box = Box({letter: interval})
    known = made("aims", box, [], positive(letter**2 + 1))
    search = Search(known.statement, Arena(), EFFORTS["quick"], 0)
    world = search.world({})
    for number in (Rational(1, 3), Rational(1, 2), Rational(5), Rational(100), Rational(7, 2)):
        aims = box.aims(letter.name, Fraction(int(number.p), int(number.q)))
        assert not (aims and integer and number == 5) or len(aims) >= 3
        for aim in aims:
            draws = {k: Draw((), low, high, torch.tensor([aim.get(k, 0)]))
                     for k, (_, low, high) in search.screen.survey(world).draws.items()}  # fmt: skip
            hearing = Hearing(known.statement, world, draws)
            assert not hearing.stray
            value = Fraction(hearing.point[letter.name.partition(":")[2]])
            assert abs(value - Fraction(str(number))) <= max(2, Fraction(str(number)) / 16)


def test_few_points_are_told_as_points(judge: Callable[..., Any]) -> None:
    verdict = judge(made("few", Box(N=(1, 10)), [N * (N + 1) <= 12], N ** Rational(3, 2) <= 6))
    assert "networks" not in "".join(f.summary for f in verdict.findings)
    assert "N*(N + 1) <= 12 excludes the others" in "".join(f.summary for f in verdict.findings)


def test_no_heading_stands_over_no_mutants(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for says, shown in ((limit(h / d, d, oo, 0), False), (increasing(d, d), True)):
        show(made("shown", PLANE, [], says), tmp_path)
        assert ("mutants of the engine" in capsys.readouterr().out) is shown


DRAFT = '''"""One bound."""

from sympy import log, sqrt

from properties.worlds.boxes import Box
from symbolic import decreasing
from verify import claim, word

N = word("N", "the number of samples", integer=True, nonnegative=True)
claim("draft/falls", "log(N)/sqrt(N) falls.", given=Box(N=(1, 10**9)), says=decreasing(log(N) / sqrt(N), N))
'''


def test_a_draft_is_refuted_replayed_and_written_as_a_script(lakatos: Callable[..., Any], tmp_path: Path) -> None:
    draft, script = tmp_path / "bound.py", tmp_path / "script.py"
    draft.write_text(DRAFT)
    checked = lakatos("check", str(draft))
    assert checked.code == 1
    assert "point    N=1 N'=2" in checked.out
    (stored,) = (tmp_path / ".lakatos" / "witnesses").glob("*.json")
    assert json.loads(stored.read_text())["world"]["sizes"] == {}
    replayed = lakatos("replay", str(stored), str(draft), "--script", str(script))
    assert replayed.code == 0
    assert "point   N = 1, N' = 2" in replayed.out
    told = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert told.stdout.endswith("refuted\n"), told.stderr


@pytest.mark.parametrize(("bits", "ruling"), [((), OPEN), (exact_judge.FINER, UPHELD)])
def test_an_appeal_takes_more_bits_where_enclosures_meet(
    bits: tuple[int, ...], ruling: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exact_judge, "FINER", bits)
    little = Rational(1, 10**60)
    known = made("more bits", Box(d=(2, 2)), [], dominates(log(d), log(d + 1) - log(Rational(3, 2)) + little))
    world = searched(known).world({})
    draws = {f"{d.name} {part}": Draw((), 0, 0, torch.zeros(1, dtype=torch.int64)) for part in DRAWN}
    assert Hearing(known.statement, world, draws).ruling.ruling == ruling


def test_an_equality_of_logarithms_is_decided_without_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact_judge, "FINER", ())
    known = made("equal logarithms", Box(d=(2, 2)), [], dominates(log(d), log(d + 1) - log(Rational(3, 2))))
    assert searched(known).tally.undecided == 0
    draws = {f"{d.name} {part}": Draw((), 0, 0, torch.zeros(1, dtype=torch.int64)) for part in DRAWN}
    assert Hearing(known.statement, searched(known).world({}), draws).ruling.ruling == ACQUITTED


def test_a_length_is_homogeneous_in_a_box_with_0(judge: Callable[..., Any]) -> None:
    """How far all is scaled, the two values of a word tell, but not where it is 0."""
    verdict = judge(made("length", Box(d=(0, 9), h=(0, 9)), [], homogeneous(sqrt(d**2 + h**2), (d, h), 1)))
    assert verdict.grade is Grade.PROVED
    false = judge(made("no length", Box(d=(0, 9), h=(0, 9)), [], homogeneous(sqrt(d**2 + h**2), (d, h), 2)))
    assert false.grade is Grade.REFUTED
