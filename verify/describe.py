"""What a record says of a claim, whatever the verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from symbolic import prose
from verify.claims import Claim

HOME = Path(__file__).resolve().parent.parent


def place(file: str) -> str:
    """A claim's file, relative to the project or to the working folder where it lies inside one of them."""
    path = Path(file).resolve()
    for base in (HOME, Path.cwd()):
        if path.is_relative_to(base):
            return str(path.relative_to(base))
    return str(path)


def statement_details(claim: Claim) -> dict[str, Any]:
    """The fields of a verdict's line that the claim alone determines."""
    own = claim.statement
    return {
        "statement": {
            "says": {"text": prose.text(own.says), "latex": prose.latex(own.says), "mathml": prose.mathml(own.says)},
            "assuming": [{"text": prose.text(h), "latex": prose.latex(h)} for h in own.assuming],
            "where": [{"text": prose.text(d), "latex": prose.latex(d)} for d in claim.definitions()],
            "given": str(own.given),
            "hash": claim.hash,
        },
        "title": claim.title,
        "source": {"reference": claim.source, "provenance": claim.provenance, "link": claim.link},
        "file": place(claim.file),
        "line": claim.line,
        "derivation": None,
        "tightness": None,
        "spectrum": None,
        "mutants": [],
        "ablation": None,
        "sharpening": None,
        "witness": None,
    }
