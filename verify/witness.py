"""Witnesses: counterexamples as files.

A witness is one JSON file: the world, the draws, both sides exactly, the ruling of the appeal, the hash of the
statement and the versions. It is replayed first on the next run, and anywhere: it holds integers (or the exact floats
of a trained network), never code.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from verify import trials
from verify.appeal import Hearing, Ruling
from verify.arena import torch
from verify.chance import is_about_chance
from verify.claims import Claim, Statement
from verify.draws import Draw, MissingDraw
from verify.search import Found
from verify.verdict import Grade
from verify.worlds import Kind, ReadingError, World

SCHEMA = "1.0"
HOME = Path(__file__).resolve().parent.parent
COMMITTED = HOME / "properties" / "witnesses"
LARGEST_FILE = 64 * 2**20


class WitnessError(ValueError):
    """A file is not a witness, or not one of this statement; one sentence says which and what to do."""


@dataclass(frozen=True)
class Witness:
    """A stored counterexample to a claim, or to one of its mutants."""

    claim: str
    mutant: str | None
    hash: str
    text: str
    world: World
    draws: dict[str, Draw]
    ruling: Ruling
    found: dict[str, Any]
    versions: dict[str, str]
    file: str = ""

    def rule(self, statement: Statement) -> Ruling:
        """Rebuild the network and judge it again, exactly.

        WitnessError when the statement is another one, or the network is not of its kind: a draw that the ruling asks
        for is missing, has another shape, or is beyond what the kind draws. Draws that it does not ask for are passed
        over: nothing depends on them, and a search keeps all that lanes were made of.
        """
        if statement.hash != self.hash:
            raise WitnessError(
                f"{self.file or 'the witness'}: the statement of {self.claim} has changed since this witness was "
                "stored (its hash differs); run lakatos check again to look for a new one"
            )
        fault = _outside(statement.given, self.world)
        if fault:
            raise WitnessError(f"{self.file or 'the witness'}: {fault}; the file was changed by hand, or the kind was")
        try:
            if is_about_chance(statement):
                ruling, fault = trials.hear(statement, self.world, self.draws)
            else:
                hearing = Hearing(statement, self.world, self.draws)
                ruling, fault = hearing.ruling, hearing.stray
        except MissingDraw as missing:
            raise WitnessError(
                f"{self.file or 'the witness'}: the draw {missing} is not in it; "
                "run lakatos check again for a whole one"
            ) from None
        except (ReadingError, ValueError, LookupError, ArithmeticError, RuntimeError) as error:
            raise WitnessError(
                f"{self.file or 'the witness'}: the network cannot be rebuilt ({error}); the file was changed by hand"
            ) from None
        if fault:
            raise WitnessError(f"{self.file or 'the witness'}: {fault}; the file was changed by hand, or the kind was")
        return ruling

    @property
    def summary(self) -> dict[str, Any]:
        """What a report shows of it."""
        return summary(self.world, self.draws, self.ruling)

    def to_json(self) -> dict[str, Any]:
        """The file's content."""
        return {
            "type": "witness",
            "schema": SCHEMA,
            "claim": self.claim,
            "mutant": self.mutant,
            "hash": self.hash,
            "text": self.text,
            "world": self.world.to_json(),
            "draws": {
                k: {"axes": " ".join(d.axes), "range": [d.low, d.high], "values": _listed(d)}
                for k, d in self.draws.items()
            },
            "ruling": {**asdict(self.ruling), "at": dict(self.ruling.at)},
            "found": self.found,
            "versions": self.versions,
        }


def _outside(kind: Kind, world: World) -> str:
    """Why a world is not one of a kind, or nothing."""
    sizes = dict(world.sizes)
    if set(sizes) != set(kind.letters) or not kind.fits(sizes):
        return f"the sizes {', '.join(f'{k} = {v}' for k, v in sizes.items())} are not among those of {kind}"
    missing = set(kind.conventions) - set(dict(world.conventions))
    if missing:
        return f"the convention {min(missing)} of {kind} is missing"
    for name, value in world.conventions:
        if Fraction(value) not in kind.conventions.get(name, ()):
            return f"the convention {name} = {value} is not one of {kind}"
    if any(name not in kind.scaled for name, shift in world.shifts if shift):
        return f"a shift is not one of {kind}"
    if world.fineness and not kind.refines:
        return f"{kind} has no finer grids"
    if world.corner and world.corner not in (*kind.corners, kind.exactly):
        return f"the corner {world.corner!r} is not one of {kind}"
    return ""


def summary(world: World, draws: dict[str, Draw], ruling: Ruling) -> dict[str, Any]:
    """Sizes, non-zero draws, kink, and both sides, of a counterexample."""
    return {
        "size": dict(world.sizes),
        "nonzero": sum(int((d.values != 0).sum()) for d in draws.values()),
        "kink": ruling.kink,
        "sides": [ruling.left, ruling.right],
    }


def from_found(
    claim: Claim, mutant: str | None, statement: Statement, found: Found, versions: dict[str, str], how: dict[str, Any]
) -> Witness:
    """The witness of what a search found."""
    return Witness(
        claim.id, mutant, statement.hash, statement.text, found.world, found.draws, found.ruling,
        {"stage": found.stage, "lanes": found.lanes, **how}, versions,
    )  # fmt: skip


def _listed(draw: Draw) -> Any:
    values = draw.values[0]
    if values.dtype.is_floating_point:
        return np.vectorize(lambda v: float(v).hex(), otypes=[object])(values.double().numpy()).tolist()
    return values.tolist()


def _restored(name: str, said: Any) -> Draw:
    if not isinstance(said, dict) or not isinstance(said["axes"], str):
        raise ValueError(f"the draw {name} is no object, or its axes are not text")
    if not isinstance(said["range"], list) or [type(v) for v in said["range"]] != [int, int]:
        raise ValueError(f"the range of the draw {name} is not two integers")
    low, high = said["range"]
    array = np.asarray(said["values"], dtype=object)
    flat = array.reshape(-1).tolist() if array.shape else [array.item()]
    if all(type(v) is int for v in flat):
        if any(abs(v) >= 2**62 for v in flat):
            raise ValueError(f"the draw {name} holds an integer beyond 2**62")
        values = torch().tensor(flat, dtype=torch().int64)
    elif all(isinstance(v, str) for v in flat):
        values = torch().tensor([float.fromhex(v) for v in flat], dtype=torch().float64)
        if not bool(values.isfinite().all()):
            raise ValueError(f"the draw {name} holds a number that is not finite")
    else:
        raise ValueError(f"the draw {name} holds something that is neither integers nor floats in hexadecimal")
    return Draw(tuple(said["axes"].split()), low, high, values.reshape(1, *array.shape))


def read(path: Path | str) -> Witness:
    """The witness in a file; WitnessError, in one sentence, when it is not one."""
    place = Path(path)
    if not place.exists() and not place.is_absolute() and (HOME / place).is_file():
        place = HOME / place  # as reports name the committed ones
    try:
        if place.stat().st_size > LARGEST_FILE:
            raise WitnessError(f"{path}: larger than {LARGEST_FILE // 2**20} MiB, so not a witness; give another file")
        data = json.loads(place.read_text(encoding="utf-8"))
    except OSError as error:
        raise WitnessError(f"{path}: cannot be read ({error.strerror}); give the file of a witness") from None
    except WitnessError:
        raise
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        where = f" at line {line}" if line else ""
        raise WitnessError(f"{path}: not JSON{where}, so truncated or not a witness; give another file") from None
    if not isinstance(data, dict) or data.get("type") != "witness":
        raise WitnessError(f"{path}: JSON, but not a witness (its type is not 'witness'); give another file")
    schema = data.get("schema")
    if not isinstance(schema, str) or schema.partition(".")[0] != SCHEMA.partition(".")[0]:
        raise WitnessError(f"{path}: witness schema {str(schema)[:40]} is newer than {SCHEMA}; update lakatos")
    try:
        claim, mutant, digest, text = (data[name] for name in ("claim", "mutant", "hash", "text"))
        if not all(isinstance(v, str) for v in (claim, digest, text)) or not isinstance(mutant, str | None):
            raise ValueError("its claim, mutant, hash or text is not text")
        world = World.from_json(data["world"])
        draws, found, versions = (data[name] for name in ("draws", "found", "versions"))
        if not all(isinstance(v, dict) for v in (draws, found, versions)):
            raise ValueError("its draws, found or versions are no objects")
        restored = {k: _restored(k, v) for k, v in draws.items()}
        ruling = _ruled(data["ruling"])
    except (KeyError, TypeError, ValueError, RecursionError, OverflowError) as error:
        what = f"the field {error} is missing" if isinstance(error, KeyError) else str(error)
        raise WitnessError(f"{path}: malformed witness ({what}); give a file that lakatos wrote") from None
    return Witness(claim, mutant, digest, text, world, restored, ruling, found, versions, str(path))


def _ruled(said: Any) -> Ruling:
    """The ruling that a file tells, which shows what was found and is never believed; ValueError when it is none."""
    if not isinstance(said, dict) or {*said} != {f.name for f in fields(Ruling)}:
        raise ValueError("its ruling is no object with the fields of one")
    at, kink = said["at"], said["kink"]
    if not isinstance(at, dict) or not all(type(v) is int and v >= 0 for v in at.values()):
        raise ValueError("the place of its ruling is no object of integers from 0 on")
    if not isinstance(kink, bool) or not all(isinstance(said[k], str) for k in {*said} - {"at", "kink"}):
        raise ValueError("a field of its ruling is of another type")
    return Ruling(**{**said, "at": tuple(sorted(at.items()))})


def slug(claim: str, mutant: str | None) -> str:
    """The file name of a witness, without its ending."""
    text = claim if mutant is None else f"{claim}--{mutant}"
    return re.sub(r"[^A-Za-z0-9.]+", "-", text.replace("/", "--")).strip("-")


def write(folder: Path, witness: Witness) -> Path:
    """Store a witness in a folder, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{slug(witness.claim, witness.mutant)}.json"
    temporary = path.with_suffix(".part")
    temporary.write_text(json.dumps(witness.to_json(), indent=1) + "\n", encoding="utf-8")
    temporary.replace(path)
    return path


def stored(claim: str, mutant: str | None, folders: tuple[Path, ...]) -> list[Witness]:
    """The witnesses of a claim that lie in the folders; files that are not whole are passed over."""
    name = f"{slug(claim, mutant)}.json"
    found = []
    for folder in folders:
        if (folder / name).is_file():
            try:
                found.append(read(folder / name))
            except WitnessError:
                continue
    return found


__all__ = ["COMMITTED", "Grade", "Witness", "WitnessError", "from_found", "read", "slug", "stored", "summary", "write"]
