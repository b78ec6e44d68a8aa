"""Passages, their vectors and terms, and the manifest of what is indexed. Knows nothing of questions."""

from assistant.index.build import ingest, rebuild, remove
from assistant.index.catalogue import Entry, entries, entry
from assistant.index.embeddings import (
    Embedder,
    LangChainEmbeddings,
    RememberedVectors,
    Vectors,
    built_in_model_folder,
    check_weights,
    make_embedder,
)
from assistant.index.index import Index, Mask, StoredDocument
from assistant.index.passages import Passage, Span, context_of, embedded_text, split
from assistant.index.report import IngestReport
from assistant.index.verify import verify

__all__ = [
    "Embedder",
    "Entry",
    "Index",
    "IngestReport",
    "LangChainEmbeddings",
    "Mask",
    "Passage",
    "RememberedVectors",
    "Span",
    "StoredDocument",
    "Vectors",
    "built_in_model_folder",
    "check_weights",
    "context_of",
    "embedded_text",
    "entries",
    "entry",
    "ingest",
    "make_embedder",
    "rebuild",
    "remove",
    "split",
    "verify",
]
