"""Question to ranked passages. Knows nothing of answers."""

from assistant.search.focus import focus
from assistant.search.model import Filters, FoundPassage, SearchResult
from assistant.search.ranking import resemblance, shingles
from assistant.search.rerank import Reranker, make_reranker
from assistant.search.retriever import BernardRetriever
from assistant.search.searcher import Hit, Retrieval, Searcher, not_current

__all__ = [
    "BernardRetriever",
    "Filters",
    "FoundPassage",
    "Hit",
    "Reranker",
    "Retrieval",
    "SearchResult",
    "Searcher",
    "focus",
    "make_reranker",
    "not_current",
    "resemblance",
    "shingles",
]
