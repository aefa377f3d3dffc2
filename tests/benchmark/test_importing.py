from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from tests.benchmark.conftest import make_items

from nmixx.benchmark.folders import read_facts, read_items, read_judgements
from nmixx.benchmark.importing import (
    Imported,
    Returned,
    parse_files,
    parse_users,
    read_scores,
    require_settled_once,
    write_scores,
)
from nmixx.benchmark.items import Item
from nmixx.benchmark.scale import Scale
from nmixx.errors import DataError, InputError, OutputError

ITEMS = make_items(4)


def sheet(
    path: Path,
    rows: Sequence[tuple[str, str]],
    *,
    annotator: str = "ana",
    texts: Mapping[str, str] | None = None,
) -> Returned:
    """Write a returned spreadsheet; `texts` replaces first sentences."""
    first = {item.id: item.sentence1 for item in ITEMS} | dict(texts or {})
    lines = ["id,annotator,sentence1,score,comment"]
    lines += [f'{i},{annotator},"{first.get(i, "")}",{score},' for i, score in rows]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return Returned(path)


def full(score: str = "3") -> list[tuple[str, str]]:
    return [(item.id, score) for item in ITEMS]


def read(files: list[Returned], **options: object) -> Imported:
    return read_scores(ITEMS, Scale(), files, **options)  # type: ignore[arg-type]


def test_scores_of_several_are_kept_in_order(tmp_path: Path) -> None:
    files = [
        sheet(tmp_path / "b.csv", full("2")[::-1], annotator="ben"),
        sheet(tmp_path / "a.csv", full("5")),
    ]
    imported = read(files, annotators=["ana", "ben"])
    assert [(j.annotator, j.id, j.score) for j in imported.judgements] == [
        (name, item.id, score) for name, score in (("ana", 5.0), ("ben", 2.0)) for item in ITEMS
    ]
    assert imported.counts() == {"ana": 4, "ben": 4}


@pytest.mark.parametrize(
    ("rows", "row", "said"),
    [
        ([("p999", "3"), *full()], 2, "'p999' is none of the 4 pairs"),
        ([*full()[:3], (ITEMS[3].id, "7")], 5, "the score is '7'; a score from 0 to 5"),
        ([*full()[:3], (ITEMS[3].id, "2.5")], 5, "in steps of 1 was expected"),
        ([*full()[:3], (ITEMS[3].id, '"2,5"')], 5, "Write a point for the comma"),
        ([*full()[:3], (ITEMS[3].id, "good")], 5, "the score is 'good'"),
        ([*full(), (ITEMS[0].id, "3")], 6, "scored pair p000000 before, at"),
        ([*full()[:3], (ITEMS[3].id, "")], 5, "the score is empty"),
    ],
)
def test_the_row_is_named(rows: list[tuple[str, str]], row: int, said: str, tmp_path: Path) -> None:
    path = tmp_path / "ana.csv"
    with pytest.raises(DataError) as caught:
        read([sheet(path, rows)])
    assert str(caught.value).startswith(f"{path}, row {row}: ")
    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) <= 3


def test_a_column_sorted_alone_is_noticed(tmp_path: Path) -> None:
    swapped = {ITEMS[0].id: ITEMS[1].sentence1, ITEMS[1].id: ITEMS[0].sentence1}
    with pytest.raises(DataError, match=r"row 2: its sentences are not those.*sorted alone"):
        read([sheet(tmp_path / "ana.csv", full(), texts=swapped)])


def test_spaces_and_quotes_of_a_spreadsheet_do_not_matter(tmp_path: Path) -> None:
    texts = {ITEMS[0].id: f"'{ITEMS[0].sentence1}  "}
    assert len(read([sheet(tmp_path / "ana.csv", full(), texts=texts)]).judgements) == 4


def test_missing_rows_and_annotators(tmp_path: Path) -> None:
    file = sheet(tmp_path / "ana.csv", full()[:3])
    with pytest.raises(DataError, match=f"ana: 1 of 4 pairs are in no row, such as {ITEMS[3].id}"):
        read([file])
    with pytest.raises(DataError, match="ben: 4 of 4 pairs are in no row"):
        read([sheet(tmp_path / "full.csv", full())], annotators=["ana", "ben"])
    imported = read([file], partial=True)
    assert imported.counts() == {"ana": 3, "missing of ana": 1}
    empty = sheet(tmp_path / "empty.csv", full(""))
    with pytest.raises(DataError, match="no score at all"):
        read([empty], partial=True)


def test_annotators(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    file = sheet(path, full(), annotator="anna")
    with pytest.raises(DataError, match="row 2: the annotator 'anna' is unknown; expected ana"):
        read([file], annotators=["ana"])
    assert read([file], annotators=["ana"], users={"anna": "ana"}).counts() == {"ana": 4}
    assert read([Returned(path, "ana")], annotators=["ana"]).counts() == {"ana": 4}
    with pytest.raises(DataError, match="nobody is named"):
        read([sheet(path, full(), annotator="")])
    with pytest.raises(DataError, match="it is ben's, but the file was given as ana's"):
        read(
            [Returned(sheet(path, full(), annotator="ben").path, "ana")], annotators=["ana", "ben"]
        )


def test_the_other_problems_are_counted_and_listed_on_demand(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    file = sheet(tmp_path / "ana.csv", [(ITEMS[0].id, "9"), (ITEMS[1].id, "x"), *full()[2:]])
    with pytest.raises(DataError, match=r"row 2: (.|\n)*more like this"):
        read([file])
    assert any("row 3: the score is 'x'" in message for message in caplog.messages)


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "ana.csv").touch()
    with pytest.raises(DataError, match="holds no rows"):
        read([Returned(tmp_path / "ana.csv")])
    with pytest.raises(DataError, match="no such file"):
        read([Returned(tmp_path / "nowhere.csv")])


def test_written_once_and_read_again(items: list[Item], tmp_path: Path) -> None:
    file = sheet(tmp_path / "ana.csv", full())
    imported, out = read([file]), tmp_path / "scores"
    write_scores(ITEMS, imported, Scale(), out, files=[file])
    assert read_judgements(out) == imported.judgements
    assert read_items(out) == ITEMS
    assert read_facts(out, "scores")["scores"] == {"ana": 4}
    before = {path: path.read_bytes() for path in out.iterdir()}
    with pytest.raises(OutputError, match="never written over"):
        write_scores(items, imported, Scale(), out, files=[file])
    assert {path: path.read_bytes() for path in out.iterdir()} == before
    with pytest.raises(DataError, match="holds scores; a folder made by nmixx benchmark draft"):
        read_facts(out, "draft")


def test_an_adjudication_settles_a_pair_once(tmp_path: Path) -> None:
    files = [
        sheet(tmp_path / "a.csv", full()[:2], annotator="judge"),
        sheet(tmp_path / "b.csv", full("1")[1:3], annotator="other"),
    ]
    one = read(files[:1], whole=False)
    assert len(one.judgements) == 2
    require_settled_once(one)
    with pytest.raises(DataError, match=f"pair {ITEMS[1].id}: adjudicated by judge"):
        require_settled_once(read(files, whole=False))


def test_words_of_the_command_line(tmp_path: Path) -> None:
    odd = tmp_path / "a=b.csv"
    odd.touch()
    assert parse_files([str(odd), "ana=x.csv"]) == [Returned(odd), Returned(Path("x.csv"), "ana")]
    with pytest.raises(InputError, match="given twice"):
        parse_files(["x.csv", "./x.csv"])
    assert parse_users(["7=ana", "a=b@c.d=ben"]) == {"7": "ana", "a=b@c.d": "ben"}
    with pytest.raises(InputError, match="THEIRS=NAME"):
        parse_users(["ana"])
