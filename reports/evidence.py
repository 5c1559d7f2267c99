"""All that a record and its folder hold about one claim, as a folder for a reviewer.

A record may come from anybody. No name in it decides where anything is written, no command in it is copied, and no
file that it names is read unless it is a witness of that claim beside the record, or one of this project.
"""

import difflib
import hashlib
import json
import os
import re
import shlex
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from reports.latex import snippet
from reports.limits import limitations
from reports.markdown import code, escape, table
from reports.phrases import plain, standing
from reports.record import Record, RecordError, Run, Verdict

COMMITTED = Path(__file__).resolve().parent.parent / "properties" / "witnesses"
"""The witnesses of this project, which records name relative to it."""
LARGEST = 8 * 2**20
"""Bytes of a witness; a larger file is not copied."""
LONGEST_NAME = 100
"""Characters of a folder's name."""
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
"""Names that a system keeps for its devices."""

Script = Callable[[Path], str | None]
"""A witness's file to a standalone script; None where none can be made."""

PURPOSES = {
    "README.md": "this list",
    "contract.json": "what was to be judged: statement, hypotheses, definitions, kind of world, source, expected grade",
    "command.txt": "commands to run in this folder: judge it again, compare, replay, recheck",
    "record.jsonl": "the run's line (its list of claims cut to this one) and the verdict's line; `lakatos report` and "
    "`lakatos recheck` read it. It has no end line, which would speak of the other claims too",
    "limitations.md": "what this verdict does not say",
    "derivation.json": "the derivation, which `lakatos recheck` replays with the small checker alone",
    "witness.json": "the counterexample as data, which `lakatos replay` judges again",
    "counterexample.py": "the counterexample as a script that needs numpy alone",
    "counterexample.tex": "the counterexample as a paragraph for a paper or a rebuttal; needs amsmath",
}


def bundle(record: Record, claim: str, folder: Path, beside: Path, script: Script | None = None) -> str:
    """Write a folder of evidence for each claim that an id or a glob names; the sentence to print.

    `beside` is the folder of the record; `script` makes the standalone script of a witness. Each folder appears whole
    or not at all, and the same record gives the same bytes. Raises RecordError, in one sentence, where no claim is
    named, or where a file of another content is in the way.
    """
    chosen = _chosen(record, claim)
    made = {_name(verdict["id"]): _files(record.run, verdict, beside, script) for verdict in chosen}
    for name, (files, _) in made.items():
        _check(folder / name, files)
    folder.mkdir(parents=True, exist_ok=True)
    for name, (files, _) in made.items():
        _write(folder / name, files)
    left = [f"; {missing}" for _, missing in made.values() if missing]
    if len(made) == 1:
        [(name, (files, _))] = made.items()
        return f"evidence on {plain(chosen[0]['id'])}: {len(files)} files in {folder / name}{''.join(left)}"
    some = f"; {len(left)} without a part of their counterexample, as their README says" if left else ""
    return f"evidence on {len(made)} claims: a folder for each in {folder}{some}"


def _chosen(record: Record, claim: str) -> list[Verdict]:
    exact = [v for v in record.verdicts if v["id"] == claim]
    chosen = exact or [v for v in record.verdicts if fnmatchcase(v["id"], claim)]
    if not chosen:
        ids = [v["id"] for v in record.verdicts]
        near = ", ".join(map(plain, difflib.get_close_matches(claim, ids, n=3, cutoff=0.4)))
        nearest = f"; the nearest are {near}" if near else ""
        raise RecordError(f"{record.name} has no verdict on {plain(claim)}{nearest}; give one of its ids, or a glob.")
    return chosen


def _name(claim: str) -> str:
    """The name of a claim's folder: its id with -- for /, and a hash where that is no plain name or not its own."""
    name = claim.replace("/", "--")
    plain_name = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name) is not None and not name.endswith(".")
    if plain_name and len(name) <= LONGEST_NAME and "--" not in claim and RESERVED.fullmatch(name) is None:
        return name
    safe = re.sub(r"[^A-Za-z0-9-]+", "-", name).strip("-")[: LONGEST_NAME - 20]
    return f"{safe or 'claim'}-{hashlib.sha256(claim.encode('utf-8', 'backslashreplace')).hexdigest()[:12]}"


def _files(run: Run, verdict: Verdict, beside: Path, script: Script | None) -> tuple[dict[str, bytes], str]:
    """The files of one folder by name, and what to say of a counterexample that is not whole among them."""
    source, missing = _witness(verdict, beside)
    files = {
        "contract.json": _json(_contract(verdict), indent=1),
        "record.jsonl": _json({**run, "claims": [verdict["id"]]}) + _json(verdict),
    }
    if isinstance(verdict["derivation"], dict):
        files["derivation.json"] = _json(verdict["derivation"], indent=1)
    if source is not None:
        files["witness.json"] = source.read_bytes()
        written = script(source) if script is not None else None
        if written is None:
            missing = "there is no script: the replay in command.txt makes it, or says why not"
        else:
            files["counterexample.py"] = _text(written)
    if verdict["witness"] is not None:
        files["counterexample.tex"] = _text(snippet(verdict))
    files["command.txt"] = _text("\n".join(_commands(run, verdict, files)))
    files["limitations.md"] = _text(_limits(verdict, run))
    files["README.md"] = _text(_readme(verdict, files, missing))
    return {name: files[name] for name in PURPOSES if name in files}, missing


def _json(value: Any, indent: int | None = None) -> bytes:
    return _text(json.dumps(value, indent=indent, allow_nan=False))


def _text(words: str) -> bytes:
    return (words.rstrip("\n") + "\n").encode("utf-8", "backslashreplace")


def _contract(verdict: Verdict) -> dict[str, Any]:
    keys = ("id", "title", "statement", "source", "expects", "file", "line")
    named: Any = verdict
    return {"type": "contract", **{key: named[key] for key in keys}}


# -- the witness ---------------------------------------------------------------------------------------------------


def _witness(verdict: Verdict, beside: Path) -> tuple[Path | None, str]:
    """The file of a counterexample, or a sentence that says why it is not copied."""
    if verdict["witness"] is None:
        return None, ""
    told = verdict["witness"].get("file", "")
    where = plain(told)[:200]
    roots = [root.resolve() for root in (beside, COMMITTED)]
    named = Path(told)
    places = [beside / named, COMMITTED.parent.parent / named, named, beside / "witnesses" / named.name]
    outside = False
    for path in places:
        try:
            real = path.resolve(strict=True)
            inside = any(real.is_relative_to(root) for root in roots)
            outside = outside or not inside
            if inside and real.is_file() and _is_witness(real, verdict["id"]):
                return real, ""
        except (OSError, ValueError, RuntimeError):
            continue
    why = "leads out of the folder of the record" if outside else "is not there, or is no witness of this claim"
    return None, f"the file of its counterexample, {where}, was not copied: it {why}"


def _is_witness(path: Path, claim: str) -> bool:
    if path.stat().st_size > LARGEST:
        return False
    try:
        data = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return False
    return isinstance(data, dict) and (data.get("type"), data.get("claim")) == ("witness", claim)


# -- commands ------------------------------------------------------------------------------------------------------


def _commands(run: Run, verdict: Verdict, files: Iterable[str]) -> Iterable[str]:
    """Commands that are made here from plain parts, never taken from the record; run them in the folder."""
    yield f"# Run these in this folder, with lakatos {plain(run['lakatos'])} installed."
    draft = not _in_the_catalogue(verdict["file"])
    if draft:
        yield f"# Put the file that makes the claim in the place of DRAFT.py; the record says {plain(verdict['file'])}."
    if run["data"]:
        data = run["data"]
        yield f"# Put the data in the place of DATA.npz: {plain(data['name'])}, sha256 {plain(data['sha256'])}."
    yield f"lakatos check {' '.join(_check_options(run, verdict))} {'DRAFT.py' if draft else _quoted(verdict['id'])}"
    yield "lakatos compare record.jsonl again/record.jsonl"
    yield "lakatos report record.jsonl"
    derivation = verdict["derivation"]
    if derivation is not None and not {"format", "version", "claim"}.isdisjoint(derivation):
        yield "lakatos recheck derivation.json"
    if "witness.json" in files:
        script = "" if "counterexample.py" in files else " --script counterexample.py"
        yield f"lakatos replay witness.json{' DRAFT.py' if draft else ''}{script}"
        yield "python counterexample.py"


def _in_the_catalogue(file: str) -> bool:
    return file.startswith("properties/") and ".." not in file


def _quoted(claim: str) -> str:
    """An id as an argument of a shell, behind -- where it looks like an option; signs of globs mean themselves."""
    literal = re.sub(r"([*?\[])", r"[\1]", plain(claim))
    return f"-- {shlex.quote(literal)}" if literal.startswith("-") else shlex.quote(literal)


def _check_options(run: Run, verdict: Verdict) -> Iterable[str]:
    yield f"--seed {int(run['seed'])}"
    if run["effort"] in ("quick", "standard", "thorough"):
        yield f"--effort {run['effort']}"
    for option, told, known in (
        ("device", [str(device["name"]) for device in run["device"]], ("cpu", "cuda")),
        ("dtype", [str(dtype) for device in run["device"] for dtype in device["dtypes"]], ("float64", "float32")),
    ):
        named = [name for name in known if name in told]
        if named:
            yield f"--{option} {named[0] if len(named) == 1 else 'all'}"
    if run["budget_s"]:
        yield f"--budget {float(run['budget_s']):g}s"
    if run["data"]:
        yield "--data DATA.npz"
    if verdict["ablation"] is not None:
        yield "--ablate"
    if verdict["sharpening"] is not None:
        yield "--sharpen"
    yield "--out again"


# -- words ---------------------------------------------------------------------------------------------------------


def _limits(verdict: Verdict, run: Run) -> str:
    head = f"# What the verdict on {escape(verdict['id'])} does not say"
    lines = [f"- {escape(sentence)}" for sentence in limitations(verdict, run)]
    return "\n".join([head, "", f"The verdict: {escape(standing(verdict))}.", "", *lines])


def _readme(verdict: Verdict, files: dict[str, bytes], missing: str) -> str:
    rows = [
        [code(name), purpose, code(hashlib.sha256(files[name]).hexdigest()) if name in files else "-"]
        for name, purpose in PURPOSES.items()
        if name in files or name == "README.md"
    ]
    lines = [f"# Evidence on {escape(verdict['id'])}", "", escape(verdict["title"]), ""]
    lines += [f"**{escape(standing(verdict))}.** {escape(verdict['reason'])}", ""]
    lines += [*table(["file", "what it is for", "sha256"], rows), ""]
    return "\n".join([*lines, *([f"{escape(missing[0].upper() + missing[1:])}."] if missing else [])])


# -- folders -------------------------------------------------------------------------------------------------------


def _check(target: Path, files: dict[str, bytes]) -> None:
    """Raise RecordError where something else is in the way."""
    in_the_way = [target] if target.is_symlink() or (target.exists() and not target.is_dir()) else []
    in_the_way += [path for path in map(target.joinpath, files) if path.is_symlink() or path.exists()]
    for path in in_the_way:
        if path == target or path.is_symlink() or not path.is_file() or path.read_bytes() != files[path.name]:
            raise RecordError(f"{path} is there and differs; give another folder with --out, or remove it.")


def _write(target: Path, files: dict[str, bytes]) -> None:
    """All files of one folder at once where there is none, and the missing ones where there is."""
    work = Path(tempfile.mkdtemp(prefix=".evidence-", dir=target.parent))
    try:
        made = work / "made"
        made.mkdir()
        for name, content in files.items():
            (made / name).write_bytes(content)
        if not target.exists():
            made.rename(target)
            return
        for name in files:
            if not (target / name).exists():
                os.replace(made / name, target / name)
    finally:
        shutil.rmtree(work, ignore_errors=True)


__all__: Sequence[str] = ("PURPOSES", "bundle")
