"""Ceilings and floors at one point, decided: by an exact equality with an integer, or with more and more bits.

An enclosure of log(8)/log(2) has 3 inside however narrow it is; that it is 3 is seen by the forms of both
(``verify/identities.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import flint
import sympy as sp

from symbolic.words import Scalar
from verify import identities
from verify.exact import Exact
from verify.layers import Layer, chosen_precision, precision

FINER = (512, 2048, 8192)
"""Bits that an argument is enclosed with, in turn, where fewer leave more than one integer."""

ROUNDINGS = (sp.ceiling, sp.floor)


def decided(node: Any, array: Any, evaluate: Any, afresh: Callable[[], Any]) -> Any:
    """The rounding of one number, as an integer where it can be told; else the enclosure ``array`` that is known.

    ``evaluate`` gives values at the point, and ``afresh`` something that does so with the precision of then.
    """
    known = isinstance(array, Exact) and array.layer == Layer.BALL and array.shape == (1,)
    if not known or bool(array.undefined_mask().any()):
        return array
    usual, value = chosen_precision(), lambda part: rational(evaluate, part)
    for bits in (usual, *(more for more in FINER if more > usual)):
        with precision(bits), flint.ctx.workprec(bits):
            source = evaluate if bits == usual else afresh()
            inside = source(node.args[0]).array.to_layer(Layer.BALL).values[0]
            found = (inside.ceil() if isinstance(node, sp.ceiling) else inside.floor()).unique_fmpz()
            near = inside.mid().floor() if found is None and inside.is_finite() else None
        if found is not None:
            return Exact.integers([int(found)])
        if near is None:
            return array
        if bits == usual:
            for k in (int(near.unique_fmpz()), int(near.unique_fmpz()) + 1):
                if inside.contains(k) and identities.equal(node.args[0], sp.Integer(k), value):
                    return Exact.integers([k])
    return array


def rational(evaluate: Any, node: Any) -> Fraction | None:
    """The value of a word, or of a part that may have one, at one point where it is one rational number."""
    if not isinstance(node, (Scalar, *identities.VALUED)):
        return None
    found = evaluate(node)
    if found.axes or not isinstance(found.array, Exact):
        return None
    known = found.array.to_rational()
    return None if known is None or bool(known.undefined_mask().any()) else known.fraction(0)
