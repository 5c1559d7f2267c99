"""The catalogue: claims found by walking ``properties/``, by path, and by entry point."""

from __future__ import annotations

import builtins
import difflib
import hashlib
import importlib
import importlib.util
import inspect
import pkgutil
import re
import sys
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib import metadata
from pathlib import Path
from typing import Any

from symbolic.sentences import SentenceError
from symbolic.spans import SpanError
from symbolic.words import WordError
from verify.claims import Claim, ClaimError, claims, forget, supplanted
from verify.worlds import KindError

ENTRY_POINTS = "lakatos.claims"
WITHOUT_CLAIMS = ("worlds", "witnesses", "audit", "experiments")
WRITTEN_WRONG = (ClaimError, WordError, SentenceError, SpanError, KindError)


class CatalogueError(ValueError):
    """Nothing can be selected as asked; one sentence says why and what to do."""


@dataclass(frozen=True)
class Broken:
    """A file whose own code raised while it was read."""

    file: str
    error: str


def load_all(globs: Iterable[str] = ("*",)) -> list[Broken]:
    """Import every module of ``properties/`` that may make claims that some globs name, and the entry points.

    A glob is of module paths, or of ids; a module that makes claims of a source has the source's name in its text.
    """
    import properties

    broken, wanted = [], tuple(globs)
    for found in pkgutil.walk_packages(properties.__path__, "properties."):
        if found.name.split(".")[1] in WITHOUT_CLAIMS or not any(_may_name(glob, found) for glob in wanted):
            continue
        broken += _attempt(found.name, lambda name=found.name: importlib.import_module(name))
    for entry in metadata.entry_points(group=ENTRY_POINTS):
        broken += _attempt(entry.name, entry.load)
    return broken


def _may_name(glob: str, found: pkgutil.ModuleInfo) -> bool:
    """Whether a glob may name claims of a module: by the module's path, or by the source that ids begin with."""
    source, slash, _ = glob.partition("/")
    if not slash or any(ch in source for ch in "*?["):
        return True
    if _lies_at(glob, f"/{found.name.replace('.', '/')}{'/' if found.ispkg else '.py'}"):
        return True
    spec = found.module_finder.find_spec(found.name, None)
    file = Path(spec.origin) if spec and spec.origin else None
    return file is None or f"{source}/" in file.read_text(encoding="utf-8")


def load_file(path: Path) -> tuple[list[Claim], list[Broken]]:
    """Read a user's file and return the claims that it makes."""
    place = path.resolve()
    if not place.is_file():
        raise CatalogueError(f"{path}: there is no such file; give a claim id, a glob, or a Python file with claims")
    forget(str(place))
    name = f"lakatos_file_{hashlib.sha256(str(place).encode()).hexdigest()[:12]}"

    def read() -> Any:
        spec = importlib.util.spec_from_file_location(name, place)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        sys.path.insert(0, str(place.parent))
        try:
            spec.loader.exec_module(module)
        finally:
            sys.path.remove(str(place.parent))

    broken = _attempt(str(path), read, str(place))
    return [c for c in claims().values() if c.file == str(place)], broken


def _attempt(name: str, read: Any, place: str = "") -> list[Broken]:
    """Read a module, an entry point, or the file that lies at a place; what its own code raises is told, not raised."""
    try:
        read()
    except ClaimError as error:  # it names the claim
        raise CatalogueError(str(error)) from None
    except WRITTEN_WRONG as error:
        where, _ = _raised(error, name, place)
        raise CatalogueError(f"{where}: {error}" if place else str(error)) from None
    except SyntaxError as error:
        raise CatalogueError(f"{name}: not Python at line {error.lineno} ({error.msg}); correct the file") from None
    except Exception as error:  # the author's own code
        where, known = _raised(error, name, place)
        told = _told(error, known)
        return [Broken(name, f"{where} raised {type(error).__name__} while it was read{told and f': {told}'}")]
    return []


def _raised(error: Exception, name: str, place: str) -> tuple[str, dict[str, Any]]:
    """Where in the file that lies at a place an error was raised, as its name and line, and the names known there."""
    where, known = name, {}
    for frame, line in traceback.walk_tb(error.__traceback__):
        if frame.f_code.co_filename == place:
            where, known = f"{name}:{line}", {**vars(builtins), **frame.f_globals, **frame.f_locals}
    return where, known


def _told(error: Exception, known: Mapping[str, Any]) -> str:
    """What an error says, on one line, with what to write in place of a name, an argument or a comparison."""
    try:
        told = " ".join(str(error).split())
    except Exception:  # the author's own class
        return ""
    if isinstance(error, TypeError):
        return told + _mended(told, known)
    name: Any = getattr(error, "name", None)
    names: Iterable[str] = known
    if isinstance(error, AttributeError):
        names = dir(error.obj)
    elif isinstance(error, ImportError):
        missing = re.match(r"cannot import name '(\w+)'", told)
        name, names = (missing[1], dir(sys.modules.get(str(name)))) if missing else (None, ())
    elif not isinstance(error, NameError):
        return told
    near = difflib.get_close_matches(name, names, n=1) if isinstance(name, str) else []
    return f"{told} (did you mean {near[0]}?)" if near and "did you mean" not in told.lower() else told


def _mended(told: str, known: Mapping[str, Any]) -> str:
    """What to write in place of a comparison of Python's, or of an argument that a function does not take."""
    if told.startswith("cannot determine truth value"):
        return (
            " (a sentence is neither true nor false here: write chain(a, b, c) for a <= b <= c, And(a < b, b < c) for "
            "a < b < c, and And, Or, Not, Max and Min in place of and, or, not, max and min)"
        )
    argument = re.match(r"(\w+)\(\) got an unexpected keyword argument", told)
    function = known.get(argument[1]) if argument else None
    try:
        taken = inspect.signature(function).parameters if callable(function) else {}
    except ValueError:  # a function that is not Python's own
        return ""
    return f" ({argument[1]} takes {', '.join(taken)})" if argument and taken else ""


@dataclass(frozen=True)
class Selection:
    """What a command works on."""

    claims: tuple[Claim, ...]
    broken: tuple[Broken, ...]
    files: tuple[str, ...]


def select(wanted: list[str]) -> Selection:
    """The claims that globs (of ids or module paths) and files name; all of them without any.

    Raises CatalogueError when an id is unknown (with the nearest names) or a file cannot be read.
    """
    files = [
        w
        for w in wanted
        if (w.endswith(".py") and (Path(w).is_file() or ("*" not in w and "/" not in w.removesuffix(".py"))))
        or Path(w).is_file()
    ]
    globs = [w for w in wanted if w not in files]
    for file in files:
        if not file.endswith(".py"):
            raise CatalogueError(f"{file}: not a Python file; give a claim id, a glob, or a .py file with claims")
    broken: list[Broken] = []
    chosen: dict[str, Claim] = {}
    for file in files:
        made, wrong = load_file(Path(file))
        broken += wrong
        chosen.update((c.id, c) for c in made)
        if not made and not wrong:
            raise CatalogueError(f"{file}: the file makes no claim; call verify.claim(...) in it")
    if globs or not wanted:
        wrong = load_all(globs or ("*",))
        known = claims()
        found = all(any(_matches(glob, c) for c in known.values()) for glob in globs)
        if globs and (not found or any(set(c.relies_on) - known.keys() for c in known.values())):
            wrong = load_all()
            known = claims()
        broken += wrong
        for glob in globs or ["*"]:
            matching = {c.id: c for c in known.values() if _matches(glob, c)}
            if not matching and not any(ch in glob for ch in "*?["):
                raise CatalogueError(unknown(glob, known))
            chosen.update(sorted(matching.items()))
    elif any(c.relies_on for c in chosen.values()):
        broken += load_all()
    known = claims()
    for claim in chosen.values():
        fault = supplanted(claim)
        if fault:
            raise CatalogueError(fault)
        for relied_on in claim.relies_on:
            if relied_on not in known and not broken:
                raise CatalogueError(f"{claim.id} relies on {relied_on}: {unknown(relied_on, known)}")
    return Selection(tuple(chosen.values()), tuple(broken), tuple(files))


def unknown(name: str, known: dict[str, Claim]) -> str:
    """One sentence about an id that is not in the catalogue, with the nearest ones."""
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    hint = f"; the nearest are {', '.join(near)}" if near else ""
    return f"no claim is called {name}{hint}; lakatos list shows them all"


def _matches(glob: str, claim: Claim) -> bool:
    return fnmatch(claim.id, glob) or _lies_at(glob, claim.file.replace("\\", "/"))


def _lies_at(glob: str, file: str) -> bool:
    return fnmatch(file, f"*/{glob}") or fnmatch(file, f"*/{glob.rstrip('/')}/*")
