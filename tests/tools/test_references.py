"""The bibliography: every entry can be found by its DOI, arXiv number or address."""

import re

from tools import run

ENTRIES = re.split(r"\n(?=@)", (run.ROOT / "book" / "references.bib").read_text(encoding="utf-8").strip())
# Their texts carry neither; paper A's names no authors either.
UNPUBLISHED = {"paperA", "paperB"}


def field(entry, name):
    found = re.search(rf"^\s*{name}\s*=\s*\{{(.*)\}},?$", entry, re.MULTILINE)
    return found.group(1) if found else ""


def test_every_entry_has_a_doi_an_arxiv_number_or_an_address():
    keys = [re.match(r"@\w+\{([\w-]+),", entry).group(1) for entry in ENTRIES]
    assert len(set(keys)) == len(keys) > 3
    for key, entry in zip(keys, ENTRIES, strict=True):
        assert key in UNPUBLISHED or any(field(entry, name) for name in ("doi", "eprint", "url")), key
        assert field(entry, "title"), key
        assert not field(entry, "doi") or re.fullmatch(r"10\.\d{4,}/\S+", field(entry, "doi")), key


def test_only_entries_that_exist_are_cited_and_all_are_used():
    keys = {re.match(r"@\w+\{([\w-]+),", entry).group(1) for entry in ENTRIES}
    text = "".join(
        path.read_text(encoding="utf-8")
        for path in sorted((run.ROOT / "book").glob("*.*"))
        if path.suffix in (".md", ".ipynb")
    )
    text += "".join(path.read_text(encoding="utf-8") for path in run.LIBRARY.rglob("*.py"))
    cited = {key.strip() for group in re.findall(r"\{cite\}`([^`]+)`", text) for key in group.split(",")}
    assert cited <= keys
    unused = {key for key in keys - cited if key not in text}
    assert not unused
