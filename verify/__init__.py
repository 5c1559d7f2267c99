"""The engine of Lakatos: claims, worlds, search, appeals, verdicts."""

from pathlib import Path as _Path


def _check_neighbours() -> None:
    """Other distributions ship packages of these names; say so at once, rather than fail somewhere inside."""
    from importlib.util import find_spec

    home = _Path(__file__).resolve().parent.parent
    for name in ("symbolic", "properties", "reports"):
        spec = find_spec(name)
        place = next(iter(spec.submodule_search_locations or ()), None) if spec else None
        if place is None or _Path(place).resolve().parent != home:
            raise ImportError(
                f"the package {name!r} at {place} is not the one of Lakatos ({home / name}); "
                "install Lakatos in a virtual environment of its own, or uninstall the other one"
            )


_check_neighbours()

from symbolic.words import index, size, word  # noqa: E402
from verify.claims import Claim, ClaimError, claim, claims  # noqa: E402
from verify.vacuity import Vacuity  # noqa: E402
from verify.verdict import Contradiction, Grade, Verdict  # noqa: E402
from verify.worlds import Kind, Size, World, reading  # noqa: E402

__all__ = [
    "Claim",
    "ClaimError",
    "Contradiction",
    "Grade",
    "Kind",
    "Size",
    "Vacuity",
    "Verdict",
    "World",
    "claim",
    "claims",
    "index",
    "reading",
    "size",
    "word",
]
