"""Exact binomial tests: how unlikely so many failures are, and which failure probabilities draws can tell.

The binomial tail is a regularised incomplete beta function (Clopper, Pearson 1934).
"""

from __future__ import annotations

from fractions import Fraction

SUSPICIOUS = 10.0**-3
"""Failures that are less likely than this, were the claim true, are an accusation."""
POWER = 0.95
"""How likely a failure probability is noticed that counts as one the draws would have noticed."""
MARGIN = Fraction(1, 2**20)
"""What is taken off a limit, relatively, so that its rounding does not matter."""


def tail(failures: int, draws: int, share: float) -> float:
    """The probability of so many failures or more among independent draws that fail with a probability of ``share``."""
    from scipy.special import betainc

    if failures == 0 or share >= 1:
        return 1.0
    return float(betainc(failures, draws - failures + 1, share)) if share > 0 else 0.0


def refuted_share(failures: int, draws: int, level: float) -> Fraction:
    """A share that so many failures refute, as they do every smaller one: a little below the largest."""
    from scipy.special import betaincinv

    if failures == 0:
        return Fraction(-1)
    return Fraction(float(betaincinv(failures, draws - failures + 1, level))) * (1 - MARGIN)


def needed(draws: int, share: float, level: float) -> int:
    """The fewest failures among so many draws whose probability is at most the level; more than there are if none."""
    low, high = 0, draws + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if tail(middle, draws, share) <= level else (middle, high)
    return high


def noticed(draws: int, share: float) -> float:
    """The failure probability that so many draws notice with a probability of POWER where ``share`` is allowed."""
    from scipy.special import betaincinv

    least = needed(draws, share, SUSPICIOUS)
    return float(betaincinv(least, draws - least + 1, POWER)) if least <= draws else 1.0
