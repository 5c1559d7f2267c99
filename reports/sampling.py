"""Whether the worst tightness of a claim moved from one run to another, or may have been drawn so.

The worst value / bound is the largest of a sample, and what a search draws follows from its settings alone. So there
are two cases.

*The same networks* were drawn: seed, effort, device, versions and data agree, and so do the counts of networks of every
stage before climbing, whose broods follow what was seen. There is no chance in the difference, which the code made (of
a reading, or of the search), and it is told from LEAST on. Four printed digits, and with them what devices round
differently, lie far below that.

*Other networks* were drawn. If nothing but chance differs, then of the independent parts of both samples each was as
likely to be the tightest, and the chance that the k tightest all come from the one run is

    C(n, k) / C(n + n', k) = n/(n + n') x (n - 1)/(n + n' - 1) x ... (k factors),

whatever the law of tightness: the precedence test, a negative hypergeometric law. It is doubled, because either run may
be the tighter one. How many networks of the tighter run lie beyond the worst of the other is read off its histogram,
where a bin that may lie on both sides counts as if it did not.

Networks are not independent. Those of a world share its sizes, scales and range, and stand or fall together, so that n
is the number of worlds, and k the share of networks beyond times n, rounded down. Worlds in several devices or dtypes
are the same worlds, and count once. Networks that were bred follow one another, so that all of them count as if they
were among those beyond, and are left out. That worlds are of a size, and independent, is an approximation; that the
design points are drawn with a view to tightness is passed over.

Runs of different effort are tested alike: that the larger one sees tighter networks is in the numbers of worlds. Where
a histogram is missing, or does not hold its own worst (of somebody else's record, or one that was written by hand),
nothing can be tested, and a change is told from EVIDENT on.

The level is that of the whole comparison: with chance at most LEVEL a change is told of any claim where none is
(Bonferroni: every claim has LEVEL divided by the number of claims that are tested). So it takes some twenty worlds, and
much of the sample, to tell a change between seeds. Of a box, which is searched in three or four worlds, none is ever
told: there the worst was seen to move between seeds by a half and more. Runs with the same seed tell every change.
"""

from reports.phrases import drew
from reports.record import Verdict, as_number

LEVEL = 1e-3
"""The chance of a change told of any claim, where nothing but the networks drawn differs."""
LEAST = 0.01
"""The least relative change that is told: of a hundredth nobody restates a bound."""
EVIDENT = 0.1
"""The least relative change where no histogram can be tested, because there is none or it does not hold its worst."""
ROUNDED = 1e-5
"""By how much a worst that was rounded to six digits may lie outside its bin, relatively."""


def worst(verdict: Verdict) -> float | None:
    """The worst tightness of a verdict, or None."""
    return as_number(verdict["tightness"]["worst"]) if verdict["tightness"] else None


def same_networks(old: Verdict, new: Verdict) -> bool:
    """Whether, under equal settings, two verdicts rest on the same networks: as many at each stage before climbing."""
    return _drawn(old) == _drawn(new)


def _drawn(verdict: Verdict) -> list[object]:
    searches = [finding for finding in verdict["findings"] if drew(finding)]
    stages = ({k: v for k, v in f.get("stages", {}).items() if k != "climbing"} for f in searches)
    return [(f.get("device"), f.get("dtype"), stage) for f, stage in zip(searches, stages, strict=True)]


def change(old: float, new: float) -> float:
    """The relative difference, at most 1 of numbers of one sign; 1 where one is infinite."""
    if old == new:
        return 0.0
    larger = max(abs(old), abs(new))
    return 1.0 if larger == float("inf") else abs(new - old) / larger


def moved(old: Verdict, new: Verdict, same: bool, tests: int) -> int:
    """1 where the worst tightness rose, -1 where it fell, 0 where it stayed or chance may account for it.

    `same`: whether both verdicts rest on the same networks. `tests`: how many claims are tested in all. Of a verdict
    without tightness nothing is told.
    """
    before, after = worst(old), worst(new)
    if before is None or after is None or change(before, after) < LEAST:
        return 0
    direction = 1 if after > before else -1
    if same:
        return direction
    tighter, other, bar = (new, old, before) if after > before else (old, new, after)
    if _holds_worst(tighter) and _holds_worst(other):
        told = 2 * chance(*_beyond(tighter, bar), _worlds(other)) * max(1, tests) <= LEVEL
    else:
        told = change(before, after) >= EVIDENT
    return direction if told else 0


def chance(beyond: int, worlds: int, others: int) -> float:
    """The chance that the `beyond` tightest of `worlds` and `others` are all of the former, if all are alike."""
    p = 1.0
    for k in range(beyond):
        p *= (worlds - k) / (worlds + others - k)
    return p


def _histogram(verdict: Verdict) -> list[tuple[float, float, int]]:
    """Lower edge, upper edge and count of each bin."""
    found = verdict["tightness"]["histogram"] if verdict["tightness"] else None
    if not found:
        return []
    edges = [as_number(edge) or 0.0 for edge in found["edges"]]
    return list(zip(edges, edges[1:], map(int, found["counts"]), strict=False))


def _holds_worst(verdict: Verdict) -> bool:
    """Whether the worst lies in the last bin that is not empty; infinities are in none."""
    number, bins = worst(verdict), [b for b in _histogram(verdict) if b[2] > 0]
    if number is None or not bins or not _worlds(verdict):
        return False
    low, high, _ = bins[-1]
    return number == float("inf") or (low <= number * (1 + ROUNDED) and number * (1 - ROUNDED) < high)


def _worlds(verdict: Verdict) -> int:
    """The worlds of one device and dtype: another one tries the same again."""
    return max((finding.get("counts", {}).get("worlds", 0) for finding in verdict["findings"]), default=0)


def _beyond(verdict: Verdict, bar: float) -> tuple[int, int]:
    """How many worlds lie surely beyond a bar, and how many there are; what was bred is left out, as if it did."""
    bins, worlds = _histogram(verdict), _worlds(verdict)
    bred = sum(finding.get("stages", {}).get("climbing", 0) for finding in verdict["findings"])
    beyond = sum(count for low, _, count in bins if low > bar) - bred
    lanes = sum(count for *_, count in bins) - bred
    return (worlds * beyond // lanes if beyond > 0 else 0), worlds
