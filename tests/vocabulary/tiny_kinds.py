"""Tiny models of every kind of tokenizer that can be trimmed; their weights are random."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from conftest import ENGLISH, KOREAN, build_tiny_model

OTHERS = (
    "прибыль банка выросла на двенадцать процентов",
    "ο τόκος έμεινε ίδιος για το τρίμηνο",
    "営業利益は増加し、配当は減少した。",
)
TEXTS = (*ENGLISH, *KOREAN, *OTHERS)


def build_unigram(folder: Path) -> Path:
    """XLM-R: Unigram, positions counted from the padding."""
    from transformers import XLMRobertaConfig, XLMRobertaModel, XLMRobertaTokenizer

    vocabulary = [tuple(row) for row in train_unigram(TEXTS)["model"]["vocab"]]
    tokenizer = XLMRobertaTokenizer(vocab=[*vocabulary, ("<mask>", 0.0)])
    config = XLMRobertaConfig(vocab_size=len(tokenizer), **_sizes(), max_position_embeddings=130)
    return _save(folder, XLMRobertaModel, config, tokenizer)


def build_qwen(folder: Path) -> Path:
    """Qwen: byte-level BPE, added tokens behind the vocabulary, a padded table, last token."""
    from transformers import Qwen2Config, Qwen2Model, Qwen2Tokenizer

    state = train_bytes(TEXTS)["model"]
    tokenizer = Qwen2Tokenizer(
        vocab=state["vocab"], merges=[tuple(m) for m in state["merges"]], padding_side="left"
    )
    tokenizer.add_tokens(["<|query|>", "<|document|>"])
    sizes = {**_sizes(), "num_key_value_heads": 2}
    end = tokenizer.convert_tokens_to_ids("<|endoftext|>")
    config = Qwen2Config(
        vocab_size=len(tokenizer) + 37,
        **sizes,
        pad_token_id=end,
        eos_token_id=end,
        bos_token_id=end,
    )
    return _save(folder, Qwen2Model, config, tokenizer, pooling="lasttoken")


def build_llama(folder: Path) -> Path:
    """Llama 2: BPE over characters that falls back to bytes."""
    from transformers import LlamaConfig, LlamaModel, PreTrainedTokenizerFast

    backend = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    backend.normalizer = normalizers.Sequence(
        [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]
    )
    trained = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    trained.normalizer = backend.normalizer
    trained.pre_tokenizer = pre_tokenizers.Split("▁", "merged_with_next")
    bytes_ = [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = trainers.BpeTrainer(
        vocab_size=900,
        special_tokens=["<unk>", "<s>", "</s>", *bytes_],
        show_progress=False,
    )
    trained.train_from_iterator(TEXTS, trainer)
    state = json.loads(trained.to_str())
    state["added_tokens"] = [t for t in state["added_tokens"] if not t["content"].startswith("<0x")]
    state["pre_tokenizer"] = None
    backend = Tokenizer.from_str(json.dumps(state))
    backend.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend,
        unk_token="<unk>",
        bos_token="<s>",
        eos_token="</s>",
        pad_token="</s>",
    )
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        **_sizes(),
        num_key_value_heads=2,
        pad_token_id=2,
        bos_token_id=1,
        eos_token_id=2,
    )
    return _save(folder, LlamaModel, config, tokenizer)


def build_t5(folder: Path) -> Path:
    """Sentence-T5: Unigram, one table under two names."""
    from transformers import PreTrainedTokenizerFast, T5Config, T5EncoderModel

    backend = Tokenizer.from_str(json.dumps(train_unigram(TEXTS, pad_last=True)))
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend, unk_token="<unk>", eos_token="</s>", pad_token="<pad>"
    )
    config = T5Config(
        vocab_size=len(tokenizer),
        d_model=32,
        d_kv=16,
        d_ff=64,
        num_layers=2,
        num_heads=2,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        decoder_start_token_id=tokenizer.pad_token_id,
    )
    return _save(folder, T5EncoderModel, config, tokenizer)


BUILDERS: dict[str, Callable[[Path], Path]] = {
    "wordpiece": build_tiny_model,
    "unigram": build_unigram,
    "bytes": build_qwen,
    "fallback": build_llama,
    "tied": build_t5,
}


def train_unigram(texts: Any, *, size: int = 700, pad_last: bool = False) -> dict[str, Any]:
    """Learn a Unigram tokenizer as SentencePiece writes it; optionally with its padding last."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    specials = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = trainers.UnigramTrainer(
        vocab_size=size, special_tokens=specials, unk_token="<unk>", show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    state: dict[str, Any] = json.loads(tokenizer.to_str())
    if pad_last:
        rows = state["model"]["vocab"]
        kept = [row for row in rows if row[0] not in ("<s>", "<pad>")]
        state["model"] |= {"vocab": [*kept, ["<pad>", 0.0]], "unk_id": 1}
        state["added_tokens"] = [
            {**token, "id": {"</s>": 0, "<unk>": 1, "<pad>": len(kept)}[token["content"]]}
            for token in state["added_tokens"]
            if token["content"] != "<s>"
        ]
    return state


def train_bytes(texts: Any, *, size: int = 700) -> dict[str, Any]:
    """Learn a byte-level BPE tokenizer."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    state: dict[str, Any] = json.loads(tokenizer.to_str())
    return state


def _sizes() -> dict[str, int]:
    """Give sizes that keep every model tiny."""
    return {
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 64,
    }


def _save(folder: Path, kind: Any, config: Any, tokenizer: Any, *, pooling: str = "mean") -> Path:
    """Write a Sentence Transformers model with random weights."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        transformer = kind(config)
    parts = folder / "parts"
    transformer.save_pretrained(parts)
    tokenizer.save_pretrained(parts)
    model = SentenceTransformer(
        modules=[
            Transformer(str(parts), max_seq_length=64),
            Pooling(32, pooling_mode=pooling),
            Normalize(),
        ],
        device="cpu",
    )
    model.save(str(folder / "model"), create_model_card=False)
    return folder / "model"
