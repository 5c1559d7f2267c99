"""What statements have in common where worlds differ in their draws alone: lanes, and the values of expressions there.

A claim, its mutants and its neighbours speak of the same numbers in the same box. They are drawn, read and worked out
once, lane by lane as each would by itself, so that nothing depends on who came first.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from verify.arena import Arena
from verify.draws import Draw, Generated, Given
from verify.evaluate import Evaluator
from verify.lanes import LaneArithmetic
from verify.worlds import Kind, Lanes, World

WORLDS = 6
"""How many worlds are remembered, the last ones asked for."""

VALUES = 500
"""How many values are remembered of one world, before they are worked out anew."""


@dataclass
class Common:
    """The lanes of one world, with every draw that anyone has asked for so far."""

    net: Lanes
    slack: float
    readers: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._evaluator = Evaluator(self.net, self.slack)

    def lanes(self, declared: dict[str, tuple[tuple[str, ...], int, int]]) -> Lanes:
        """The same lanes with the draws (name -> axes, low, high) that one statement reads, and no others."""
        fresh = {n: (self.net.shape(axes), low, high) for n, (axes, low, high) in declared.items()}
        self.net.source.ahead({n: asked for n, asked in fresh.items() if n not in self.net.draws})
        for name, (axes, low, high) in declared.items():
            self.net.integers(name, " ".join(axes), low, high)
        draws: dict[str, Draw] = {name: self.net.draws[name] for name in declared}
        return Lanes(self.net.kind, self.net.world, self.net.arithmetic, Given(draws, self.net.count), draws)

    @property
    def evaluator(self) -> Evaluator:
        """What works out expressions on these lanes, and remembers them."""
        if self._evaluator.known > VALUES:
            self._evaluator = Evaluator(self.net, self.slack)
        return self._evaluator


_KNOWN: OrderedDict[Any, Common] = OrderedDict()


def common(kind: Kind, world: World, arena: Arena, count: int, words: Iterable[str]) -> Common:
    """The first lanes of a world; made anew where one of the words, which a draft may declare again, is read anew."""
    key = (kind, world, arena.device, arena.dtype, count)
    readers = {name: kind.reader(name) for name in words}
    known = _KNOWN.get(key)
    if known is None or any(known.readers.get(name, reader) != reader for name, reader in readers.items()):
        source = Generated(arena, world.seed, 0, count, world.reach, world.sparse)
        net = Lanes(kind, world, LaneArithmetic(arena), source)
        known = _KNOWN[key] = Common(net, arena.allowance(kind.length(world)))
    known.readers |= readers
    _KNOWN.move_to_end(key)
    if len(_KNOWN) > WORLDS:
        _KNOWN.popitem(last=False)
    return known
