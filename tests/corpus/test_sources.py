from collections import Counter

import pytest

from nmixx.corpus.settings import CorpusSettings, DocumentSource, PairSource
from nmixx.corpus.sources import name_sources, read_items, sample_rows, unit_of
from nmixx.errors import DataError, RecipeError


def settings(*paths, **options):
    return CorpusSettings(pairs=tuple(PairSource(path=path, **options) for path in paths))


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["a/news.jsonl.gz"], ["news"]),
        (["a/pairs.jsonl", "b/pairs.jsonl"], ["pairs", "b-pairs"]),
        (["b/pairs.jsonl"] * 3, ["pairs", "b-pairs", "b-pairs-2"]),
        (["a/news/*.jsonl", "a/x_*.csv"], ["news", "x"]),
        (["hf:lab/news:train"], ["news-train"]),
        (["sample:pairs"], ["sample-pairs"]),
        (["*.jsonl"], ["rows"]),
    ],
)
def test_names(paths, names):
    assert list(name_sources(settings(*paths))) == names


def test_a_stated_name_is_kept_and_the_order_is_that_of_the_settings():
    given = CorpusSettings(
        pairs=(PairSource(path="a/x.csv"), PairSource(path="b.csv", name="x")),
        documents=(DocumentSource(path="c.csv"),),
    )
    assert list(name_sources(given)) == ["a-x", "x", "c"]


def test_two_sources_of_one_name():
    with pytest.raises(RecipeError, match="two sources are named 'x'"):
        name_sources(settings("a.csv", "b.csv", name="x"))


def test_no_source():
    with pytest.raises(RecipeError, match="no source"):
        name_sources(CorpusSettings())


def test_samples_are_fair_seeded_and_in_order():
    drawn = sample_rows(range(100), 10, "0:a")
    assert drawn == sorted(drawn) == sample_rows(iter(range(100)), 10, "0:a")
    assert drawn != sample_rows(range(100), 10, "1:a")
    assert drawn != list(range(10))
    counts = Counter(row for seed in range(400) for row in sample_rows(range(20), 5, f"{seed}"))
    assert all(60 <= counts[row] <= 145 for row in range(20))  # 100 expected, sd 8.7
    assert sample_rows(range(3), 10, "x") == [0, 1, 2] == sample_rows(range(3), None, "x")


def test_units():
    assert unit_of("순 이익 률", "net profit margin") == "term"
    assert unit_of("순이익", "the net profit margin") == "sentence"


@pytest.fixture
def pairs(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "ko,en,category,source,id\n금리 &amp; 환율,rates and currencies,news,desk,x1\n"
        "주가,price,blog,desk,x2\n"
    )
    return str(path)


def test_pairs(pairs):
    first, second = read_items("a", PairSource(path=pairs, weight=0.5), seed=0)
    assert (first.id, second.id) == ("a-1", "a-2")
    assert first.texts == ("금리 & 환율", "rates and currencies")
    assert first.langs == ("ko", "en")
    assert (first.record.category, second.record.category) == ("news", "general")
    assert first.record.extra == {
        "source": "a",
        "weight": 0.5,
        "unit": "term",
        "own_id": "x1",
        "own_source": "desk",
    }


def test_settings_outweigh_the_rows(pairs):
    source = PairSource(path=pairs, category="report", kind="title", positive_lang="fr")
    record = read_items("a", source, seed=0)[0].record
    assert (record.category, record.kind, record.positive_lang) == ("report", "title", "fr")


def test_a_limit_keeps_the_row_numbers(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("".join(f"문장 {number}입니다\n" for number in range(1, 101)))
    items = read_items("a", DocumentSource(path=str(path), limit=5), seed=3)
    assert len(items) == 5
    assert all(item.texts == (f"문장 {item.id.removeprefix('a-')}입니다",) for item in items)


def test_ids_are_unique_over_files_and_lists(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.jsonl").write_text('{"query": "q", "pos": ["x", "y"]}\n')
    items = read_items("s", PairSource(path=str(tmp_path)), seed=0)
    assert [item.id for item in items] == ["s-1", "s-1.2", "s-2", "s-2.2"]


def test_documents_keep_paragraphs_and_get_a_language(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "금리가 올랐다.\\n\\n주가는 내렸다."}\n{"text": "ETF"}\n')
    items = read_items("a", DocumentSource(path=str(path)), seed=0)
    assert items[0].texts == ("금리가 올랐다.\n주가는 내렸다.",)
    assert [item.langs for item in items] == [("ko",), ("ko",)]


def test_a_bad_row_is_named(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "a"}\n{"text": null}\n')
    with pytest.raises(DataError, match=r"a\.jsonl: row 2: text is null"):
        read_items("a", DocumentSource(path=str(path)), seed=0)
