"""The statistical arm, and what a search's tally says in the record.

The search is adaptive, so nothing statistical follows from its counts. The arm draws networks independently from a
named law, fixed beforehand; only from these is a bound on the probability of a violation computed (Clopper, Pearson
1934).
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from symbolic.sentences import distance_to_rank, norm, rank
from verify.arena import Arena
from verify.claims import Claim, Statement
from verify.draws import Given, key
from verify.enclosures import ends
from verify.evaluate import Evaluator
from verify.judge import LaneJudge
from verify.lanes import LaneArithmetic
from verify.measures import Sample
from verify.pairs import asserted, chosen
from verify.screen import Judged, Screen
from verify.search import Search
from verify.settings import Settings
from verify.tally import EDGES
from verify.vacuity import in_words
from verify.worlds import Kind, Lanes, World

if TYPE_CHECKING:
    from verify.mutants import Hunt

CONFIDENCE = 0.95
POINTS = 12
ATTEMPTS = 10 * POINTS
"""Design points that are tried in turn for those whose sizes meet the hypotheses."""

LAW = (
    f"{POINTS} design points fixed beforehand, as many networks of each, draws independent and uniform in their ranges"
)
LAW_ALIKE = "one design point fixed beforehand, draws independent and uniform in their ranges"


def law(kind: Kind) -> str:
    """The law that the arm draws by, in words: worlds that differ in their draws alone are one design point."""
    return LAW_ALIKE if kind.alike else LAW


def arm(statement: Statement, arena: Arena, settings: Settings, asked: Asked | None = None) -> dict[str, Any] | None:
    """An upper bound on the probability of a violation under the ``law``, given the hypotheses; None without draws.

    With n independent networks of which none violates, the mean p of their violation probabilities is at most the
    bound for n equal ones: the product of the (1 - p_i) is at most (1 - p)^n. What is ``asked`` hears of each network.
    """
    search = Search(statement, arena, settings.effort, key(settings.seed, "arm"), settings.tick)
    if asked:
        search.screen = Screen(statement, arena, asked.sentences)
    draws = unsettled = 0
    designs = (_design(search, number) for number in range(ATTEMPTS))
    points = 1 if search.kind.alike else POINTS
    for world in islice((w for w in designs if search.screen.excluded_by(w) is None), points):
        for part in search.screen.lanes(world, 0, settings.effort.arm // points):
            draws += int(part.admissible.sum())
            unsettled += int((part.accused | part.open).sum())
            if asked:
                asked.take(search.screen, part)
    if draws == 0 or unsettled:
        return None  # an accusation belongs to the search, which appeals it; of an open network nothing is known
    upper = 1 - (1 - CONFIDENCE) ** (1 / draws)  # the quantile of the law beta(1, n), in closed form
    return {"upper": float(f"{upper:.3g}"), "confidence": CONFIDENCE, "draws": draws, "law": law(search.kind)}


class Asked:
    """What a claim asks beside its verdict, answered on the networks of the arm: its vacuity and its measures.

    A sentence holds on a lane as a hypothesis does: leniently by one allowance. One that is undefined, or open because
    an enclosure is too wide, does not hold. Networks on which the claim itself is open count, for they were drawn.
    """

    def __init__(self, claim: Claim) -> None:
        self.kind, self.vacuity = claim.statement.given, claim.vacuous
        self.measures, self.by = claim.measures, claim.measures_by
        self.samples = {name: Sample() for name in self.measures}
        self.draws = self.empty = self.forced = self.undefined = 0

    def __bool__(self) -> bool:
        """Whether anything is asked."""
        return self.vacuity is not None or bool(self.measures)

    @property
    def sentences(self) -> tuple[Any, ...]:
        """Sentences that need everything that is asked: the vacuity's own, then one for each number."""
        numbers = (*self.measures.values(), *([] if self.by is None else [self.by]))
        own = self.vacuity.sentences if self.vacuity else ()
        return (*own, *(sp.Le(number, 1, evaluate=False) for number in numbers))

    def take(self, screen: Screen, part: Judged) -> None:
        """Count and measure the networks of a part that meet the hypotheses."""
        met = part.admissible | part.open
        evaluate = screen.evaluator(part)
        self.draws += int(met.sum())
        if self.vacuity is not None:
            flags = screen.survey(part.world).asked
            outcomes = [
                LaneJudge(evaluate, exact).closed(sentence)
                for sentence, exact in zip(self.vacuity.sentences, flags, strict=False)
            ]
            empty = met & outcomes[0].holds
            self.empty += int(empty.sum())
            self.forced += int((empty & outcomes[-1].holds).sum())
            self.undefined += int((met & outcomes[0].undefined).sum())
        groups = None if self.by is None else self._numbers(evaluate, self.by, met)
        for name, expression in self.measures.items():
            values = self._numbers(evaluate, expression, met)
            self.samples[name].take(*values, None if groups is None else groups[0])

    def _numbers(self, evaluate: Evaluator, expression: Any, met: Any) -> tuple[Any, Any]:
        """Both ends (networks,) of an expression on the networks that meet the hypotheses."""
        lower, upper = (end.expand(met.shape)[met].double().cpu().numpy() for end in ends(evaluate(expression).array))
        return lower, upper

    def details(self) -> dict[str, Any]:
        """The fields of the verdict's line."""
        found: dict[str, Any] = {}
        if self.vacuity is not None:
            words = in_words(self.vacuity, self.draws, self.empty, self.forced)
            because = self.vacuity.because
            found["vacuity"] = {
                "when": str(self.vacuity.when),
                "means": self.vacuity.means,
                "because": None if because is None else str(because),
                "why": self.vacuity.why or None,
                "share": _share(self.empty, self.draws),
                "because_share": None if because is None else _share(self.forced, self.empty),
                "draws": self.draws,
                "undefined": self.undefined,
                "law": law(self.kind),
                "words": words,
            }
        if self.measures:
            by = None if self.by is None else str(self.by)
            found["measures"] = {name: sample.summary(by) for name, sample in self.samples.items()}
        return found


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _design(search: Search, number: int) -> World:
    kind = search.kind
    sizes = {
        letter: bound.low + key(search.seed, number, letter) % min(4, bound.high - bound.low + 1)
        for letter, bound in kind.sizes().items()
    }
    sizes = search.fitted(sizes)
    conventions = {n: str(v[key(search.seed, number, n) % len(v)]) for n, v in kind.conventions.items()}
    return search.world(sizes, conventions=conventions, number=-1 if sizes else -1 - number)


def search_details(hunts: list[Hunt]) -> dict[str, Any]:
    """Tightness over all arenas, pairs of bound and value, and the spectrum of the closest call in the first one."""
    tally = hunts[0].tally
    if not tally.admissible:
        return {}
    histogram = np.sum([h.tally.histogram for h in hunts], axis=0)
    worst_by: dict[str, dict[str, float]] = {}
    for hunt in hunts:
        for letter, line in hunt.tally.worst_by_design.items():
            mine = worst_by.setdefault(letter, {})
            for value, tight in line.items():
                mine[value] = max(mine.get(value, 0.0), tight)
    pairs = [[number(bound), number(value)] for bound, value in chosen(h.tally.pairs for h in hunts if h.tally.pairs)]
    return {
        "tightness": {
            "worst": number(max(h.tally.worst for h in hunts)),
            "histogram": {"edges": [*EDGES, "inf"], "counts": [int(v) for v in histogram]},
            "worst_by_design": {
                k: {n: number(t) for n, t in sorted(v.items(), key=lambda item: int(item[0]))}
                for k, v in sorted(worst_by.items())
            },
            **({"pairs": pairs} if pairs else {}),
        },
        **spectrum(hunts[0]),
    }


def spectrum(hunt: Hunt) -> dict[str, Any]:
    """Singular values of the first matrix in the conclusion whose rank or norm is taken, at the closest call.

    ``spectrum_of`` names the matrix, and the rank that the conclusion says it has or is near, there (``cut``).
    """
    says = hunt.search.statement.says
    matrices = [n.args[0] for n in _preorder(says) if isinstance(n, (rank, norm, distance_to_rank))]
    call = hunt.search.closest_call()
    if not matrices or call is None:
        return {"spectrum": None}
    world, draws = call
    arithmetic = LaneArithmetic(hunt.arena)
    on_device = {k: type(d)(d.axes, d.low, d.high, d.values.to(hunt.arena.device)) for k, d in draws.items()}
    evaluate = Evaluator(Lanes(hunt.search.kind, world, arithmetic, Given(on_device, 1)))
    values = arithmetic.singular_values(evaluate(matrices[0]).array)
    largest = values.reshape(-1, values.shape[-1])
    largest = largest[largest.isfinite().all(-1)]  # an instance without a value is in no premise's way
    if not largest.shape[0]:
        return {"spectrum": None}
    shown = largest[int(largest.square().sum(-1).argmax())]
    claimed, text = _claimed_rank(says, matrices[0])
    of = {"matrix": str(matrices[0]), "cut": _one_integer(evaluate, claimed), "claimed": text}
    return {"spectrum": [float(f"{float(v):.6g}") for v in shown], "spectrum_of": of}


def _claimed_rank(says: Any, matrix: Any) -> tuple[Any, str | None]:
    """The rank that a sentence says a matrix has, at most has or is near, and where it says so; None without one."""
    ranked = rank(matrix)
    for relation, _ in asserted(says):
        low, high = relation.args[::-1] if isinstance(relation, sp.Ge) else relation.args
        if isinstance(relation, sp.Eq) and high == ranked:
            low, high = high, low
        if isinstance(relation, (sp.Le, sp.Ge, sp.Eq)) and low == ranked:
            return high, str(relation)
    near = next((n for n in _preorder(says) if isinstance(n, distance_to_rank) and n.args[0] == matrix), None)
    return (None, None) if near is None else (near.args[1], str(near))


def _one_integer(evaluate: Evaluator, expression: Any) -> int | None:
    """An expression of one network, rounded down; None without one, or where it has several values."""
    if expression is None:
        return None
    lower, upper = (end.flatten().tolist() for end in ends(evaluate(sp.sympify(expression)).array))
    known = set(lower) | set(upper)
    return max(0, int(known.pop())) if len(known) == 1 and np.isfinite(lower[0]) else None


def _preorder(node: Any) -> Any:
    yield node
    for argument in node.args:
        yield from _preorder(argument)


def number(value: float) -> float | str:
    """A number for the record: strict JSON has no infinity."""
    return value if np.isfinite(value) else str(value)
