"""Pairs of bound and value are of networks that were judged, whatever the chunks; the claimed rank of a spectrum."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy as sp
from sympy.logic.boolalg import Implies

from properties.worlds.networks import TwoLayerReLU
from properties.worlds.subsets import TwoLayerReLUWithSubsets
from reports.record import validate
from symbolic import chain, norm, rank
from symbolic.papers.weight_decay import A, A_formula, B, G, H, N, S, V, c, eps, g, h, i, m, mu, n
from symbolic.sentences import distance_to_rank
from verify import claim
from verify.arena import Arena
from verify.claims import Statement
from verify.efforts import EFFORTS
from verify.pairs import AT_MOST, Pairs, _printed, asserted, bounds, chosen, rounded, sides
from verify.search import Search
from verify.statistics import _claimed_rank
from verify.tally import EDGES, Tally
from verify.verdict import Grade

LESS = replace(
    EFFORTS["quick"],
    tiny=300,
    small=3,
    sample=96,
    corner=64,
    per_corner=1,
    examples=3,
    lanes=96,
    generations=1,
    brood=64,
)
WIDE = norm(V + h[i] / (c * mu)) <= 2 * B * eps / (c * mu)
WITH_ANY_G = norm(V + h[i] / (c * g[i])) <= (2 * B - 1) * eps / (c * sp.Abs(g[i]))
GIVEN = Statement(TwoLayerReLU(regulariser="constant"), (B < N, mu > 0, c > 0), WIDE)


def searched(statement: Statement, arena: Arena | None = None, seed: int = 0) -> Search:
    search = Search(statement, arena or Arena(), LESS, seed)
    search.tally.pairs = Pairs(statement.says)
    search.run()
    return search


def pairs_of(search: Search) -> list[tuple[float, float]]:
    assert search.tally.pairs is not None
    return chosen([search.tally.pairs])


def test_a_sentence_is_taken_apart_into_what_it_asserts() -> None:
    a, b, d = sp.symbols("a b d", real=True)
    premise = sp.Ne(a, 0)
    found = list(asserted(sp.And(a <= b, Implies(premise, sp.And(b < d, sp.Eq(a, d))))))
    assert {(r, p) for r, p in found} == {(a <= b, ()), (b < d, (premise,)), (sp.Eq(a, d), (premise,))}
    assert [r for r, _ in asserted(chain(a, b, d))] == [a <= b, b <= d]
    assert {r for r, _ in bounds(sp.And(a <= b, sp.Eq(a, d), d >= b))} == {a <= b, d >= b}
    for silent in (sp.Eq(a, b), sp.Ne(a, b), sp.Or(a <= b, b <= d), sp.Not(sp.And(a <= b, b <= d))):
        assert bounds(silent) == (), silent


def test_pairs_are_those_of_the_networks_and_the_tightest_is_among_them() -> None:
    search = searched(GIVEN)
    pairs = pairs_of(search)
    assert 20 < len(pairs) <= AT_MOST
    assert pairs == sorted(set(pairs))
    assert all(value <= bound for bound, value in pairs), "none of these networks refutes"
    tightest = max(value / bound for bound, value in pairs if bound)
    assert search.tally.worst in (pytest.approx(tightest, rel=1e-3), 1.0)
    assert max(b for b, _ in pairs) > 100 * min(b for b, _ in pairs if b), "they are spread over the bounds"


def test_chunks_do_not_show_in_pairs() -> None:
    statements = (
        GIVEN,
        Statement(TwoLayerReLU(), (), rank(H[S]) <= sp.Min(B, m, n)),
        Statement(TwoLayerReLU(), (B < N, c > 0), Implies(sp.Ne(g[i], 0), WITH_ANY_G)),
    )
    for statement in statements:
        whole, parts = searched(statement), searched(statement, Arena().with_chunk(700))
        assert pairs_of(whole) == pairs_of(parts)
        assert pairs_of(whole) != []
        assert whole.tally.histogram.tolist() == parts.tally.histogram.tolist()


def test_the_order_of_the_parts_does_not_show() -> None:
    search = Search(GIVEN, Arena(), LESS, 0)
    world = search.world({"m": 2, "n": 2, "N": 3, "B": 1})
    parts = [part for start in range(0, 640, 64) for part in search.screen.lanes(world, start, 64)]
    found = []
    for order in range(3):
        random.Random(order).shuffle(parts)
        pairs = Pairs(GIVEN.says)
        for part in parts:
            hashes = np.array([hash((part.net.draws["V"].values[k].sum().item(), id(part), k)) for k in range(64)])
            pairs.take(part, part.admissible & ~part.accused, hashes[(part.admissible & ~part.accused).numpy()])
        found.append(chosen([pairs]))
    assert found[0] == found[1] == found[2] != []


def test_sides_are_those_where_the_sentence_is_tightest_and_its_premise_is_met() -> None:
    says = Implies(g[i] > 0, norm(V) * c <= g[i])
    search = Search(Statement(TwoLayerReLU(), (), says), Arena(), LESS, 0)
    (part,) = search.screen.lanes(search.world({"m": 2, "n": 2, "N": 3, "B": 1}), 0, 64)
    assert part.judge is not None
    lanes = part.admissible.nonzero().flatten()
    bound, value = sides(part.judge, bounds(says), part.net.count, lanes)
    slopes, sizes = part.judge.evaluate(g[i]).array[lanes], part.judge.evaluate(norm(V) * c).array[lanes]
    met = (slopes > 0).any(1)
    assert met.any()
    assert not met.all()
    assert np.isnan(bound).tolist() == np.isnan(value).tolist() == (~met).tolist(), "no premise met, no pair"
    least = slopes.masked_fill(slopes <= 0, float("inf")).amin(1)
    known = met.numpy() & ~((sizes == 0).numpy())  # 0 is as tight for every bound
    assert bound[known] == pytest.approx(least.numpy()[known])
    assert value[known] == pytest.approx(sizes.numpy()[known])


def test_an_enclosure_counts_with_the_end_that_does_not_favour_the_sentence() -> None:
    from verify.enclosures import Between
    from verify.values import Value

    search = Search(GIVEN, Arena(), LESS, 0)
    (part,) = search.screen.lanes(search.world({"m": 1, "n": 1, "N": 2, "B": 1}), 0, 8)
    assert part.judge is not None
    known = part.judge.evaluate
    ones = part.tightness * 0 + 1
    known._known[eps] = Value(Between(ones * 2, ones * 5))
    known._known[mu] = Value(Between(ones * 3, ones * 7))
    lanes = (ones > 0).nonzero().flatten()
    bound, value = sides(part.judge, bounds(mu <= eps), part.net.count, lanes)
    assert (bound.tolist(), value.tolist()) == ([2.0] * 8, [7.0] * 8)
    bound, value = sides(part.judge, bounds(mu >= eps), part.net.count, lanes)
    assert (bound.tolist(), value.tolist()) == ([3.0] * 8, [5.0] * 8)


def test_a_rounding_does_not_show_in_the_histogram_at_any_of_its_edges() -> None:
    search = Search(GIVEN, Arena(), LESS, 0)
    found = []
    for edge in (*EDGES[1:], 0.35, 2.0):
        for near in (np.nextafter(edge, 0.0), edge, np.nextafter(edge, 3.0)):
            (part,) = search.screen.lanes(search.world({"m": 1, "n": 1, "N": 2, "B": 1}), 0, 4)
            part.admissible[:], part.excess[:], part.tightness[:] = True, -1.0, near
            tally = Tally()
            tally.take("tiny", part)
            found.append(tally.histogram.tolist())
    assert all(found[k] == found[k + 1] == found[k + 2] for k in range(0, len(found), 3))
    assert [counts.index(4) for counts in found[::3]] == [*range(1, len(EDGES)), 3, len(EDGES) - 1]


def test_rounding_keeps_infinities_signs_and_order() -> None:
    numbers = np.array([np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 1 / 3, np.nextafter(1.0, 2.0), 1e-310, 1e308])
    found = rounded(numbers)
    assert found[:6].tolist() == numbers[:6].tolist()
    assert found[7] == 1.0
    assert repr(_printed(-0.0, 0.123456)) == "(0.0, 0.1235)"
    assert found[6] == pytest.approx(1 / 3, rel=2**-20)
    assert (np.argsort(found, kind="stable") == np.argsort(numbers, kind="stable"))[:3].all()


# -- the record -------------------------------------------------------------------------------------------------------


def judged(judge: Callable[..., Any], **of: Any) -> dict[str, Any]:
    made = claim("draft/pairs", "Draft.", **of)
    verdict = judge(made, effort=LESS)
    assert verdict.error is None
    line: dict[str, Any] = verdict.to_json()
    return line


def test_a_record_has_the_pairs_of_a_bound_and_none_of_an_equation(judge: Callable[..., Any]) -> None:
    line = judged(judge, given=TwoLayerReLU(), says=rank(A[i]) <= 1, where={A[i]: A_formula})
    validate(line)
    assert line["tightness"]["pairs"] == [[1.0, 0.0], [1.0, 1.0]]
    assert line["spectrum_of"] == {"matrix": "A[i]", "cut": 1, "claimed": "rank(A[i]) <= 1"}
    again = judged(
        judge, given=TwoLayerReLU(), says=sp.Eq(norm(G[S]) - norm(G[S]), 0 * eps) & sp.Eq(norm(V), norm(V.T))
    )
    validate(again)
    assert "pairs" not in again["tightness"]


def test_a_refuted_claim_has_no_pairs(judge: Callable[..., Any]) -> None:
    line = judged(judge, given=TwoLayerReLU(), says=rank(G[S]) <= 1)
    validate(line)
    assert Grade[line["grade"]] is Grade.REFUTED
    assert (line["tightness"], "spectrum_of" in line) == (None, False)


def test_the_claimed_rank_is_read_from_the_conclusion_alone() -> None:
    found = {
        (rank(V) <= 2): (2, "rank(V) <= 2"),
        sp.Ge(B, rank(V)): (B, "B >= rank(V)"),
        sp.Eq(rank(V), B): (B, None),
        sp.Eq(m, rank(V)): (m, None),
        sp.And(eps >= 0, rank(V) <= B): (B, "rank(V) <= B"),
        chain(1, rank(V), B): (B, None),
        (distance_to_rank(V, 3) <= eps): (3, "distance_to_rank(V, 3)"),
        Implies(rank(V) <= 1, norm(V) <= eps): (None, None),
        (rank(V) >= 1): (None, None),
        (rank(V.T) <= 1): (None, None),
        (norm(V) <= eps): (None, None),
    }
    for says, (cut, words) in found.items():
        known, text = _claimed_rank(says, V)
        assert (known == cut, text is None) == (True, cut is None), says
        assert words is None or text == words, says


def test_the_cut_is_the_claimed_rank_in_the_network_of_the_spectrum(judge: Callable[..., Any]) -> None:
    line = judged(judge, given=TwoLayerReLU(), says=rank(H[S]) <= sp.Min(B, m, n))
    validate(line)
    of = line["spectrum_of"]
    assert (of["matrix"], of["claimed"]) == ("H[S]", "rank(H[S]) <= Min(B, m, n)")
    assert 1 <= of["cut"] <= len(line["spectrum"])
    near = judged(judge, given=TwoLayerReLUWithSubsets(), says=distance_to_rank(V, 1) <= 2 * norm(V))
    assert near["spectrum_of"] == {"matrix": "V", "cut": 1, "claimed": "distance_to_rank(V, 1)"}
