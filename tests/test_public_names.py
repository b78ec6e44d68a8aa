"""The rooms of the house: which may use which, and that a room keeps what its door promises."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

BELOW = {
    "documents": set[str](),
    "index": {"documents"},
    "fetch": {"documents"},
    "safety": {"documents"},
    "grounding": {"index", "documents"},
    "search": {"safety", "index", "documents"},
    "answer": {"search", "grounding", "safety", "index", "documents"},
    "records": {"answer", "search", "grounding", "safety", "index", "documents"},
    "exports": {"answer", "search", "grounding", "safety", "index", "documents"},
    "uploads": {"index", "documents"},
    "consult": {"exports", "answer", "grounding", "index", "documents"},
    "web": {"answer", "consult", "records", "uploads", "exports", "search", "grounding", "safety", "index", "documents"},
}
"""The rooms that each room may use."""

SHARED = {"errors", "hiding", "settings"}
"""What every room may use."""

PUBLIC = {
    "documents": """
        Block BlockKind CELL_SEPARATOR Document DocumentText LeftOut
    """,
    "fetch": """
        FetchReport Get GuidanceSource Item LEDGER Licence Move NotFetched NotHere OGL Progress Record State Wanted
        about fetch open_source read_list source_names update
    """,
    "index": """
        Embedder Entry HeldDocument HeldIndex Index IngestReport JoinedIndex LangChainEmbeddings Mask Passage Remembered
        RememberedVectors Searchable Span StoredDocument TokenEmbedder Tokens Transfer UPLOADED Vectors
        built_in_model_folder check_weights context_of document_id document_of embedded_text entries entry export_index
        import_index ingest is_uploaded make_embedder make_token_embedder passage_texts rebuild remove split
        splitter_fingerprint typical_texts verify whole_entries
    """,
    "safety": """
        EmptyQuestion MAX_QUESTION_CHARACTERS QuestionTooLong screen
    """,
    "grounding": """
        CHECKS Check Checker LearnedChecker Logistic PassageText Quote RAISED Support Verdict Weights
        ends fitted is_binding make_learned_checker may_stand_for plain_letters sentences stems verify_quotation
    """,
    "search": """
        BernardRetriever Facets Filters FoundPassage Hit Neighbour Reranker Retrieval Scope SearchResult Searcher around
        facets focus make_reranker not_current require_known resemblance shingles
    """,
    "answer": """
        Answer AnswerNotice Assistant Brought Choice Citation Claim ClaimShown ClaimWithheld Considered Drafter Drafting
        Event Finished LanguageModel Meter NearestPage Notice NoticeGiven Question Reason Source Stage StageStarted Status
        Task Turn Usage Verdict harmless make_language_model question_of
    """,
    "records": """
        Affected Change CitedPassage EvidencePack Exchange Feedback FeedbackKind KeptConversation Kind Listed
        ListedConversation Recorded Recorder Records Role State User Users are_there check describe look_over
        loose_name
    """,
    "exports": """
        Bars ExportForm Exported GivenAnswer Marking Series Talk export word_report
    """,
    "uploads": """
        NotAdded OwnDocuments OwnFile Received Shelves Step readable_formats
    """,
    "consult": """
        Agreement Assignment BlindLabel BlindResponse Campaign Column ColumnKind Consultation Corrections action_of
        Difference Edit EditConflict EditKind Formation Mapped OpenQuestion Position Problem Question Quote
        ReportForm Response Share Source Standing State Statement Summary Table Theme ThemeStatus ThemeSummary
        ThemeVectors Writing agreed confirmed describe map_responses masked masked_value names path_of questions
        read_table_apart recognise record_of_table remove repeated_identifiers summarise summary_of table_of uncertainty
        write_report
    """,
    "web": """
        Answers build serve
    """,
}
"""What others may rely on; a change here is a change for them."""


def imported(source: Path) -> Iterator[str]:
    """Every module of the package that a file imports, wherever in the file that is."""
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("assistant."))
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("assistant."):
            yield node.module


@pytest.mark.parametrize("room", sorted(BELOW))
def test_imports_point_downwards_only(room: str, repository: Path) -> None:
    allowed = BELOW[room] | SHARED | {room}
    wrong = [
        f"{source.relative_to(repository)} imports {module}"
        for source in sorted((repository / "assistant" / room).rglob("*.py"))
        for module in imported(source)
        if module.split(".")[1] not in allowed
    ]

    assert wrong == []


def test_nothing_in_the_product_uses_what_measures_it(repository: Path) -> None:
    sources = {source: source.read_text("utf-8") for source in (repository / "assistant").rglob("*.py")}

    assert [source for source, text in sources.items() if "import evals" in text or "from evals" in text] == []


@pytest.mark.parametrize("room", sorted(PUBLIC))
def test_a_room_offers_the_names_others_rely_on(room: str) -> None:
    module = importlib.import_module(f"assistant.{room}")

    assert set(module.__all__) == set(PUBLIC[room].split())
    assert all(hasattr(module, name) for name in module.__all__)


def test_there_is_no_room_without_rules(repository: Path) -> None:
    rooms = {folder.name for folder in (repository / "assistant").iterdir() if any(folder.glob("*.py"))}

    assert rooms <= set(BELOW)
