"""Walks over sentences that every rule of inference needs: indices, replacement, denominators, well-formedness.

Names follow logic. A *witness* is an index that stands for one fixed member of a range, the one that an existence
promises; it is written with a leading ``!`` and is never bound and never instantiated. Every other free index of a
sentence reads "for every", and every range has at least one member.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any

from sympy import (
    Abs,
    And,
    Basic,
    Eq,
    Function,
    Ge,
    Gt,
    Identity,
    Le,
    Lt,
    MatPow,
    Mul,
    Ne,
    Or,
    Pow,
    S,
    Trace,
    ZeroMatrix,
    false,
    log,
    nan,
    oo,
    true,
    zoo,
)
from sympy.core.relational import Relational
from sympy.logic.boolalg import Implies, Not

from symbolic.codec import encode
from symbolic.lengths import TooLargeError, refuse_huge
from symbolic.projections import projector
from symbolic.sentences import (
    WORDS,
    _Binder,
    _OfMatrix,
    chain,
    diagonal,
    entry,
    exists,
    free_indices,
    mean_matrix,
    mean_scalar,
    null,
    row,
)
from symbolic.shaping import misfit
from symbolic.words import DICTIONARY, Index, Matrix, MatrixAt, Scalar, ScalarAt, index

DEEPEST = 120
LARGEST = 4000
LONGEST = 20_000
BINDERS = (_Binder, mean_matrix, exists)
CONNECTIVES = (And, Or, Not, Implies, chain)
_SIZE_LETTERS = {"samples": "N", "batches": "B", "subsets": "k", "blocks": "B", "neurons": "m", "inputs": "n"}


class RuleError(ValueError):
    """A rule of inference does not apply: one sentence that says why, with a ``{}`` for each further argument.

    It is put together when it is asked for: a prover meets many that nobody reads.
    """

    def __str__(self) -> str:
        why, *parts = self.args
        return why.format(*parts) if parts else str(why)


def refuse(unless: Any, why: str, *parts: Any) -> None:
    """Raise RuleError unless a condition holds; ``why`` has a ``{}`` for each part."""
    if not unless:
        raise RuleError(why, *parts)


def equation(left: Any, right: Any) -> Any:
    """``Eq(left, right)`` as it stands: SymPy is not asked whether it holds."""
    return Eq(left, right, evaluate=False)


def at_most(left: Any, right: Any) -> Any:
    """``left <= right`` as it stands."""
    return Le(left, right, evaluate=False)


def rebuilt(node: Any, arguments: Any) -> Any:
    """A node of the same kind with other arguments; a relation is not evaluated.

    Raises RuleError where SymPy would evaluate it to something huge.
    """
    if isinstance(node, Relational):
        return node.func(*arguments, evaluate=False)
    arguments = tuple(arguments)
    try:
        refuse_huge(node.func, arguments)
    except TooLargeError as error:
        raise RuleError(str(error)) from None
    return node.func(*arguments)


def is_witness(node: Any) -> bool:
    """Whether an index stands for one fixed member of its range."""
    return isinstance(node, Index) and node.letter.startswith("!")


def witness_of(existence: Any) -> Index:
    """The index that stands for a member promised by ``existence``; the same for the same sentence."""
    text = json.dumps(encode(existence))
    return index("!" + hashlib.sha256(text.encode()).hexdigest()[:32], existence.index.over)


def supposed(condition: Any) -> dict[Index, Index]:
    """For each free index of a condition, the index that stands for one fixed member while the condition is supposed.

    Such a member is a witness too: nothing but the condition is known of it.
    """
    text = json.dumps(encode(condition))
    named = {i: hashlib.sha256(f"{i.name} {text}".encode()).hexdigest()[:32] for i in free_indices(condition)}
    return {i: index(f"!{name}", i.over) for i, name in named.items()}


def mentions_witness(node: Any) -> bool:
    """Whether a sentence speaks of a promised member."""
    return any(is_witness(i) for i in free_indices(node))


def with_index(node: Any, old: Index, new: Index) -> Any:
    """A sentence with a free index exchanged for another; RuleError where the new one would be captured."""
    if node == old:
        return new
    if not node.args or old not in free_indices(node):
        return node
    if isinstance(node, BINDERS):
        refuse(new != node.index, "{} is bound inside {}", new, node)
        body = with_index(node.body, old, new)
        return bound(node, body, node.index, None if isinstance(node, exists) else node.batch, {old: new})
    return rebuilt(node, [with_index(a, old, new) for a in node.args])


def bound(node: Any, body: Any, which: Index, batch: Index | None, renamed: dict[Any, Any] | None = None) -> Any:
    """A binder of the same kind as ``node`` over another body and other indices."""
    if isinstance(node, exists):
        return exists(which, body)
    kind = (
        type(node)
        if not isinstance(node, (mean_matrix, mean_scalar))
        else (mean_matrix if body.is_Matrix else mean_scalar)
    )
    return kind(body, which) if batch is None else kind(body, which, (renamed or {}).get(batch, batch))


def replaced(node: Any, old: Any, new: Any) -> Any:
    """A sentence with every occurrence of a term exchanged for an equal one; RuleError where that makes it too long.

    Null sets stay as they are: inside one, the variable is not the world's. Shapes and indices are not terms.
    """
    made = _replaced(node, old, new)
    refuse(made is node or not _outgrown(made), "more than {} parts after {} is exchanged", LONGEST, old)
    return made


def _outgrown(node: Any) -> bool:
    pending, seen = [node], 0
    while pending and seen <= LONGEST:
        seen += 1
        pending.extend(pending.pop().args)
    return seen > LONGEST


def _replaced(node: Any, old: Any, new: Any) -> Any:
    if node == old:
        return new
    if isinstance(node, (*WORDS, Index, ZeroMatrix, Identity, null)) or not node.args:
        return node
    if isinstance(node, exists):
        return exists(node.index, _replaced(node.body, old, new))
    if isinstance(node, (_Binder, mean_matrix)):
        return node.func(_replaced(node.body, old, new), *node.args[1:])
    if isinstance(node, (entry, row)):
        return node.func(_replaced(node.args[0], old, new), *node.args[1:])
    arguments = [_replaced(a, old, new) for a in node.args]
    return node if all(a is b for a, b in zip(arguments, node.args, strict=True)) else rebuilt(node, arguments)


def is_term(node: Any) -> bool:
    """Whether a node may be exchanged for an equal one: a matrix or a real that is neither a number nor an index."""
    return bool(getattr(node, "is_Matrix", False) or getattr(node, "is_commutative", False)) and not (
        isinstance(node, (Index, Relational, *CONNECTIVES, ZeroMatrix, Identity)) or getattr(node, "is_Number", False)
    )


def depth(node: Any) -> int:
    """How deep a tree is, found without recursion; a very deep one counts as deeper than ``DEEPEST``."""
    level, reached, seen = [node], 0, 0
    while level:
        reached += 1
        seen += len(level)
        if reached > DEEPEST or seen > LARGEST:
            return DEEPEST + 1
        level = [a for parent in level for a in parent.args]
    return reached


def nodes(node: Any) -> set[Any]:
    """All parts of a sentence, those of words and shapes excepted."""
    found = {node}
    if not isinstance(node, (*WORDS, Index)):
        for a in node.args:
            found |= nodes(a)
    return found


def partial_term(node: Any) -> Any:
    """A power that has no value for some base, or a logarithm of what may not be positive; or None.

    Square roots are not meant: what is below a root is answered for like a denominator (``radicands``).
    """
    for part in nodes(node):
        uneven = isinstance(part, Pow) and part.exp.is_integer is not True and part.base.is_nonnegative is not True
        if uneven and not (2 * part.exp).is_integer:
            return part
        if isinstance(part, log) and part.args[0].is_positive is not True:
            return part
    return None


@lru_cache(maxsize=8192)
def canonical(node: Any) -> Any:
    """The same expression with its bound indices named by how deep they bind, so that equal ones are the same."""
    if isinstance(node, (*WORDS, Index)) or not node.args:
        return node
    if isinstance(node, BINDERS) and not isinstance(node, exists):
        body = canonical(node.body)
        which = index(f"_{_binding_depth(body) + 1}", node.index.over)
        refuse(which not in free_indices(node), "the index letter {} is reserved", which)
        body = body if which == node.index else with_index(body, node.index, which)
        return bound(node, body, which, node.batch)
    arguments = [canonical(a) for a in node.args]
    return node if all(a is b for a, b in zip(arguments, node.args, strict=True)) else rebuilt(node, arguments)


def _binding_depth(node: Any) -> int:
    inner = max((_binding_depth(a) for a in node.args), default=0)
    return inner + isinstance(node, BINDERS)


def radicands(node: Any) -> set[Any]:
    """Everything whose square root a sentence takes and that its type does not keep from being negative."""
    roots = (p for p in nodes(node) if isinstance(p, Pow) and p.exp.is_integer is not True)
    return set().union(*(_signed(p.base) for p in roots))


def _signed(term: Any) -> set[Any]:
    """The factors of a term, numerators and denominators alike, whose signs are not known by type."""
    if isinstance(term, Mul):
        return set().union(*map(_signed, term.args))
    if isinstance(term, Pow) and term.exp.is_integer:
        return _signed(term.base) if term.exp.is_odd else set()
    return set() if term.is_nonnegative is True else {canonical(term)}


@lru_cache(maxsize=8192)
def denominators(node: Any, safe: frozenset[Any] = frozenset()) -> frozenset[Any]:
    """Everything that a sentence divides by and that its type, or the set ``safe``, does not keep from being 0.

    What the condition of an implication keeps from being 0 is safe in its conclusion, except where an index of it is
    bound anew.
    """
    if isinstance(node, Implies):
        condition, conclusion = node.args
        return denominators(condition, safe) | denominators(conclusion, safe | nonzero_terms(condition))
    if isinstance(node, BINDERS):
        free = frozenset(t for t in safe if node.index not in free_indices(t))
        return denominators(node.body, free)
    if isinstance(node, (*WORDS, Index)) or not node.args:
        return frozenset()
    found = set().union(*(denominators(a, safe) for a in node.args))
    if isinstance(node, Pow) and node.exp.is_nonnegative is not True and node.base.is_positive is not True:
        base = canonical(node.base)
        if base not in safe and not (base.is_Number and base != 0):
            found.add(base)
    return frozenset(found)


@lru_cache(maxsize=8192)
def nonzero_terms(sentence: Any) -> frozenset[Any]:
    """What a sentence says is not 0: both sides' difference in ``a != b``, ``a < b``, ``a > b``, and its size."""
    if isinstance(sentence, And):
        return frozenset().union(*map(nonzero_terms, sentence.args))
    if not isinstance(sentence, (Ne, Gt, Lt)) or any(getattr(side, "is_Matrix", False) for side in sentence.args):
        return frozenset()
    apart = _differences(sentence.lhs, sentence.rhs) | _differences(sentence.rhs, sentence.lhs)
    return apart | {Abs(term) for term in apart}


@lru_cache(maxsize=8192)
def nonnegative_terms(sentence: Any) -> frozenset[Any]:
    """What a sentence says is at least 0: the larger side minus the smaller one."""
    if not isinstance(sentence, (Gt, Ge, Lt, Le)):
        return frozenset()
    return _differences(sentence.gts, sentence.lts)


def positive_terms(sentence: Any) -> frozenset[Any]:
    """What a sentence says is larger than 0."""
    return nonnegative_terms(sentence) if isinstance(sentence, (Gt, Lt)) else frozenset()


def _differences(larger: Any, smaller: Any) -> frozenset[Any]:
    return frozenset({canonical(larger if smaller == 0 else -smaller if larger == 0 else larger - smaller)})


def size_of(which: Index, body: Any) -> tuple[str, set[str]]:
    """The letter of a range's size, and the sources whose sizes the words of ``body`` have."""
    sources: set[str] = set()
    others: set[str] = set()
    for part in nodes(body):
        if isinstance(part, WORDS):
            shape = DICTIONARY[part.name].shape
            sizes = set().union(*(s.atoms(Scalar) for s in shape)) if shape else set()
            sources |= {s.name.partition(":")[0] for s in sizes}
            others.add(part.name.partition(":")[0])
    return _SIZE_LETTERS[which.over], sources or others


def check_size(size: Any, which: Index, body: Any) -> None:
    """Raise RuleError unless ``size`` is the number of members of a range (for batches, of one batch)."""
    refuse(
        size == size_for(which, body),
        "{} is not the size {} that belongs to {} in {}",
        size,
        _SIZE_LETTERS[which.over],
        which,
        body,
    )


def size_for(which: Index, body: Any) -> Any:
    """The size word that ``check_size`` accepts, or None where the words do not tell.

    A word of that name that is no size, or that a function reads, may be any number.
    """
    letter, sources = size_of(which, body)
    known = DICTIONARY.get(f"{min(sources)}:{letter}") if len(sources) == 1 else None
    return known.symbol if known is not None and known.size and not known.readers else None


def well_formed(node: Any) -> None:
    """Raise RuleError unless a node is a sentence or an expression whose indices and shapes make sense."""
    refuse(depth(node) <= DEEPEST, "a sentence deeper than {} or with more than {} parts", DEEPEST, LARGEST)
    refuse(misfit(node) is None, "{}", misfit(node))
    refuse(partial_term(node) is None, "{} may have no value", partial_term(node))
    for part in nodes(node):
        refuse(part not in (nan, zoo, oo, -oo), "an infinite or undefined number")
        refuse(part is not S.ImaginaryUnit and not getattr(part, "is_Float", False), "{} is not an exact real", part)
        if isinstance(part, Function):
            refuse(not any(getattr(a, "is_Matrix", False) for a in part.args), "{} is a function of a matrix", part)
        refuse(isinstance(part, Basic), "a part that is not symbolic")
        if isinstance(part, BINDERS):
            _well_bound(part)
        elif isinstance(part, WORDS):
            _well_declared(part)
        elif isinstance(part, (_OfMatrix, Trace)):
            refuse(getattr(part.args[0], "is_Matrix", False), "{} is not about a matrix", part)
        elif isinstance(part, MatPow):
            refuse(part.exp.is_Integer and part.exp > 0, "{} is not a positive power", part)
        elif isinstance(part, (diagonal, projector)):
            refuse(part.args[0].shape[1] == 1, "{} is not made of a column", part)
        elif isinstance(part, (entry, row)):
            refuse(len(part.args) == (3 if isinstance(part, entry) else 2), "{} has the wrong number of places", part)
        elif isinstance(part, null):
            _well_null(part)
        elif isinstance(part, (Eq, Ne)):
            shapes = [getattr(side, "shape", ()) for side in part.args]
            refuse(shapes[0] == shapes[1], "{} compares two shapes", part)
        elif isinstance(part, Relational):
            refuse(not any(getattr(side, "is_Matrix", False) for side in part.args), "{} orders matrices", part)


def _well_bound(part: Any) -> None:
    batch = None if isinstance(part, exists) else part.batch
    refuse(isinstance(part.index, Index) and not is_witness(part.index), "{} binds no index", part)
    refuse(len(part.args) == (2 if batch is None else 3), "{} has the wrong number of indices", part)
    if batch is not None:
        batches = isinstance(batch, Index) and batch.over in ("batches", "subsets", "blocks")
        refuse(batches and part.index.over == "samples", "{} runs over no batch", part)
    refuse(isinstance(part, exists) or is_value(part.body), "{} is made of no value", part)


def is_value(node: Any) -> bool:
    """Whether a node has a value, real or matrix, rather than a truth."""
    return not isinstance(node, (Relational, *CONNECTIVES, exists, null)) and node not in (true, false)


def _well_declared(part: Any) -> None:
    known = DICTIONARY.get(part.name)
    refuse(known is not None and getattr(part, "shape", ()) == known.shape, "{} is not the word of that name", part)
    over, given = DICTIONARY[part.name].over, part.indices if isinstance(part, (ScalarAt, MatrixAt)) else ()
    # A stored sentence does not write assumptions, so that two words of one name would become one.
    refuse(over or part == DICTIONARY[part.name].symbol, "{} is declared otherwise", part)
    for size in set().union(*(side.atoms(Scalar) for side in getattr(part, "shape", ()))):
        named = DICTIONARY.get(size.name)
        refuse(named is not None and size == named.symbol, "{} in the shape of {} is declared otherwise", size, part)
        # The sizes of a matrix are the world's; what a function reads may be any number.
        refuse(not DICTIONARY[size.name].readers, "{} in the shape of {} is read by a function", size, part)
    fits = len(given) == len(over) and all(
        isinstance(i, Index) and i.over == r for i, r in zip(given, over, strict=True)
    )
    refuse(fits, "{} is not indexed by {}", part, ", ".join(over))


def _well_null(part: Any) -> None:
    refuse(isinstance(part.variable, Matrix) and isinstance(part.equation, Eq), "{} is not about a matrix word", part)
