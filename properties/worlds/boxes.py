"""Boxes: every word is a number between two ends, and nothing else is in the world.

A word is read from a side, and from two steps and their exponents: ``end + step * 2**exponent + ...`` from the lower
end, ``end - ...`` from the upper one, or from a small integer in between. So all decades next to both ends
come up, the ends themselves where they belong to the box, and small integers; and every number is in the box by
construction. Ends that are not dyadic are hit as they are, and walked from at a dyadic number just inside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, ClassVar

import sympy as sp
from flint import fmpq

from properties.worlds.aiming import aimed
from properties.worlds.placing import AT, PARTS, placed, placing
from symbolic import ends
from symbolic.behaviour import value_of
from symbolic.spans import Span, SpanError, span
from symbolic.words import DICTIONARY, Scalar
from verify.draws import below, counter_bits, key
from verify.worlds import Kind, KindError, Lanes

STEPS = 16
"""The largest step."""

FARTHEST_STEP = 2 * STEPS
"""The largest sum of a step and a finer one, in units of the largest power."""

FARTHEST = 60
"""The largest exponent from an end whose other end is infinite."""

FINE, FINER, FINEST = 24, 40, 128
"""How many exponents below the largest one a real word has: at least, where an end is 0, and at most."""

BEYOND = 1000
"""Where the largest exponent is above this, all exponents come up down to the scale of the ends: floats end there."""

NEAR = 6
"""How many exponents below that of an end there are at least, so that numbers close to it come up."""

LOW_ENDS, HIGH_ENDS, ONE_HIGH_END, NEAR_LOW_ENDS, NEIGHBOURS = range(5)
RISE = 16
"""In the lanes near the simplest point, one draw in so many is kept, then two, and so on."""
EXTREME = 4
"""Of the lanes near the simplest point, every so many is at ends and neighbours instead."""
TURNS = 5
"""How often each of these comes up among the lanes of the corner."""

BITS = 20
"""Significant bits of the dyadic number just inside of an end that has none itself."""


@dataclass(frozen=True)
class Origin:
    """Where numbers are counted from: ``base + direction * (step + skip) * 2**exponent``, and ``end`` at step 0.

    ``end`` is None where step 0 is like the others; exponents are at most ``largest``, so that none leaves the span.
    """

    base: Fraction
    direction: int
    largest: int
    end: Fraction | None
    skip: int = 0


@dataclass(frozen=True)
class Course:
    """How the values of one word are drawn: origins, the largest step, the exponents from ``lowest`` to ``highest``.

    ``simple`` is the exponent of draw 0; ``top`` the largest number that is walked to, None where there is none;
    ``fine`` says that a second step of its own exponent is added, for numbers of more than one scale.
    """

    origins: tuple[Origin, ...]
    steps: int
    simple: int
    lowest: int
    highest: int
    top: Fraction | None
    fine: bool = True


@dataclass(frozen=True, init=False, repr=False)
class Box(Kind):
    """Numbers in a box: ``Box({N: (1, 10**9)})`` by words, or ``Box(N=(1, 10**9), delta=("1e-9", "1/2"))`` by letters.

    A letter stands for the word of any source with that letter. An interval is (low, high), both of which belong to it,
    or a ``Span``, which may be open. A word is an integer where it is declared as one, and has one interval. Raises
    KindError.
    """

    intervals: tuple[tuple[str, Span], ...] = ()

    refines: ClassVar[bool] = False
    corners: ClassVar[tuple[str, ...]] = ("ends and neighbours",)
    plain: ClassVar[str] = "near the simplest point"
    exactly: ClassVar[str] = AT

    def __init__(self, intervals: Any = None, /, **letters: Any) -> None:
        known: dict[str, Any] = {}
        for word, given in dict(intervals or {}).items():
            if not isinstance(word, (Scalar, str)):
                raise KindError(f"a box has words as keys, and {word!r} is none; declare it with word(...)")
            _put(known, word if isinstance(word, str) else word.name, given)
        for letter, given in letters.items():
            _put(known, letter, given)
        if not known:
            raise KindError("a box has a span for each of its words; write for example Box(N=(1, 10**9))")
        try:
            spans = {name: span(given, name.partition(":")[2] or name) for name, given in known.items()}
        except SpanError as error:
            raise KindError(str(error)) from None
        for name in (n for n in spans if ":" in n):
            fault = spans[name].fault(name) if name in DICTIONARY else f"no word is called {name}; declare it first"
            if fault:
                raise KindError(fault)
        object.__setattr__(self, "intervals", tuple(sorted(spans.items())))

    @property
    def spans(self) -> dict[str, Span]:
        """The spans by full name, or by letter where a letter was given."""
        return dict(self.intervals)

    def span(self, word: Any) -> Span | None:
        """The span of a word, or of its full name; None where it is not in the box. Another value of x is in x's."""
        name = word if isinstance(word, str) else word.name
        while (base := value_of(name)) is not None and name not in self.spans:
            name = base
        return self.spans.get(name, self.spans.get(name.partition(":")[2]))

    # -- words ---------------------------------------------------------------------------------------------------

    def knows(self, name: str) -> bool:
        """Whether a word (full name) is in the box; KindError where its declaration does not fit its span."""
        found = self.span(name)
        fault = found.fault(name) if found is not None and name in DICTIONARY else ""
        if fault:
            raise KindError(fault)
        if found is not None and name in DICTIONARY:
            try:
                course_of(found, DICTIONARY[name].integer)
            except KindError as error:
                raise KindError(f"{name.partition(':')[2]}: {error}") from None
        return found is not None

    def reader(self, name: str) -> Any:
        """The function that reads a word: of another value of x, from x upwards."""
        found = self.span(name)
        if found is None or name not in DICTIONARY:
            return None
        integer = DICTIONARY[name].integer
        base = value_of(name)
        start = base if name not in self.spans else None
        return _Read(name, course_of(found, integer), start, found, integer)

    def aims(self, name: str, number: Fraction) -> list[dict[str, int]]:
        """Draws by which a word is at a number or next to it, as far as they are in the box; of no second value."""
        found = self.span(name)
        if found is None or (value_of(name) is not None and name not in self.spans):
            return []
        integer = DICTIONARY[name].integer
        chosen = aimed(course_of(found, integer), number, integer)
        return [{f"{name} {part}": value for part, value in parts.items()} for parts in chosen]

    def placing(self, name: str, number: Fraction) -> dict[str, int]:
        """Draws by which a word is at a number, in the corner ``exactly``; none where the number is not in the box."""
        found = self.span(name)
        inside = found is not None and found.contains(number)
        return placing(name, number) if inside and (number.denominator == 1 or not DICTIONARY[name].integer) else {}

    def vocabulary(self) -> tuple[str, ...]:
        """The letters in the box."""
        return tuple(sorted(name.partition(":")[2] or name for name in self.spans))

    def missing(self, name: str) -> str:
        """What to do about a word that is not in the box."""
        return f"give {name.partition(':')[2]} an interval"

    # -- corners -------------------------------------------------------------------------------------------------

    def impose(self, corner: str, name: str, values: Any, net: Lanes) -> Any:
        """All words at their low ends, at their high ends, one at its high end, near the low ends, and near neighbours.

        The five take turns, lane after lane; so does, in the third, the word that is moved. Near the simplest point,
        more and more draws are not 0, lane after lane, and again, and some lanes are as in the first corner. Where
        words are placed, none is, and every second lane is as in the first corner.
        """
        lanes = (values * 0 + 1).cumsum(0) - 1
        turn, moved = lanes % TURNS, (lanes // TURNS) % len(self.intervals)
        word, _, part = name.rpartition(" ")
        second = value_of(word) is not None and word not in self.spans
        if corner in (self.plain, self.exactly):
            bent = self.impose(self.corners[0], name, values, net)
        if corner == self.plain:
            keys = counter_bits(net.arithmetic.arena, key(name), lanes, 1)[:, 0]
            simple = values if second and part == "step" else values * (below(keys, RISE) < lanes % RISE)
            return bent.where(lanes % EXTREME == 0, simple)
        if corner == self.exactly:
            return values * 0 if part in PARTS else values.where(lanes % 2 == 0, bent)
        word, fine = word.removesuffix(" fine"), word.endswith(" fine")
        bent = values * (turn != NEAR_LOW_ENDS) if part != "step" or fine else values
        if second:
            return bent.where(turn != NEIGHBOURS, values.clamp(max=1)) if part == "step" else bent
        if part == "exponent":
            return bent
        found = self.span(word)
        course = course_of(found, DICTIONARY[word].integer) if found is not None else None
        closed = course is not None and len(course.origins) > 1 and course.origins[1].direction < 0
        high = int(closed and part == "side")
        at_high = (turn == HIGH_ENDS) | ((turn == ONE_HIGH_END) & (moved == self._place(word)))
        at_low = turn == LOW_ENDS
        return (bent * ~(at_low | at_high)) + high * at_high

    def _place(self, word: str) -> int:
        """The number of a word's interval."""
        names = list(self.spans)
        return names.index(word if word in names else word.partition(":")[2])

    @cached_property
    def _text(self) -> str:
        return f"Box({', '.join(f'{name}: {found}' for name, found in self.intervals)})"

    def __str__(self) -> str:
        return self._text

    __repr__ = __str__


def _put(known: dict[str, Any], name: str, given: Any) -> None:
    """Give a word, or a letter, its interval; KindError where a box has one for it already."""
    letter = name.rpartition(":")[2]
    for other in known:
        if other == name or (letter in (other, name) and other.rpartition(":")[2] == letter):
            told = f"{other} is given two" if other == name else f"{other} and {name} are given one each"
            raise KindError(
                f"a box has one interval for each word, and {told}; leave one out, or rename one of the words"
            )
    known[name] = given


@dataclass(frozen=True)
class _Read:
    """How a word is read: by its course, from the value of ``base`` upwards where it is another value of that."""

    name: str
    course: Course
    base: str | None
    found: Span
    integer: bool

    def __call__(self, net: Lanes) -> Any:
        start = None if self.base is None else net.read(self.base)
        drawn = _drawn(net, self.name, self.course) if start is None else _above(net, self.name, start, self.course)
        return placed(net, self.name, self.found, self.integer, drawn, start) if net.world.corner == AT else drawn


def _power(net: Lanes, name: str, course: Course) -> Callable[[int], Any]:
    """The power of two that is drawn under a name, brought to at most 2**largest."""
    drawn = net.integers(name, "", course.lowest, course.highest)

    def power(largest: int) -> Any:
        highest = min(course.simple + course.highest, largest)
        lowest = min(course.simple + course.lowest, highest)
        if net.arithmetic.exact:
            return Fraction(2) ** max(lowest, min(int(drawn[0]) + course.simple, highest))
        return net.arithmetic.powers(drawn, course.simple, lowest, highest)

    return power


def _whole(net: Lanes, name: str, low: int, high: int) -> Any:
    """Integers drawn under a name, as numbers; of the one point of an exact appeal, the integer itself."""
    drawn = net.integers(name, "", low, high)
    return int(drawn[0]) if net.arithmetic.exact else net.arithmetic.scaled(drawn)


def _walked(origin: Origin, step: int, near: Fraction, unit: Fraction) -> Fraction:
    """Where one point is, by its origin, its step in units, and what is nearer."""
    far = (step + origin.skip) * unit + near
    return origin.end if far == 0 and origin.end is not None else origin.base + origin.direction * far


def _drawn(net: Lanes, name: str, course: Course) -> Any:
    arithmetic, found, finer = net.arithmetic, None, 0
    side = _whole(net, f"{name} side", 0, len(course.origins) - 1)
    step = _whole(net, f"{name} step", 0, course.steps)
    power = _power(net, f"{name} exponent", course)
    if course.fine:
        finer = _whole(net, f"{name} fine step", -course.steps, course.steps)
        fine_power = _power(net, f"{name} fine exponent", course)
    if arithmetic.exact:
        origin = course.origins[side]
        near = max(finer, 0) * fine_power(origin.largest) if course.fine else Fraction(0)
        return arithmetic.constant(_walked(origin, step, near, power(origin.largest)), 1)
    if course.fine:
        # Below 0 it stands for none, so that ends and what is one step away from them keep their share.
        finer = arithmetic.maximum(finer, arithmetic.constant(Fraction(0), net.count))
    for number, origin in enumerate(course.origins):
        far, none = (step + origin.skip) * power(origin.largest), step == 0
        if course.fine:
            near = finer * fine_power(origin.largest)
            far, none = far + near, far + near == 0
        walked = far * origin.direction + arithmetic.number(origin.base)
        if origin.end is not None:
            walked = arithmetic.where(none, arithmetic.number(origin.end), walked)
        found = walked if found is None else arithmetic.where(side == number, walked, found)
    return found


def _above(net: Lanes, name: str, start: Any, course: Course) -> Any:
    """A number from ``start`` upwards, by a step, and not beyond the top."""
    step = _whole(net, f"{name} step", 0, course.steps)
    beyond = start + step * _power(net, f"{name} exponent", course)(course.origins[0].largest)
    if course.top is not None:
        beyond = net.arithmetic.minimum(beyond, net.arithmetic.constant(course.top, net.count))
    return net.arithmetic.maximum(beyond, start)


# -- courses -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def course_of(found: Span, integer: bool) -> Course:
    """How the values of a span are drawn, of an integer or of a real word; KindError where it is too narrow."""
    return _integers(found) if integer else _reals(found)


def _integers(found: Span) -> Course:
    least, greatest = found.integers()
    low = Fraction(least)
    if greatest is None:
        return Course((Origin(low, 1, FARTHEST, low),), STEPS, 0, 0, FARTHEST, None)
    high = Fraction(greatest)
    if high - low < FARTHEST_STEP:
        return Course((Origin(low, 1, 0, low),), int(high - low), 0, 0, 0, high, fine=False)
    largest = max(0, _log2((high - low) / FARTHEST_STEP))
    both = Origin(low, 1, largest, low), Origin(high, -1, largest, high)
    return Course(both, STEPS, 0, 0, largest, high)


def _reals(found: Span) -> Course:
    low, base = _anchored(found.low, 1)
    if found.low == found.high:
        return Course((Origin(low, 1, 0, low),), 0, 0, 0, 0, low, fine=False)
    if found.high == sp.oo:
        origins = [_origin(low, base, 1, found.open_low, None, True), *_middle(found, None)]
        return Course(tuple(origins), STEPS, 0, _lowest(0, base), FARTHEST, None)
    high, top = _anchored(found.high, -1)
    width = top - base
    if width <= 0:
        raise KindError(f"the span {found.short()} is too narrow to draw from; widen it, or make both ends equal")
    origins = [
        _origin(low, base, 1, found.open_low, width, found.open_high),
        _origin(high, top, -1, found.open_high, width, found.open_low),
        *_middle(found, top),
    ]
    largest = max(origin.largest for origin in origins)
    lowest = min(_lowest(origin.largest, base, top) for origin in origins)
    simple = min(0, largest)
    farthest = top - Fraction(2) ** lowest if found.open_high else high
    return Course(tuple(origins), STEPS, simple, lowest - simple, largest - simple, farthest)


def _lowest(largest: int, *bases: Fraction) -> int:
    """The lowest exponent: fine at the scale of each end, or well below the largest one where an end is 0."""
    scales = [_log2(abs(base)) if base else largest - FINER + NEAR for base in bases]
    lowest = min(largest - FINE, *(scale - NEAR for scale in scales))
    return lowest if largest > BEYOND else max(lowest, largest - FINEST)


def _origin(
    end: Fraction, base: Fraction, direction: int, is_open: bool, width: Fraction | None, strict: bool
) -> Origin:
    """Counting from one end, which is left out where the span is open there, less far than ``width`` where strict."""
    skip = int(is_open)
    if width is None:
        return Origin(base, direction, FARTHEST, None if is_open else end, skip)
    largest = _log2(width / (FARTHEST_STEP + skip))
    if strict and (FARTHEST_STEP + skip) * Fraction(2) ** largest == width:
        largest -= 1
    return Origin(base, direction, largest, None if is_open else end, skip)


def _middle(found: Span, top: Fraction | None) -> list[Origin]:
    """Counting upwards from the integer inside that is nearest to 0, unless there is none but the ends."""
    least, greatest = found.integers()
    chosen = Fraction(max(least, 0) if greatest is None else min(max(least, 0), greatest))
    if not ends.below(found.ends[0], ends.exact(chosen)) or (top is not None and chosen >= top):
        return []
    return [_origin(chosen, chosen, 1, False, None if top is None else top - chosen, True)]


def _anchored(end: Any, direction: int) -> tuple[Fraction, Fraction]:
    """An end as a rational in the span, and the dyadic number next to it inside; the same where the end is dyadic."""
    exact = _exact(end)
    if exact is not None and not exact.denominator & (exact.denominator - 1):
        return exact, exact
    size = _log2(abs(_approximate(end)))
    unit = Fraction(2) ** (size - BITS)
    exactly = ends.of(end)
    assert exactly.q is not None
    inside = ends.End(exactly.q / fmpq(unit.numerator, unit.denominator), exactly.a).whole(direction) * unit
    return (exact if exact is not None else inside), inside


def _exact(end: Any) -> Fraction | None:
    return Fraction(int(end.p), int(end.q)) if end.is_Rational else None


def _approximate(end: Any) -> Fraction:
    exact = _exact(end)
    return exact if exact is not None else Fraction(str(sp.N(end, 30)))


def _log2(number: Fraction) -> int:
    """The largest exponent of a power of two that is not above a positive rational."""
    guess = number.numerator.bit_length() - number.denominator.bit_length()
    return guess if Fraction(2) ** guess <= number else guess - 1
