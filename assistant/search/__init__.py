"""Question to ranked passages. Knows nothing of answers."""

from assistant.search.focus import focus
from assistant.search.model import Filters, FoundPassage, Scope, SearchResult
from assistant.search.ranking import resemblance, shingles
from assistant.search.rerank import Reranker, make_reranker
from assistant.search.retriever import BernardRetriever
from assistant.search.searcher import Hit, Retrieval, Searcher, not_current
from assistant.search.surroundings import Facets, Neighbour, around, facets, require_known

__all__ = [
    "BernardRetriever",
    "Facets",
    "Filters",
    "FoundPassage",
    "Hit",
    "Neighbour",
    "Reranker",
    "Retrieval",
    "Scope",
    "SearchResult",
    "Searcher",
    "around",
    "facets",
    "focus",
    "make_reranker",
    "not_current",
    "require_known",
    "resemblance",
    "shingles",
]
