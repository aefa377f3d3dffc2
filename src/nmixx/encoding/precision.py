"""Which device and which number format the work runs in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import torch

Precision = Literal["auto", "float32", "bfloat16"]


def choose_device() -> str:
    """Name the fastest device there is: ``cuda``, ``mps`` or ``cpu``."""
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def has_fast_bfloat16(device: str) -> bool:
    """Tell whether the device multiplies bfloat16 matrices faster than float32 ones.

    A processor without AVX-512 BF16 or AMX emulates the format and is several times slower in it.
    """
    import torch

    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    if device != "cpu":
        return False
    capabilities = torch.cpu.get_capabilities()
    return any(capabilities.get(name, False) for name in ("avx512_bf16", "amx_bf16", "arm_bf16"))


def choose_precision(wanted: Precision, device: str) -> Literal["float32", "bfloat16"]:
    """Turn ``auto`` into bfloat16 where that is fast on the device, else float32."""
    if wanted != "auto":
        return wanted
    return "bfloat16" if has_fast_bfloat16(device) else "float32"


def torch_dtype(precision: Literal["float32", "bfloat16"]) -> torch.dtype:
    """Give the torch type of a chosen precision."""
    import torch

    return {"float32": torch.float32, "bfloat16": torch.bfloat16}[precision]
