"""Sharp constants: what networks refute, exactly; what sharper sentences hold; and what neither tells."""

import json
import re
from dataclasses import replace
from fractions import Fraction

import pytest
import sympy as sp
import torch

from properties.worlds.networks import TwoLayerReLU
from symbolic import distance_to_rank, norm, rank
from symbolic.papers.weight_decay import A, B, G, N, S, V, c, eps, h, i, mu, u, x
from verify import claim
from verify.appeal import Court
from verify.arena import Arena
from verify.ascent import Ascent, Pace, Peak
from verify.bounds import bound_of, name_at, named, numbers_in, reached, text_of, with_number
from verify.claims import Statement
from verify.draws import Draw
from verify.efforts import EFFORTS
from verify.engine import Engine
from verify.levels import level
from verify.screen import Screen
from verify.settings import Settings
from verify.stronger import Stronger, heard
from verify.verdict import Contradiction, Grade
from verify.worlds import Size, World

SMALL = replace(EFFORTS["quick"], tiny=800, examples=4, lanes=128, arm=10, generations=1, brood=128)
KIND = TwoLayerReLU(regulariser="constant")
SCALARS = TwoLayerReLU(Size(1, 1), Size(1, 1), Size(1, 3), Size(1, 2), "constant")
USUAL = (("c", "1"), ("kink", "0"), ("s", "1"))
anchored = norm(V + h[i] / (c * mu))
PREMISES = (B < N, c >= 1, mu > 0)
DISTANCE = Statement(KIND, PREMISES, distance_to_rank(V, 1) <= (2 * B - 1) * eps / (c * mu))


def made(says, *, given=SCALARS, assuming=(), name="draft/sharp", **more):
    return claim(name, "A draft.", given=given, assuming=assuming, says=says, **more)


def test_a_constant_that_depends_on_sizes_is_found_sharp(judge, tmp_path):
    draft = made(anchored <= 2 * B * eps / mu, assuming=PREMISES, sharpened_by=[anchored <= (2 * B - 1) * eps / mu])
    found = judge(draft, effort=SMALL, sharpen=True, out=tmp_path).details["sharpening"]
    at = {line["sizes"]["B"]: line for line in found["designs"]}
    assert {k: (v["refuted"], v["exact"], v["fineness"]) for k, v in at.items()} == {
        1: ("1", True, 0),
        2: ("3", True, 0),
    }
    assert {k: v["printed"] for k, v in at.items()} == {1: "2", 2: "4"}
    grade = found["sharper"][0]["grade"]
    assert grade in ("PROVED", "TESTED")
    assert all(v["meets"] == (grade == "PROVED") for v in at.values())
    how = grade.lower()
    assert found["says"] == f"as printed 2*B; refuted at anything below 2*B - 1; {how} at 2*B - 1 (B = 1, 2)"
    # 2 B scaled by t is refuted where t 2 B < 2 B - 1 for B = 1 or 2: below 3/4, and not at 3/4.
    (scaled,) = found["constants"]
    assert (scaled["refuted_scale"], scaled["open_scale"]) == ("47/64", "3/4")


def test_witnesses_of_sharpening_replay(lakatos, tmp_path):
    (tmp_path / "sharp.py").write_text(
        "from properties.worlds.networks import TwoLayerReLU\n"
        "from symbolic import norm\n"
        "from symbolic.papers.weight_decay import A, i, u, x\n"
        "from verify import claim\n"
        "from verify.worlds import Size\n"
        "claim('draft/sharp', 'A draft.', given=TwoLayerReLU(Size(1, 1), Size(1, 1), Size(1, 2), Size(1, 1)),\n"
        "      says=norm(A[i]) <= 2 * norm(u) * norm(x[i]), sharpened_by=[norm(A[i]) <= norm(u) * norm(x[i]) / 2])\n"
    )
    ended = lakatos("check", "sharp.py", "--sharpen")
    assert ended.code == 0
    assert "refuted below 1" in " ".join(ended.out.split())
    files = sorted((tmp_path / ".lakatos" / "witnesses").iterdir())
    assert [f.name for f in files] == ["draft-sharp-factor-1.json", "draft-sharp-sharper-sentence-1.json"]
    for file in files:
        replayed = lakatos("replay", str(file), "sharp.py", "--script", "script.py")
        assert replayed.code == 0
        assert "upheld" in replayed.out
    shown = lakatos("show", "draft/sharp", "sharp.py").out
    assert "sharper norm(A[i]) <= norm(u)*norm(x[i])/2" in shown
    assert "last sharpening: as printed 2; " in shown
    record = (tmp_path / ".lakatos" / "record.jsonl").read_text().splitlines()
    (line,) = (json.loads(text) for text in record if '"verdict"' in text[:30])
    assert line["sharpening"]["sharper"][0]["grade"] == "REFUTED"
    assert "Sharpening: as printed 2; " in lakatos("report", ".lakatos/record.jsonl", "--markdown").out
    changed = json.loads(files[0].read_text())
    changed["mutant"] = "factor 3/2"
    files[0].write_text(json.dumps(changed))
    assert lakatos("replay", str(files[0]), "sharp.py").code == 2  # another factor, another hash


def test_an_open_constant_says_both_ends(judge):
    draft = made(norm(A[i]) <= 3 * norm(u) * norm(x[i]))
    found = judge(draft, effort=SMALL, sharpen=True).details["sharpening"]
    (line,) = found["designs"]
    assert (line["sizes"], line["refuted"], line["exact"], line["meets"]) == ({}, "1", True, False)
    assert re.fullmatch("as printed 3; refuted below 1, (proved|tested|not proved) at (3|any)", found["says"])
    assert found["sharper"] == []


def test_a_sharp_claim_is_said_to_be_sharp(judge):
    draft = made(rank(A[i]) <= 1)
    found = judge(draft, effort=SMALL, sharpen=True).details["sharpening"]
    assert found["says"].startswith("as printed 1; refuted at anything below 1; ")


def test_a_false_sharper_sentence_is_refuted(judge):
    draft = made(
        norm(A[i]) <= 2 * norm(u) * norm(x[i]),
        sharpened_by=[norm(A[i]) <= norm(u) * norm(x[i]) / 2, norm(A[i]) <= norm(u) * norm(x[i])],
    )
    found = judge(draft, effort=SMALL, sharpen=True).details["sharpening"]
    assert [s["grade"] == "REFUTED" for s in found["sharper"]] == [True, False]
    assert [s["factor"] for s in found["sharper"]] == ["1/2", "1"]
    assert "sharpened to norm(A[i]) <= norm(u)*norm(x[i])/2 it is refuted" in found["says"]
    assert found["says"].startswith("as printed 2; refuted at anything below 1; ")


def test_what_is_refuted_is_not_called_sharp(judge):
    draft = made(norm(A[i]) <= norm(u) * norm(x[i]) / 4, expects="refuted")
    verdict = judge(draft, effort=SMALL, sharpen=True)
    assert verdict.grade is Grade.REFUTED
    assert verdict.details["sharpening"]["says"].startswith("as printed 1/4, which is refuted; refuted below 1, ")


def test_no_factor_will_do_where_the_right_side_vanishes_alone(judge, tmp_path):
    draft = made(norm(V) <= 2 * norm(x[i]), expects="refuted")
    found = judge(draft, effort=SMALL, sharpen=True, out=tmp_path).details["sharpening"]
    (line,) = found["designs"]
    assert (line["refuted"], line["refuted_decimal"]) == ("every factor", "inf")
    assert (tmp_path / "witnesses" / "draft-sharp-no-factor.json").is_file()


def test_a_claim_without_an_inequality_says_so(judge):
    draft = made(sp.Eq(rank(A[i]), rank(A[i].T)), name="draft/no-bound")
    found = judge(draft, effort=SMALL, sharpen=True).details["sharpening"]
    assert found == {"says": "it states no inequality of numbers, so there is no constant to sharpen"}
    assert judge(draft, effort=SMALL).details["sharpening"] is None


def test_a_proof_of_what_a_network_refutes_stops_the_run():
    draft = made(norm(A[i]) <= 2 * norm(u) * norm(x[i]), sharpened_by=[norm(A[i]) <= norm(u) * norm(x[i]) / 2])
    bound = bound_of(SCALARS, draft.statement.says)
    peak = Peak(1.0, World((("m", 1), ("n", 1), ("N", 1), ("B", 1)), USUAL), network(V=[[1]], u=[[1]], x=[[[1]]]))
    best = level(draft.statement, bound, {}, peak, [])
    assert best.square == 1
    forged = Stronger(draft.sharpened_by[0], sp.Rational(1, 2), Grade.PROVED, "")
    with pytest.raises(Contradiction, match="the suite is wrong"):
        heard(Engine(Settings(arenas=(Arena(),))), draft, forged, [best])


def network(fineness=0, **given):
    """Draws of a network with biases that keep every neuron of positive input alive, y = 0 and mu = 1 unless given."""
    m, n, samples = len(given["V"]), len(given["V"][0]), len(given["x"])
    one = 1 << fineness
    every = {"b": [[one]] * m, "y": [0] * samples, "mu": one, **given}
    axes = {"V": "m n", "u": "1 m", "b": "m 1", "x": "N n 1", "y": "N", "mu": ""}
    assert n == len(given["x"][0])
    return {
        k: Draw(tuple(axes[k].split()), -9 << fineness, 9 << fineness, torch.tensor([v], dtype=torch.int64))
        for k, v in every.items()
    }


def halves(B):
    """N = B + 1 samples, half of them at e_1 and half at e_2; each neuron sees one half: V = t I, h = -a e e^T.

    With a = 2 B^2 t / (B^2 + 1) every batch has norm t sqrt(2 / (B^2 + 1)), so the distance t to rank one is
    sqrt((B^2 + 1) / 2) of it.
    """
    t, a, half = B * B + 1, 2 * B * B, (B + 1) // 2
    x = [[[4], [0]]] * half + [[[0], [4]]] * half
    # With u = 1 and x = e: h = 2 r e e^T, r = phi - y, and b = -1/2 hides each half from the other's neuron.
    phi = 4 * t - 2
    draws = network(2, V=[[4 * t, 0], [0, 4 * t]], u=[[4, 4]], b=[[-4], [-4]], x=x, y=[phi + 2 * a] * (2 * half))
    return World((("m", 2), ("n", 2), ("N", B + 1), ("B", B)), USUAL, fineness=2), draws


@pytest.mark.parametrize("batch", [1, 3, 5])
def test_two_layer_networks_reach_this_far_from_rank_one(batch):
    world, draws = halves(batch)
    bound = bound_of(KIND, DISTANCE.says)
    sizes = {"N": batch + 1, "B": batch}
    best = level(DISTANCE, bound, sizes, Peak(1.0, world, draws), [])
    assert (best.square, best.exact) == (Fraction(batch * batch + 1, 2), True)
    assert best.ruling.refutes
    beyond = reached(DISTANCE, bound, best.square + Fraction(1, 10**12), sizes)
    assert not Court(beyond).hear(world, draws).refutes
    elsewhere = reached(DISTANCE, bound, best.square, {"N": batch + 2, "B": batch})
    assert Court(elsewhere).hear(world, draws).ruling == "inadmissible"


def test_a_network_that_breaks_a_hypothesis_has_no_level():
    world, draws = halves(3)
    broken = replace(DISTANCE, assuming=(*PREMISES, mu > 2))
    assert level(broken, bound_of(KIND, broken.says), {}, Peak(1.0, world, draws), []) is None


def test_an_ascent_repeats_and_climbs():
    world = World((("m", 2), ("n", 2), ("N", 3), ("B", 2)), USUAL)
    screen = Screen(replace(DISTANCE, says=bound_of(KIND, DISTANCE.says).says(sp.Integer(6))), Arena())
    runs = []
    for seed in (0, 0, 1):
        ascent = Ascent(screen, world, 6.0, seed, lambda: None)
        runs.append([(p.ratio, p.world.fineness) for p in ascent.stages(Pace(16, 30), (0, 2, 8, 14))])
    assert runs[0] == runs[1] != runs[2]
    ratios = [ratio for ratio, _ in runs[0]]
    assert ratios == sorted(ratios)
    assert [f for _, f in runs[0]] == [0, 2, 8, 14]
    assert ratios[0] < ratios[-1] <= 2
    assert ratios[-1] > Fraction(6, 5)


def test_bounds_are_read_out_of_sentences():
    def parts(says):
        bound = bound_of(KIND, says)
        return bound and (str(bound.left), str(bound.factor), str(bound.right), len(bound.premises))

    assert parts(anchored * mu <= 2 * B * eps) == ("mu*norm(V + (1/(c*mu))*h[i])", "2*B", "eps", 0)
    assert parts((N - 1) * eps >= 2 * norm(V)) == ("norm(V)", "N/2 - 1/2", "eps", 0)
    assert parts(sp.Implies(mu > 0, norm(V) < 3 * B * eps - eps)) == ("norm(V)", "3*B - 1", "eps", 1)
    assert parts(sp.And(rank(V) <= 1, norm(V) <= 7 * eps)) == ("norm(V)", "7", "eps", 0)
    assert parts(rank(G[S]) <= B) == ("rank(G[S])", "B", "1", 0)
    assert parts(sp.Eq(rank(V), 1)) is None
    assert parts(sp.Or(rank(V) <= 1, mu > 0)) is None


def test_numbers_of_a_factor_are_found_and_replaced():
    factor = sp.sqrt(B * (N - 1) / (N - B)) + 2 * B - 1
    found = list(numbers_in(factor))
    assert sorted(number for _, number in found) == [-1, -1, 2]
    assert {str(with_number(2 * B - 1, p, 5 * v)) for p, v in numbers_in(2 * B - 1)} == {"10*B - 1", "2*B - 5"}


def test_names_give_statements_back_and_nothing_else():
    draft = made(DISTANCE.says, given=KIND, assuming=PREMISES, sharpened_by=[distance_to_rank(V, 1) <= eps / (c * mu)])
    bound = bound_of(KIND, DISTANCE.says)
    for square in (Fraction(5), Fraction(9), Fraction(5, 2), Fraction(9, 4), None):
        name = name_at(square, {"N": 4, "B": 3})
        assert named(draft, name) == reached(draft.statement, bound, square, {"N": 4, "B": 3})
    assert text_of(Fraction(9, 4)) == "3/2"
    assert named(draft, "sharper sentence 1").says == draft.sharpened_by[0]
    strange = ("factor", "factor -1", "factor 1/0", "factor 2 at Q = 3", "factor 2 at B = -3", "")
    for bad in ("sharper sentence 2", *strange):
        assert named(draft, bad) is None
