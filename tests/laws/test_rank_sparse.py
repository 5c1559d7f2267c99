"""The bounds for rank-sparse networks: expressions against other formulas, derivations, and what has to be refuted."""

import json

import pytest
from mpmath import ceil, exp, log, log1p, mp, mpf, quad, sqrt
from sympy import Float, oo

import properties.rank_sparse.at_rank
import properties.rank_sparse.counting
import properties.rank_sparse.covering_numbers
import properties.rank_sparse.derived_bound
import properties.rank_sparse.exact_integral
import properties.rank_sparse.main_form
import properties.rank_sparse.singular_values
import properties.rank_sparse.summand
import properties.rank_sparse.thresholds
import properties.rank_sparse.weight_decay  # noqa: F401
import symbolic.papers.rank_sparse as networks
import symbolic.papers.schatten as matrices
from properties.worlds.boxes import Box
from symbolic import decreasing, dominates, increasing, limit, reduces_to
from symbolic.calculus import Unproved, derive
from symbolic.calculus_check import check
from symbolic.intervals import of_span
from symbolic.papers.zoo import L, N, delta
from symbolic.sentences import words_in
from symbolic.spans import span
from symbolic.traces import Trace
from symbolic.words import DICTIONARY
from verify.arena import Arena
from verify.claims import claims
from verify.efforts import EFFORTS
from verify.search import Search
from verify.verdict import Grade

mp.dps = 40

ALL = [c for c in claims().values() if "properties/rank_sparse/" in c.file]
OWN = {c.id: c for c in ALL if isinstance(c.statement.given, Box)}
PROVED = sorted(i for i, c in OWN.items() if c.expects is Grade.PROVED)
REFUTED = sorted(i for i, c in OWN.items() if c.expects is Grade.REFUTED)

POINTS = (
    {"N": 7, "delta": "1/3", "L": 3, "p": "3/4", "q": "3/8", "sigma_1": "5/2", "sigma_2": "1/3", "sigma_3": 1},
    {"N": 400, "delta": "1/50", "L": 5, "p": "7/4", "q": "7/8", "sigma_1": 3, "sigma_2": 2, "sigma_3": "1/9"},
)
OTHERS = {
    "Gam": "9/4", "Lam": "1/2", "b": "7/3", "s": "6/5", "rho": "4/5", "r": "11/4", "S": "13/3", "wbar": 23, "W": 120,
    "w": 9, "v": 14, "k": 4, "B": "5/3", "G": "3/2", "H": "8/7", "c": 2, "e": "2/7", "m": 11, "n": 6, "R": 2,
    "M": "9/5", "a": "4/3", "tau": "3/5", "A": "17/2",
}  # fmt: skip


def drawn(point):
    """The values of all letters at a point, as numbers of forty digits."""
    return {letter: mpf(eval_fraction(value)) for letter, value in {**OTHERS, **POINTS[point]}.items()}


def eval_fraction(value):
    """A number, or the quotient that text like "3/4" is."""
    if isinstance(value, int):
        return mpf(value)
    above, below = value.split("/")
    return mpf(above) / mpf(below)


def valued(expression, values):
    """The value of an expression, by SymPy."""
    at = {DICTIONARY[name].symbol: Float(values[DICTIONARY[name].letter], 40) for name in words_in(expression)}
    return mpf(str(expression.xreplace(at).evalf(35)))


def bound_of(gap_integral, scale, layers, complexity):
    """A bound on the gap from its parts."""

    def at(x):
        inside = layers(x) * scale(x) * 8 * x["N"]
        middle = 24 * gap_integral(x) * sqrt(log1p(inside)) * sqrt(complexity(x)) / sqrt(x["N"])
        return 8 / x["N"] + middle + 3 * sqrt((log(2) - log(x["delta"])) / 2 / x["N"])

    return at


def integral(x):
    """The integral, by quadrature."""
    return quad(lambda radius: radius ** (-x["p"] / 2), [1 / x["N"], mpf(1)])


def norms(x):
    """The constants and norms of L equal layers, multiplied one by one."""
    product = x["Lam"] * x["b"]
    for layer in range(int(x["L"])):
        product *= x["s"] * (x["rho"] if layer else 1)
    return product


def summed(scale):
    """The complexity, summed over the layers."""
    return lambda x: sum((2 * x["L"] * scale(x)) ** x["p"] * x["r"] * x["wbar"] for _ in range(int(x["L"])))


def gam(x):
    """Gam."""
    return x["Gam"]


def depth(x):
    """The number of layers."""
    return x["L"]


def sigmas(x):
    """The three singular values."""
    return [x["sigma_1"], x["sigma_2"], x["sigma_3"]]


def mean_of(count, norm, p):
    """The geometric mean with weights 2/(p + 2) and p/(p + 2)."""
    return exp((2 * log(count) + p * log(norm)) / (p + 2))


FORMULAS = {
    "S": (matrices.S, lambda x: sum(exp(x["p"] * log(y)) for y in sigmas(x))),
    "soft rank": (matrices.soft_rank, lambda x: sum((y / x["sigma_1"]) ** x["p"] for y in sigmas(x))),
    "quasi-norm": (matrices.quasi_norm, lambda x: sum(y ** x["p"] for y in sigmas(x)) ** (1 / x["p"])),
    "weight decay": (
        matrices.weight_decay.expression,
        lambda x: sum(x["L"] * (y ** (1 / x["L"])) ** 2 for y in sigmas(x)) / 2,
    ),
    "low rank, Frobenius": (
        matrices.low_rank_frobenius.expression,
        lambda x: (x["k"] * (x["m"] + x["n"]) + x["k"]) * (log(9) + log(x["R"]) - log(x["e"])),
    ),
    "low rank, spectral": (
        matrices.low_rank_spectral.expression,
        lambda x: (x["k"] * x["m"] + x["k"] * x["n"]) * log1p(4 * x["s"] / x["e"]),
    ),
    "Schatten ball": (
        matrices.schatten_ball.expression,
        lambda x: (
            min(x["M"] ** x["p"] / (x["e"] / 2) ** x["p"], x["m"], x["n"])
            * (x["m"] + x["n"])
            * log1p(4 * x["s"] / (x["e"] / 2))
        ),
    ),
    "soft rank ball": (
        matrices.soft_rank_ball.expression,
        lambda x: (
            min(x["r"] * exp(x["p"] * log(2 * x["s"] / x["e"])), x["m"], x["n"])
            * (x["m"] + x["n"])
            * log1p(4 * x["s"] / (x["e"] / 2))
        ),
    ),
    "spectral ball": (
        matrices.spectral_ball.expression,
        lambda x: x["m"] * x["n"] * (log(x["e"] + 2 * x["s"]) - log(x["e"])),
    ),
    "linear functions": (
        matrices.linear_functions.expression,
        lambda x: (6 * x["a"] * x["b"] / x["e"]) ** 2 * log(2 * ceil(4 * x["a"] * x["b"] / x["e"] + 2) * x["N"] + 1, 2),
    ),
    "least cost": (
        matrices.least_cost,
        lambda x: mean_of(x["A"] * (x["p"] + 2) / 2, x["B"] * (x["p"] + 2) / x["p"], x["p"]),
    ),
    "summand": (networks.summand.expression, lambda x: mean_of(x["r"] * x["wbar"], x["Gam"] ** 2 * x["W"], x["p"])),
    "main form": (
        networks.main_form.expression,
        lambda x: (
            x["L"]
            / sqrt(x["N"])
            * sqrt(mean_of(x["r"] * x["wbar"], (x["b"] * (x["rho"] * x["s"]) ** x["L"]) ** 2 * x["W"], x["p"]))
        ),
    ),
    "augmented": (
        networks.augmented.expression,
        lambda x: mean_of(x["r"] * x["wbar"], (x["B"] * x["H"]) ** 2 * x["W"], x["p"]),
    ),
    "integral": (networks.closed_integral, integral),
    "closed": (networks.closed.expression, bound_of(integral, gam, depth, summed(gam))),
    "simple": (networks.simple.expression, bound_of(lambda x: 1 / (1 - x["p"] / 2), gam, depth, summed(gam))),
    "simple in full": (
        networks.simple_in_full.expression,
        bound_of(lambda x: 1 / (1 - x["p"] / 2), norms, depth, summed(norms)),
    ),
    "by powers": (
        networks.simple_by_powers.expression.xreplace({networks.S: networks.r * networks.s**networks.p}),
        bound_of(lambda x: 1 / (1 - x["p"] / 2), norms, depth, summed(norms)),
    ),
    "at rank": (
        networks.at_rank.expression,
        bound_of(lambda x: 1 - 1 / x["N"], gam, depth, lambda x: x["L"] * x["r"] * x["wbar"]),
    ),
    "at stable rank": (
        networks.at_stable_rank.expression,
        bound_of(lambda x: log(x["N"]), gam, depth, lambda x: summed(gam)({**x, "p": mpf(2)})),
    ),
    "one layer": (
        networks.closed_layer.expression,
        bound_of(integral, gam, lambda x: 1, lambda x: (2 * x["Gam"]) ** x["p"] * x["r"] * x["wbar"]),
    ),
    "rank k": (
        networks.layer_of_rank.expression,
        bound_of(lambda x: 1 - 1 / x["N"], gam, lambda x: 1, lambda x: x["k"] * x["wbar"]),
    ),
}


@pytest.mark.parametrize("point", range(len(POINTS)))
@pytest.mark.parametrize("name", FORMULAS)
def test_expressions_are_the_formulas(name, point):
    expression, formula = FORMULAS[name]
    values = drawn(point)
    assert mp.almosteq(valued(expression, values), formula(values), rel_eps=mpf(10) ** -20)


@pytest.mark.parametrize("point", range(len(POINTS)))
def test_one_formula_gives_the_integral_for_every_index(point):
    values = drawn(point)
    for p in (mpf(0), values["p"], mpf(2)):
        at = {**values, "p": p}
        u, samples = (1 - p / 2) * log(at["N"]), at["N"]
        decayed = (1 - exp(-u)) / u if u else mpf(1)
        assert mp.almosteq(log(samples) * decayed, integral(at), rel_eps=mpf(10) ** -20)


def interval(word, spans):
    """The numbers that a word may be."""
    return of_span(spans[word.name])


def derived(statement):
    """What the calculus makes of a claim's statement."""
    words = {DICTIONARY[name].symbol for part in (statement.says, *statement.assuming) for name in words_in(part)}
    return derive(statement.says, {w: interval(w, statement.given.spans) for w in words}, statement.assuming)


@pytest.mark.parametrize("name", PROVED)
def test_what_is_expected_to_be_proved_is_derived_and_checked(name):
    trace = derived(OWN[name].statement)
    assert not isinstance(trace, Unproved), trace.reason
    check(Trace.from_json(json.loads(json.dumps(trace.to_json()))))


@pytest.mark.parametrize("name", REFUTED)
def test_what_is_expected_to_be_refuted_is_not_derived(name):
    assert isinstance(derived(OWN[name].statement), Unproved)


@pytest.mark.parametrize("name", REFUTED)
def test_what_is_expected_to_be_refuted_has_an_exact_witness(name):
    search = Search(OWN[name].statement, Arena(), EFFORTS["quick"], 0)
    search.run()
    assert search.found is not None


MUTANTS = [(i, m.name) for i, c in sorted(OWN.items()) for m in c.mutants]


@pytest.mark.parametrize(("name", "mutant"), MUTANTS)
def test_no_mutant_is_derived(name, mutant):
    (statement,) = (m.statement for m in OWN[name].mutants if m.name == mutant)
    assert isinstance(derived(statement), Unproved)


# -- the derived bound with one formula for its integral --------------------------------------------------------------

EXACT, IN_FULL = networks.exact.expression, networks.exact_in_full.expression
SCALE = 8 * L * networks.Gam
EXACTLY = {
    "delta": (decreasing(EXACT, delta, strictly=True), (), {}),
    "Gam": (increasing(EXACT, networks.Gam), (), {}),
    "r": (increasing(EXACT, networks.r), (), {}),
    "wbar": (increasing(EXACT, networks.wbar), (), {}),
    "p": (increasing(EXACT, networks.p), (SCALE >= 4,), {}),
    "N from 19": (decreasing(EXACT, N, strictly=True), (SCALE >= 1,), {N: (19, oo)}),
    "N from 55": (decreasing(EXACT, N, strictly=True), (SCALE * N >= 4,), {N: (55, oo)}),
    "N to infinity": (limit(EXACT, N, oo, 0), (), {}),
    "Lam": (increasing(IN_FULL, networks.Lam), (), {}),
    "b": (increasing(IN_FULL, networks.b), (), {}),
    "s": (increasing(IN_FULL, networks.s), (), {}),
    "rho": (increasing(IN_FULL, networks.rho), (), {}),
    "L": (increasing(IN_FULL, L), (networks.rho * networks.s >= 1,), {}),
    "one layer": (reduces_to(EXACT, {L: 1}, networks.one_layer.expression), (), {}),
    "p = 2": (reduces_to(EXACT, {networks.p: 2}, networks.at_stable_rank.expression), (), {}),
    "integral at p = 2": (reduces_to(networks.entropy_integral, {networks.p: 2}, networks.log(N)), (), {}),
    "integral at N = 1": (reduces_to(networks.entropy_integral, {N: 1}, 0), (), {}),
    "integral in p": (increasing(networks.entropy_integral, networks.p), (), {}),
    "integral up to log N": (dominates(networks.log(N), networks.entropy_integral), (), {}),
}
UNDERIVED = {
    "N from 1": (decreasing(EXACT, N), (SCALE >= 1,), {}),
    "N from 18": (decreasing(EXACT, N), (SCALE >= 1,), {N: (18, oo)}),
    "N from 55 for every Gam": (decreasing(EXACT, N), (), {N: (55, oo)}),
    "p for every Gam": (increasing(EXACT, networks.p), (), {}),
    "L for every rho s": (increasing(IN_FULL, L), (), {}),
}


def exactly(says, hypotheses, narrower):
    """What the calculus makes of a sentence about the bound with one formula."""
    spans = {**networks.exact.domain, **networks.exact_in_full.domain, **narrower}
    words = [w for w in spans if says.has(w) or any(h.has(w) for h in hypotheses)]
    return derive(says, {w: of_span(span(spans[w], str(w))) for w in words}, hypotheses)


@pytest.mark.parametrize("name", EXACTLY)
def test_the_bound_with_one_formula_for_its_integral(name):
    trace = exactly(*EXACTLY[name])
    assert not isinstance(trace, Unproved), trace.reason
    check(trace)


@pytest.mark.parametrize("name", UNDERIVED)
def test_what_is_false_of_the_bound_with_one_formula_is_not_derived(name):
    assert isinstance(exactly(*UNDERIVED[name]), Unproved)


def test_nineteen_samples_are_the_least_for_the_largest_index():
    """The middle term at p = 2 and 8 L Gam = 1: it still rises from 18 to 19, and falls from 19 to 20."""

    def middle(samples):
        return log(samples) * sqrt(log1p(samples) / samples)

    assert middle(18) < middle(19) > middle(20)
