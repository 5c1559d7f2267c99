"""`lakatos reproduce`: what it prints and writes, resumption after an interrupt, one sentence for wrong input."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

TINY = (
    "--width",
    "5",
    "--epochs",
    "2",
    "--samples",
    "32",
    "--test-samples",
    "16",
    "--batch-sizes",
    "8",
    "--seeds",
    "2",
)


def tiny(lakatos: Callable[..., Any], *more: str) -> Any:
    return lakatos("reproduce", "chen2024", "--dataset", "diabetes", *TINY, "--out", "run", *more)


def test_it_prints_what_was_assumed_and_writes_results_and_figures(lakatos: Callable[..., Any], tmp_path: Path) -> None:
    ended = tiny(lakatos)
    assert ended.code in (0, 1), ended
    lines = ended.out.splitlines()
    assert next(line for line in lines if line.startswith("--learning-rate")).split()[2] == "assumed"
    assert next(line for line in lines if line.startswith("--rate-factor")).split()[1:3] == ["0.95", "printed"]
    assert next(line for line in lines if line.startswith("--width")).split()[1:3] == ["5", "given"]
    assert "chen2024/trend-weight-decay-lowers-stable-rank" in ended.out
    told = json.loads((tmp_path / "run" / "results.json").read_text())
    assert told["plan"]["width"] == 5
    assert {trend["level"] for trend in told["trends"]} == {"1/20"}
    names = {path.name for path in (tmp_path / "run" / "figures").iterdir()}
    assert names == {f"figure-{k}.{form}" for k in (1, 2, 3, 8) for form in ("svg", "pdf", "csv", "json")}


def test_deep_networks_are_judged_by_depth(lakatos: Callable[..., Any], tmp_path: Path) -> None:
    options = (
        "--width",
        "4",
        "--epochs",
        "1",
        "--samples",
        "32",
        "--test-samples",
        "8",
        "--depths",
        "3,5",
        "--seeds",
        "2",
    )
    ended = lakatos("reproduce", "ledent2025", *options, "--out", "deep")
    assert ended.code == 0, ended
    for name in ("bottleneck-rank", "bottleneck-rank-decay", "bottleneck-rank-weights-by-depth"):
        assert f"ledent2025/{name}\n" in ended.out
    assert (tmp_path / "deep" / "figures" / "figure-ranks.pdf").read_bytes().startswith(b"%PDF")
    alone = lakatos("reproduce", "ledent2025", *options, "--depths", "2", "--out", "shallow")
    assert "it needs two depths of at least 3 layers" in alone.out


def test_what_is_done_is_told_again_and_not_trained_again(lakatos: Callable[..., Any], tmp_path: Path) -> None:
    first = tiny(lakatos, "--no-figures")
    before = (tmp_path / "run" / "results.json").read_text()
    assert not (tmp_path / "run" / "figures").exists()
    again = lakatos("reproduce", "chen2024", "--resume", "run", "--no-figures")
    assert again.code == first.code
    assert (tmp_path / "run" / "results.json").read_text() == before
    assert (
        again.out.partition("\n\n")[2].rpartition("after")[0] == first.out.partition("\n\n")[2].rpartition("after")[0]
    )


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals as on Unix")
def test_an_interrupt_leaves_a_folder_that_goes_on(lakatos: Callable[..., Any], tmp_path: Path) -> None:
    options = ["--dataset", "diabetes", *TINY, "--epochs", "1500", "--batch-sizes", "", "--out", "run"]
    command = [sys.executable, "-m", "verify", "reproduce", "chen2024", *options]
    running = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not (tmp_path / "run" / "checkpoints").is_dir():
        time.sleep(0.02)
    time.sleep(0.5)
    os.killpg(running.pid, signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 130, err
    assert "Traceback" not in err
    assert "--resume run goes on" in err
    with np.load(tmp_path / "run" / "checkpoints" / "batch-16.npz") as state:
        reached = int(state["place"][0])
    assert 0 <= reached < 1500
    path = tmp_path / "run" / "plan.json"
    shorter = json.loads(path.read_text())
    shorter["plan"]["epochs"] = reached + 2
    path.write_text(json.dumps(shorter))
    ended = lakatos("reproduce", "chen2024", "--resume", "run", "--no-figures")
    assert ended.code in (0, 1), ended


WRONG = {
    ("chen2023",): "no experiment of that name",
    ("chen2024", "--dataset", "iris"): "choose one of california",
    ("chen2024", "--dataset", "diabetes", "--width", "0"): "--width 0: give a whole number",
    ("chen2024", "--dataset", "diabetes", "--epochs", "-3"): "--epochs -3",
    ("chen2024", "--dataset", "diabetes", "--samples", "100000"): "samples are fewer",
    ("chen2024", "--dataset", "diabetes", "--samples", "10", "--batch-size", "16"): "--batch-size 16",
    ("chen2024", "--dataset", "diabetes", "--weight-decay", "0.1,0"): "in rising order",
    ("chen2024", "--dataset", "diabetes", "--weight-decay", "0,x"): "'x' is not a number",
    ("chen2024", "--dataset", "diabetes", "--weight-decay", "0,nan"): "is not a number",
    ("chen2024", "--dataset", "diabetes", "--weight-decay=-1,0"): "give a number from 0 on",
    ("chen2024", "--dataset", "diabetes", "--learning-rate", "nan"): "--learning-rate nan",
    ("chen2024", "--dataset", "diabetes", "--learning-rate", "0"): "give positive numbers",
    ("chen2024", "--dataset", "diabetes", "--batch-sizes", "1.5"): "not a whole number",
    ("chen2024", "--dataset", "diabetes", "--initial", "zero"): "--initial zero",
    ("chen2024", "--dataset", "diabetes", "--dtype", "float16"): "float16",
    ("chen2024", "--dataset", "diabetes", "--device", "tpu"): "tpu",
    (
        "chen2024",
        "--dataset",
        "diabetes",
        "--width",
        "1000000",
        "--seeds",
        "1000",
    ): "the weights of stage batch-16 need",
    ("ledent2025", "--dataset", "diabetes", "--width", "1000000"): "the weights of stage depth-3 need",
    ("chen2024", "--data", "none.npz"): "there is no such file",
    ("chen2024", "--resume", "none"): "there is no experiment to resume",
    ("chen2024", "--resume", "none", "--width", "3"): "leave out --width",
    ("ledent2025", "--dataset", "digits", "--depths", "1"): "--depth",
}


@pytest.mark.parametrize("words", list(WRONG), ids=" ".join)
def test_wrong_input_is_told_in_a_sentence(lakatos: Callable[..., Any], words: tuple[str, ...]) -> None:
    ended = lakatos("reproduce", *words)
    assert ended.code == 2, ended
    assert ended.err.startswith("lakatos: ")
    assert WRONG[words] in ended.err
    assert len(ended.err.splitlines()) == 1
    assert not Path(".lakatos").exists()


@pytest.mark.parametrize("text", ["", "[]", "{}", "[" * 5000, '{"schema": "9", "plan": {}, "rate": 1, "sha256": ""}'])
def test_a_plan_that_is_none_is_told_in_a_sentence(lakatos: Callable[..., Any], tmp_path: Path, text: str) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "plan.json").write_text(text)
    ended = lakatos("reproduce", "chen2024", "--resume", "run")
    assert ended.code == 2, ended
    assert "plan.json" in ended.err
    assert len(ended.err.splitlines()) == 1


@pytest.mark.parametrize("text", ["", "{}", '{"lanes": [], "curve": [], "schema": "1.0", "rate": 1}', '{"lanes": 3}'])
def test_results_that_are_none_are_told_in_a_sentence(lakatos: Callable[..., Any], tmp_path: Path, text: str) -> None:
    tiny(lakatos, "--no-figures")
    (tmp_path / "run" / "stages" / "batch-16.json").write_text(text)
    ended = lakatos("reproduce", "chen2024", "--resume", "run")
    assert ended.code == 2, ended
    assert "batch-16.json: these are no results of this plan" in ended.err


def test_other_data_are_refused(lakatos: Callable[..., Any], tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    for name in ("one", "other"):
        np.savez(tmp_path / f"{name}.npz", X=random.normal(size=(60, 3)), y=random.normal(size=60))
    ended = tiny(lakatos, "--data", "one.npz", "--no-figures")
    assert ended.code in (0, 1), ended
    ended = lakatos("reproduce", "chen2024", "--resume", "run", "--data", "other.npz")
    assert ended.code == 2
    assert "these are not the data that run began with" in ended.err


def test_a_folder_in_use_is_not_written_over(lakatos: Callable[..., Any]) -> None:
    tiny(lakatos, "--no-figures")
    ended = tiny(lakatos, "--no-figures")
    assert ended.code == 2
    assert "there is an experiment already; say --resume run" in ended.err
