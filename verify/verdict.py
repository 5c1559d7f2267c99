"""Grades, findings and verdicts: who may award what.

The type of a finding caps its grade: a search awards at most TESTED, an enclosure CERTIFIED, a derivation PROVED, and
only an appeal may refute. The grade of a claim is its strongest finding unless one refutes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any


class Grade(IntEnum):
    """From refuted to proved; a higher one is better news for the author of the claim."""

    REFUTED = 0
    INCONCLUSIVE = 1
    TESTED = 2
    CERTIFIED = 3
    PROVED = 4


CAPS = {
    "search": Grade.TESTED,
    "statistical": Grade.TESTED,
    "enclosure": Grade.CERTIFIED,
    "derivation": Grade.PROVED,
    "appeal": Grade.REFUTED,
}


class Contradiction(Exception):
    """A statement was both proved and refuted: the suite is wrong, and nothing it says can be trusted."""


@dataclass(frozen=True)
class Finding:
    """One piece of evidence. ``details`` holds what the record says of it."""

    type: str
    grade: Grade
    summary: str
    rests_on: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        cap = CAPS[self.type]
        if self.type == "appeal":
            if self.grade is not Grade.REFUTED:
                raise ValueError("an appeal refutes, or leaves no finding")
        elif self.grade is Grade.REFUTED or self.grade > cap:
            raise ValueError(f"a finding of type {self.type} cannot award {self.grade.name}; at most {cap.name}")

    def to_json(self) -> dict[str, Any]:
        """The finding as the record has it."""
        return {
            "type": self.type,
            "grade": self.grade.name,
            "summary": self.summary,
            "rests_on": list(self.rests_on),
            **self.details,
        }


def fold(claim_id: str, findings: list[Finding], weakest_relied_on: Grade | None = None) -> Grade:
    """The grade that findings make together; Contradiction when one proves what another refutes.

    A proof stands by itself beside an inconclusive search; what a proof relies on caps it.
    """
    if not findings:
        return Grade.INCONCLUSIVE
    refuted = [f for f in findings if f.grade is Grade.REFUTED]
    proved = [f for f in findings if f.grade in (Grade.PROVED, Grade.CERTIFIED)]
    if refuted and proved and weakest_relied_on in (None, Grade.PROVED):
        raise Contradiction(
            f"{claim_id} is both {proved[0].grade.name.lower()} and refuted: the suite is wrong; {refuted[0].summary}"
        )
    if refuted:
        return Grade.REFUTED
    grade = max(f.grade for f in findings)
    if proved and weakest_relied_on is not None:
        searched = max((f.grade for f in findings if f not in proved), default=Grade.INCONCLUSIVE)
        return max(searched, min(grade, weakest_relied_on))
    return grade


def as_expected(grade: Grade, expects: Grade) -> bool:
    """A refutation is expected or it is not; any other grade may be better than expected."""
    if Grade.REFUTED in (grade, expects):
        return grade is expects
    return grade >= expects


@dataclass
class Verdict:
    """What the suite says of one claim; ``to_json`` is its line of the record."""

    id: str
    grade: Grade
    expects: Grade
    reason: str
    findings: list[Finding]
    details: dict[str, Any] = field(default_factory=dict)
    error: str | None = None
    seconds: float = 0.0

    @property
    def expected(self) -> bool:
        """Whether the grade is as expected and nothing in the claim itself failed."""
        return self.error is None and as_expected(self.grade, self.expects)

    @staticmethod
    def from_json(line: dict[str, Any]) -> Verdict:
        """The verdict of a line that ``to_json`` wrote, for a run that is resumed."""
        own = {"type", "id", "grade", "expects", "as_expected", "reason", "findings", "error", "seconds"}
        shared = {"type", "grade", "summary", "rests_on"}
        findings = [
            Finding(
                f["type"],
                Grade[f["grade"]],
                f["summary"],
                tuple(f["rests_on"]),
                {k: v for k, v in f.items() if k not in shared},
            )
            for f in line["findings"]
        ]
        details = {k: v for k, v in line.items() if k not in own}
        return Verdict(
            line["id"],
            Grade[line["grade"]],
            Grade[line["expects"]],
            line["reason"],
            findings,
            details,
            line["error"],
            line["seconds"],
        )

    def to_json(self) -> dict[str, Any]:
        """The verdict's line of the record."""
        return {
            "type": "verdict",
            "id": self.id,
            **self.details,
            "grade": self.grade.name,
            "expects": self.expects.name,
            "as_expected": self.expected,
            "reason": self.reason,
            "findings": [f.to_json() for f in self.findings],
            "error": self.error,
            "seconds": round(self.seconds, 3),
        }
