"""Proofs of claims: definitions judged in the claim's worlds, derivations found and rechecked, what they rely on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp

from symbolic.proofs import Derivation
from symbolic.prover import NotProved, prove
from symbolic.sentences import words_in
from symbolic.words import DICTIONARY
from verify.claims import Claim, Statement
from verify.recheck import Rejected, replay
from verify.search import Search
from verify.settings import Settings
from verify.verdict import Contradiction, Grade


class DefinitionFalse(Exception):
    """A definition of a claim does not hold in its worlds: the author's error."""


@dataclass
class Proofs:
    """Finds derivations and judges definitions; remembers both across claims."""

    settings: Settings
    catalogue: dict[str, Claim]
    _definitions: dict[Any, str] = field(default_factory=dict)
    _proofs: dict[Any, Derivation | None] = field(default_factory=dict)
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

    def derivation(self, claim: Claim, statement: Statement, most: int | None = None) -> Derivation | None:
        """A rechecked derivation of a statement from the claim's definitions and what it relies on, or None.

        ``most`` is the most work on any one sentence: for a statement that is expected to be false.
        """
        key = (claim.id, statement)
        if key not in self._proofs:
            self._proofs[key] = None
            lemmas = {
                known: self.catalogue[known].statement.says
                for known in claim.relies_on
                if known in self.catalogue and not self.catalogue[known].statement.assuming
            }
            where = {w: f for w, f in claim.where.items() if all(statement.given.knows(n) for n in _names(w, f))}
            # A sketch is worth little without the hypotheses that it was made for, and trying it costs the most.
            sketched = most is None or statement.assuming == claim.statement.assuming
            made = prove(statement.says, statement.assuming, where, lemmas, claim.proof if sketched else None, most)
            if isinstance(made, NotProved) and statement == claim.statement:
                self.unproved[claim.id] = made.reason
            if isinstance(made, Derivation):
                try:
                    replay(made.to_json())
                except Rejected as rejected:
                    raise Contradiction(
                        f"{claim.id}: the checker rejects the prover's derivation: {rejected}"
                    ) from None
                self._proofs[key] = made
        return self._proofs[key]

    def weakest_relied_on(self, claim: Claim, derivation: Derivation, path: tuple[str, ...] = ()) -> Grade | None:
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


def _names(*nodes: Any) -> set[str]:
    return set().union(*(words_in(n) for n in nodes)) & set(DICTIONARY)
