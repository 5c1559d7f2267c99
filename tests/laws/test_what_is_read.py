"""What a run reads and starts: modules by folder, other processes with what is read already, no sources for numbers."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st
from sympy import S, exp

from symbolic import ends
from symbolic.behaviour import dominates
from symbolic.certify import Uncovered, cover
from symbolic.intervals import Interval
from symbolic.words import word
from verify import catalogue, commands, search
from verify.arena import torch
from verify.catalogue import CatalogueError

ROOT = Path(__file__).parents[2]

LOADED = (
    "import sys; from verify import catalogue; found = catalogue.select(sys.argv[1:]);"
    "print(*sorted(c.id for c in found.claims), sep='\\n');"
    "read = {m.split('.')[1] for m in sys.modules if m.startswith('properties.') and m.count('.') > 1};"
    "print(*sorted(read), file=sys.stderr)"
)


def selected(*wanted: str) -> tuple[list[str], list[str]]:
    """The ids that a fresh process selects, and the folders of ``properties`` of which it reads anything."""
    ran = subprocess.run([sys.executable, "-c", LOADED, *wanted], cwd=ROOT, capture_output=True, text=True, check=True)
    return ran.stdout.split(), ran.stderr.split()


def test_a_folder_is_read_without_the_others_and_gives_the_same_claims() -> None:
    ids, folders = selected("properties/rank_sparse")
    assert ids == sorted(c.id for c in catalogue.select([]).claims if Path(c.file).parent.name == "rank_sparse")
    assert "rank_sparse" in folders
    assert "jacobian" not in folders


def test_of_ids_the_modules_with_their_source_are_read() -> None:
    ids, folders = selected("properties/bounds/vc.py", "chen2024/lemma-2.2", "oymak2019/J0*")
    assert ids == sorted(
        c.id
        for c in catalogue.select([]).claims
        if c.id == "chen2024/lemma-2.2" or c.id.startswith("oymak2019/J0") or c.file.endswith("bounds/vc.py")
    )
    assert "rank_sparse" not in folders


def test_any_source_reads_everything() -> None:
    ids, folders = selected("*/lemma-2.2")
    assert ids == ["chen2024/lemma-2.2"]
    assert {"rank_sparse", "jacobian"} <= set(folders)


def test_modules_name_the_sources_of_their_claims() -> None:
    for known in catalogue.select([]).claims:
        assert f"{known.id.partition('/')[0]}/" in Path(known.file).read_text(encoding="utf-8"), known.id


def test_a_folder_that_is_none_is_told_with_the_whole_catalogue_at_hand() -> None:
    with pytest.raises(CatalogueError, match="no claim is called properties/bouns"):
        catalogue.select(["properties/bouns"])


# -- other processes -------------------------------------------------------------------------------------------------


def started(*devices: str) -> str:
    return commands._start(SimpleNamespace(arenas=[SimpleNamespace(device=d) for d in devices]))  # type: ignore[arg-type]


def test_processes_are_forked_where_nothing_runs_beside() -> None:
    assert threading.active_count() == 1
    assert started("cpu") == ("fork" if sys.platform == "linux" and not torch().cuda.is_initialized() else "spawn")
    assert started("cpu", "cuda") == "spawn"


def test_processes_are_not_forked_beside_a_thread() -> None:
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait)
    thread.start()
    try:
        assert started("cpu") == "spawn"
    finally:
        ended.set()
        thread.join()


def test_what_was_judged_before_is_not_another_process_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    engines: list[Any] = ["of other settings"]
    monkeypatch.setattr(commands, "_ENGINE", engines)
    monkeypatch.setattr(commands.signal, "signal", lambda *_: None)
    commands._deaf_to_interrupts()
    assert engines == []


# -- design points ---------------------------------------------------------------------------------------------------


def test_numbers_in_the_sources_of_modules_are_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    providers = pytest.importorskip("hypothesis.internal.conjecture.providers")
    if not hasattr(providers, "_get_local_constants"):
        pytest.skip("this Hypothesis tries none")
    asked: list[int] = []
    own, known = providers._get_local_constants, providers.CONSTANTS_CACHE

    def counted() -> Any:
        asked.append(1)
        return own()

    monkeypatch.setattr(providers, "_get_local_constants", counted)

    def draw() -> None:
        @hypothesis.seed(0)
        @hypothesis.settings(max_examples=200, database=None, phases=(hypothesis.Phase.generate,))
        @hypothesis.given(st.integers(0, 10**6), st.integers(0, 10**6))
        def attempt(a: int, b: int) -> None:
            pass

        attempt()

    with search._by_chance_alone():
        draw()
    assert not asked
    assert providers.CONSTANTS_CACHE is known
    draw()
    assert asked, "outside of a search Hypothesis does as it pleases"


# -- coverings -------------------------------------------------------------------------------------------------------


def test_a_corner_that_no_cut_resolves_is_given_up_before_all_boxes_are_spent(monkeypatch: pytest.MonkeyPatch) -> None:
    x = word("read:x", "a number")
    boxes: list[Any] = []
    own = cover.__globals__["Leaves"].fault

    def counted(leaves: Any, box: Any) -> Any:
        boxes.append(box)
        return own(leaves, box)

    monkeypatch.setattr(cover.__globals__["Leaves"], "fault", counted)
    found = cover(dominates(x * exp(x), x + x**2), {x: Interval(ends.of(S(0)), ends.of(S(1)))}, (), 64)
    assert isinstance(found, Uncovered)
    assert len(boxes) <= 64 // 4 + 1
