"""What Bernard is compared with: LangChain's usual quick start, on the same files and the same model.

RecursiveCharacterTextSplitter (1,000 characters, 200 shared), MiniLM through sentence-transformers on PyTorch, and Chroma
with its default settings. `langchain-huggingface` pins an older huggingface-hub than current transformers want, so its
`HuggingFaceEmbeddings` is written out here: `encode` with the defaults, float32, 32 texts at a time. The files are read
by Bernard's readers, so that the comparison is not between readers; reading is part of the time of both.

    python -m evals.quick_start ingest FOLDER PATH …
    python -m evals.quick_start search FOLDER QUESTIONS OUT
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from tqdm import tqdm

from assistant.documents.library import find_files, load_file, read_file
from assistant.errors import UnreadableDocument
from assistant.index import built_in_model_folder
from evals.asking import ask_timed
from evals.conditionalqa import load_questions
from evals.records import QuickStartAsked

CHUNK_SIZE, CHUNK_OVERLAP = 1000, 200  # characters, as in LangChain's tutorials


class QuickStartEmbeddings(Embeddings):
    """What `langchain_huggingface.HuggingFaceEmbeddings` does."""

    def __init__(self) -> None:
        import transformers
        from sentence_transformers import SentenceTransformer

        transformers.utils.logging.disable_progress_bar()
        self._model: Any = SentenceTransformer(str(built_in_model_folder()), local_files_only=True)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text."""
        flat = [text.replace("\n", " ") for text in texts]
        bar = len(texts) > 1 and sys.stderr.isatty()
        vectors: list[list[float]] = self._model.encode(flat, show_progress_bar=bar).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return self.embed_documents([text])[0]


def ingest(folder: Path, paths: Sequence[Path]) -> dict[str, float]:
    """Read, split, embed and keep; says how long each part took."""
    from langchain_chroma import Chroma
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    started = time.perf_counter()
    documents = list(_read(paths))
    read = time.perf_counter()
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_SIZE, chunk_overlap=CHUNK_OVERLAP)
    chunks = splitter.split_documents(documents)
    Chroma.from_documents(chunks, QuickStartEmbeddings(), persist_directory=str(folder))
    ended = time.perf_counter()
    return {
        "documents": len(documents),
        "chunks": len(chunks),
        "reading_seconds": read - started,
        "seconds": ended - started,
    }


def _read(paths: Sequence[Path]) -> Iterator[Document]:
    """The text that Bernard's readers find in each file, with its address."""
    for found in tqdm(find_files(paths), desc="Reading", disable=None, leave=False):
        try:
            outcome = read_file(found, load_file(found))
        except UnreadableDocument:
            continue
        if outcome.document is not None:
            yield Document(page_content=outcome.document.text, metadata={"url": outcome.document.url})


def search(folder: Path, questions: Path) -> QuickStartAsked:
    """Ask every question."""
    from langchain_chroma import Chroma

    started = time.perf_counter()
    store = Chroma(persist_directory=str(folder), embedding_function=QuickStartEmbeddings())
    asked = load_questions(questions)

    def find(text: str, limit: int) -> list[tuple[str, str]]:
        found = store.similarity_search(text, k=limit)
        return [(document.metadata["url"], document.page_content) for document in found]

    find(asked[0].text, 1)
    opened = time.perf_counter() - started
    return QuickStartAsked(open_seconds=opened, found=ask_timed(find, asked))


def main(arguments: Sequence[str]) -> None:
    """Do one of the two steps."""
    step, folder, *rest = arguments
    if step == "ingest":
        print(json.dumps(ingest(Path(folder), [Path(path) for path in rest])))
    else:
        questions, out = rest
        Path(out).write_text(search(Path(folder), Path(questions)).model_dump_json(), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
