"""The command line as its users meet it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reports.record import read_record, validate
from symbolic.calculus import derive
from symbolic.traces import Trace
from verify.claims import claims
from verify.proving import domain_of

ROOT = Path(__file__).resolve().parents[2]
QUICK = ("chen2024/lemma-2.2", "chen2024/lemma-2.1-null-set-as-read", "chen2024/rank-one-increments-printed")

DRAFT = """
from properties.worlds.networks import TwoLayerReLU
from symbolic import mean, rank
from symbolic.papers.weight_decay import A, A_formula, S, V, i, j
from verify import claim, word

overlap = word("overlap", "largest squared inner product of two rows of V")

@overlap.read_in(TwoLayerReLU)
def _(net):                     # net.V has shape (K, m, n); returns (K,)
    return (net.V @ net.V.mT).square().amax((-2, -1))

lemma = claim("draft/lemma", "Gradients have rank one.", given=TwoLayerReLU(), says=rank(A[i]) <= 1,
              where={A[i]: A_formula}, expects="proved")
lemma.breaks_when("a batch gradient has rank one", says=rank(mean(A[j], j, S)) <= 1)
claim("draft/overlap", "Rows barely overlap.", given=TwoLayerReLU(), says=overlap <= 10, expects="refuted")
"""


def test_alone_it_says_what_it_can_do(lakatos: Callable[..., Any]) -> None:
    ended = lakatos()
    assert (ended.code, ended.err) == (0, "")
    assert "Commands:" in ended.out
    assert ended.out.count("\n") > 10


def test_a_record_is_complete_and_valid(lakatos: Callable[..., Any]) -> None:
    ended = lakatos("check", *QUICK, "--json", "record.jsonl", "--ablate")
    assert ended.code == 0, ended
    for line in Path("record.jsonl").read_text().splitlines():
        validate(line)
    record = read_record("record.jsonl")
    assert record.end is not None
    assert {v["id"]: v["grade"] for v in record.verdicts} == {
        "chen2024/lemma-2.2": "PROVED",
        "chen2024/lemma-2.1-null-set-as-read": "REFUTED",
        "chen2024/rank-one-increments-printed": "REFUTED",
    }
    assert "refutes our reading" in ended.out


def test_the_same_seed_gives_the_same_record_whatever_the_chunk(lakatos: Callable[..., Any]) -> None:
    lines = []
    for run, chunk in enumerate((2**21, 2**21, 2**20, 2**12)):
        chosen = (*QUICK, "chen2024/lemma-2.1-stability-radius")  # most of its networks have a tightness of 0
        lakatos("check", *chosen, "--json", f"{run}.jsonl", "--no-fed", "--out", f"out{run}", "--chunk", str(chunk))
        lines.append([_timeless(json.loads(text)) for text in Path(f"{run}.jsonl").read_text().splitlines()])
    for other in lines[1:]:
        assert other == lines[0]


def _timeless(line: dict[str, Any]) -> Any:
    clock = {"seconds", "started", "command"}
    if line["type"] == "verdict" and line["witness"]:
        line["witness"] = {k: v for k, v in line["witness"].items() if k not in ("file", "replay")}
    return {k: v for k, v in line.items() if k not in clock}


def test_witnesses_replay_in_a_fresh_process(lakatos: Callable[..., Any], tmp_path: Path) -> None:
    lakatos("check", *QUICK[1:], "--no-fed")
    stored = sorted((tmp_path / ".lakatos" / "witnesses").glob("*.json"))
    assert len(stored) == 2
    for file in stored:
        ran = subprocess.run([sys.executable, "-m", "verify", "replay", str(file)], capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
        assert "left" in ran.stdout
        assert "right" in ran.stdout


def test_committed_witnesses_replay() -> None:
    from verify import witness
    from verify.catalogue import load_all
    from verify.claims import claims

    load_all()
    stored = sorted(witness.COMMITTED.glob("*.json"))
    assert stored
    for file in stored:
        known = witness.read(file)
        assert known.rule(claims()[known.claim].statement).refutes


def test_a_draft_outside_of_the_repository(lakatos: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "draft.py").write_text(DRAFT)
    ended = lakatos("check", "draft.py")
    assert ended.code == 0, ended
    again = lakatos("replay", ".lakatos/witnesses/draft-overlap.json", "draft.py")
    assert again.code == 0
    assert "upheld" in again.out
    command = [sys.executable, "-m", "verify", "replay", ".lakatos/witnesses/draft-overlap.json"]
    alone = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert alone.returncode == 2
    assert "FILE.py" in alone.stderr


def test_pytest_judges_a_draft(tmp_path: Path) -> None:
    (tmp_path / "draft.py").write_text(DRAFT)
    command = [sys.executable, "-m", "pytest", "-q", "draft.py", "--junitxml=junit.xml"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "2 passed" in ran.stdout
    assert '<property name="grade" value="PROVED" />' in (tmp_path / "junit.xml").read_text()


def test_listing_imports_neither_torch_nor_hypothesis() -> None:
    code = (
        "import sys; from verify.__main__ import main\n"
        "try: main(['list'])\nexcept SystemExit: pass\n"
        "assert 'torch' not in sys.modules and 'hypothesis' not in sys.modules"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert "chen2024/theorem-2.4-sharp" in ran.stdout


def test_what_is_stored_of_bounds_rechecks_beside_the_catalogue(lakatos: Callable[..., Any], tmp_path: Path) -> None:
    proved, certified = "vapnik1998/uniform-convergence/tends-to-0", "bartlett2017/gap/decreasing-in-N-from-7"
    assert lakatos("check", proved, certified).code == 0
    ended = lakatos("recheck", ".lakatos/record.jsonl")
    assert ended.code == 0
    assert ended.out.count("accepted") == 2
    file = tmp_path / ".lakatos/derivations" / f"{proved.replace('/', '-')}.json"
    stored = json.loads(file.read_text())
    said = claims()[proved].statement
    domain = domain_of(said)
    first = next(iter(domain))
    found = derive(said.says, domain | {first: replace(domain[first], open_low=True)}, said.assuming)
    assert isinstance(found, Trace)
    narrow = {"claim": proved, **found.to_json()}
    other = {**stored, "claim": "vapnik1998/uniform-convergence/decreasing-in-N"}
    for tampered, why in ((narrow, "about"), (other, "the claim says")):
        file.write_text(json.dumps(tampered))
        ended = lakatos("recheck", str(file))
        assert ended.code == 1
        assert why in ended.out


def test_derivations_are_stored_and_recheck(lakatos: Callable[..., Any], tmp_path: Path) -> None:
    lakatos("check", "chen2024/lemma-2.2")
    file = tmp_path / ".lakatos" / "derivations" / "chen2024-lemma-2.2.json"
    assert lakatos("recheck", str(file)).code == 0
    assert lakatos("recheck", ".lakatos/record.jsonl").code == 0
    stored = json.loads(file.read_text())
    stored["steps"] = stored["steps"][:-1]
    file.write_text(json.dumps(stored))
    rejected = lakatos("recheck", str(file))
    assert rejected.code == 1
    assert "rejected" in rejected.out


def test_a_derivation_of_another_statement_is_rejected_beside_the_catalogue(
    lakatos: Callable[..., Any], tmp_path: Path
) -> None:
    lakatos("check", "chen2024/lemma-2.2")
    file = tmp_path / ".lakatos" / "derivations" / "chen2024-lemma-2.2.json"
    stored = json.loads(file.read_text())
    file.write_text(json.dumps({**stored, "claim": "chen2024/eq-6-activation-matrix"}))
    ended = lakatos("recheck", str(file))
    assert ended.code == 1
    assert "the claim says" in ended.out


def test_an_interrupted_run_leaves_a_readable_record_that_resume_finishes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "verify", "check", "chen2024/*", "--effort", "standard", "--no-fed"]
    running = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    record = tmp_path / ".lakatos" / "record.jsonl"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not (record.is_file() and record.read_text().count('"verdict"') >= 1):
        time.sleep(0.2)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert "Traceback" not in err
    assert running.returncode == 130
    read = read_record(record)
    assert read.end is not None
    assert read.end["stopped"] == "interrupted"
    assert 1 <= len(read.verdicts) < len(read.run["claims"])


def test_a_record_whose_run_was_killed_is_resumed(lakatos: Callable[..., Any], tmp_path: Path) -> None:
    lakatos("check", *QUICK)
    record = tmp_path / ".lakatos" / "record.jsonl"
    lines = record.read_text().splitlines(keepends=True)
    record.write_text("".join(lines[:2]) + lines[2][:50])
    ended = lakatos("check", *QUICK, "--resume", ".lakatos")
    assert ended.code == 0
    assert len(read_record(record).verdicts) == 3


def test_a_budget_stops_the_clock_and_the_record_says_so(lakatos: Callable[..., Any]) -> None:
    lakatos("check", "chen2024/lemma-2.2", "chen2024/increment-rank", "--budget", "0.1s", "--json", "r.jsonl")
    read = read_record("r.jsonl")
    assert read.end is not None
    assert read.end["stopped"] == "budget"


def test_a_baseline_tells_what_fell(lakatos: Callable[..., Any]) -> None:
    lakatos("check", QUICK[0], "--json", "old.jsonl")
    assert lakatos("check", QUICK[0], "--baseline", "old.jsonl").code == 0
    assert lakatos("compare", "old.jsonl", "old.jsonl").code == 0


def test_two_processes_give_the_same_verdicts(lakatos: Callable[..., Any]) -> None:
    lakatos("check", *QUICK, "--json", "one.jsonl", "--no-fed")
    lakatos("check", *QUICK, "--json", "two.jsonl", "--no-fed", "--jobs", "2")
    grades = [{v["id"]: v["grade"] for v in read_record(f"{n}.jsonl").verdicts} for n in ("one", "two")]
    assert grades[0] == grades[1]


def test_show_and_doctor(lakatos: Callable[..., Any]) -> None:
    shown = lakatos("show", "chen2024/theorem-2.4")
    assert shown.code == 0
    assert "B < N" in shown.out
    assert lakatos("doctor").code == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="pipes as on Unix")
def test_a_closed_pipe_is_no_traceback(tmp_path: Path) -> None:
    ran = subprocess.run(
        f"{sys.executable} -m verify list | head -n 1", shell=True, cwd=tmp_path, capture_output=True, text=True
    )
    assert "Traceback" not in ran.stderr
