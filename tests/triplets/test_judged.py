import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_says_what_the_judgements_say():
    lines = (DOCS / "triplets-judged.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    assert len({row[0] for row in rows}) == len(rows) == 300
    assert {value for row in rows for value in row[1:]} <= {"0", "1"}
    tallies = [sum(row[column] == "1" for row in rows) for column in (1, 2, 3)]
    page = (DOCS / "triplets.md").read_text("utf-8")
    told = re.findall(r"^\| [^|]+ \| (\d+) \| ([\d.]+) % \|", page, flags=re.MULTILINE)
    assert [int(count) for count, _ in told] == tallies
    assert [float(share) for _, share in told] == [round(t / 3, 1) for t in tallies]
