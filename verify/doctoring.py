"""``lakatos doctor``: versions, devices, determinism, and a self-test that must be able to fail."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import partial

from sympy import Eq

from symbolic import rank
from symbolic.papers.weight_decay import A, A_formula, i
from symbolic.proofs import Derivation
from symbolic.prover import prove
from verify import catalogue
from verify.arena import DTYPES, Arena, available_devices, torch
from verify.claims import Statement, claims
from verify.draws import counter_bits
from verify.efforts import EFFORTS
from verify.recheck import replay
from verify.search import Search
from verify.settings import versions
from verify.worlds import Kind

KNOWN_BITS = -4616330145664149646
"""The first counter of stream 1, lane 0, index 1: the same on every device and in every release."""
EXTRAS = {
    "jsonschema": "reports",
    "latex2mathml": "reports",
    "safetensors": "audit",
    "sklearn": "audit",
    "pyarrow": "audit",
}


def examine() -> int:
    """Print what is there and whether it works; 0 when everything passed, 1 otherwise."""
    for name, version in versions().items():
        print(f"  {name:<14} {version}")
    for module, extra in EXTRAS.items():
        if importlib.util.find_spec(module) is None:
            print(f"  {module:<14} not installed; it belongs to the extra {extra!r} of lakatos")
    failed = 0
    for name, test, advice in _tests():
        try:
            passed, seen = test()
        except Exception as error:  # a doctor reports, whatever is broken
            passed, seen = False, f"{type(error).__name__}: {error}"
        failed += not passed
        print(f"  {'ok  ' if passed else 'FAIL'} {name}: {seen}" + ("" if passed else f"; {advice}"))
    print("everything works" if not failed else f"{failed} checks failed")
    return 1 if failed else 0


def _tests() -> list[tuple[str, Callable[[], tuple[bool, str]], str]]:
    tests: list[tuple[str, Callable[[], tuple[bool, str]], str]] = [
        ("catalogue", _catalogue, "reinstall lakatos; its own claims cannot be read"),
        ("prover and checker", _prover, "reinstall lakatos and sympy"),
    ]
    for device in available_devices():
        tests.append((f"counter generator on {device}", partial(_counter, device), "report it with these versions"))
        for dtype in DTYPES:
            arena = Arena(device, dtype)
            tests.append((f"search on {device} {dtype}", partial(_search, arena), "report it with these versions"))
            tests.append((f"precision on {device} {dtype}", partial(_precision, arena), "unset TF32 overrides"))
    return tests


def _catalogue() -> tuple[bool, str]:
    broken = catalogue.load_all()
    return not broken and bool(claims()), f"{len(claims())} claims" + "".join(f"; {b.error}" for b in broken)


def _prover() -> tuple[bool, str]:
    made = prove(rank(A[i]) <= 1, (), {A[i]: A_formula}, {})
    false = prove(Eq(rank(A[i]), 1), (), {A[i]: A_formula}, {})
    if not isinstance(made, Derivation) or isinstance(false, Derivation):
        return False, "a true lemma is not proved, or a false one is"
    return True, f"Lemma 2.2 in {replay(made.to_json()).steps} steps, a false neighbour is not proved"


def _counter(device: str) -> tuple[bool, str]:
    lanes = torch().zeros(1, dtype=torch().int64, device=device)
    seen = int(counter_bits(Arena(device), 1, lanes, 1)[0, 0])
    return seen == KNOWN_BITS, str(seen)


def _kind() -> Kind:
    return claims()["chen2024/lemma-2.2"].statement.given


def _search(arena: Arena) -> tuple[bool, str]:
    """A false statement must be refuted, and a true one must not be."""
    arena.prepare()
    refuted = Search(Statement(_kind(), (), Eq(rank(A[i]), 1)), arena, EFFORTS["quick"], 0)
    refuted.run()
    kept = Search(Statement(_kind(), (), rank(A[i]) <= 1), arena, EFFORTS["quick"], 0)
    tally = kept.run()
    passed = refuted.found is not None and kept.found is None
    return passed, f"{tally.distinct} networks, a false statement {'refuted' if refuted.found else 'not refuted'}"


def _precision(arena: Arena) -> tuple[bool, str]:
    """Products of integers that TF32 would round must come out exactly."""
    arena.prepare()
    large = 2 ** (arena.mantissa // 2)
    row = torch().tensor([[float(large - 1), 1.0]], dtype=arena.float, device=arena.device)
    product = int((row @ row.mT)[0, 0])
    return product == (
        large - 1
    ) ** 2 + 1, f"{product}, TF32 {'on' if torch().backends.cuda.matmul.allow_tf32 else 'off'}"
