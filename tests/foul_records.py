"""Records for tests of forms: the example with changes, many claims, and text that tries to be more than text."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from reports.record import Record, parse_record

EXAMPLE = Path(__file__).parent / "doors" / "record_example.jsonl"
LINES: list[dict[str, Any]] = [json.loads(line) for line in EXAMPLE.read_text(encoding="utf-8").splitlines()]
DRAFT, PRINTED, PROVED = "draft/aligned-rows", "example2024/batch-rank-printed", "chen2024/lemma-2.2"
BAD = (
    "<script>alert(1)</script> ]]> </details> <img src=x> ![i](http://e.example/i.png) [l](javascript:alert(1)) "
    "@everyone #1 `c` ``` $`\\input{/etc/passwd}`$ &amp; | a | b | % %0A , : ; \x1b[31mred\x00\x07 \ud800 \uffff \u2028"
    "\r\n::error::owned\n```\n<script>two</script>\n::warning file=x::y"
)


def lines_of(
    change: Callable[[dict[str, Any]], object] | None = None, **verdicts: dict[str, Any]
) -> list[dict[str, Any]]:
    """The example's lines; `change` is applied to each, and `verdicts` has fields by names like aligned_rows."""
    lines = copy.deepcopy(LINES)
    for line in lines:
        for name, fields in verdicts.items():
            if line.get("id", "").replace("-", "_").replace(".", "_").endswith(f"/{name}"):
                line.update(fields)
        if change:
            change(line)
    return lines


def record_of(lines: list[dict[str, Any]], name: str = "r.jsonl") -> Record:
    """A record of these lines."""
    return parse_record(bytes_of(lines), name)


def built(lines: list[dict[str, Any]]) -> Record:
    """A whole record of these lines, which are known to be in order: thousands take long to validate."""
    run, *verdicts, end = lines
    return Record("r.jsonl", cast(Any, run), cast(Any, tuple(verdicts)), cast(Any, end), False)


def bytes_of(lines: list[dict[str, Any]]) -> bytes:
    """The lines as a file has them."""
    return "".join(f"{json.dumps(line)}\n" for line in lines).encode()


def many(count: int, change: Callable[[int, dict[str, Any]], object] | None = None) -> list[dict[str, Any]]:
    """A run of so many claims, copies of the example's under other names; its end line agrees with them."""
    run, *verdicts, end = copy.deepcopy(LINES)
    made = []
    for number in range(count):
        verdict = copy.deepcopy(verdicts[number % len(verdicts)])
        verdict["id"] += f"-{number}"
        if change:
            change(number, verdict)
        made.append(verdict)
    run["claims"] = [verdict["id"] for verdict in made]
    end["unexpected"] = [verdict["id"] for verdict in made if not verdict["as_expected"]]
    end["exit"] = int(bool(end["unexpected"]))
    return [run, *made, end]


def _spoil(line: dict[str, Any]) -> None:
    """Put the bad text wherever a record may have text of anybody."""
    if line["type"] == "run":
        line.update(command=BAD, lakatos=BAD, commit=BAD, versions={BAD: BAD})
        line["device"][0].update(name=BAD, description=BAD)
        line["claims"] = [_spoilt(claim) for claim in line["claims"]]
    elif line["type"] == "end":
        line["unexpected"] = [_spoilt(claim) for claim in line["unexpected"]]
    else:
        line.update(id=_spoilt(line["id"]), title=BAD, reason=BAD, file=f"{BAD}.py")
        line["source"].update(reference=BAD, link=BAD)
        statement = line["statement"]
        statement["says"].update(text=BAD, latex=BAD, mathml=BAD)
        statement.update(given=BAD, assuming=[{"text": BAD, "latex": BAD}], where=[{"text": BAD, "latex": BAD}])
        for finding in line["findings"]:
            finding.update(summary=BAD, rests_on=[BAD])
        for mutant in line["mutants"]:
            mutant.update(name=BAD, statement=BAD)
        if line["error"] is not None:
            line["error"] = BAD
        if line["witness"]:
            line["witness"].update(file=BAD, replay=BAD, sides=[BAD, BAD], sentence=BAD, size={BAD: 1})


def _spoilt(claim: str) -> str:
    bad = "".join(BAD.split()).replace("/", "")
    return f"{claim}{bad}"


def foul() -> list[dict[str, Any]]:
    """The example with the bad text in it; one claim's own code raised, and one is refuted against expectation."""
    lines = lines_of(aligned_rows={"error": "x"}, batch_rank_printed={"expects": "TESTED", "as_expected": False})
    for line in lines:
        _spoil(line)
    return lines
