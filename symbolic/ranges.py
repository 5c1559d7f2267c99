"""Ranges over a ground by the rules for ranges alone, without ends of the domain: what a way may ask by itself."""

from __future__ import annotations

from typing import Any

from symbolic.calculus_rules import RANGE, RULES, Ground
from symbolic.intervals import Interval, UndefinedError

FACES = ("lower face", "upper face")
"""The rules that look at the ends of the domain."""


class Ranges:
    """Encloses nodes over one ground; every rule is applied, and what they give has to hold together."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._known: dict[Any, Interval | None] = {}
        self._rules = [rule for name, rule in RULES.items() if rule.quantity == RANGE and name not in FACES]

    def of(self, node: Any) -> Interval | None:
        """The interval of a node, or None where no rule bounds it or it may have no value."""
        if node not in self._known:
            self._known[node] = None  # what is asked while it is being worked out gets the best so far
            for rule in self._rules:
                needs = rule.needs(node, None, self.ground)
                parts = None if needs is None else [self.of(key[1]) for key in needs]
                if parts is None or any(part is None for part in parts):
                    continue
                try:
                    found = rule.value(node, None, tuple(p for p in parts if p is not None), self.ground)
                    best = self._known[node]
                    self._known[node] = found if best is None else best.meet(found)
                except UndefinedError:
                    continue
        return self._known[node]

    def positive(self, node: Any) -> bool:
        """Whether a node is surely above 0."""
        found = self.of(node)
        return found is not None and found.positive

    def nonnegative(self, node: Any) -> bool:
        """Whether a node is surely not below 0."""
        found = self.of(node)
        return found is not None and found.nonnegative
