"""A model's embedding table: reading it, cutting rows out, and what else is numbered like it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nmixx.encoding import FloatArray
from nmixx.errors import ModelError, StageError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import Tensor

MEGABYTE = 2**20


def read_table(model: SentenceTransformer) -> Tensor:
    """Give the embedding table of a model's transformer, shape (rows, dimensions)."""
    table: Tensor = _transformer(model).get_input_embeddings().weight
    return table


def read_output(model: SentenceTransformer) -> FloatArray | None:
    """Give the output layer's rows where there is one that is not the embedding table itself."""
    layer = _transformer(model).get_output_embeddings()
    if layer is None or layer.weight.data_ptr() == read_table(model).data_ptr():
        return None
    rows: FloatArray = layer.weight.detach().cpu().float().numpy()
    return rows


def count_parameters(model: SentenceTransformer) -> int:
    """Count a model's parameters; tied ones count once."""
    return sum(parameter.numel() for parameter in model.parameters())


def named_rows(model: SentenceTransformer) -> set[int]:
    """Give the rows that the model's configuration names, such as ``pad_token_id``."""
    size = len(read_table(model))
    found: set[int] = set()
    for config in _configs(model):
        for _, value in _token_ids(config):
            found.update(value if isinstance(value, list) else [value])
    return {number for number in found if 0 <= number < size}


def positions_follow_padding(model: SentenceTransformer) -> int | None:
    """Give the padding's number where positions are counted from it; None where they are not.

    RoBERTa, XLM-R and MPNet number positions from ``padding_idx + 1``: with another number for the
    padding, every token would get another position vector.
    """
    from torch.nn import Embedding

    for name, module in _transformer(model).named_modules():
        if name.split(".")[-1] == "position_embeddings" and isinstance(module, Embedding):
            return module.padding_idx
    return None


def cut_rows(model: SentenceTransformer, rows: Sequence[int], numbering: Mapping[int, int]) -> None:
    """Leave only some rows in every table that is numbered by tokens, and renumber the rest.

    Args:
        model: changed in place.
        rows: to keep, in rising order.
        numbering: new number by old.

    Raises:
        StageError: the table has another length afterwards.
    """
    import torch

    transformer = _transformer(model)
    places = torch.tensor(rows)
    with torch.no_grad():
        for table in _token_tables(transformer):
            table[: len(rows)] = table[places.to(table.device)]
    transformer.resize_token_embeddings(len(rows), mean_resizing=False)
    if len(read_table(model)) != len(rows):
        raise StageError(
            f"the embedding table has {len(read_table(model)):,} rows; {len(rows):,} were expected."
        )
    for config in _configs(model):
        for name, value in list(_token_ids(config)):
            new = (
                [numbering.get(v, v) for v in value]
                if isinstance(value, list)
                else numbering.get(value, value)
            )
            setattr(config, name, new)


def _transformer(model: SentenceTransformer) -> Any:  # noqa: ANN401 - any transformers model
    """Give the transformer inside.

    Raises:
        ModelError: there is none.
    """
    first: Any = model[0]
    if not hasattr(first, "auto_model"):
        raise ModelError(
            f"the model's first module is {type(first).__name__}; a transformer was expected.\n"
            "Static and bag-of-words models are not supported."
        )
    return first.auto_model


def _token_tables(transformer: Any) -> Iterator[Tensor]:  # noqa: ANN401 - any transformers model
    """Give every different tensor with a row a token: the table, the output layer and its bias."""
    seen: set[int] = set()
    for module in (transformer.get_input_embeddings(), transformer.get_output_embeddings()):
        for part in ("weight", "bias"):
            tensor = getattr(module, part, None)
            if tensor is not None and tensor.data_ptr() not in seen:
                seen.add(tensor.data_ptr())
                yield tensor


def _configs(model: SentenceTransformer) -> Iterator[Any]:
    """Give the configurations that may name tokens: of the model, its text part, of generation."""
    transformer = _transformer(model)
    seen: set[int] = set()
    for config in (
        transformer.config,
        transformer.config.get_text_config(),
        getattr(transformer, "generation_config", None),
    ):
        if config is not None and id(config) not in seen:
            seen.add(id(config))
            yield config


def _token_ids(config: Any) -> Iterator[tuple[str, int | list[int]]]:  # noqa: ANN401 - any config
    """Give the settings of a configuration that are token numbers."""
    for name, value in vars(config).items():
        single = isinstance(value, int) and not isinstance(value, bool)
        if name.endswith("_token_id") and (single or isinstance(value, list)):
            yield name, value
