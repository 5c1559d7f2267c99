"""Lines about mutants: which were not searched again, and which hypotheses they show to be needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from verify.arena import Arena
from verify.chance import Chances
from verify.claims import Claim, Mutant, dropped
from verify.probes import name_of_drop
from verify.search import Found, Search
from verify.tally import Tally


@dataclass
class Hunt:
    """One statement hunted in one arena: the tally, and the counterexample if there is one."""

    arena: Arena
    tally: Tally
    found: Found | None
    search: Search | Chances


def ablation(
    claim: Claim, mutants: Sequence[dict[str, Any]], undefined: dict[tuple[str, str], int]
) -> list[dict[str, Any]]:
    """For each hypothesis: needed (with a witness), did no work, or needed to be defined."""
    lines = []
    for hypothesis in claim.statement.assuming:
        line = next((m for m in mutants if _drops(claim, m, hypothesis)), None)
        if line is None:
            needed = "unknown"
        elif line["refuted"]:
            needed = "needed"
        else:
            needed = "needed to be defined" if undefined[claim.id, line["name"]] else "did no work"
        lines.append({"hypothesis": str(hypothesis), "needed": needed, "witness": line and line["witness"]})
    return lines


def idle_drop(claim: Claim, mutant: Mutant, own: list[Hunt]) -> bool:
    """Whether a mutant drops a hypothesis on sizes that excluded no world: its worlds are those searched already."""
    fixed = own[0].search.screen.about_sizes
    tried = all(h.found is None for h in own)
    return tried and any(
        mutant.name == name_of_drop(h) and not any(hunt.tally.excluded[str(h)] for hunt in own) for h in fixed
    )


def not_searched_again(mutant: Mutant, lanes: int) -> dict[str, Any]:
    """The line of a mutant whose worlds the claim's own search has seen."""
    return {
        "name": mutant.name, "by": mutant.by, "statement": mutant.statement.text, "refuted": False, "proved": False,
        "effort": {"stage": "climbing", "lanes": lanes}, "witness": None,
    }  # fmt: skip


def _drops(claim: Claim, line: dict[str, Any], hypothesis: Any) -> bool:
    """Whether a mutant's line is the claim without one hypothesis."""
    if line["name"] == name_of_drop(hypothesis):
        return True
    mutant = next((m for m in claim.mutants if m.name == line["name"]), None)
    if mutant is None:
        return False
    # A mutant in a wider kind counts: a kind may build the hypothesis into its networks.
    bare = dropped(claim.statement, hypothesis)
    return (mutant.statement.says, set(mutant.statement.assuming)) == (bare.says, set(bare.assuming))
