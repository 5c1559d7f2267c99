"""A bound that holds may say nothing: how often is counted on drawn networks, told in words, and changes no grade."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from rich.console import Console
from sympy import Eq

from properties.worlds.networks import TwoLayerReLU
from properties.worlds.training import TrainedTwoLayerReLU
from reports.asked import measured
from reports.markdown import render as markdown
from reports.record import parse_record, validate
from reports.terminal import render as terminal
from symbolic import norm, rank, spectral_norm, word
from symbolic.papers.weight_decay import A, A_formula, B, N, V, c, eps, h, i, m, mu
from verify import Grade, Vacuity, claim
from verify.arena import Arena
from verify.claims import forget
from verify.draws import key
from verify.efforts import EFFORTS
from verify.engine import Engine
from verify.evaluate import Evaluator
from verify.lanes import LaneArithmetic
from verify.measures import MOST_GROUPS, Sample, grouped
from verify.recording import Recorder
from verify.screen import Screen
from verify.search import Search
from verify.settings import Settings
from verify.statistics import ATTEMPTS, LAW, POINTS, Asked, _design, arm
from verify.vacuity import in_words, percent
from verify.worlds import Lanes

ARM = replace(
    EFFORTS["quick"], tiny=500, small=4, sample=64, corner=16, per_corner=1, examples=2, lanes=64,
    generations=1, brood=64,
)  # fmt: skip
CONSTANT = TwoLayerReLU(regulariser="constant")
WIDE = norm(V) * c * mu <= 2 * B * eps
NARROW = norm(V) * c * mu <= eps
SAYS_NOTHING = "the zero matrix is as near as the bound allows"


def anchor(**asked: Any) -> Any:
    """Theorem 2.6 in its anchored form, with what is asked beside the verdict."""
    made = claim(
        "draft/anchor",
        "An anchored bound.",
        given=CONSTANT,
        assuming=[B < N, mu > 0, c > 0],
        says=norm(V + h[i] / (c * mu)) <= (2 * B - 1) * eps / (c * mu),
        **asked,
    )
    return made.breaks_when("a constant of one", says=norm(V + h[i] / (c * mu)) <= eps / (c * mu))


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    forget(__file__)


def answers(made: Any) -> dict[str, Any]:
    """What a claim asks beside its verdict, without the verdict."""
    asked = Asked(made)
    arm(made.statement, Arena(), Settings(effort=ARM), asked)
    return asked.details()


def arm_of(statement: Any, seed: int = 0) -> list[Lanes]:
    """The networks of the arm, drawn again one world at a time by the law that the record names."""
    search = Search(statement, Arena(), ARM, key(seed, "arm"))
    worlds = [w for k in range(ATTEMPTS) if search.screen.excluded_by(w := _design(search, k)) is None][:POINTS]
    screen = Screen(statement, Arena(), (WIDE, NARROW))
    return [part.net for world in worlds for part in screen.lanes(world, 0, ARM.arm // POINTS)]


def by_hand(nets: list[Lanes], expression: Any) -> np.ndarray[Any, Any]:
    """The values of an expression, one network after the other."""
    return np.concatenate([Evaluator(net)(expression).array.expand(net.count).numpy() for net in nets])


def test_the_shares_are_those_of_the_networks_that_the_law_draws(judge: Callable[..., Any]) -> None:
    made = anchor(vacuous=Vacuity(WIDE, SAYS_NOTHING, because=NARROW, why="one batch alone forces that"))
    verdict = judge(made, effort=ARM)
    found = verdict.details["vacuity"]
    nets = arm_of(made.statement)
    admissible = by_hand(nets, mu) > 0
    wide = by_hand(nets, norm(V) * c * mu) <= by_hand(nets, 2 * B * eps) + 2.0**-30
    narrow = by_hand(nets, norm(V) * c * mu) <= by_hand(nets, eps) + 2.0**-30
    assert found["draws"] == admissible.sum() > 100
    assert found["share"] == round(wide[admissible].mean(), 4)
    assert found["because_share"] == round(narrow[admissible & wide].mean(), 4)
    assert (found["undefined"], found["law"]) == (0, LAW)
    assert verdict.grade is Grade.TESTED
    assert verdict.reason.endswith(found["words"])


def test_the_grade_and_the_counts_are_what_they_are_without_it(judge: Callable[..., Any]) -> None:
    plain = judge(anchor(), effort=ARM).to_json()
    made = anchor(vacuous=Vacuity(NARROW, SAYS_NOTHING), measures={"size": norm(V)}, measures_by=mu)
    asked = judge(made, effort=ARM).to_json()
    assert {"vacuity", "measures"} == asked.keys() - plain.keys()
    for line in (plain, asked):
        for field in ("seconds", "reason", "line", "vacuity", "measures"):
            line.pop(field, None)
    assert plain == asked


def test_what_never_says_nothing_and_what_always_does() -> None:
    never = answers(anchor(vacuous=Vacuity(norm(V) <= -mu - 1, SAYS_NOTHING)))["vacuity"]
    always = answers(anchor(vacuous=Vacuity(norm(V) >= -mu, SAYS_NOTHING)))["vacuity"]
    assert (never["share"], always["share"], always["because_share"]) == (0, 1, None)
    assert never["words"].startswith("says something in each of")
    assert always["words"].startswith("says nothing in 100 % of")


def test_a_sentence_that_is_undefined_does_not_count_as_empty() -> None:
    found = answers(made := anchor(vacuous=Vacuity(eps / norm(V) >= 0, SAYS_NOTHING)))["vacuity"]
    nets = arm_of(made.statement)
    zero = (by_hand(nets, norm(V)) == 0) & (by_hand(nets, mu) > 0)
    assert found["undefined"] == zero.sum() > 0
    assert found["share"] == round(1 - found["undefined"] / found["draws"], 4) < 1


def test_a_proved_and_a_refuted_claim_are_counted_too(judge: Callable[..., Any]) -> None:
    asked = {"vacuous": Vacuity(rank(A[i]) <= 0, "no input has a gradient"), "measures": {"rank": rank(V)}}
    proved = judge(claim(
        "draft/proved", "P.", given=TwoLayerReLU(), says=rank(A[i]) <= 1, where={A[i]: A_formula}, **asked,
    ).breaks_when("none", says=rank(A[i]) <= 0), effort=ARM)  # fmt: skip
    refuted = judge(claim("draft/refuted", "R.", given=TwoLayerReLU(), says=rank(V) <= 1, **asked), effort=ARM)
    assert (proved.grade, refuted.grade) == (Grade.PROVED, Grade.REFUTED)
    for verdict in (proved, refuted):
        assert 0 < verdict.details["vacuity"]["share"] < 1
        assert verdict.details["measures"]["rank"]["count"] == verdict.details["vacuity"]["draws"]


def test_measures_are_least_median_and_greatest_by_group() -> None:
    relative = 2 * B * eps / (mu * norm(V))
    made = anchor(measures={"stable rank": norm(V) ** 2 / spectral_norm(V) ** 2, "relative": relative}, measures_by=mu)
    found = answers(made)["measures"]
    nets = arm_of(made.statement)
    strength, values = by_hand(nets, mu), by_hand(nets, relative)
    met = strength > 0
    known = met & np.isfinite(values)
    line = found["relative"]
    assert (line["count"], line["undefined"]) == (known.sum(), (met & ~known).sum())
    assert line["undefined"] > 0
    for name, pick in (("least", np.min), ("median", np.median), ("greatest", np.max)):
        assert line[name] == float(f"{pick(values[known]):.6g}")
    assert line["by"]["word"] == "mu"
    assert [group["from"] for group in line["by"]["groups"]] == sorted(set(strength[met]))
    for group in line["by"]["groups"]:
        inside = values[known & (strength == group["from"])]
        assert (group["to"], group["count"]) == (group["from"], inside.size)
        assert group["greatest"] == float(f"{inside.max():.6g}")
    assert found["stable rank"]["least"] >= 1


def test_trained_networks_are_measured_as_training_left_them() -> None:
    made = claim(
        "draft/trained", "T.", given=TrainedTwoLayerReLU(regulariser="constant"), says=rank(A[i]) <= 1,
        measures={"size": norm(V)}, measures_by=mu,
    )  # fmt: skip
    found = answers(made)["measures"]["size"]
    assert found["count"] == ARM.arm
    nets = [Lanes(n.kind, n.world, LaneArithmetic(Arena()), n.source) for n in arm_of(made.statement)]
    assert found["greatest"] == float(f"{by_hand(nets, norm(V)).max():.6g}")
    # Trained numbers, not integers.
    assert found["median"] != round(found["median"] ** 2) ** 0.5


def test_grouping_by_a_size_and_by_many_values() -> None:
    sample = Sample()
    keys = np.concatenate([-np.ones(3), np.zeros(2), np.geomspace(1, 10**6, 400), [math.nan]])
    sample.take(keys, keys, keys)
    by = sample.summary("mu")["by"]["groups"]
    assert len(by) == MOST_GROUPS
    assert sum(group["count"] for group in by) == len(keys) - 1
    assert [by[0]["to"], by[1]["to"]] == [-1, 0]
    assert all(left["to"] < right["from"] for left, right in pairwise(by))
    assert [int(mask.sum()) for mask in grouped(np.array([2.0, 1.0, 2.0]))] == [1, 2]
    assert grouped(np.array([])) == []


def test_enclosed_and_missing_values_are_told_apart() -> None:
    sample = Sample()
    sample.take(np.array([1.0, 2.0, math.nan, 3.0]), np.array([1.0, 6.0, 1.0, math.inf]), None)
    line = sample.summary(None)
    assert line == {"least": 1, "median": 2.5, "greatest": 6, "count": 2, "undefined": 2, "enclosed": 1}
    assert Sample().summary(None) == {"least": None, "median": None, "greatest": None, "count": 0, "undefined": 0}


def test_show_tells_what_is_asked(lakatos: Callable[..., Any], tmp_path: Any) -> None:
    (tmp_path / "draft.py").write_text(
        "from properties.worlds.networks import TwoLayerReLU\n"
        "from symbolic import norm, rank\n"
        "from symbolic.papers.weight_decay import A, N, V, eps, i\n"
        "from verify import Vacuity, claim\n"
        "claim('draft/shown', 'Shown.', given=TwoLayerReLU(), says=rank(A[i]) <= 1, measures={'size': norm(V)},\n"
        "      measures_by=N, vacuous=Vacuity(norm(V) <= eps, 'it is small', because=eps <= N, why='so is eps'))\n"
    )
    ended = lakatos("show", "draft/shown", "draft.py")
    assert ended.code == 0
    assert "says nothing when norm(V) <= eps: it is small" in ended.out
    assert "because eps <= N: so is eps" in ended.out
    assert "measures size: norm(V), for each N" in ended.out


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(93, 100, "93 %"), (1, 300, "less than 1 %"), (299, 300, "more than 99 %"), (300, 300, "100 %"), (0, 9, "0 %"),
     (1, 100, "1 %"), (99, 100, "99 %")],
)  # fmt: skip
def test_a_share_is_never_rounded_to_nothing_or_to_all(part: int, whole: int, text: str) -> None:
    assert percent(part, whole) == text


def test_the_words_of_no_network_and_of_one() -> None:
    vacuity = Vacuity(WIDE, SAYS_NOTHING)
    assert "no network drawn" in in_words(vacuity, 0, 0, 0)
    said = in_words(vacuity, 1, 1, 1)
    assert said == f"says nothing in 100 % of 1 network drawn for the statistical arm: {SAYS_NOTHING}"


def test_the_record_and_its_readers_tell_it() -> None:
    width = word("width", "a number")
    width.read_in(TwoLayerReLU)(lambda net: net.mu * 0 + net.m)
    made = anchor(
        vacuous=Vacuity(WIDE, SAYS_NOTHING, because=NARROW, why="one batch alone forces that"),
        measures={"stable | rank": norm(V) ** 2 / spectral_norm(V) ** 2, "m": m + 0 * width}, measures_by=width,
    )  # fmt: skip
    settings = Settings(effort=ARM, arenas=(Arena(),), fed=False)
    verdict = Engine(settings).judge(made)
    recorder = Recorder()
    recorder.start(settings, [verdict.id], None)
    recorder.write(verdict.to_json())
    recorder.end([verdict], 0, 1.0, None)
    for line in recorder.lines:
        validate(line)
    record = parse_record("\n".join(map(json.dumps, recorder.lines)).encode() + b"\n")
    text = markdown(record)
    assert "Vacuity: says nothing in" in text
    assert r"| stable \| rank |" in text
    assert "· width = " in text
    rows = measured(record.verdicts[0]["measures"])
    assert rows[0][0] == "stable | rank"
    assert len(rows) == 2 * (1 + len(record.verdicts[0]["measures"]["m"]["by"]["groups"]))
    screen = io.StringIO()
    terminal(record, Console(file=screen, width=100))
    lines = [line.split() for line in screen.getvalue().splitlines()]
    assert ["measure", "least", "median", "greatest", "networks"] in lines
    assert "vacuity  says nothing in" in screen.getvalue()
    broken = {**verdict.to_json(), "vacuity": {**verdict.details["vacuity"], "share": 2}}
    with pytest.raises(ValueError, match=r"vacuity\.share"):
        validate(broken)


def test_the_sentences_of_a_vacuity_may_read_what_the_claim_does_not() -> None:
    made = claim(
        "draft/elsewhere", "E.", given=CONSTANT, says=rank(V) <= m,
        vacuous=Vacuity(Eq(eps, 0), "nothing pulls"), measures={"eps": eps},
    )  # fmt: skip
    found = answers(made)
    assert found["measures"]["eps"]["count"] == found["vacuity"]["draws"] == ARM.arm
