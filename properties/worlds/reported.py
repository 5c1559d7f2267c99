"""The printed numbers of Oymak et al. 2019 as worlds: each is one vector of one training run, at one time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from symbolic.papers.reported import SPLITS, Split, printed
from verify.worlds import Kind, Lanes, reading

START, END = range(2)
SHIFT = 4
FINE = 2**SHIFT
"""Where a number lies between the ends of its rounding is a multiple of 1/FINE."""


@dataclass(frozen=True)
class ReportedSplits(Kind):
    """Numbers that round to what is printed in a row of ``symbolic.papers.reported.SPLITS``, at one of two times.

    With ``inverted``, only rows with a pseudo-inverse.
    """

    inverted: bool = False

    speaks: ClassVar[str] = "reported"

    def can_read(self, letter: str) -> bool:
        """The pseudo-inverse is there where it is printed."""
        return letter != "c" or self.inverted

    @property
    def splits(self) -> tuple[Split, ...]:
        """The rows that come up."""
        return tuple(split for split in SPLITS if split.inverse or not self.inverted)

    @reading
    def row(net: Any) -> Any:
        return net.draw("row", "", 0, len(net.kind.splits) - 1)

    @reading
    def time(net: Any) -> Any:
        return net.draw("time", "", START, END)

    @reading
    def A(net: Any) -> Any:
        return at_time(net, lambda split, time: printed(split.information[time])[0])

    @reading
    def B(net: Any) -> Any:
        return at_time(net, lambda split, time: printed(split.nuisance[time])[0])

    @reading
    def B_other(net: Any) -> Any:
        return at_time(net, lambda split, time: printed(split.nuisance[1 - time])[0])

    @reading
    def off_A(net: Any) -> Any:
        half = at_time(net, lambda split, time: printed(split.information[time])[1])
        return half * (1 + net.draw("beyond A", "", 0, FINE, -SHIFT))

    @reading
    def off_B(net: Any) -> Any:
        half = at_time(net, lambda split, time: printed(split.nuisance[time])[1])
        return half * (1 + net.draw("beyond B", "", 0, FINE, -SHIFT))

    @reading
    def a(net: Any) -> Any:
        half = at_time(net, lambda split, time: printed(split.information[time])[1])
        return net.A + half * net.draw("a", "", -FINE, FINE, -SHIFT)

    @reading
    def c(net: Any) -> Any:
        number, half = (
            at_time(net, lambda split, time, part=part: printed(split.inverse[time])[part]) for part in (0, 1)
        )
        return number + half * net.draw("c", "", -FINE, FINE, -SHIFT)

    @reading
    def a_0(net: Any) -> Any:
        return rounding(net, "a_0", START)

    @reading
    def a_T(net: Any) -> Any:
        return rounding(net, "a_T", END)

    @reading
    def classes(net: Any) -> Any:
        return of_row(net, lambda split: Fraction(split.run.classes))

    @reading
    def samples(net: Any) -> Any:
        return of_row(net, lambda split: Fraction(split.run.samples))

    def visited(self, net: Lanes) -> dict[str, Any]:
        """Which rows were looked at."""
        if not {"row", "time"} <= set(net.draws):
            return {}
        row, time = net.draws["row"].values, net.draws["time"].values
        return {
            f"{split.run.name}, {split.vector}, {told}": (row == number) & (time == when)
            for number, split in enumerate(self.splits)
            for when, told in ((START, "start"), (END, "end"))
        }


def rounding(net: Any, name: str, time: int) -> Any:
    """(L,) numbers that round to the information part at a time; where they are is drawn under a name."""
    number, half = (of_row(net, lambda split, part=part: printed(split.information[time])[part]) for part in (0, 1))
    return number + half * net.draw(name, "", -FINE, FINE, -SHIFT)


def of_row(net: Any, number: Callable[[Split], Fraction]) -> Any:
    """(L,) a number of each lane's row."""
    return listed(net, net.row, [number(split) for split in net.kind.splits])


def at_time(net: Any, number: Callable[[Split, int], Fraction]) -> Any:
    """(L,) a number of each lane's row at its time."""
    start, end = (of_row(net, lambda split, when=when: number(split, when)) for when in (START, END))
    return net.arithmetic.where(net.time == START, start, end)


def listed(net: Lanes, place: Any, numbers: list[Fraction]) -> Any:
    """(L,) the number at a place (L,) of a list."""
    found = net.arithmetic.constant(numbers[0], net.count)
    for number, value in enumerate(numbers):
        found = net.arithmetic.where(place == number, net.arithmetic.constant(value, net.count), found)
    return found


__all__ = ["ReportedSplits", "listed"]
