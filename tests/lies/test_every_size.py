"""Equations of polynomials at every size: what is proved is true, what is false or forged is not accepted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import pytest
from sympy import Eq

from properties.worlds.smooth import RandomSigns, RationalJacobians, RationalNetworks
from symbolic.codec import CodecError
from symbolic.papers.jacobian import (
    S_W,
    C,
    C_blocks,
    C_mean,
    C_samples,
    D,
    E,
    F,
    J,
    J_closed,
    J_columns,
    J_values,
    K,
    Sigma_W,
    V,
    X,
    gradient,
    gradient_formula,
    i,
    m,
    scale,
    x,
)
from symbolic.sentences import norm
from symbolic.words import DICTIONARY, word
from verify import catalogue, claim
from verify.claims import Statement, claims
from verify.every_size import EverySize, FreeLanes, Unequal, check, checked, derive, worlds
from verify.indeterminates import FreeArithmetic, NotPolynomial, Polynomial, Polynomials
from verify.recheck import Rejected, replay
from verify.worlds import Size, World, reading

NETWORKS = RationalJacobians(width=Size(1, 2), inputs=Size(1, 2), samples=Size(1, 2), classes=Size(1, 2))
SIGNS = RandomSigns(width=Size(1, 2), inputs=Size(1, 2), samples=Size(1, 2), classes=Size(1, 2))
LOSSES = RationalNetworks(width=Size(1, 2), inputs=Size(1, 2), samples=Size(1, 2), classes=Size(1, 2))

TRUE = {
    "the Jacobian": (NETWORKS, Eq(J, J_closed)),
    "a direction": (NETWORKS, Eq(F[i], V * D[i] * E * x[i])),
    "the Gram matrix": (NETWORKS, Eq(J * J.T, C)),
    "the gradient of the loss": (LOSSES, Eq(gradient, gradient_formula)),
    "the mean over signs": (SIGNS, Eq(C_mean, m * scale**2 * Sigma_W)),
}
FALSE = {
    "column by column": (NETWORKS, Eq(J, J_columns)),
    "phi for phi'": (NETWORKS, Eq(J, J_values)),
    "classes do not meet": (NETWORKS, Eq(J * J.T, C_blocks)),
    "sample-major": (NETWORKS, Eq(J * J.T, C_samples)),
    "half": (NETWORKS, Eq(2 * J, J_closed)),
    "the losses are not halved": (LOSSES, Eq(gradient, 2 * gradient_formula)),
    "the printed variance": (SIGNS, Eq(C_mean, K * scale**2 * Sigma_W)),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_equations_hold_at_every_size(name):
    kind, sentence = TRUE[name]
    assert check(sentence, kind) == 16
    made = derive(Statement(kind, (), sentence))
    assert made is not None
    assert made.sizes == 16
    assert EverySize.from_json(json.loads(json.dumps(made.to_json()))) == made


@pytest.mark.parametrize("name", FALSE)
def test_false_equations_do_not(name):
    kind, sentence = FALSE[name]
    with pytest.raises(Unequal, match="not the same polynomials at m="):
        check(sentence, kind)


def test_what_is_false_at_one_size_alone_is_not_accepted():
    """At the sizes that the finder looks at m is K, and the printed variance is right there."""
    statement = Statement(SIGNS, (), FALSE["the printed variance"][1])
    made = derive(statement)
    assert made is not None
    with pytest.raises(Unequal):
        check(statement.says, SIGNS)


def test_what_is_no_equation_or_no_polynomial_is_not_derived():
    for sentence in (norm(J) <= norm(C), Eq(norm(J), norm(J_closed)), Eq(J, J_closed) | Eq(J, J)):
        assert derive(Statement(NETWORKS, (), sentence)) is None
    with pytest.raises(Unequal, match="no equation"):
        check(norm(J) <= norm(C), NETWORKS)


@dataclass(frozen=True)
class Choosing(RationalJacobians):
    """A kind with a reading that depends on a comparison, which no polynomial tells."""

    bent: ClassVar[str] = "=="

    @reading
    def J_closed(net):  # noqa: N805
        compared = net.W == 0 if net.kind.bent == "==" else net.W > 0
        return net.arithmetic.where(compared, net.J, net.J)


@pytest.mark.parametrize("bent", ["==", ">"])
def test_a_reading_that_compares_numbers_proves_nothing(bent, monkeypatch):
    monkeypatch.setattr(Choosing, "bent", bent)
    with pytest.raises(NotPolynomial, match="compares numbers"):
        check(Eq(J, J_closed), Choosing())
    assert derive(Statement(Choosing(), (), Eq(J, J_closed))) is None


def test_all_sizes_of_the_kind_are_looked_at():
    assert len(list(worlds(RationalJacobians()))) == 144
    assert all(dict(w.sizes)["K"] * dict(w.sizes)["m"] <= 6 for w in worlds(RandomSigns()))


# -- polynomials ------------------------------------------------------------------------------------------------------


def at(polynomial, values):
    """The value of a polynomial at rational numbers."""
    total = Fraction(0)
    for monomial, coefficient in polynomial.terms.items():
        term = Fraction(int(coefficient.p), int(coefficient.q)) if hasattr(coefficient, "p") else Fraction(coefficient)
        for variable in monomial:
            term *= values[variable]
        total += term
    return total


def test_operations_are_those_of_numbers():
    arithmetic = FreeArithmetic()
    a, b = arithmetic.fresh((1, 2, 3)), arithmetic.fresh((1, 3, 2))
    values = [Fraction(k * k - 5, k + 1) for k in range(12)]

    def numbers(array):
        return [at(entry, values) for entry in array.values.flat]

    def product(one, other):
        return [sum(one[r * 3 + k] * other[k * 2 + c] for k in range(3)) for r in range(2) for c in range(2)]

    p, q = numbers(a), numbers(b)
    assert numbers(a @ b) == product(p, q)
    assert numbers(a - b.mT) == [s - q[k % 3 * 2 + k // 3] for k, s in enumerate(p)]
    assert numbers((a * 2 + Fraction(1, 3)).square().sum(-1)) == [
        sum((2 * s + Fraction(1, 3)) ** 2 for s in p[r * 3 : r * 3 + 3]) for r in range(2)
    ]
    assert numbers(a.mean(-1)) == [sum(p[r * 3 : r * 3 + 3]) / 3 for r in range(2)]
    assert (a - a).vanish()
    assert not (a - 1).vanish()
    for wrong in (lambda: 1 / a, lambda: a / (a - a), lambda: bool(a), lambda: arithmetic.where(a, a, a)):
        with pytest.raises((NotPolynomial, TypeError)):
            wrong()


def test_derivatives_follow_the_chain_rule():
    """Of sin, as the unknown function: by its derivatives at numbers."""
    arithmetic = FreeArithmetic()
    w = arithmetic.fresh((1, 2))
    z = (w[:, :1] * w[:, 1:] + w[:, :1].square()).squeeze(-1)

    def output(at):
        return arithmetic.unknown(at[:, :, 0] * at[:, :, 1] + at[:, :, 0].square(), 0) * at[:, :, 0]

    slopes = arithmetic.gradient(output, w, 1)
    first, second = arithmetic.unknown(z, 0), arithmetic.unknown(z, 1)
    a, b = w[:, 0], w[:, 1]
    assert (slopes[0, 0, 0] - (first + second * (b + 2 * a) * a)[0]).vanish()
    assert (slopes[0, 0, 1] - (second * a * a)[0]).vanish()
    with pytest.raises(NotPolynomial, match="no indeterminate"):
        arithmetic.gradient(lambda at: at.sum(-1), w + 1, 1)


def test_a_draw_is_the_same_indeterminate_wherever_it_is_read():
    net = FreeLanes(NETWORKS, World((("m", 1), ("n", 1), ("N", 2), ("K", 1))), FreeArithmetic(), None)
    assert (net.W - net.W).vanish()
    assert not (net.W - net.E).vanish()
    assert isinstance(net.x, Polynomials)
    assert Polynomial.of(Fraction(1, 2)).terms != Polynomial.of(1).terms


# -- what is stored ---------------------------------------------------------------------------------------------------


def stored():
    catalogue.load_all()
    claim = claims()["oymak2019/J01-jacobian"]
    made = derive(claim.statement)
    assert made is not None
    return made


def test_the_checker_accepts_what_is_stored_and_nothing_forged():
    made = stored()
    assert replay(made.to_json()).steps == 144
    with pytest.raises(Unequal, match="other sizes"):
        checked(EverySize(made.statement, made.kind, (("m", 1, 1), *made.ranges[1:]), made.sizes))
    with pytest.raises(Unequal, match="has 144 sizes, not 1"):
        checked(EverySize(made.statement, made.kind, made.ranges, 1))
    with pytest.raises(Unequal, match="no claim that is loaded"):
        checked(EverySize(made.statement, "Anything()", made.ranges, made.sizes))
    with pytest.raises(Rejected, match="not the same polynomials"):
        replay(EverySize(Eq(J, J_columns), made.kind, made.ranges, made.sizes).to_json())


@pytest.mark.parametrize("key", ["statement", "kind", "ranges", "sizes", "digest", "version", "words"])
def test_a_changed_file_is_refused_in_one_sentence(key):
    whole = stored().to_json()
    for wrong in (None, [], {}, "x", 3, whole["statement"][::-1]):
        if wrong != whole[key]:
            with pytest.raises(CodecError):
                EverySize.from_json({**whole, key: wrong})
    assert S_W.shape == (X.shape[0], X.shape[0])


# -- readings that lie between floats and indeterminates ---------------------------------------------------------------


@dataclass(frozen=True)
class Drafted(RationalNetworks):
    """A kind of a user, with words read in several ways."""


TINY = {"width": Size(1, 2), "inputs": Size(1, 2), "samples": Size(1, 2), "classes": Size(1, 2)}
DRAFTED = Drafted(**TINY)
total = word("total", "the sum of all weights")


@total.read_in(Drafted)
def _(net):
    return net.W.sum((1, 2))


def caught(net):
    try:
        return net.W.abs().sum((1, 2))
    except Exception:
        return net.W.sum((1, 2))


def one(net, number):
    return net.arithmetic.constant(Fraction(number), net.count)


LIES = {
    "a shift": lambda net: one(net, 1 if net.shift("V") == 0 else 2),
    "a power of a shift": lambda net: one(net, Fraction(2) ** net.shift("V")),
    "the world's conventions": lambda net: one(net, 2 - (not dict(net.world.conventions))),
    "the world's shifts": lambda net: one(net, 2 - (not net.world.shifts)),
    "a magnitude": lambda net: one(net, 2 - (float(net.arithmetic.peak(net.W)) == 0.0)),
    "a sign": lambda net: one(net, 1 + bool(net.arithmetic.any_negative(net.W))),
    "an entry": lambda net: one(net, 1 + bool(net.W.values.flat[0] == 0)),
    "a method": lambda net: one(net, 1 + hasattr(net.W, "sqrt")),
    "an exception": lambda net: one(net, 1) + caught(net) - net.W.sum((1, 2)),
    "a parameter besides": lambda net: (
        net.arithmetic.gradient(lambda at: (at * net.W.unsqueeze(1)).sum((2, 3)), net.W, 1).sum((1, 2, 3))
        - 2 * net.W.sum((1, 2)) + 1
    ),
    "a square": lambda net: (
        net.arithmetic.gradient(lambda at: at.sum((2, 3)), net.W.square(), 1).sum((1, 2, 3))
        - 2 * net.W.sum((1, 2)) + 1
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LIES)
def test_a_reading_that_asks_what_indeterminates_cannot_tell_proves_nothing(name):
    made = word("lied_" + "".join(filter(str.isalpha, name)), name)
    made.read_in(Drafted)(LIES[name])
    assert derive(Statement(DRAFTED, (), Eq(made, 1))) is None
    with pytest.raises((NotPolynomial, Unequal)):
        check(Eq(made, 1), DRAFTED)


def test_what_is_read_anew_is_worked_out_anew():
    changed = word("changed", "read in two ways")
    changed.read_in(Drafted)(lambda net: net.W.sum((1, 2)))
    assert check(Eq(changed, total), DRAFTED) == 16
    DICTIONARY[changed.name].readers[Drafted] = lambda net: net.W.sum((1, 2)) * 2
    with pytest.raises(Unequal):
        check(Eq(changed, total), DRAFTED)


@dataclass(frozen=True)
class Misshapen(RationalNetworks):
    indeterminate: ClassVar[dict[str, str]] = {"W": "1 1"}


def test_indeterminates_have_the_shape_of_their_word():
    first = word("first", "one weight")
    first.read_in(Misshapen)(lambda net: net.W[:, 0, 0])
    total.read_in(Misshapen)(lambda net: net.W.sum((1, 2)))
    with pytest.raises(NotPolynomial, match="other axes than the word"):
        check(Eq(first, total), Misshapen(**TINY))


def test_a_kind_without_sizes_or_with_too_many_is_refused():
    class Empty(Drafted):
        def fits(self, sizes):
            return False

    with pytest.raises(Unequal, match="of nothing everything holds"):
        check(Eq(J, 2 * J_closed), Empty(**TINY))
    with pytest.raises(Unequal, match="more than 400 sizes"):
        check(Eq(J, J_closed), RationalJacobians(width=Size(1, 10**9)))


def test_kinds_that_print_alike_are_not_told_apart(monkeypatch):
    made = derive(Statement(NETWORKS, (), Eq(J, J_closed)))
    assert made is not None

    @dataclass(frozen=True)
    class RationalJacobians(Choosing):
        pass

    other = RationalJacobians(**TINY)
    assert str(other) == str(NETWORKS)
    both = {
        str(k): claim(f"draft/alike-{k}", "x.", given=kind, says=Eq(J, J_closed))
        for k, kind in enumerate((NETWORKS, other))
    }
    monkeypatch.setattr("verify.every_size.claims", lambda: both)
    with pytest.raises(Unequal, match="two kinds that are loaded print as"):
        checked(made)
