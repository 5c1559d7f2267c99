"""What would take for ever to evaluate is refused before it is: in a file, and where a rule exchanges terms."""

from itertools import pairwise

import pytest
from sympy import Abs, Eq, Integer, Max, binomial, exp, floor, log, sqrt

from symbolic import word
from symbolic.codec import CodecError, Decoder, encode, vocabulary
from symbolic.grammar import RuleError
from symbolic.papers.weight_decay import V, c, mu
from symbolic.rules import apply

C, TWO, HALF = ["word", "chen2024:c"], ["number", "2"], ["number", "1/2"]
HUGE, MANY = ["number", "9" * 4000], ["number", "9999"]
SEMIPRIME = ["number", str((10**100 + 267) * (10**100 + 949))]
BILLIONS = ["number", str(10**13)]
PRIMES = (2, 3, 5, 7, 11, 13)


def nested(wrap, tree, times):
    for _ in range(times):
        tree = wrap(tree)
    return tree


def root(tree):
    return ["Pow", tree, HALF]


def log_of_two(times):
    return ["Mul", times, ["log", TWO]]


SUM_OF_ROOTS = ["Add", *[root(["number", str(p)]) for p in PRIMES]]
PRODUCTS = [["Mul", TWO, root(["number", str(p * q)])] for p in PRIMES for q in PRIMES if p < q]
SQUARE = ["Add", ["number", str(sum(PRIMES))], *PRODUCTS]
LABORIOUS = {
    "powers of powers": nested(lambda t: ["Pow", t, MANY], C, 5),
    "powers of powers of a multiple": nested(lambda t: ["Pow", t, MANY], ["Mul", TWO, C], 2),
    "a power of a huge multiple": ["Pow", ["Mul", HUGE, C], MANY],
    "a root of a huge multiple": root(["Mul", SEMIPRIME, C]),
    "a root of a huge sum": root(["Add", SEMIPRIME, C]),
    "an exponent with a huge number beside a word": ["Pow", TWO, ["Add", C, BILLIONS]],
    "an exponent with a huge multiple of a word": ["Pow", TWO, ["Mul", C, BILLIONS]],
    "an exponent that a logarithm cancels": ["Pow", ["number", "3"], ["Mul", BILLIONS, ["Pow", ["log", TWO], C]]],
    "exp of a sum with a logarithm": ["exp", ["Add", C, log_of_two(BILLIONS)]],
    "exp of a small sum of large parts": ["exp", ["Add", ["number", "-6931471805599"], log_of_two(BILLIONS)]],
    "a power of e": ["Pow", ["constant", "e"], ["Add", C, log_of_two(BILLIONS)]],
    "a tower of e": nested(lambda t: ["exp", ["Mul", MANY, t]], C, 3),
    "a binomial of a root": ["binomial", root(TWO), MANY],
    "a binomial of a fraction": ["binomial", HALF, MANY],
    "a long harmonic sum": ["harmonic", BILLIONS],
    "a matrix power": ["MatPow", ["word", "chen2024:V"], BILLIONS],
    "the floor of a sine": ["floor", ["sin", ["Pow", ["Add", TWO, ["exp", MANY]], MANY]]],
    "the ceiling of nearly one": ["ceiling", nested(lambda t: ["tanh", ["Mul", BILLIONS, t]], TWO, 8)],
    "the floor of a tiny difference": ["floor", ["Mul", ["Add", ["exp", ["number", "1/" + "9" * 3000]], TWO], TWO]],
    "the sign of roots that cancel": ["sign", ["Add", SUM_OF_ROOTS, ["Mul", ["number", "-1"], root(SQUARE)]]],
    "the least of many": ["Min", *[["Add", ["number", str(k)], ["Pow", C, ["number", str(k)]]] for k in range(2, 60)]],
    "extremes in extremes": nested(lambda t: ["Max", ["word", "chen2024:mu"], ["Add", t, ["number", "1"]]], C, 20),
    "long denominators": ["Add", *[["number", f"1/{10**3900 + k}"] for k in range(60)]],
    "products that double": nested(lambda t: ["Mul", t, t], ["Mul", HUGE, C], 12),
    "a power of what is not real": ["Pow", ["Add", C, root(["number", "-3"])], MANY],
}


def decoder(**more):
    return Decoder({**vocabulary(c, mu, V), **more})


@pytest.mark.parametrize("what", LABORIOUS)
def test_a_file_that_is_laborious_is_refused(what):
    with pytest.raises(CodecError, match=r"larger|more than|not real") as caught:
        decoder()(LABORIOUS[what])
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


LAWFUL = [
    c**64, 2**c, exp(-(c**2) / 2), exp(-c / 100_000), sqrt(2) * c + sqrt(3), sqrt(1 + c**2), floor(exp(3) * c),
    (1 + c) ** 1000, Max(c, 1, 2 * c), binomial(c, 3), Integer(10) ** 1000 * c, c**c**c, log(2 * c) / log(2),
]  # fmt: skip


@pytest.mark.parametrize("node", LAWFUL, ids=str)
def test_what_is_soon_evaluated_is_read(node):
    assert decoder()(encode(node)) == node


def test_shapes_that_double_are_refused():
    plain = {"over": ["samples"], "integer": False, "nonnegative": False, "size": False}
    words = {"laughs:40": {**plain, "shape": []}}
    for k in range(40):
        side = ["Add", *[["at", f"laughs:{k + 1}", ["index", letter, "samples"]] for letter in "ij"]]
        words[f"laughs:{k}"] = {**plain, "shape": [side, side]}
    with pytest.raises(CodecError, match="shape"):
        decoder(**words)(["at", "laughs:0", ["index", "i", "samples"]])


def test_a_file_of_too_many_parts_is_refused():
    part = nested(lambda t: ["Add", t, t], C, 10)
    with pytest.raises(CodecError, match="parts"):
        decoder()(nested(lambda t: ["Add", *[t] * 15], part, 2))


W = [word(f"laborious:w{k}", "a number") for k in range(32)]
CHAINS = {
    "powers for powers": ([(W[0], W[1] ** 1000), (W[1], W[2] ** 1000), (W[2], W[3] ** 1000)], W[0] ** 1000),
    "a huge number for a word": ([(W[0], Integer(10) ** 4000)], W[0] ** 9999),
    "a huge exponent for a word": ([(W[0], Integer(10) ** 13)], 2 ** W[0]),
    "a logarithm for a word": ([(W[0], log(2) * 10**13)], exp(W[0])),
    "a number for what is chosen from": ([(W[0], Integer(10) ** 9)], binomial(W[0], W[0] / 2)),
    "products that double": ([(a, b * (1 + b)) for a, b in pairwise(W)], W[0]),
    "extremes that double": ([(a, Abs(b) + Max(b, c)) for a, b in pairwise(W)], W[0]),
    "exponentials that double": ([(a, Abs(b + exp(b))) for a, b in pairwise(W)], W[0]),
}


@pytest.mark.parametrize("what", CHAINS)
def test_a_rule_does_not_make_what_is_laborious(what):
    equations, left = CHAINS[what]
    premises = tuple(Eq(a, b, evaluate=False) for a, b in equations)
    with pytest.raises(RuleError, match=r"larger|more than"):
        apply("identity", premises, (left, left + 1))
