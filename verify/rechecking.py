"""``lakatos recheck``: stored derivations before the small checker, and beside the catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from symbolic import coverings, traces
from symbolic.codec import CodecError
from symbolic.coverings import Covering
from symbolic.proofs import Derivation
from symbolic.traces import Trace
from verify import catalogue, every_size
from verify.catalogue import CatalogueError
from verify.claims import Claim, claims
from verify.every_size import EverySize
from verify.proving import domain_of
from verify.recheck import Rejected, replay

OK, UNEXPECTED = 0, 1


def recheck(file: Path) -> int:
    """Replay every derivation in a file (or record) and print what each proves; 1 if one is rejected."""
    stored = _derivations(file)
    if not stored:
        raise CatalogueError(f"{file}: no derivation is in it; give a derivation or a record that lakatos wrote")
    if any(derivation.get("format") == every_size.FORMAT for derivation in stored):
        catalogue.load_all()  # the kinds are there
    worst = OK
    for derivation in stored:
        name = derivation.get("claim") or file.name
        try:
            accepted = replay({k: v for k, v in derivation.items() if k != "claim"})
            _as_in_the_catalogue(derivation)
        except (Rejected, CodecError) as rejected:  # the catalogue may know a word otherwise
            print(f"rejected  {name}: {rejected}")
            worst = UNEXPECTED
            continue
        print(f"accepted  {name}: {accepted.statement}, in {accepted.steps} steps")
        for premise in accepted.rests_on:
            print(f"          rests on {premise}")
    return worst


def _derivations(file: Path) -> list[dict[str, Any]]:
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise CatalogueError(f"{file}: not text, so no derivation; give another file") from None
    try:
        whole = json.loads(text)
        documents = [whole]
    except (ValueError, RecursionError):
        try:
            documents = [json.loads(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            raise CatalogueError(f"{file}: neither JSON nor JSON Lines, so truncated or no derivation") from None
    found = []
    for document in documents:
        if not isinstance(document, dict):
            raise CatalogueError(f"{file}: JSON, but no derivation; give a file that lakatos wrote")
        if document.get("type") == "witness":
            raise CatalogueError(f"{file}: a witness, not a derivation; lakatos replay judges it")
        if document.get("type") == "verdict":
            found += [document["derivation"]] if isinstance(document.get("derivation"), dict) else []
        elif not {"format", "version", "claim"}.isdisjoint(document):
            found.append(document)
        elif document.get("type") not in ("run", "end"):
            raise CatalogueError(f"{file}: JSON, but no derivation; give a file that lakatos wrote")
    return found


def _as_in_the_catalogue(stored: dict[str, Any]) -> None:
    """Compare with the claim of that id, if there is one: same statement, its definitions, its hypotheses."""
    name = stored.get("claim")
    if not isinstance(name, str):
        return
    catalogue.load_all()
    claim = claims().get(name)
    if claim is None:
        return
    bare = {k: v for k, v in stored.items() if k != "claim"}
    if stored.get("format") in (traces.FORMAT, coverings.FORMAT):
        kind: Any = Trace if stored["format"] == traces.FORMAT else Covering
        _as_claimed_of_the_box(kind.from_json(bare), claim)
        return
    if stored.get("format") == every_size.FORMAT:
        _as_claimed_of_the_kind(EverySize.from_json(bare), claim)
        return
    derivation = Derivation.from_json(bare)
    if derivation.statement != claim.statement.says:
        raise Rejected(f"it proves {derivation.statement}, and the claim says {claim.statement.says}")
    _assumes_no_more(derivation.hypotheses, claim)
    for word, formula in derivation.definitions.items():
        if claim.where.get(word) != formula:
            raise Rejected(f"it defines {word} as {formula}, and the claim does not")
    for lemma, sentence in derivation.lemmas.items():
        known = claims().get(lemma)
        if known is None or known.statement.says != sentence:
            raise Rejected(f"it relies on {sentence} as {lemma}, and that claim does not say so")


def _as_claimed_of_the_kind(stored: EverySize, claim: Claim) -> None:
    """Compare what holds at every size: the same statement, of the same kind."""
    if stored.statement != claim.statement.says:
        raise Rejected(f"it proves {stored.statement}, and the claim says {claim.statement.says}")
    if stored.kind != str(claim.statement.given):
        raise Rejected(f"it is about {stored.kind}, and the claim about {claim.statement.given}")


def _as_claimed_of_the_box(stored: Trace | Covering, claim: Claim) -> None:
    """Compare what is said of a box: the same statement, its hypotheses, and the whole of the claim's box."""
    if stored.statement != claim.statement.says:
        raise Rejected(f"it proves {stored.statement}, and the claim says {claim.statement.says}")
    _assumes_no_more(stored.hypotheses, claim)
    for word, interval in domain_of(claim.statement).items():
        proved = stored.domain.get(word)
        if proved is not None and proved.to_json() != interval.to_json():
            raise Rejected(f"it is about {word} in {proved}, and the claim about {word} in {interval}")


def _assumes_no_more(hypotheses: Iterable[Any], claim: Claim) -> None:
    for hypothesis in hypotheses:
        if hypothesis not in claim.statement.assuming:
            raise Rejected(f"it assumes {hypothesis}, and the claim does not")
