import pytest

from nmixx.corpus.hub import HubAddress
from nmixx.corpus.readers import count_rows, read_rows
from nmixx.errors import DataError


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("lab/news", HubAddress("lab/news", "train", None)),
        ("lab/news:test", HubAddress("lab/news", "test", None)),
        ("lab/news@v1.0", HubAddress("lab/news", "train", "v1.0")),
        ("lab/news:test[:10%]@main", HubAddress("lab/news", "test[:10%]", "main")),
        ("klue/klue#sts:validation@1a", HubAddress("klue/klue", "validation", "1a", "sts")),
    ],
)
def test_addresses(text, address):
    assert HubAddress.parse(text) == address


@pytest.mark.parametrize("text", ["", "a b/c", "lab/news/more", ":train"])
def test_what_is_no_address(text):
    with pytest.raises(DataError, match="Expected hf:OWNER/NAME"):
        HubAddress.parse(text)


@pytest.fixture
def dataset(tmp_path, monkeypatch):
    """A dataset in a folder of the same form: the datasets library takes it for the hub's."""
    import datasets

    folder = tmp_path / "lab" / "news"
    folder.mkdir(parents=True)
    (folder / "train.jsonl").write_text(
        '{"ko": "금리", "en": "rate"}\n{"ko": "주가", "en": "price"}\n'
    )
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    monkeypatch.chdir(tmp_path)
    datasets.disable_progress_bars()
    return "hf:lab/news"


def test_rows(dataset):
    assert list(read_rows(dataset)) == [
        (1, {"ko": "금리", "en": "rate"}),
        (2, {"ko": "주가", "en": "price"}),
    ]


def test_a_column_of_records_is_taken_apart(dataset, tmp_path):
    folder = tmp_path / "lab" / "nested"
    folder.mkdir()
    (folder / "train.jsonl").write_text('{"text": "a", "labels": {"label": 3.5, "real": 3.4}}\n')
    ((_, row),) = read_rows("hf:lab/nested")
    assert row == {"text": "a", "labels.label": 3.5, "labels.real": 3.4}


def test_an_unknown_split(dataset):
    with pytest.raises(DataError, match="test"):
        list(read_rows(f"{dataset}:test"))


def test_a_missing_dataset_offline(tmp_path, monkeypatch):
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    with pytest.raises(DataError, match="hf:nobody/nothing-at-all: cannot be read"):
        list(read_rows("hf:nobody/nothing-at-all"))
    with pytest.raises(DataError, match="cannot be read"):
        count_rows("hf:nobody/nothing-at-all")
