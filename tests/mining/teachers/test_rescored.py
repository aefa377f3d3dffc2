import numpy as np
import pytest
import torch

from conftest import ENGLISH
from mining.brute import BruteTeacher
from nmixx.errors import InputError, ModelError
from nmixx.mining.rules import Rules
from nmixx.mining.teachers import Query, Tier
from nmixx.mining.teachers.normalised import NormalisedTeacher
from nmixx.mining.teachers.rescored import RescoredTeacher, load_cross_encoder
from nmixx.records import Document

QUERIES = [
    Query("q0", "Bank profit rose", "en", (7,)),
    Query("q1", "The regulator fined a broker for late disclosure of its losses", "en", (2, 3)),
]
DOCUMENTS = [
    Document(f"d{at}", text, "en", "news", f"g{at}", "s") for at, text in enumerate(ENGLISH)
]
CHOOSER = np.random.default_rng(0)
FIRST = BruteTeacher(
    CHOOSER.standard_normal((2, 8)).astype(np.float32),
    CHOOSER.standard_normal((len(ENGLISH), 8)).astype(np.float32),
    name="first",
)


def build(tiny_model_path, folder, labels):
    """Put a random layer that scores pairs on the tiny BERT."""
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    config = BertConfig.from_pretrained(tiny_model_path, num_labels=labels)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = BertForSequenceClassification(config)
    with torch.no_grad():
        for weights in model.parameters():
            weights.mul_(8 if weights.dim() == 2 else 1)  # so that texts get plainly other scores
    model.save_pretrained(folder)
    AutoTokenizer.from_pretrained(tiny_model_path).save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module")
def cross_encoder_path(tiny_model_path, tmp_path_factory):
    return build(tiny_model_path, tmp_path_factory.mktemp("cross"), 1)


@pytest.fixture(scope="module")
def model(cross_encoder_path):
    return load_cross_encoder(cross_encoder_path, device="cpu")


def test_the_best_of_the_first_and_the_positives_get_the_models_logits(model):
    teacher = RescoredTeacher(FIRST, model, "tiny", window=4)
    scorer = teacher.open(QUERIES, DOCUMENTS)
    assert teacher.name == "tiny(first)"
    assert not teacher.bounded
    best = np.argsort(-(FIRST.queries @ FIRST.documents.T), axis=1)[:, :4]
    for row, query in enumerate(QUERIES):
        expected = sorted({*best[row].tolist(), *query.positives})
        documents = np.arange(len(DOCUMENTS))
        scores = scorer.pairs(np.full_like(documents, row), documents)
        assert np.flatnonzero(~np.isnan(scores)).tolist() == expected
        texts = [(query.text, DOCUMENTS[document].text) for document in expected]
        logits = model.predict(texts, activation_fn=torch.nn.Identity())
        assert scores[expected] == pytest.approx(logits, abs=1e-4)
    assert np.ptp(logits) > 0.01


def test_the_search_is_by_the_new_scores(model):
    scorer = RescoredTeacher(FIRST, model, "tiny", window=6).open(QUERIES, DOCUMENTS)
    (hits,) = scorer.search([Tier(3, np.full(2, np.inf, dtype=np.float32))], Rules(()))
    for row in range(2):
        documents = np.arange(len(DOCUMENTS))
        scores = scorer.pairs(np.full_like(documents, row), documents)
        order = np.argsort(-np.nan_to_num(scores, nan=-np.inf), kind="stable")
        assert hits.indices[row].tolist() == order[:3].tolist()


def test_the_sigmoid_makes_scores_bounded(model):
    raw = RescoredTeacher(FIRST, model, "tiny", window=4)
    squeezed = NormalisedTeacher(raw, "sigmoid", window=4)
    assert squeezed.bounded
    assert squeezed.name == "sigmoid(tiny(first))"
    rows, positives = np.array([0, 1]), np.array([7, 2])
    logits = raw.open(QUERIES, DOCUMENTS).pairs(rows, positives)
    scores = squeezed.open(QUERIES, DOCUMENTS).pairs(rows, positives)
    assert scores == pytest.approx(1 / (1 + np.exp(-logits)), abs=1e-6)


def test_documents_are_compared_as_the_first_teacher_does(model):
    row = np.array([3])
    able = RescoredTeacher(FIRST, model, "tiny").open(QUERIES, DOCUMENTS)
    expected = FIRST.documents[3] @ FIRST.documents[3]
    assert able.similarity(row, row) == pytest.approx([expected])
    unable = BruteTeacher(FIRST.queries, FIRST.documents, compares=False)
    with pytest.raises(InputError):
        RescoredTeacher(unable, model, "tiny").open(QUERIES, DOCUMENTS).similarity(row, row)


def test_scores_that_are_not_finite_are_refused(cross_encoder_path):
    broken = load_cross_encoder(cross_encoder_path, device="cpu")
    with torch.no_grad():
        broken[0].model.classifier.bias.fill_(float("nan"))
    with pytest.raises(ModelError, match="a score that is not finite"):
        RescoredTeacher(FIRST, broken, "tiny").open(QUERIES, DOCUMENTS)


def test_what_is_no_reranker_is_refused(tiny_model_path, tmp_path):
    with pytest.raises(ModelError, match="has no layer that scores pairs"):
        load_cross_encoder(str(tiny_model_path), device="cpu")
    with pytest.raises(ModelError, match="gives 3 scores a pair"):
        load_cross_encoder(build(tiny_model_path, tmp_path / "three", 3), device="cpu")


def test_pickled_weights_are_not_loaded(cross_encoder_path, tmp_path):
    (tmp_path / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(ModelError, match=r"no \.safetensors file"):
        load_cross_encoder(str(tmp_path))


def test_a_model_is_loaded_by_name(cross_encoder_path):
    teacher = RescoredTeacher.load(FIRST, cross_encoder_path, window=3)
    assert teacher.window == 3
    assert teacher.name == f"{cross_encoder_path}(first)"
