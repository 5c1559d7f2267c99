"""A record as GitHub workflow commands that point at the lines of claims; only what needs a person is annotated.

GitHub shows ten errors and ten warnings a step and drops the rest without a word, so the tenth says how many follow.
"""

from collections.abc import Sequence

from reports.attention import KINDS, Concern, clip, concerns, show_command
from reports.phrases import EXIT_MEANS, plain, unfinished
from reports.record import Record

CONTRADICTION, INTERRUPTED = 3, 130
SHOWN = 10
"""How many annotations of one level GitHub shows in a step."""
LONGEST = 1000
"""Characters of a message, of which GitHub shows a few lines."""


def _data(text: str) -> str:
    """Text as the message of a command; lines in it are kept, what ends a command is not."""
    lines = "\n".join(plain(line) for line in text.split("\n"))
    return lines.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Text as the value of a property of a command."""
    return _data(plain(text)).replace(":", "%3A").replace(",", "%2C")


def _command(level: str, message: str, **properties: str) -> str:
    given = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {given}::{_data(message)}"


def _annotation(concern: Concern, level: str) -> str:
    verdict = concern.verdict
    lines = [clip(concern.why, LONGEST), f"{clip(verdict['title'], LONGEST)}"]
    witness = verdict["witness"]
    lines += [plain(witness["replay"])] if witness and witness.get("replay") else [show_command(verdict)]
    return _command(
        level,
        "\n".join(line for line in lines if line),
        file=verdict["file"].replace("\\", "/"),
        line=str(max(int(verdict["line"]), 1)),
        title=f"{clip(verdict['id'], 120)}: {KINDS[concern.kind]}",
    )


def _cut(commands: list[str], level: str) -> list[str]:
    """At most as many as GitHub shows; the last one says how many more there are."""
    if len(commands) <= SHOWN:
        return commands
    more = len(commands) - SHOWN + 1
    told = "GitHub shows ten of a kind in a step; the record has them all."
    rest = _command(level, told, title=f"{more} more")
    return [*commands[: SHOWN - 1], rest]


def render(record: Record, history: Sequence[Record] = ()) -> str:
    """The record as workflow commands, one a line, worst first; empty where nothing needs a person.

    What is not as expected is an error; what is inconclusive as expected, a mutant of the author that survived beside a
    proof, and claims without a verdict are warnings.
    """
    told = [concern for concern in concerns(record) if concern.kind != "expected"]
    errors = [_annotation(concern, "error") for concern in told if _is_grave(concern)]
    warnings = [_annotation(concern, "warning") for concern in told if not _is_grave(concern)]
    missing = unfinished(record)
    if missing:
        warnings.insert(0, _command("warning", _first_missing(record, missing), title="no verdict"))
    code = record.end["exit"] if record.end else 0
    if code == CONTRADICTION or (code not in (0, INTERRUPTED) and not errors):
        ended = f"The run ended with exit code {code}: {EXIT_MEANS[code]}."
        errors.insert(0, _command("error", ended, title=f"exit {code}"))
    lines = [*_cut(errors, "error"), *_cut(warnings, "warning")]
    return "".join(f"{line}\n" for line in lines)


def _is_grave(concern: Concern) -> bool:
    return not concern.verdict["as_expected"] or concern.kind == "contradiction"


def _first_missing(record: Record, why: str) -> str:
    missing = record.missing
    names = [clip(name, 120) for name in missing[:SHOWN]]
    more = [f"and {len(missing) - SHOWN} more"] if len(missing) > SHOWN else []
    return "\n".join([why, *names, *more])
