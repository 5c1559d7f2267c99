"""What is compared: the rows, the operations on intervals and the leaf checker, and the functions that they enclose."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any

import mpmath as mp
import sympy as sp
from flint import arb, ctx, fmpq
from soundness_points import Point, Unreachable, holds, number, points, some_end, some_interval

from symbolic import ends
from symbolic.atoms import ROWS, log_of_one_plus
from symbolic.balls import Unknown
from symbolic.behaviour import decreasing, dominates, increasing, positive
from symbolic.ends import DOWN, INFINITY, UP, End
from symbolic.intervals import NONNEGATIVE, NONPOSITIVE, POSITIVE, Interval, UndefinedError, from_json
from symbolic.leaves import Span, _Compiled, compiled
from symbolic.words import word

EXPONENTS = [fmpq(*pq) for pq in ((2, 1), (3, 1), (7, 1), (-1, 1), (-2, 1), (1, 2), (-3, 2), (2, 3), (5, 7))]

MISSED = (
    *((float.fromhex(x), 53) for x in (
        "-0x1.bfffe671275cap-51", "-0x1.2f0a0000b21efp-32", "-0x1.589f04e7eba61p-23", "-0x1.22e2c5ad59c6bp-16",
        "-0x1.cc4404b59d670p-3", "0x1.8c1281a058448p-3", "0x1.dec90b4d92786p-1", "-0x1.9af749dca6a28p+6",
        "0x1.605036c46cb30p+8", "0x1.456d49022346ap+9", "-0x1.082f55b6ddee2p+14", "0x1.45f6e5cf0020bp+16",
        "-0x1.844882ec2806bp+17",
    )),
    (3893924827815215 / 2**50, 53),
    (1381846513289487 / 2**46, 113),
)  # fmt: skip
"""Arguments, and bits, at which mpmath 1.3's ``iv.exp`` misses the true value; the last two are of its issue 1181."""

Case = tuple[str, tuple[Point, ...], Interval | None, Callable[..., Any]]
"""What is compared, where, its enclosure (None where nothing is said), and the function that it encloses there."""


def _refused(make: Callable[..., Interval], *of: Any) -> Interval | None:
    try:
        return make(*of)
    except UndefinedError:
        return None


def mean_decay(u: Any) -> Any:
    return -mp.expm1(-u) / u if u else mp.mpf(1)


def _mean_decay_elasticity(u: Any) -> Any:
    if u > 2000:  # it is nearer to -1 than digits tell
        return None
    with mp.workprec(mp.mp.prec + max(0, -mp.mag(u) if u else 0)):
        return u / mp.expm1(u) - 1 if u else mp.mpf(0)


@lru_cache(maxsize=8)
def harmonic(u: Any, digits: int) -> tuple[Any, Any]:
    """The harmonic number of u >= 0 and its derivative, by Taylor's series at 0 or Euler's and Maclaurin's sum."""
    bits = mp.mp.prec
    value = slope = mp.mpf(0)
    if u < mp.mpf(2) ** -10:
        term, k = mp.mpf(1), 2
        while k == 2 or mp.mag(term) > -bits:
            slope, value = slope + (k - 1) * _zeta(k, bits) * term, value + _zeta(k, bits) * term * u
            term, k = -term * u, k + 1
        return value, slope
    z, point = u + 1, bits + 64
    if z < 2 * digits:
        one, fixed, first, second = 1 << point, int(mp.ldexp(z, point)), 0, 0
        steps = 2 * digits - int(u)
        for _ in range(steps):
            inverse = (one << point) // fixed
            first, second, fixed = first + inverse, second + (inverse * inverse >> point), fixed + one
        value, slope, z = -mp.ldexp(first, -point), mp.ldexp(second, -point), z + steps
    inverse = 1 / z
    square = inverse * inverse
    value, slope = value + mp.log(z) + mp.euler - inverse / 2, slope + inverse + square / 2
    part, term, k = mp.mpf(1), square, 1
    while mp.mag(part) > -bits - 8 and k < digits:
        part = _bernoulli(2 * k, bits) * term
        value, slope = value - part / (2 * k), slope + part * inverse
        term, k = term * square, k + 1
    return value, slope


@cache
def _zeta(k: int, bits: int) -> Any:
    return mp.zeta(k)


@cache
def _bernoulli(k: int, bits: int) -> Any:
    return mp.bernoulli(k)


def _saturates(value: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A value, but for arguments at which it is nearer to its limit than digits tell."""
    return lambda u: value(u) if abs(u) < 2000 else None


def _reachable(value: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def over(u: Any) -> Any:
        if mp.mag(u) > 133:
            raise Unreachable
        return value(u)

    return over


def _real_log(u: Any) -> Any:
    return mp.log(u) if u > 0 else mp.nan


TRUE: dict[str, dict[str, Callable[[Any], Any]]] = {
    "exp": {"value": _reachable(mp.exp), "slope": _reachable(mp.exp), "elasticity": lambda u: u},
    "log": {
        "value": _real_log,
        "slope": lambda u: 1 / u,
        "elasticity": lambda u: 1 / mp.log(u) if u > 0 and u != 1 else None,
    },
    "atan": {
        "value": mp.atan,
        "slope": lambda u: 1 / (1 + u * u),
        "elasticity": lambda u: u / ((1 + u * u) * mp.atan(u)) if u else None,
        "ratio": lambda u: mp.atan(u) / u if u else None,
    },
    "tanh": {
        "value": _saturates(mp.tanh),
        "slope": _saturates(lambda u: 1 / mp.cosh(u) ** 2),
        "elasticity": _saturates(lambda u: 2 * u / mp.sinh(2 * u) if u else None),
        "ratio": _saturates(lambda u: mp.tanh(u) / u if u else None),
    },
    "mean_decay": {"value": _reachable(mean_decay), "elasticity": _reachable(_mean_decay_elasticity)},
    "harmonic": {
        "value": lambda u: harmonic(u, mp.mp.dps)[0] if u >= 0 else mp.nan,
        "elasticity": lambda u: u * harmonic(u, mp.mp.dps)[1] / harmonic(u, mp.mp.dps)[0] if u > 0 else None,
    },
    "ceiling": {"value": mp.ceil},
    "floor": {"value": mp.floor},
    "log(1 + u)": {"elasticity": lambda u: u / ((1 + u) * mp.log1p(u)) if u > 0 else None},
}
"""What a row says of its function, where it says anything."""


def rows(name: str, r: random.Random) -> Iterator[Case]:
    """Value, slope, elasticity and ratio of a row."""
    row = next((row for f, row in ROWS.items() if f.__name__ == name), None)
    over = {q: getattr(row, q) if row else log_of_one_plus for q in TRUE[name]}
    above = name in ("log", "harmonic", "log(1 + u)")
    while True:
        u = some_interval(r, 0 if above and (row is None or r.random() < 0.95) else None)
        found = {quantity: _refused(of, u) for quantity, of in over.items()}
        for x in points(r, u):
            for quantity, true in TRUE[name].items():
                yield f"{name}, {quantity}", (x,), found[quantity], true


def arithmetic(r: random.Random) -> Iterator[Case]:
    """Sums, products, hulls, meets, opposites, reciprocals, powers, signs, text, and the order of ends."""
    while True:
        i, j, exponent = some_interval(r), some_interval(r), r.choice(EXPONENTS)
        shared = Interval(i.low, j.high, i.open_low, j.open_high)
        j = shared if r.random() < 0.3 and not shared.empty and ends.at_most(i.low, j.high) else j
        both, inverse, other = _refused(i.meet, j), _refused(i.reciprocal), i.reciprocal(but_zero=True)
        raised, text, total, times, hull = (
            _refused(i.power, exponent), from_json(i.to_json()), i + j, i * j, i.hull(j)
        )  # fmt: skip
        wider = i if i.contains(j) else j if j.contains(i) else None
        sign = (
            POSITIVE if i.positive else NONNEGATIVE if i.nonnegative
            else -POSITIVE if i.negative else NONPOSITIVE if i.nonpositive else None
        )  # fmt: skip
        power = lambda x, e=exponent: _power(x, e)  # noqa: E731
        ys = points(r, j)
        for x in points(r, i) if ys else ():
            y = r.choice(ys)
            yield "x + y", (x, y), total, mp.fadd
            yield "x y", (x, y), times, mp.fmul
            yield "-x", (x,), -i, mp.fneg
            yield "1/x", (x,), inverse, lambda x: 1 / x if x else mp.nan
            yield "1/x, x not 0", (x,), other, lambda x: 1 / x if x else None
            yield "powers", (x,), raised, power
            yield "hull", (r.choice((x, y)),), hull, lambda x: x
            yield "signs", (x,), sign, lambda x: x
            yield "written and read", (x,), text, lambda x: x
            yield "contains", (r.choice((x, y)),), wider, lambda x: x
            if holds(j, number(x)):
                yield "meet", (x,), both, lambda x: x
            yield "order of ends", *_order(r, i.low if r.random() < 0.5 else i.high)


def _power(x: Any, exponent: fmpq) -> Any:
    if (x == 0 and exponent < 0) or (x < 0 and exponent.q != 1):
        return mp.nan
    p, q = int(exponent.p), int(exponent.q)
    return x**p if q == 1 else x ** (mp.mpf(p) / q) if x else mp.mpf(0)


def _order(r: random.Random, x: End) -> tuple[tuple[Point, ...], Interval | None, Callable[..., Any]]:
    kind, y = r.randrange(4), some_end(r)
    if kind == 0 and x.q is not None:
        y = ends.exact(x.q * (1 + fmpq(1, 1 << r.randint(1, 300))), x.a)
    elif kind == 1 and not x.infinite:
        y = ends.outward(x.ball, r.choice((DOWN, UP)))
    elif kind == 2:
        y = x
    order = ends.compare(x, y)
    if order is None or y.infinite:
        return (y,), None, lambda y: y
    above, below = Interval(x, INFINITY, True, True), Interval(-INFINITY, x, True, True)
    return (y,), (above if order < 0 else below if order > 0 else Interval(x, x)), lambda y: y


x, y, W, N, delta = (word(f"soundness:{name}", "a number") for name in ("x", "y", "W", "N", "delta"))
LEAVES: tuple[tuple[Any, tuple[Any, ...]], ...] = (
    (sp.sqrt(W * sp.log(W * N) ** 3 / N) + sp.sqrt(sp.log(1 / delta) / N), (N, W, delta)),
    (x ** sp.Rational(5, 3) / (y + 1) + sp.sqrt(x * y), (x, y)),
    (sp.exp(x * y) - x, (x, y)),
    (sp.exp(x) * sp.exp(y) / (x + y), (x, y)),
    (sp.log(1 + x) / x**3 + y / x**2, (x, y)),
    (sp.Abs(x - 3) * y + sp.pi, (x, y)),
    (1 / (x - 5) + sp.E * y - sp.Rational(1, 3), (x, y)),
    (x * sp.log(y) - y * sp.log(x), (x, y)),
    (sp.exp(-x / y) * x**2, (x, y)),
    (sp.exp(sp.sqrt(x)) / (1 + sp.exp(y)) + sp.log(x * y) ** 3, (x, y)),
)
"""Expressions that the leaf checker compiles, with their symbols; slopes and elasticities are in the first."""


def leaf_checker(r: random.Random) -> Iterator[Case]:
    """Ranges, slopes and elasticities by balls at the ends of boxes, and the statements that they establish."""
    references = []
    for f, symbols in LEAVES:
        real = {s: sp.Symbol(f"s{k}", real=True) for k, s in enumerate(symbols)}
        plain, first = f.xreplace(real), real[symbols[0]]
        slope = sp.diff(plain, first) * first
        modules = [{"exp": _reachable(mp.exp)}, "mpmath"]
        made = [sp.lambdify(list(real.values()), g, modules) for g in (plain, slope)]
        references.append((*made, lambda *at, f=made[0], s=made[1]: _quotient(s(*at), f(*at))))
    turn = 0
    while True:
        (f, symbols), (value, slope, elasticity) = LEAVES[turn % len(LEAVES)], references[turn % len(LEAVES)]
        turn, made, first = turn + 1, _Compiled(list(symbols)), symbols[0]
        above_0 = lambda *at, s=slope: s(*at) if at[0] else None  # noqa: E731  (x f'(x) tells nothing of f' at 0)
        sides = (
            ("range", made.range(f), value),
            ("slope", made.slope(f, first), slope),
            ("elasticity", made.elasticity(f, first), elasticity),
        )
        stated = (
            (increasing(f, first), above_0, NONNEGATIVE),
            (decreasing(f, first), above_0, NONPOSITIVE),
            (increasing(f, first, strictly=True), above_0, POSITIVE),
            (decreasing(f, first, strictly=True), above_0, -POSITIVE),
            (positive(f), value, POSITIVE),
            (dominates(f, 1), lambda *at, f=value: f(*at) - 1, NONNEGATIVE),
        )
        tests = [(compiled(statement, list(symbols)), true, place) for statement, true, place in stated]
        for _ in range(100):
            within = [some_interval(r, 0) if r.random() < 0.8 else _moderate(r) for _ in symbols]
            box = tuple(Span(i) for i in within)
            found = [(f"leaf checker, {name}", _side(of, box), true) for name, of, true in sides]
            found += [("leaf checker, statements", place if of(box) else None, true) for of, true, place in tests]
            for at in zip(*(r.sample(p, len(p)) for p in (points(r, i) for i in within)), strict=False):
                for name, interval, true in found:
                    yield name, at, interval, true


def _moderate(r: random.Random) -> Interval:
    low = fmpq(r.randint(1, 400), 40)
    return Interval(ends.exact(low), ends.exact(low * (1 + fmpq(1, 1 << r.randint(0, 40)))))


def _quotient(slope: Any, value: Any) -> Any:
    return slope / value if value else None


def _side(of: Any, box: Any) -> Interval | None:
    """From the least that the lower ball allows to the most that the upper one does, ends included."""
    try:
        low, high = of(box)
    except Unknown:
        return None
    if low.is_nan() or high.is_nan():
        return None
    return Interval(_end(low.lower(), DOWN), _end(high.upper(), UP))


def _end(ball: arb, towards: int) -> End:
    return End(point=ball) if ball.is_finite() else End(infinite=towards)


def missed_by_mpmath(r: random.Random) -> Iterator[Case]:
    """The exponential where ``mpmath.iv`` misses it, of rationals, of dyadic numbers and by the leaf checker."""
    made = _Compiled([x]).range(sp.exp(x))
    while True:
        start, _ = r.choice(MISSED)
        # Two in three are as stored; the others are a few units in the last place away. Half are ends of one interval.
        p, q = start.as_integer_ratio()
        other = fmpq(p, q) * (1 + fmpq(r.choice((0, 0, r.randint(-9, 9))), 1 << 52))
        low, high = sorted((fmpq(p, q), other)) if r.random() < 0.5 else (other, other)
        rational = Interval(ends.exact(low), ends.exact(high))
        with ctx.workprec(200):
            dyadic = Interval(End(point=arb(low)), End(point=arb(high)))
        for at in (rational.low, rational.high):
            yield "exp where mpmath.iv misses, row", (at,), rational.exponential(), mp.exp
            yield "exp where mpmath.iv misses, dyadic", (at,), dyadic.exponential(), mp.exp
            yield "exp where mpmath.iv misses, leaf", (at,), _side(made, (Span(rational),)), mp.exp


CHECKS: dict[str, Callable[[random.Random], Iterator[Case]]] = {
    **{name: lambda r, name=name: rows(name, r) for name in TRUE},
    "arithmetic": arithmetic,
    "leaf checker": leaf_checker,
    "missed by mpmath": missed_by_mpmath,
}
