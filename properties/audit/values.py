"""Numbers for the words of a sentence: expressions of claims and bounds, evaluated as they are written.

One walk over the tree, in floats of 80 bits whose exponents do not end: sample sizes here go beyond all floats.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import sympy as sp
from mpmath import mp

from properties.audit.results import AuditError
from symbolic.atoms import mean_decay

BITS = 80


def _mean_decay(u: Any) -> Any:
    return -mp.expm1(-u) / u if u else mp.one


FUNCTIONS: dict[Any, Callable[..., Any]] = {
    sp.Add: lambda *parts: mp.fsum(parts),
    sp.Mul: lambda *parts: mp.fprod(parts),
    sp.Pow: mp.power,
    sp.log: mp.log,
    sp.exp: mp.exp,
    sp.atan: mp.atan,
    sp.Abs: mp.fabs,
    sp.ceiling: mp.ceil,
    sp.floor: mp.floor,
    sp.harmonic: mp.harmonic,
    sp.Min: min,
    sp.Max: max,
    mean_decay: _mean_decay,
}


def value(expression: Any, known: Mapping[Any, Any]) -> float:
    """An expression as a float, with a number for every word, or for a whole term such as ``norm(V)``, in ``known``.

    Infinite where it overflows, nan where it has no real value. AuditError names what has no number.
    """
    return function(expression, known)(0)


def function(expression: Any, known: Mapping[Any, Any], free: Collection[Any] = ()) -> Callable[[int], float]:
    """The same as a function of a whole number that all words in ``free`` stand for; parts without it count once."""
    with mp.workprec(BITS):
        made = _made(sp.sympify(expression, strict=True), known, free)

    def at(count: int) -> float:
        with mp.workprec(BITS):
            found = made(mp.mpf(count)) if callable(made) else made
            return float("nan") if isinstance(found, mp.mpc) else float(found)

    return at


def holds(sentence: Any, known: Mapping[Any, Any]) -> bool:
    """Whether an inequality holds, with a number for every term of it."""
    left, right = value(sentence.lts, known), value(sentence.gts, known)
    return left < right if sentence.rel_op in ("<", ">") else left <= right


def _made(node: Any, known: Mapping[Any, Any], free: Collection[Any]) -> Any:
    """A number, or a function of the free number where the node depends on it."""
    if node in free:
        return lambda count: count
    if node in known:
        return mp.mpf(known[node])
    called = FUNCTIONS.get(node.func)
    if called is not None:
        return _joined(called, [_made(part, known, free) for part in node.args])
    if isinstance(node, sp.Rational):
        return mp.mpf(int(node.p)) / int(node.q)
    if isinstance(node, (sp.Float, sp.NumberSymbol)):
        return node._to_mpmath(BITS)
    raise AuditError(f"no number is known for {node}")


def _joined(called: Callable[..., Any], parts: list[Any]) -> Any:
    """A function of parts: a number if all of them are, else a function again."""
    if not any(map(callable, parts)):
        return called(*parts)
    return lambda count: called(*(part(count) if callable(part) else part for part in parts))
