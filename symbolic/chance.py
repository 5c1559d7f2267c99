"""``with_probability``: a sentence about how likely another one is, over what a kind draws by chance."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Integer, SympifyError, sympify
from sympy.logic.boolalg import Boolean

from symbolic.sentences import Behaviour, Chance, SentenceError, free_indices, has_part, is_sentence


class with_probability(Chance):
    """``with_probability(event, at_least)``: the event has at least that probability, whatever else the world is.

    The event is a sentence about one network; its free indices read "for every" inside of it. ``at_least`` is a number
    or an expression, such as ``1 - delta``, in words that chance does not touch. A kind says which of its draws are
    made by chance, and by which law (``Kind.chances``); the others are fixed beforehand, and the sentence is for all of
    them. Raises SentenceError where the event is no sentence about one network, or the probability no number.
    """

    def __new__(cls, event: Any, at_least: Any) -> Any:  # noqa: D102
        if not is_sentence(event) or has_part(event, (Behaviour, Chance)):
            raise SentenceError(
                f"with_probability({event}, ...): the event is a sentence about one network; relate two expressions"
            )
        try:
            bound: Any = None if at_least is None else sympify(at_least, strict=True)
        except SympifyError:  # text above all, which SymPy would execute
            bound = None
        plain = isinstance(bound, Expr) and not isinstance(bound, Boolean) and not getattr(bound, "is_Matrix", False)
        if not plain or free_indices(bound):
            raise SentenceError(
                f"with_probability(..., {at_least}): give a probability, one number for the whole world, such as "
                "1 - delta"
            )
        if bound.is_number and not (bound.is_finite and bound.is_extended_real and 0 < bound <= 1):
            raise SentenceError(
                f"with_probability(..., {at_least}): a probability that says something is above 0 and at most 1"
            )
        return super().__new__(cls, event, bound)

    @property
    def event(self) -> Any:
        """What is likely."""
        return self.args[0]

    @property
    def at_least(self) -> Any:
        """How likely it is at least."""
        return self.args[1]

    @property
    def failing(self) -> Any:
        """How often the event may fail."""
        return Integer(1) - self.at_least

    def _sympystr(self, printer: Any) -> str:
        return f"with probability at least {printer._print(self.at_least)}: {printer._print(self.event)}"

    def _latex(self, printer: Any) -> str:
        return rf"\Pr\left[{printer._print(self.event)}\right] \ge {printer._print(self.at_least)}"
