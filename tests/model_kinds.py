"""Tiny models of every kind of tokenizer: real tokenizers trained on the spot, random weights."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from conftest import ENGLISH, KOREAN

TEXT = [
    *ENGLISH,
    "Café in Zürich, naïve Ångström 12.5% 3Q",
    "A B C D E F G H I J K L M N O P Q R S",
]
WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""How Qwen2 splits text."""


def train_unigram() -> Any:
    """XLM-R: Unigram over words after a space's mark, unknown letters unknown."""
    from tokenizers import (
        Regex,
        Tokenizer,
        decoders,
        models,
        normalizers,
        pre_tokenizers,
        processors,
        trainers,
    )

    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    # A few Korean words, as a model of a hundred languages has them.
    trainer = trainers.UnigramTrainer(
        vocab_size=300,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>"],
        unk_token="<unk>",
        show_progress=False,
    )
    tokenizer.train_from_iterator([*TEXT * 3, *KOREAN[:4]], trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", 0), ("</s>", 2)],
    )
    tokenizer.add_special_tokens(["<mask>"])
    return tokenizer


def train_bytewise(pattern: str | None = None, *, ignore_merges: bool = False) -> Any:
    """GPT-2, or with its pattern Qwen2, or with ignored merges Llama 3: BPE over bytes."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    if pattern is None:
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    else:
        tokenizer.normalizer = normalizers.NFC()
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(pattern), "isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=600,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXT * 3, trainer)
    tokenizer.add_special_tokens(["<|endoftext|>", "<|im_start|>"])
    return tokenizer


def train_fallback() -> Any:
    """Llama 2 and Mistral: BPE over letters, bytes where a letter is unknown."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]
    )
    tokenizer.decoder = decoders.Sequence(
        [
            decoders.Replace("▁", " "),
            decoders.ByteFallback(),
            decoders.Fuse(),
            decoders.Strip(" ", 1, 0),
        ]
    )
    bytes_ = [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = trainers.BpeTrainer(
        vocab_size=700, special_tokens=["<unk>", "<s>", "</s>", *bytes_], show_progress=False
    )
    # Sentencepiece, which trained the real ones, joins nothing across a space.
    tokenizer.pre_tokenizer = pre_tokenizers.Split("▁", "merged_with_next")
    tokenizer.train_from_iterator(TEXT * 3, trainer)
    # Bytes are ordinary pieces there, not tokens beside the vocabulary.
    state = json.loads(tokenizer.to_str())
    state["added_tokens"] = [token for token in state["added_tokens"] if token["id"] < 3]
    state["pre_tokenizer"] = None
    return Tokenizer.from_str(json.dumps(state))


TOKENIZERS: dict[str, Callable[[], Any]] = {
    "unigram": train_unigram,
    "gpt2": train_bytewise,
    "qwen2": lambda: train_bytewise(WORDS),
    "llama3": lambda: train_bytewise(WORDS, ignore_merges=True),
    "mistral": train_fallback,
}
CLASSES = {
    "unigram": "XLMRobertaTokenizer",
    "gpt2": "GPT2Tokenizer",
    "qwen2": "Qwen2Tokenizer",
    "llama3": "PreTrainedTokenizerFast",
    "mistral": "LlamaTokenizer",
}
PADS = {"unigram": "<pad>", "mistral": "</s>"}


def build_kind(kind: str, folder: Path, *, spare_rows: int = 0, pooling: str = "mean") -> Path:
    """Write a tiny model of one kind; ``spare_rows`` are rows that no token has."""
    import torch
    import transformers
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    tokenizer = TOKENIZERS[kind]()
    size = tokenizer.get_vocab_size() + spare_rows
    shape = {"vocab_size": size, "hidden_size": 32, "num_hidden_layers": 2}
    shape |= {"num_attention_heads": 2, "intermediate_size": 64, "max_position_embeddings": 130}
    llama = {"num_key_value_heads": 2, "tie_word_embeddings": True}
    configs: dict[str, Callable[[], Any]] = {
        "unigram": lambda: transformers.XLMRobertaConfig(**shape, pad_token_id=1),
        "gpt2": lambda: transformers.GPT2Config(
            vocab_size=size, n_embd=32, n_layer=2, n_head=2, n_positions=130
        ),
        "qwen2": lambda: transformers.Qwen2Config(**shape, **llama),
        "llama3": lambda: transformers.LlamaConfig(**shape, **llama),
        "mistral": lambda: transformers.MistralConfig(**shape, **llama, sliding_window=None),
    }
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = transformers.AutoModel.from_config(configs[kind]())
    with torch.no_grad():
        model.get_input_embeddings().weight.mul_(20)
    parts = folder / "parts"
    model.save_pretrained(parts)
    wrapped = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token=PADS.get(kind, "<|endoftext|>")
    )
    wrapped.save_pretrained(parts)
    _name_class(parts, CLASSES[kind])
    transformer = Transformer(str(parts), max_seq_length=64)
    made = SentenceTransformer(
        modules=[transformer, Pooling(32, pooling_mode=pooling), Normalize()], device="cpu"
    )
    made.save(str(folder / "model"), create_model_card=False)
    return folder / "model"


def _name_class(folder: Path, name: str) -> None:
    """Have the files name the class that models of the kind come with."""
    path = folder / "tokenizer_config.json"
    config = json.loads(path.read_text(encoding="utf-8")) | {"tokenizer_class": name}
    path.write_text(json.dumps(config), encoding="utf-8")
