"""Stored sentences as text for people.

A record stores a sentence as a tree of lists, ["LessThan", ["rank", ["word", "chen2024:V"]], ["number", "1"]]. It is
printed and never evaluated; what is no such tree is printed as it stands, because a record may come from anybody.
"""

from collections.abc import Callable
from typing import Any

DEEPEST = 40
"""Levels of a tree that are printed; what is below is an ellipsis."""

LONGEST = 220
"""Characters of one line; a longer one ends in an ellipsis."""

_GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "eps": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "iota": "ι", "kappa": "κ", "lam": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "tau": "τ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
}  # fmt: skip
_CONSTANTS = {"pi": "π", "e": "e", "oo": "∞", "true": "true", "false": "false"}
_RELATIONS = {
    "LessThan": "≤", "StrictLessThan": "<", "GreaterThan": "≥", "StrictGreaterThan": ">",
    "Equality": "=", "Unequality": "≠", "Implies": "⇒", "And": "and", "Or": "or", "chain": "≤",
    "dominates": "is at least",
}  # fmt: skip
_FENCES = {
    "Abs": ("|", "|"),
    "norm": ("‖", "‖"),
    "spectral_norm": ("‖", "‖₂"),
    "ceiling": ("⌈", "⌉"),
    "floor": ("⌊", "⌋"),
}
_BINDERS = {"greatest": "max", "least": "min", "mean_scalar": "mean", "mean_matrix": "mean"}
_SUM, _PRODUCT, _POWER, _ATOM = range(4)
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Printer:
    """Prints trees as text; indices that a proof fixed ("!e3ae…") are numbered in the order in which they are met."""

    def __init__(self) -> None:
        self.fixed: dict[str, str] = {}

    def __call__(self, node: Any) -> str:
        """The text of a node."""
        return self._print(node, DEEPEST)[0]

    def _print(self, node: Any, room: int) -> tuple[str, int]:
        """The text of a node, and how tightly it binds."""
        if not isinstance(node, list) or not node or not isinstance(node[0], str):
            return ("" if node is None else str(node)[:LONGEST]), _ATOM
        if room == 0:
            return "…", _ATOM
        name, *parts = node
        special: Callable[[list[Any], int], tuple[str, int] | None] | None = getattr(self, f"_{name}", None)
        found = special(parts, room - 1) if special and name in _SPECIAL else None
        if found is not None:
            return found
        texts = [self._print(part, room - 1) for part in parts]
        if name in _RELATIONS and len(texts) > 1:
            return f" {_RELATIONS[name]} ".join(self._wrapped(text, name) for text in texts), -1
        if name in _FENCES and len(texts) == 1:
            return f"{_FENCES[name][0]}{texts[0][0]}{_FENCES[name][1]}", _ATOM
        if name in _BINDERS and len(texts) > 1:
            return f"{_BINDERS[name]}[{' in '.join(t for t, _ in texts[1:])}] {_within(texts[0], _POWER)}", _PRODUCT
        return f"{name}({', '.join(text for text, _ in texts)})", _ATOM

    def _wrapped(self, part: tuple[str, int], name: str) -> str:
        logical = name in ("Implies", "And", "Or")
        return f"({part[0]})" if part[1] < 0 and logical else part[0]

    def _word(self, parts: list[Any], room: int) -> tuple[str, int]:
        stem, _, tail = str(parts[0] if parts else "?").rpartition(":")[2].partition("_")
        name = _GREEK.get(stem, stem)
        return (f"{name}_{tail}" if tail else name), _ATOM

    def _number(self, parts: list[Any], room: int) -> tuple[str, int]:
        text = str(parts[0] if parts else "?")
        return text.replace("-", "−"), _SUM if text.startswith("-") else _PRODUCT if "/" in text else _ATOM

    def _constant(self, parts: list[Any], room: int) -> tuple[str, int]:
        return _CONSTANTS.get(str(parts[0]) if parts else "", "?"), _ATOM

    def _index(self, parts: list[Any], room: int) -> tuple[str, int]:
        letter = str(parts[0] if parts else "?")
        if letter.startswith("!"):
            number = str(len(self.fixed) + 1).translate(_SUBSCRIPTS)
            letter = self.fixed.setdefault(letter, f"{str(parts[1])[:1] if len(parts) > 1 else 'i'}{number}")
        return letter, _ATOM

    def _at(self, parts: list[Any], room: int) -> tuple[str, int]:
        indices = ", ".join(self._print(part, room)[0] for part in parts[1:])
        return f"{self._word(parts[:1], room)[0]}[{indices}]", _ATOM

    def _Add(self, parts: list[Any], room: int) -> tuple[str, int]:
        terms = [_within(self._print(part, room), _SUM, negative=True) for part in parts]
        ordered = sorted(terms, key=lambda term: term.startswith("−"))
        text = "".join(f" − {t[1:]}" if t.startswith("−") else f" + {t}" for t in ordered)
        return text.removeprefix(" + ").replace(" − ", "−", 1) if text.startswith(" − ") else text[3:], _SUM

    _MatAdd = _Add

    def _Mul(self, parts: list[Any], room: int) -> tuple[str, int]:
        above, below, sign = [], [], ""
        for part in parts:
            number = str(part[1]) if _is(part, "number", 2) else ""
            if number.startswith("-"):
                sign, number = ("" if sign else "−"), number[1:]
            if number:
                top, _, bottom = number.partition("/")
                above += [top] if top != "1" else []
                below += [bottom] if bottom else []
                continue
            base = _reciprocal(part)
            (above if base is None else below).append(
                _within(self._print(part if base is None else base, room), _POWER)
            )
        over = " ".join(above) or "1"
        under = below[0] if len(below) == 1 else f"({' '.join(below)})"
        return f"{sign}{over}/{under}" if below else f"{sign}{over}", _SUM if sign else _PRODUCT

    def _MatMul(self, parts: list[Any], room: int) -> tuple[str, int]:
        return " ".join(_within(self._print(part, room), _POWER) for part in parts), _PRODUCT

    def _Pow(self, parts: list[Any], room: int) -> tuple[str, int] | None:
        if len(parts) != 2:
            return None
        if parts[1] == ["number", "1/2"]:
            return f"√({self._print(parts[0], room)[0]})", _ATOM
        base = _reciprocal(["Pow", *parts])
        if base is not None:
            return f"1/{_within(self._print(base, room), _POWER)}", _PRODUCT
        power = self._print(parts[1], room)
        return f"{_within(self._print(parts[0], room), _ATOM)}^{_within(power, _ATOM)}", _POWER

    def _Transpose(self, parts: list[Any], room: int) -> tuple[str, int] | None:
        return (f"{_within(self._print(parts[0], room), _ATOM)}ᵀ", _ATOM) if len(parts) == 1 else None

    def _Tuple(self, parts: list[Any], room: int) -> tuple[str, int]:
        return ", ".join(self._print(part, room)[0] for part in parts), _ATOM

    def _ZeroMatrix(self, parts: list[Any], room: int) -> tuple[str, int]:
        return "0", _ATOM

    def _increasing(self, parts: list[Any], room: int, word: str = "increasing") -> tuple[str, int] | None:
        if len(parts) < 2:
            return None
        strictly = "strictly " if parts[2:] == [["constant", "true"]] else ""
        return f"{self._print(parts[0], room)[0]} is {strictly}{word} in {self._print(parts[1], room)[0]}", -1

    def _decreasing(self, parts: list[Any], room: int) -> tuple[str, int] | None:
        return self._increasing(parts, room, "decreasing")

    def _convex(self, parts: list[Any], room: int) -> tuple[str, int] | None:
        return self._increasing(parts, room, "convex")

    def _concave(self, parts: list[Any], room: int) -> tuple[str, int] | None:
        return self._increasing(parts, room, "concave")

    def _positive(self, parts: list[Any], room: int) -> tuple[str, int] | None:
        return (f"{self._print(parts[0], room)[0]} > 0", -1) if parts else None

    def _homogeneous(self, parts: list[Any], room: int) -> tuple[str, int] | None:
        if len(parts) != 3:
            return None
        what, words, degree = (self._print(part, room)[0] for part in parts)
        return f"{what} is homogeneous of degree {degree} in {words}", -1

    def _limit(self, parts: list[Any], room: int) -> tuple[str, int] | None:
        if len(parts) != 4:
            return None
        what, word, point, value = (self._print(part, room)[0] for part in parts)
        return f"{what} tends to {value} as {word} tends to {point}", -1

    def _crossover(self, parts: list[Any], room: int) -> tuple[str, int] | None:
        if len(parts) != 4:
            return None
        first, second, word, at = (self._print(part, room)[0] for part in parts)
        return f"{first} ≤ {second} up to {word} = {at}, and ≥ from there on", -1

    def _reduces_to(self, parts: list[Any], room: int) -> tuple[str, int] | None:
        if len(parts) != 3 or not isinstance(parts[1], list):
            return None
        pairs = [[self._print(part, room)[0] for part in pair[1:]] for pair in parts[1][1:] if isinstance(pair, list)]
        at = ", ".join(" = ".join(pair) for pair in pairs)
        return f"{self._print(parts[0], room)[0]} at {at} is {self._print(parts[2], room)[0]}", -1


_SPECIAL = frozenset(
    name[1:]
    for name in vars(Printer)
    if name.startswith("_") and not name.startswith("__") and name not in ("_print", "_wrapped")
)


def _is(node: Any, name: str, length: int) -> bool:
    return isinstance(node, list) and len(node) == length and node[0] == name


def _reciprocal(node: Any) -> Any:
    """What a node is one over, or None."""
    if not _is(node, "Pow", 3) or not _is(node[2], "number", 2) or not str(node[2][1]).startswith("-"):
        return None
    power = str(node[2][1])[1:]
    return node[1] if power == "1" else ["Pow", node[1], ["number", power]]


def _within(part: tuple[str, int], least: int, negative: bool = False) -> str:
    """A part in brackets where it binds less tightly than `least`; a negative term of a sum keeps its sign."""
    text, binds = part
    return text if binds >= least or (negative and binds == _SUM) else f"({text})"
