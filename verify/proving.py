"""Proofs of claims: definitions judged in the claim's worlds, derivations found and rechecked, what they rely on."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp

from symbolic import intervals, prose
from symbolic.calculus import Unproved, derive
from symbolic.certify import Uncovered, cover
from symbolic.codec import Decoder, encode, vocabulary
from symbolic.coverings import Covering
from symbolic.proofs import Derivation
from symbolic.prover import NotProved, prove
from symbolic.sentences import words_in
from symbolic.tails import tail
from symbolic.traces import Trace
from symbolic.words import DICTIONARY, Scalar
from verify import every_size
from verify.claims import Claim, Statement
from verify.every_size import EverySize
from verify.proposals import propose
from verify.recheck import Rejected, premises_of, replay
from verify.search import Search
from verify.settings import Settings
from verify.verdict import Contradiction, Finding, Grade
from verify.wellformed import namesakes
from verify.worlds import Kind, KindError

Proof = Derivation | Trace | Covering | EverySize
"""What makes a claim PROVED: steps of rules, facts of the calculus, polynomials; or CERTIFIED: a covering of a box."""


class DefinitionFalse(Exception):
    """A definition of a claim does not hold in its worlds: the author's error."""


@dataclass
class Proofs:
    """Finds derivations and judges definitions; remembers both across claims."""

    settings: Settings
    catalogue: dict[str, Claim]
    _definitions: dict[Any, str] = field(default_factory=dict)
    _proofs: dict[Any, Proof] = field(default_factory=dict)
    _failed: dict[Any, float] = field(default_factory=dict)
    """The most work on a sentence that was not enough for a statement."""
    unproved: dict[str, str] = field(default_factory=dict)
    """Why no derivation of a claim was found, in one line."""

    def check_definitions(self, claim: Claim) -> None:
        """Each definition is a claim: judged, exactly, in the worlds of the claim and of each mutant.

        So are the claims relied on and their definitions: what holds in the worlds of a lemma may fail in others.
        """
        lemmas = [self.catalogue[known] for known in claim.relies_on if known in self.catalogue]
        taken = [("the definition", d) for lemma in (claim, *lemmas) for d in lemma.definitions()]
        taken += [(lemma.id, lemma.statement.says) for lemma in lemmas if not lemma.statement.assuming]
        kinds = list(dict.fromkeys([claim.statement.given, *(m.statement.given for m in claim.mutants)]))
        for kind in kinds:
            known = [(n, d) for n, d in taken if all(kind.knows(word) for word in Statement(kind, (), d).words())]
            fresh = [d for _, d in known if (str(kind), d) not in self._definitions]
            if len(fresh) > 1 and not self.fault(kind, sp.And(*fresh, evaluate=False)):
                self._definitions |= {(str(kind), d): "" for d in fresh}  # judged at once, for every claim
            for name, sentence in known:
                fault = self.fault(kind, sentence)
                if fault:
                    where = "" if kind is claim.statement.given else f" in the worlds {kind} of a mutant"
                    raise DefinitionFalse(f"{claim.id}: {name} {sentence} is false{where}: {fault}; correct it")

    def fault(self, kind: Any, definition: Any) -> str:
        """Both sides where a sentence fails in some world of a kind, or nothing."""
        key = (str(kind), definition)
        if key not in self._definitions:
            modest = replace(
                self.settings.effort, tiny=400, small=4, sample=64, corner=16, per_corner=1, examples=3, lanes=64,
                generations=0, target=0,
            )  # fmt: skip
            search = Search(Statement(kind, (), definition), self.settings.arenas[0], modest, self.settings.seed)
            search.hear_some = 1
            search.run()
            found = search.found
            fault = "it has no value in some of them" if search.tally.undefined else ""
            if found is not None:
                fault = f"{found.ruling.left} against {found.ruling.right}"
            self._definitions[key] = fault
        return self._definitions[key]

    def derivation(self, claim: Claim, statement: Statement, most: int | None = None) -> Proof | None:
        """A rechecked derivation of a statement from the claim's definitions and what it relies on, or None.

        ``most`` is the most work on any one sentence: for a statement that is expected to be false.
        """
        key, allowed = (claim.id, statement), math.inf if most is None else most
        if key not in self._proofs and allowed > self._failed.get(key, -1):
            self._failed[key] = allowed
            made = self._proved(claim, statement, most)
            if isinstance(made, Proof):
                self._proofs[key] = made
                if statement == claim.statement:
                    self.unproved.pop(claim.id, None)
            elif statement == claim.statement:
                self.unproved[claim.id] = made.reason
        return self._proofs.get(key)

    def _proved(self, claim: Claim, statement: Statement, most: int | None) -> Proof | NotProved | Unproved:
        """What the prover finds; Contradiction where the checker rejects it.

        What is relied on or defined in words that the statement's worlds do not have says nothing there.
        """
        kind = statement.given
        domain = domain_of(statement)
        if domain:
            found = derive(statement.says, domain, statement.assuming, briefly=most is not None)
            return self._accepted(claim, found) if isinstance(found, Trace) else found
        relied = {known: self.catalogue[known].statement for known in claim.relies_on if known in self.catalogue}
        lemmas = {known: own.says for known, own in relied.items() if not own.assuming and _speaks_of(kind, own.says)}
        where = {w: f for w, f in claim.where.items() if _speaks_of(kind, w, f)}
        # A sketch is worth little without the hypotheses that it was made for, and trying it costs the most.
        sketched = most is None or statement.assuming == claim.statement.assuming
        made = prove(statement.says, statement.assuming, where, lemmas, claim.proof if sketched else None, most)
        if isinstance(made, Derivation):
            return self._accepted(claim, made)
        polynomials = every_size.derive(statement)
        return made if polynomials is None or not _holds(polynomials) else polynomials

    def covering(self, claim: Claim) -> Covering | None:
        """A rechecked covering of a claim's box, for a claim that no search has refuted; or None."""
        domain = domain_of(claim.statement)
        if not domain:
            return None
        leaves = self.settings.effort.leaves
        found: Covering | Uncovered | None = tail(claim.statement.says, domain, claim.statement.assuming)
        found = found or cover(claim.statement.says, domain, claim.statement.assuming, leaves, propose)
        if not isinstance(found, Covering):
            if isinstance(found, Uncovered) and found.touching:
                self.unproved[claim.id] = found.reason  # it says more than what no rule gives
            return None
        self._accepted(claim, found)
        return found

    def _accepted(self, claim: Claim, made: Proof) -> Proof:
        """What the checker accepts; Contradiction where it does not, KindError of a sentence that no file can hold."""
        try:
            replay(made.to_json())
        except Rejected as rejected:
            written = _written_anew(made)
            if written != made.statement:
                raise KindError(
                    f"{prose.text(made.statement)} is not what SymPy makes of its parts, and no stored proof could be "
                    f"checked; write {prose.text(written)}"
                ) from None
            raise Contradiction(f"{claim.id}: the checker rejects the prover's derivation: {rejected}") from None
        return made

    def weakest_relied_on(self, claim: Claim, derivation: Proof, path: tuple[str, ...] = ()) -> Grade | None:
        """The weakest grade among the claims that a derivation uses: PROVED, or INCONCLUSIVE for one without a proof.

        None when it uses none. A claim that comes back to itself along ``path`` proves nothing.
        """
        grades = []
        for known in derivation.lemmas:
            lemma = self.catalogue.get(known)
            if lemma is None or known in path:
                return Grade.INCONCLUSIVE
            self.check_definitions(lemma)
            proof = self.derivation(lemma, lemma.statement)
            deeper = None if proof is None else self.weakest_relied_on(lemma, proof, (*path, claim.id))
            grades.append(Grade.INCONCLUSIVE if proof is None else (Grade.PROVED if deeper is None else deeper))
        return min(grades) if grades else None


def _written_anew(made: Proof) -> Any:
    """The sentence of a proof as a reader of its file builds it."""
    return Decoder(vocabulary(made.statement))(encode(made.statement))


def _holds(made: EverySize) -> bool:
    """Whether the checker accepts what holds at one size: the finder has not looked at the others."""
    try:
        replay(made.to_json())
    except Rejected:
        return False
    return True


def formal(proof: Proof) -> Finding:
    """The finding that a derivation or a covering is."""
    if isinstance(proof, Covering):
        summary = f"holds on each of {proof.leaves} boxes that cover the domain, rechecked"
        return Finding("enclosure", Grade.CERTIFIED, summary, premises_of(proof))
    if isinstance(proof, EverySize):
        summary = f"both sides are the same polynomials at all {proof.sizes} sizes ({proof.spans}), rechecked"
        return Finding("derivation", Grade.PROVED, summary, premises_of(proof))
    summary = f"derived in {len(proof.steps)} steps, rechecked"
    return Finding("derivation", Grade.PROVED, summary, premises_of(proof))


def domain_of(statement: Statement) -> dict[Any, intervals.Interval]:
    """The intervals of all scalar words in a statement, where its kind is a box of numbers; else nothing."""
    sentences = (statement.says, *statement.assuming)
    words = sorted(set().union(*(s.atoms(Scalar) for s in sentences)), key=lambda word: word.name)
    spans = [statement.given.span(word) for word in words]
    return {word: intervals.of_span(s) for word, s in zip(words, spans, strict=True) if s} if all(spans) else {}


def _speaks_of(kind: Kind, *nodes: Any) -> bool:
    """Whether a kind reads all words of sentences, and takes no size in them for another."""
    names = set().union(*map(words_in, nodes)) & set(DICTIONARY)
    return all(map(kind.knows, names)) and not namesakes(kind, *nodes)
