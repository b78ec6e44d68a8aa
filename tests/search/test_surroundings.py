"""What stands around a passage, and what a search can be limited to, over the dozen notes."""

from __future__ import annotations

from assistant.answer import Assistant
from assistant.search import around

LEAVE = "How many days of paid leave do lighthouse keepers have?"


def test_a_passage_is_shown_with_its_neighbours_in_order(bernard: Assistant) -> None:
    found = bernard.search(LEAVE, limit=1).passages[0]
    passages = around(bernard.searcher, found.url, found.passage_id)
    (here,) = [passage for passage in passages if passage.is_found]
    assert here.text == found.text
    assert here.headings == found.headings
    with bernard.index.steady():
        (document,) = [one for one in bernard.index.documents if one.url == found.url.partition("#")[0]]
        rows = [row for row in range(len(bernard.index)) if bernard.index.brief(row).url == document.url]
        texts = [bernard.index.passage(row).text for row in rows]
    at = texts.index(found.text)
    assert [passage.text for passage in passages] == texts[max(0, at - 2) : at + 3]


def test_a_passage_that_is_gone_has_no_neighbours(bernard: Assistant) -> None:
    found = bernard.search(LEAVE, limit=1).passages[0]
    assert around(bernard.searcher, found.url, "unknown-0") == ()
    assert around(bernard.searcher, "https://www.gov.uk/unknown", found.passage_id) == ()


def test_facets_name_what_documents_have(bernard: Assistant) -> None:
    facets = bernard.facets()
    documents = bernard.index.documents
    assert set(facets.organisations) == {name for document in documents for name in document.organisations}
    counts = [sum(name in document.organisations for document in documents) for name in facets.organisations]
    assert counts == sorted(counts, reverse=True)
