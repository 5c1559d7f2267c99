"""The arena: where lanes run, and the one owner of tolerance.

Device, dtype, TF32, determinism, the unit roundoff and the allowance of a computation stand here and nowhere else. An
allowance never decides anything: beyond it a lane is accused and appealed in exact arithmetic, and the closest calls
within it are appealed as well, so it only has to be reasonable.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Any

MANTISSA = {"float64": 53, "float32": 24}
DTYPES = tuple(MANTISSA)
ENTRIES_AT_ONCE = 2**21
ALLOWANCE_FORMULA = "k u / (1 - k u) x (magnitude of both sides), k = 8 (m + n + N + B + 16), u = 2^-{mantissa}"


class ArenaError(ValueError):
    """A device or a dtype that is not to be had here."""


def torch() -> Any:
    """PyTorch, imported at the first use: listing claims needs none."""
    import torch as module

    return module


@dataclass(frozen=True)
class Arena:
    """Where and in which precision lanes run; ``chunk`` is how many array entries are held at once."""

    device: str = "cpu"
    dtype: str = "float64"
    chunk: int = ENTRIES_AT_ONCE

    def __post_init__(self) -> None:
        if self.dtype not in MANTISSA:
            raise ArenaError(f"dtype {self.dtype!r} is not offered; choose one of {', '.join(DTYPES)}")
        if self.device not in available_devices():
            raise ArenaError(
                f"device {self.device!r} is not available here; choose one of {', '.join(available_devices())}"
            )

    @property
    def mantissa(self) -> int:
        """Bits of the significand: integers below 2**mantissa are exact."""
        return MANTISSA[self.dtype]

    @property
    def roundoff(self) -> float:
        """The unit roundoff u: a correctly rounded operation is off by at most u times its result."""
        return 2.0**-self.mantissa

    def allowance(self, length: int) -> float:
        """The relative allowance of a computation whose longest reduction has ``length`` terms: k u / (1 - k u)."""
        k = 8 * length
        return k * self.roundoff / (1 - k * self.roundoff)

    @property
    def formula(self) -> str:
        """The allowance, as a report prints it."""
        return ALLOWANCE_FORMULA.format(mantissa=self.mantissa)

    @property
    def float(self) -> Any:
        """The torch dtype of lanes."""
        return getattr(torch(), self.dtype)

    def with_chunk(self, chunk: int) -> Arena:
        """The same arena holding fewer or more entries at once; results do not change."""
        return replace(self, chunk=chunk)

    def prepare(self) -> None:
        """Set what could change a number behind our back: TF32 off, deterministic algorithms on.

        One thread per process: a lane's arrays are small, and threads that wait for one another cost more than they
        bring (a third of the time with one, on two cores); ``--jobs`` uses the other cores.
        """
        module = torch()
        module.set_num_threads(1)
        module.backends.cuda.matmul.allow_tf32 = False
        module.backends.cudnn.allow_tf32 = False
        module.set_float32_matmul_precision("highest")
        if self.device != available_devices()[0]:
            os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        # As ``use_deterministic_algorithms`` does, without the compiler that it loads to tell it the same.
        module.set_deterministic_debug_mode("error")

    def describe(self) -> dict[str, Any]:
        """What a record says of the device."""
        module = torch()
        name = "CPU" if self.device == available_devices()[0] else module.cuda.get_device_name(self.device)
        return {
            "name": self.device,
            "description": f"{name}, {module.get_num_threads()} threads" if name == "CPU" else name,
            "dtypes": [self.dtype],
            "tf32": bool(module.backends.cuda.matmul.allow_tf32),
            "deterministic": bool(module.are_deterministic_algorithms_enabled()),
        }


def available_devices() -> tuple[str, ...]:
    """The devices of this machine, the CPU first."""
    found = ["cpu"]
    if torch().cuda.is_available():
        found.append("cuda")
    return tuple(found)


def arenas(device: str = "cpu", dtype: str = "float64") -> tuple[Arena, ...]:
    """The arenas that ``--device`` and ``--dtype`` ask for; "all" is every one that is available."""
    devices = available_devices() if device == "all" else (device,)
    dtypes = DTYPES if dtype == "all" else (dtype,)
    return tuple(Arena(d, t) for d in devices for t in dtypes)
