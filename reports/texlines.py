"""Long formulas in lines, and with names for their parts, so that they fit where they are shown."""

from collections.abc import Iterable

from reports.texmath import Atom, Slot

SHORTEST = 9.0
"""A part of a formula that is narrower, in em, is not taken out of it."""
MOST_NAMES = 9
"""Parts that are taken out of one formula."""


def lines(whole: Slot, room: float) -> list[str]:
    """A formula in lines of at most `room` em where it can be broken: before connectives, relations, sums, factors.

    Wide parentheses are opened; a single atom that is wider all the same stands in a line of its own.
    """
    if whole.width <= room:
        return [whole.latex]
    atoms = [piece for atom in whole.atoms for piece in _opened(atom, room)]
    told = [part for clause in _split(atoms, "logic") for part in _split(clause, "rel") if part]
    clauses = _split(atoms, "logic") if any(a.kind == "logic" for a in atoms) else _split(atoms, "rel")
    parts = told if any(Slot(tuple(c)).width > room for c in clauses) else clauses
    folded = [_folded(tuple(part), room - 2 * (k > 0)) for k, part in enumerate(parts)]
    return [rf"\quad {line}" if k else line for k, part in enumerate(folded) for line in part]


def _split(atoms: Iterable[Atom], kind: str) -> list[list[Atom]]:
    """Atoms in parts that begin with one of a kind, outside of parentheses."""
    parts: list[list[Atom]] = [[]]
    depth = 0
    for atom in atoms:
        depth += (atom.kind == "open") - (atom.kind == "close")
        if atom.kind == kind and depth == 0 and parts[-1]:
            parts.append([])
        parts[-1].append(atom)
    return parts


def _opened(atom: Atom, room: float) -> Iterable[Atom]:
    """A pair of delimiters that is wider than the line as the one, what is between, and the other."""
    lead, inner = atom.parts[0], atom.parts[1] if len(atom.parts) > 1 else ""
    if atom.width <= room or not isinstance(lead, str) or not lead.startswith(r"\left") or isinstance(inner, str):
        return [atom]
    closing, *scripts = atom.parts[2:]
    assert isinstance(closing, str)
    left, right = lead.replace(r"\left", r"\Bigl", 1), closing.replace(r"\right", r"\Bigr", 1)
    return [Atom((left,), 0.7, "punct"), *inner.atoms, Atom((right, *scripts), 0.7)]


def _folded(atoms: tuple[Atom, ...], room: float, within: float = 0) -> list[str]:
    """A part between relations, in lines: filled, each broken at its last sum, else at its last factor.

    All but the first are indented, by as much as `within` says that the next one is.
    """
    whole = Slot(atoms)
    if whole.width <= room - within:
        return [whole.latex]
    sum_at = factor_at = depth = 0
    width = 0.0
    for k, atom in enumerate(atoms):
        fits = width <= room - within
        if k and depth == 0 and (fits or not sum_at) and atom.kind == "bin":
            sum_at = k
        if k and depth == 0 and width > 0 and fits and {atom.kind, atoms[k - 1].kind} <= {"ord", "inner", "space"}:
            factor_at = k
        width += atom.width
        depth += (atom.kind == "open") - (atom.kind == "close")
    cut = sum_at or factor_at
    if not cut:
        return [whole.latex]
    second, *others = _folded(atoms[cut:], room, 2)
    return [Slot(atoms[:cut]).latex, rf"\quad {{}}{second}", *others]


def abridged(whole: Slot, room: float) -> tuple[Slot, list[tuple[str, Slot]]]:
    """A formula whose atoms are at most `room` em wide, and what stands for the parts that were taken out, in order.

    The part that saves most, with all that are equal to it, goes first; what cannot be taken out stays as it is.
    """
    named: list[tuple[str, Slot]] = []
    while max((a.width for a in whole.atoms), default=0) > room and len(named) < MOST_NAMES:
        counts: dict[str, tuple[float, Slot]] = {}
        for slot in _within(whole.atoms):
            if SHORTEST < slot.width <= room:
                counts[slot.latex] = counts.get(slot.latex, (0.0, slot))[0] + slot.width, slot
        if not counts:
            break
        latex, (_, slot) = max(counts.items(), key=lambda entry: (entry[1][0], entry[0]))
        name = rf"\boxed{{{len(named) + 1}}}"
        named.append((name, slot))
        whole = _replaced(whole, latex, Slot((Atom((name,), 1.2),)))
    return whole, named


def _within(atoms: Iterable[Atom]) -> Iterable[Slot]:
    for atom in atoms:
        for part in atom.parts:
            if isinstance(part, Slot):
                if part.scale == 1 and atom.parts[0] != "{":
                    yield part
                yield from _within(part.atoms)


def _replaced(slot: Slot, latex: str, by: Slot) -> Slot:
    if slot.latex == latex:
        return by
    return Slot(
        tuple(
            Atom(tuple(p if isinstance(p, str) else _replaced(p, latex, by) for p in a.parts), a.own, a.kind, a.stacked)
            for a in slot.atoms
        ),
        slot.scale,
    )
