"""Evidence on one claim: a folder whose every command works, and that no record can make to be more than that."""

import copy
import dataclasses
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reports.evidence import LARGEST, bundle
from reports.limits import limitations
from reports.record import Record, RecordError, Verdict, read_record
from verify.claims import forget

EXAMPLE = Path(__file__).with_name("record_example.jsonl")
PROVED, REFUTED = "chen2024/lemma-2.2", "chen2024/rank-one-increments-printed"
DRAFT = """
from properties.worlds.networks import TwoLayerReLU
from symbolic import mean, rank
from symbolic.papers.weight_decay import A, S, j
from verify import claim

says = rank(mean(A[j], j, S)) <= 1
claim("draft/batch-rank", "The gradient of a batch has rank at most one.", given=TwoLayerReLU(), says=says)
"""
ALWAYS = {"README.md", "contract.json", "command.txt", "record.jsonl", "limitations.md"}


@pytest.fixture
def record() -> Record:
    return read_record(EXAMPLE)


def changed(record: Record, place: int, change: Callable[[Any], object]) -> Record:
    verdicts = list(copy.deepcopy(record.verdicts))
    change(verdicts[place])
    return dataclasses.replace(record, verdicts=tuple(verdicts))


def refuted_at(record: Record, file: str) -> Record:
    def change(verdict: Any) -> None:
        verdict["witness"] |= {"file": file, "replay": "lakatos replay x; rm -rf ~"}

    return changed(record, 4, change)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def witness(claim: str, **others: Any) -> str:
    return json.dumps({"type": "witness", "claim": claim, **others})


# -- what is in it -------------------------------------------------------------------------------------------------


def test_a_bundle_lists_its_files_with_their_sums(record: Record, tmp_path: Path) -> None:
    told = bundle(record, PROVED, tmp_path / "out", tmp_path)
    folder = tmp_path / "out" / "chen2024--lemma-2.2"
    files = contents(folder)
    assert set(files) == ALWAYS | {"derivation.json"}
    assert told == f"evidence on {PROVED}: 6 files in {folder}"
    readme = files["README.md"].decode()
    for name in set(files) - {"README.md"}:
        assert f"`{name}`" in readme
        assert hashlib.sha256(files[name]).hexdigest() in readme
    contract = json.loads(files["contract.json"])
    assert contract["statement"] == record.verdicts[0]["statement"]
    assert (contract["expects"], contract["source"]) == ("PROVED", record.verdicts[0]["source"])
    assert json.loads(files["derivation.json"]) == record.verdicts[0]["derivation"]


def test_the_record_in_it_is_a_record_of_one_verdict(record: Record, tmp_path: Path) -> None:
    bundle(record, "draft/aligned-rows", tmp_path, tmp_path)
    one = read_record(tmp_path / "draft--aligned-rows" / "record.jsonl")
    assert one.verdicts == (record.verdicts[3],)
    assert {**one.run, "claims": []} == {**record.run, "claims": []}
    assert one.missing == ()


def test_a_second_run_gives_the_same_bytes_and_completes(record: Record, tmp_path: Path) -> None:
    bundle(record, "*", tmp_path / "a", tmp_path)
    told = bundle(record, "*", tmp_path / "b", tmp_path)
    assert told.startswith("evidence on 5 claims: a folder for each in ")
    first = contents(tmp_path / "a")
    assert first == contents(tmp_path / "b")
    (tmp_path / "a" / "chen2024--lemma-2.2" / "command.txt").unlink()
    (tmp_path / "a" / "chen2024--lemma-2.2" / "notes.txt").write_text("mine", encoding="utf-8")
    bundle(record, "*", tmp_path / "a", tmp_path)
    again = contents(tmp_path / "a")
    assert again.pop("chen2024--lemma-2.2/notes.txt") == b"mine"
    assert again == first
    assert len(list((tmp_path / "a").iterdir())) == 5


def test_what_is_there_is_not_overwritten(record: Record, tmp_path: Path) -> None:
    bundle(record, PROVED, tmp_path, tmp_path)
    mine = tmp_path / "chen2024--lemma-2.2" / "contract.json"
    mine.write_text("mine", encoding="utf-8")
    before = contents(tmp_path)
    with pytest.raises(RecordError, match=r"contract\.json is there and differs; give another folder") as caught:
        bundle(record, "*", tmp_path, tmp_path)
    assert "\n" not in str(caught.value)
    assert contents(tmp_path) == before


def test_a_link_in_the_way_is_not_followed(record: Record, tmp_path: Path) -> None:
    elsewhere, out = tmp_path / "elsewhere", tmp_path / "out"
    elsewhere.mkdir()
    out.mkdir()
    (out / "chen2024--lemma-2.2").symlink_to(elsewhere)
    with pytest.raises(RecordError, match="differs"):
        bundle(record, PROVED, out, tmp_path)
    assert list(elsewhere.iterdir()) == []


def test_an_unknown_claim_is_told_with_the_nearest(record: Record, tmp_path: Path) -> None:
    with pytest.raises(RecordError) as caught:
        bundle(record, "chen2024/lema-2.2", tmp_path / "out", tmp_path)
    told = str(caught.value)
    assert "has no verdict on chen2024/lema-2.2; the nearest are chen2024/lemma-2.2" in told
    assert told.endswith(".")
    assert not (tmp_path / "out").exists()
    with pytest.raises(RecordError, match=r"has no verdict on zzz\*; give one of its ids"):
        bundle(record, "zzz*", tmp_path, tmp_path)


# -- names, files and commands from anybody ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "claim",
    [
        "../../x",
        "..",
        "/etc/passwd",
        "a/../../b",
        "C:\\windows\\x",
        "\\\\server\\share",
        "CON",
        "aux.txt",
        "nul/x",
        "x" * 5000,
        "a/" * 300,
        ".hidden/x",
        "-rf/x",
        "--help",
        "a\nb/c",
        "a\x00b/c",
        "\ud800/x",
        "中/文",
        "trailing/dot.",
        "$(touch here)/`x`",
        "a'b\"c/;rm x",
        "a/[b]*?",
        "",
    ],
    ids=ascii,
)
def test_no_id_writes_outside_of_the_folder(record: Record, tmp_path: Path, claim: str) -> None:
    hostile = changed(record, 0, lambda verdict: verdict.update(id=claim))
    out = tmp_path / "deep" / "er" / "out"
    bundle(hostile, claim, out, tmp_path)
    (folder,) = out.iterdir()
    assert re.fullmatch(r"[A-Za-z0-9-][A-Za-z0-9._-]{0,119}", folder.name)
    assert folder.name.partition(".")[0].upper() not in ("CON", "NUL", "AUX")
    assert {path.relative_to(tmp_path).parts[:3] for path in tmp_path.rglob("*") if path.is_file()} == {
        ("deep", "er", "out")
    }
    commands = (folder / "command.txt").read_text(encoding="utf-8").splitlines()
    (check,) = [line for line in commands if line.startswith("lakatos check")]
    words = shlex.split(check)
    options = shlex.split("check --seed 0 --effort quick --device cpu --dtype float64 --ablate --out again")
    assert words[1 : len(options) + 1] == options
    assert words[len(options) + 1 : -1] in ([], ["--"])


def test_ids_that_would_share_a_folder_have_their_own(record: Record, tmp_path: Path) -> None:
    hostile = changed(record, 0, lambda verdict: verdict.update(id="a/b--c"))
    hostile = changed(hostile, 1, lambda verdict: verdict.update(id="a--b/c"))
    hostile = changed(hostile, 2, lambda verdict: verdict.update(id="a/b/c"))
    bundle(hostile, "a*", tmp_path, tmp_path)
    assert len(list(tmp_path.iterdir())) == 3


def test_only_witnesses_beside_the_record_are_copied(record: Record, tmp_path: Path) -> None:
    beside, other = tmp_path / "run", tmp_path / "other"
    (beside / "witnesses").mkdir(parents=True)
    other.mkdir()
    claim = record.verdicts[4]["id"]
    whole = witness(claim, big="x" * LARGEST)
    for place, content in {
        other / "w.json": witness(claim),
        beside / "witnesses" / "w.json": witness(claim),
        beside / "witnesses" / "of-another.json": witness("other/claim"),
        beside / "witnesses" / "large.json": whole,
        beside / "witnesses" / "text.json": "root:x:0:0",
        beside / "private.json": "{}",
    }.items():
        place.write_text(content, encoding="utf-8")
    (beside / "witnesses" / "link.json").symlink_to(other / "w.json")
    (beside / "witnesses" / "loop.json").symlink_to(beside / "witnesses" / "loop.json")
    (beside / "witnesses" / "folder.json").mkdir()
    os.mkfifo(beside / "witnesses" / "pipe.json")
    copied = {"witnesses/w.json", str(beside / "witnesses" / "w.json"), "run/witnesses/../witnesses/w.json"}
    refused = {
        "../other/w.json2": "is not there",
        str(other / "nothing.json"): "is not there",
        "witnesses/link.json": "leads out of the folder of the record",
        "/etc/passwd": "leads out of the folder of the record",
        "../../../../../../../../etc/passwd": "leads out of the folder of the record",
        "witnesses/loop.json": "is not there",
        "witnesses/folder.json": "is not there",
        "witnesses/pipe.json": "is not there",
        "witnesses/of-another.json": "is no witness of this claim",
        "witnesses/large.json": "is no witness of this claim",
        "witnesses/text.json": "is no witness of this claim",
        "private.json": "is no witness of this claim",
        "not stored": "is not there",
        "a\x00b": "is not there",
        "x" * 5000: "is not there",
    }
    for number, (file, why) in enumerate([*((file, "") for file in copied), *refused.items()]):
        out = tmp_path / f"out-{number}"
        told = bundle(refuted_at(record, file), claim, out, beside)
        (folder,) = out.iterdir()
        assert (folder / "witness.json").exists() == (not why), file
        assert why in told, file
        assert "\n" not in told
        if why:
            assert "was not copied" in (folder / "README.md").read_text(encoding="utf-8")
    assert {path.name for path in tmp_path.iterdir() if not path.name.startswith("out-")} == {"run", "other"}


def test_no_command_of_the_record_is_copied(record: Record, tmp_path: Path) -> None:
    hostile = refuted_at(record, "witnesses/w.json")
    run: Any = {
        **hostile.run,
        "lakatos": "1\nrm -rf ~",
        "effort": "quick; rm x",
        "data": {"name": "a\nrm x", "sha256": "0"},
        "device": [{"name": "cpu; rm x", "dtypes": ["float64", "$(rm x)"], "description": ""}],
    }
    hostile = dataclasses.replace(hostile, run=run)
    hostile = changed(hostile, 4, lambda verdict: verdict.update(file="/tmp/evil.py\nrm x"))
    bundle(hostile, hostile.verdicts[4]["id"], tmp_path, tmp_path)
    text = (tmp_path / "example2024--batch-rank-printed" / "command.txt").read_text(encoding="utf-8")
    bare = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(line.startswith(("lakatos ", "python ")) for line in bare)
    assert not any(word in line for line in bare for word in ("rm ", ";", "$", "evil", "~"))
    assert "DRAFT.py" in bare[0]


def test_the_script_is_made_of_the_copied_witness(record: Record, tmp_path: Path) -> None:
    claim = record.verdicts[4]["id"]
    (tmp_path / "w.json").write_text(witness(claim), encoding="utf-8")
    asked: list[Path] = []

    def script(path: Path) -> str | None:
        asked.append(path)
        return "print('refuted')\n"

    bundle(refuted_at(record, "w.json"), claim, tmp_path / "out", tmp_path, script)
    assert asked == [(tmp_path / "w.json").resolve()]
    files = contents(tmp_path / "out" / "example2024--batch-rank-printed")
    assert set(files) == ALWAYS | {"witness.json", "counterexample.py", "counterexample.tex"}
    assert files["counterexample.py"] == b"print('refuted')\n"
    told = bundle(refuted_at(record, "w.json"), claim, tmp_path / "none", tmp_path, lambda path: None)
    assert "there is no script: the replay in command.txt makes it" in told


def test_a_script_that_needs_the_draft_is_made_by_the_replay(lakatos: Any, monkeypatch: Any, tmp_path: Path) -> None:
    draft = tmp_path / "draft.py"
    draft.write_text(DRAFT, encoding="utf-8")
    assert lakatos("check", "draft.py", "--json", "record.jsonl").code == 1
    forget(str(draft))
    done = lakatos("report", "record.jsonl", "--evidence", "draft/batch-rank", "-o", "out")
    assert "there is no script: the replay in command.txt makes it" in done.out
    folder = tmp_path / "out" / "draft--batch-rank"
    replay, python = (folder / "command.txt").read_text(encoding="utf-8").splitlines()[-2:]
    assert python == "python counterexample.py"
    monkeypatch.chdir(folder)
    assert lakatos(*shlex.split(replay.replace("DRAFT.py", str(draft)))[1:]).code == 0
    ended = scripted(folder)
    assert (ended.returncode, ended.stdout.splitlines()[-1]) == (0, "refuted")


# -- what a verdict does not say -----------------------------------------------------------------------------------


def said(record: Record, place: int, change: Callable[[Any], object] = lambda verdict: None) -> str:
    one = changed(record, place, change).verdicts[place]
    sentences = limitations(one, record.run)
    assert all(sentence.endswith(".") and "\n" not in sentence for sentence in sentences)
    return "\n".join(sentences)


def test_limits_are_those_of_the_verdict(record: Record) -> None:
    proved, certified, tested, undecided, refuted = (said(record, place) for place in range(5))
    assert "from its hypotheses and definitions, and nothing else" in proved
    assert "It met no admissible case in these corners: batch one." in proved
    assert "Sizes that the search met: m in 1, 2, 16; N in 1, 16." in proved
    assert "says nothing outside of it" in certified
    assert "Hypotheses that did no work in this search: d <= N." in certified
    assert "No share of violations is bounded." in certified
    assert "This is a search and no proof" in tested
    assert "The sentence is a repair" in tested
    assert "Mutants that were not refuted" in undecided
    assert "cosine at least 0.9" in undecided
    assert "accusations were not heard" in undecided
    assert "The budget of time ran out" in undecided
    assert "TESTED was expected" in undecided
    assert "One counterexample refutes the sentence as it is written" in refuted


def test_a_refutation_of_a_reading_refutes_the_reading(record: Record) -> None:
    told = said(record, 4, lambda verdict: verdict["source"].update(provenance="as-read"))
    assert "a refutation refutes our reading" in told
    assert "formula of backpropagation" in said(record, 4, lambda verdict: verdict["witness"].update(kink=True))
    told = said(record, 4, lambda verdict: verdict["witness"].update(sides=["[1 +/- 2]", "4"]))
    assert "midpoint +/- a radius" in told


def test_boxes_lemmas_and_rounding_are_told(record: Record) -> None:
    def change(verdict: Any) -> None:
        verdict["findings"][0]["rests_on"] = ["N in [1, oo)", "hypothesis N >= 2", "claim a/b: x <= 1"]
        verdict["findings"][1]["exact_share"] = 0.25
        verdict["vacuity"] = {"words": "says nothing in 93 % of 300 networks", "law": "the named law"}

    told = said(record, 0, change)
    assert "relies on other claims, whose evidence is not in this folder: a/b." in told
    assert "It speaks of this box alone: N in [1, oo)." in told
    assert "Whole numbers were treated as real ones" in told
    assert "in 75% of the admissible cases numbers could round" in told
    assert "It says nothing in 93 % of 300 networks (of the law alone: the named law)." in told


# -- the door ------------------------------------------------------------------------------------------------------


def scripted(folder: Path) -> subprocess.CompletedProcess[str]:
    """What counterexample.py prints where neither this project nor its folder can be imported."""
    words = [sys.executable, "-I", "counterexample.py"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=100, check=False, env={})


def run_all(lakatos: Any, monkeypatch: Any, folder: Path, commands: str) -> int:
    """Run every command in the folder; how many there are."""
    monkeypatch.chdir(folder)
    told = [line for line in commands.splitlines() if not line.startswith("#")]
    for command in told:
        program, *words = shlex.split(command)
        if program == "lakatos":
            done = lakatos(*words)
            assert done.code == 0, (command, done.out, done.err)
        else:
            assert command == "python counterexample.py"
            assert scripted(folder).returncode == 0
    return len(told)


def test_every_command_of_a_bundle_works(lakatos: Any, monkeypatch: Any, tmp_path: Path) -> None:
    assert lakatos("check", PROVED, REFUTED, "--out", "run").code == 0
    done = lakatos("report", "run/record.jsonl", "--evidence", "chen2024/*", "-o", "out")
    assert (done.code, done.err) == (0, "")
    assert done.out == "evidence on 2 claims: a folder for each in out\n"
    folders = {folder.name: folder for folder in (tmp_path / "out").iterdir()}
    assert set(folders) == {"chen2024--lemma-2.2", "chen2024--rank-one-increments-printed"}
    refuted, proved = folders["chen2024--rank-one-increments-printed"], folders["chen2024--lemma-2.2"]
    assert set(contents(refuted)) == ALWAYS | {"witness.json", "counterexample.py", "counterexample.tex"}
    assert set(contents(proved)) == ALWAYS | {"derivation.json"}
    tried = [
        run_all(lakatos, monkeypatch, folder, (folder / "command.txt").read_text(encoding="utf-8"))
        for folder in (proved, refuted)
    ]
    assert tried == [4, 5]
    monkeypatch.chdir(tmp_path)
    assert lakatos("report", "run/record.jsonl", "--evidence", "chen2024/*", "-o", "out").code == 0


def test_the_script_of_a_bundle_needs_numpy_alone(lakatos: Any, tmp_path: Path) -> None:
    lakatos("check", REFUTED, "--out", "run")
    lakatos("report", "run/record.jsonl", "--evidence", REFUTED, "-o", "out")
    script = tmp_path / "out" / "chen2024--rank-one-increments-printed" / "counterexample.py"
    text = script.read_text(encoding="utf-8")
    imported = set(re.findall(r"^(?:from|import) (\w+)", text, re.MULTILINE))
    assert imported <= {"decimal", "fractions", "numpy"}
    ended = scripted(script.parent)
    assert (ended.returncode, ended.stdout.splitlines()[-1]) == (0, "refuted")


def test_an_unknown_claim_is_one_sentence_at_the_door(lakatos: Any) -> None:
    done = lakatos("report", str(EXAMPLE), "--evidence", "chen2024/lema-2.2", "-o", "out")
    assert done.code == 2
    assert done.err.count("\n") == 1
    assert "the nearest are chen2024/lemma-2.2" in done.err
    assert not Path("out").exists()


def test_a_draft_is_checked_in_its_own_file(lakatos: Any, monkeypatch: Any, tmp_path: Path) -> None:
    draft = tmp_path / "draft.py"
    draft.write_text(
        "from properties.worlds.networks import TwoLayerReLU\n"
        "from symbolic import rank\n"
        "from symbolic.papers.weight_decay import V\n"
        "from verify import claim\n"
        "claim('draft/rank', 'V has rank at most one.', given=TwoLayerReLU(), says=rank(V) <= 1, expects='refuted')\n",
        encoding="utf-8",
    )
    assert lakatos("check", "draft.py", "--out", "run").code == 0
    done = lakatos("report", "run/record.jsonl", "--evidence", "draft/rank", "-o", "out")
    assert done.code == 0
    folder = tmp_path / "out" / "draft--rank"
    assert (folder / "witness.json").exists()
    commands = (folder / "command.txt").read_text(encoding="utf-8").replace("DRAFT.py", "../../draft.py")
    assert run_all(lakatos, monkeypatch, folder, commands) >= 4


def test_a_verdict_is_a_mapping_that_limits_do_not_change(record: Record) -> None:
    before: tuple[Verdict, ...] = copy.deepcopy(record.verdicts)
    for verdict in record.verdicts:
        limitations(verdict, record.run)
    assert before == record.verdicts
