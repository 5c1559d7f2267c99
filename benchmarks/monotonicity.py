"""Every true monotonicity claim about a bound: what the calculus decides, against the sign of SymPy's derivative.

    python benchmarks/monotonicity.py [--limit 10] [--dry]

What a person would do instead: differentiate, tell SymPy that the symbols are positive, and ask for the sign of the
derivative, as it stands and simplified; it knows no domains and no conditions. Each question has ``--limit`` seconds,
in a process of its own, so that one that does not end can be stopped. Printed: how many claims each way decides, and
the median of the ratio of the times on the claims that both decide.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from multiprocessing import get_context
from statistics import median
from time import perf_counter
from typing import Any

import machine
import sympy as sp

from symbolic import intervals
from symbolic.behaviour import decreasing, increasing
from symbolic.calculus import Unproved, derive
from symbolic.calculus_check import check
from symbolic.certify import cover
from symbolic.coverings import Covering
from symbolic.words import Scalar
from verify import catalogue
from verify.claims import Claim, claims
from verify.verdict import Grade

WAYS = ("calculus", "calculus, on parts of the domain", "sign of the derivative", "sign, simplified")


def asked() -> list[Claim]:
    """The claims that an expression is monotone, and that are not expected to be refuted."""
    catalogue.load_all()
    true = (c for c in claims().values() if c.expects is not Grade.REFUTED)
    return [c for c in true if isinstance(c.statement.says, (increasing, decreasing))]


def domain_of(claim: Claim) -> dict[Any, intervals.Interval]:
    """The intervals of the words of a claim."""
    own = claim.statement
    words = set().union(*(s.atoms(Scalar) for s in (own.says, *own.assuming)))
    return {word: intervals.of_span(own.given.span(word)) for word in words}


def by_calculus(claim: Claim) -> bool:
    """Whether the calculus finds a trace, which the checker accepts."""
    found = derive(claim.statement.says, domain_of(claim), claim.statement.assuming)
    if isinstance(found, Unproved):
        return False
    check(found)
    return True


def by_covering(claim: Claim) -> bool:
    """Whether there is a trace, or a covering of the domain."""
    if by_calculus(claim):
        return True
    return isinstance(cover(claim.statement.says, domain_of(claim), claim.statement.assuming), Covering)


def by_derivative(claim: Claim, simplified: bool = False) -> bool:
    """Whether SymPy knows the sign of its derivative, over positive symbols."""
    says = claim.statement.says
    positive = {s: sp.Symbol(f"s{k}", positive=True) for k, s in enumerate(sorted(says.atoms(Scalar), key=str))}
    slope = sp.diff(says.function.xreplace(positive), positive[says.variable])
    slope = sp.simplify(slope) if simplified else slope
    strict = says.strictly
    if isinstance(says, increasing):
        return bool(slope.is_positive if strict else slope.is_nonnegative)
    return bool(slope.is_negative if strict else slope.is_nonpositive)


def simplified(claim: Claim) -> bool:
    """As ``by_derivative``, of a derivative that SymPy has simplified."""
    return by_derivative(claim, simplified=True)


def _serve(pipe: Any) -> None:
    """Answer questions (way, claim id) with (decided, seconds) until there is none."""
    known = {claim.id: claim for claim in asked()}
    ways: tuple[Callable[[Claim], bool], ...] = (by_calculus, by_covering, by_derivative, simplified)
    pipe.send(True)
    while (question := pipe.recv()) is not None:
        way, name = question
        started = perf_counter()
        try:
            decided = ways[way](known[name])
        except Exception:  # SymPy may fail anywhere
            decided = False
        pipe.send((decided, perf_counter() - started))


class Judge:
    """A process that is asked, and replaced when it does not answer in time."""

    def __init__(self, limit: float) -> None:
        self.limit, self.process, self.pipe = limit, None, None

    def __call__(self, way: int, name: str) -> tuple[bool, float]:
        """Whether a way decides a claim, and in how many seconds: the limit where it did not answer."""
        if self.process is None:
            self.pipe, other = get_context("spawn").Pipe()
            self.process = get_context("spawn").Process(target=_serve, args=(other,), daemon=True)
            self.process.start()
            self.pipe.recv()
        self.pipe.send((way, name))
        if self.pipe.poll(self.limit):
            return self.pipe.recv()
        self.process.kill()
        self.process.join()
        self.process = None
        return False, self.limit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=float, default=10.0, help="seconds for a question (default 10)")
    parser.add_argument("--dry", action="store_true", help="keep no record")
    options = parser.parse_args()
    before, judge, names = machine.machine(), Judge(options.limit), [claim.id for claim in asked()]
    answers = {way: [judge(number, name) for name in names] for number, way in enumerate(WAYS)}
    rows = []
    for way, given in answers.items():
        both = [(s, c) for (known, s), (ours, c) in zip(given, answers[WAYS[0]], strict=True) if known and ours]
        ratio = median(s / c for s, c in both) if both else float("nan")
        rows.append((way, f"{sum(d for d, _ in given)} of {len(names)}", sum(s for _, s in given), ratio))
    machine.table(
        f"Monotonicity claims ({len(names)}), {options.limit:g} s each at most",
        ("way", "decided", "seconds in all", "times the calculus, where both decide"), rows,
    )  # fmt: skip
    undecided = [name for name, (decided, _) in zip(names, answers[WAYS[1]], strict=True) if not decided]
    print(f"neither proved nor covered: {', '.join(undecided) or 'none'}")
    if not options.dry:
        kept = {way: {"decided": r[1], "seconds": r[2], "ratio": r[3]} for way, r in zip(WAYS, rows, strict=True)}
        path = machine.keep("monotonicity", {"claims": len(names), "limit_s": options.limit, "ways": kept}, before)
        print(f"kept in {path.parent.name}/{path.name}")


if __name__ == "__main__":
    main()
