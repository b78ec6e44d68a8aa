"""Passages, their vectors and terms, and the manifest of what is indexed. Knows nothing of questions."""

from assistant.index.build import ingest, rebuild, remove
from assistant.index.catalogue import Entry, entries, entry, whole_entries
from assistant.index.embeddings import (
    Embedder,
    LangChainEmbeddings,
    TokenEmbedder,
    Tokens,
    Vectors,
    built_in_model_folder,
    check_weights,
    make_embedder,
    make_token_embedder,
)
from assistant.index.exporting import Transfer, export_index
from assistant.index.held import HeldDocument, HeldIndex, passage_texts, typical_texts
from assistant.index.importing import import_index
from assistant.index.index import Index, Mask
from assistant.index.joined import JoinedIndex
from assistant.index.open_state import StoredDocument
from assistant.index.passages import (
    UPLOADED,
    Passage,
    Span,
    context_of,
    document_id,
    document_of,
    embedded_text,
    is_uploaded,
    split,
    splitter_fingerprint,
)
from assistant.index.remembered import Remembered, RememberedVectors
from assistant.index.report import IngestReport
from assistant.index.searchable import Searchable
from assistant.index.verify import verify

__all__ = [
    "UPLOADED",
    "Embedder",
    "Entry",
    "HeldDocument",
    "HeldIndex",
    "Index",
    "IngestReport",
    "JoinedIndex",
    "LangChainEmbeddings",
    "Mask",
    "Passage",
    "Remembered",
    "RememberedVectors",
    "Searchable",
    "Span",
    "StoredDocument",
    "TokenEmbedder",
    "Tokens",
    "Transfer",
    "Vectors",
    "built_in_model_folder",
    "check_weights",
    "context_of",
    "document_id",
    "document_of",
    "embedded_text",
    "entries",
    "entry",
    "export_index",
    "import_index",
    "ingest",
    "is_uploaded",
    "make_embedder",
    "make_token_embedder",
    "passage_texts",
    "rebuild",
    "remove",
    "split",
    "splitter_fingerprint",
    "typical_texts",
    "verify",
    "whole_entries",
]
