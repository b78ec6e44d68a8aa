"""Search over a small index: the right passage first, filters that hold, old guidance after current, one of each text."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from langchain_core.output_parsers import StrOutputParser
from langchain_core.runnables import RunnableLambda, RunnablePassthrough

from assistant.answer import Assistant
from assistant.errors import InputError, ModelUnavailable
from assistant.index import Index, ingest
from assistant.search import BernardRetriever, Filters, Reranker, Searcher, SearchResult, make_reranker
from assistant.settings import SearchSettings, Settings
from tests.conftest import write_files

OIL = "How many quotes do I need when I buy lamp oil?"


@pytest.fixture
def searcher(bernard: Assistant) -> Searcher:
    return bernard.searcher


def titles(result: SearchResult) -> list[str]:
    return list(dict.fromkeys(passage.title for passage in result.passages))


@pytest.mark.parametrize(
    ("question", "starts"),
    [
        ("How long must I keep the log of fog signals?", "Keep the fog log"),
        ("I work on a rock. My coat is torn. Who pays for another?", "Wear the oilskin coat"),
        ("what does a ferry pay in fog", "Vessel | Charge"),
        ("carry over leave", "You can carry over"),
    ],
)
def test_the_passage_that_answers_comes_first(searcher: Searcher, question: str, starts: str) -> None:
    assert searcher.search(question).passages[0].text.startswith(starts)


def test_a_section_number_finds_its_section(searcher: Searcher) -> None:
    hits = searcher.retrieve("LHM42125", limit=40).hits

    assert [searcher.index.brief(hit.row).title for hit in hits if hit.terms > 0] == ["Lighthouse Manual LHM42125: mirrors"]


def test_a_result_has_the_fields_of_the_outside_contract(searcher: Searcher) -> None:
    result = searcher.search(OIL, limit=3, id="q1").model_dump(mode="json")
    passage = result["passages"][0]

    assert set(result) == {"id", "question", "passages", "timings_ms"}
    assert {
        "rank", "score", "passage_id", "url", "title", "headings", "text", "organisation", "updated", "withdrawn",
    } <= set(passage)  # fmt: skip
    assert (result["id"], result["question"]) == ("q1", OIL)
    assert [found["rank"] for found in result["passages"]] == [1, 2, 3]
    assert passage["updated"] == "2026-01-20"
    assert {"embed", "search"} <= set(result["timings_ms"])


def test_a_passage_links_to_the_nearest_heading(searcher: Searcher) -> None:
    found = {passage.text[:8]: passage.url for passage in searcher.search("fog log and charges").passages}

    assert found["Keep the"] == "https://www.gov.uk/guidance/fog-signals#records"
    assert found["Vessel |"] == "https://www.gov.uk/guidance/fog-signals#charges"


def test_where_no_address_is_known_the_file_stands_in(searcher: Searcher) -> None:
    urls = {passage.title: passage.url for passage in searcher.search("Can children climb the tower?").passages}

    assert urls["Visitors to the lighthouse"] == "file:guidance/visitors.md"


def test_replaced_guidance_comes_after_current_and_is_marked(searcher: Searcher) -> None:
    found = searcher.search(OIL).passages
    ranks = {passage.title: passage.rank for passage in reversed(found)}

    assert ranks["Buying lamp oil"] < ranks["Buying lamp oil (2019 rules)"]
    assert {passage.title for passage in found if passage.withdrawn} >= {"Buying lamp oil (2019 rules)"}


def test_passages_that_say_the_same_collapse(searcher: Searcher) -> None:
    coats = [passage for passage in searcher.search("torn oilskin coat", limit=40).passages if "oilskin" in passage.text]

    assert len(coats) == 1


def test_no_more_than_the_limit(searcher: Searcher) -> None:
    assert [len(searcher.search(OIL, limit=limit).passages) for limit in (1, 4)] == [1, 4]


@pytest.mark.parametrize(
    ("filters", "allowed"),
    [
        (Filters(organisations=("fog office",)), {"Fog signals: charges and records", "Ringing the bell"}),
        (Filters(organisations=("Treasury of Lights",)), {"Night watch pay"}),
        (Filters(document_types=("manual_section",)), {"Lighthouse Manual LHM42125: mirrors"}),
        (Filters(updated_since=dt.date(2026, 4, 1)), {"Night watch pay", "Visitors to the lighthouse"}),
        (Filters(folder="fog"), {"Fog signals: charges and records", "Ringing the bell"}),
        (Filters(folder="*/oil/*"), {"Buying lamp oil", "Buying lamp oil (2019 rules)", "Whale oil"}),
        (Filters(folder="oil/", current_only=True), {"Buying lamp oil"}),
        (Filters(organisations=("Fog Office",), updated_since=dt.date(2015, 6, 1)), {"Fog signals: charges and records"}),
    ],
)
def test_filters_leave_only_what_they_name_and_all_of_it(searcher: Searcher, filters: Filters, allowed: set[str]) -> None:
    assert set(titles(searcher.search(OIL, limit=40, filters=filters))) == allowed


@pytest.mark.parametrize(
    "filters",
    [
        Filters(organisations=("Nobody",)),
        Filters(folder="/nowhere"),
        Filters(updated_since=dt.date(2999, 1, 1)),
        Filters(document_types=("guidance",), organisations=("Fog Office",)),
    ],
)
def test_filters_that_nothing_meets_find_nothing(bernard: Assistant, filters: Filters) -> None:
    assert bernard.search(OIL, filters=filters).passages == ()
    answer = bernard.ask(OIL, filters=filters)
    assert (answer.status, answer.reason, answer.sources) == ("not in the guidance", "nothing found", ())


def test_an_empty_filter_is_no_filter(searcher: Searcher) -> None:
    assert not Filters()
    assert searcher.search(OIL, filters=Filters()).passages == searcher.search(OIL).passages


def test_neighbours_are_the_passages_around_a_hit(searcher: Searcher) -> None:
    row = searcher.retrieve("Apply to the harbour master before the leave starts").hits[0].row
    around = searcher.neighbours(row)

    assert [passage.headings for passage in around] == [(), ("How to apply",), ("What to tell the harbour master",)]
    first = searcher.index.stored(row).rows[0]
    assert [passage.ordinal for passage in searcher.neighbours(first, before=3, after=0)] == [0]


@pytest.mark.parametrize("question", ["", " ", "?", "x" * 10_001])
def test_what_is_no_question_is_refused(searcher: Searcher, question: str) -> None:
    with pytest.raises(InputError):
        searcher.search(question)


def test_a_document_type_of_weight_nought_is_last_and_does_no_harm(notes_settings: Settings) -> None:
    weights = {"guidance": 0.0, "detailed_guide": 0.0, "manual_section": 0.0}
    settings = notes_settings.model_copy(update={"search": SearchSettings(document_type_weights=weights)})
    with Assistant.open(settings) as bernard:
        assert {passage.score for passage in bernard.search(OIL).passages} == {0.0}
        assert bernard.ask(OIL).status != "failed"


def test_a_large_index_is_filtered_without_losing_passages(settings: Settings, tmp_path: Path) -> None:
    boats = {f"{kind}/{number}.md": f"# Boat {number}\n\nBoat {number} is a {kind} of {number} tons.\n"
             for number in range(60) for kind in ("cutter", "yawl")}  # fmt: skip
    ingest([write_files(tmp_path / "boats", boats)], settings)
    with Index(settings) as index:
        searcher = Searcher(index, SearchSettings(candidates=10))
        found = searcher.retrieve("Which boat is of 7 tons?", limit=10, filters=Filters(folder="yawl")).hits
        few = searcher.retrieve("Which boat is of 7 tons?", limit=10, filters=Filters(folder="*/yawl/7.md")).hits
        places = [index.brief(hit.row).location for hit in found]

        assert len(found) == 10
        assert all("/yawl/" in place for place in places)
        assert places[0].endswith("/yawl/7.md")
        assert [index.brief(hit.row).location for hit in few] == places[:1]


def test_it_is_a_langchain_retriever(bernard: Assistant) -> None:
    retriever = BernardRetriever(searcher=bernard.searcher, limit=2, filters=Filters(current_only=True))

    def prompt(given: dict[str, Any]) -> str:
        return f"{given['question']}\n{given['documents'][0].page_content}"

    chain = {"documents": retriever, "question": RunnablePassthrough()} | RunnableLambda(prompt) | StrOutputParser()

    documents = retriever.invoke(OIL)

    assert len(documents) == 2
    assert documents[0].metadata["url"] == "https://www.gov.uk/guidance/lamp-oil"
    assert documents[0].id == documents[0].metadata["passage_id"]
    assert "text" not in documents[0].metadata
    assert chain.invoke(OIL).startswith(f"{OIL}\nBuy lamp oil from a supplier")


class LongestFirst:
    """A reranker that likes long passages."""

    def score(self, question: str, texts: list[str]) -> list[float]:
        return [float(len(text)) for text in texts]


def test_a_reranker_reorders_the_best_and_leaves_the_rest(bernard: Assistant) -> None:
    plain = Searcher(bernard.index, SearchSettings(rerank_top=5)).retrieve(OIL, limit=10).hits
    reranked = Searcher(bernard.index, SearchSettings(rerank_top=5), reranker=LongestFirst()).retrieve(OIL, limit=10)  # type: ignore[arg-type]

    rows = [hit.row for hit in plain]
    assert {hit.row for hit in reranked.hits[:5]} == set(rows[:5])
    assert [hit.row for hit in reranked.hits[:5]] != rows[:5]
    assert [hit.row for hit in reranked.hits[5:]] == rows[5:]
    assert "rerank" in reranked.timings_ms


@pytest.fixture(scope="session")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny cross-encoder with random weights."""
    import torch
    import transformers

    from assistant.index import built_in_model_folder

    folder = tmp_path_factory.mktemp("cross-encoder")
    tokenizer = transformers.AutoTokenizer.from_pretrained(built_in_model_folder(), local_files_only=True)
    torch.manual_seed(1)
    config = transformers.BertConfig(
        vocab_size=tokenizer.vocab_size, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        num_labels=1, initializer_range=1.0,
    )  # fmt: skip
    transformers.BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def test_any_cross_encoder_can_rerank(cross_encoder: Path, bernard: Assistant) -> None:
    reranker: Reranker | None = make_reranker(str(cross_encoder))
    assert reranker is not None
    settings = SearchSettings(reranker=str(cross_encoder))

    scores = reranker.score(OIL, ["Buy lamp oil", "Ring the bell", "Buy lamp oil"])
    plain = bernard.searcher.retrieve(OIL, limit=8).hits
    reranked = Searcher(bernard.index, settings).retrieve(OIL, limit=8).hits

    assert scores[0] == pytest.approx(scores[2])
    assert scores[0] != pytest.approx(scores[1])
    assert reranker.score(OIL, []) == []
    assert [hit.row for hit in reranked] != [hit.row for hit in plain]


def test_no_reranker_is_the_default() -> None:
    assert make_reranker("") is None


def test_a_reranker_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"no-such-model.*BERNARD_SEARCH__RERANKER"):
        make_reranker(str(tmp_path / "no-such-model"))
