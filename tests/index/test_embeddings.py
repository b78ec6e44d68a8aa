"""Embeddings: the built-in model on OpenVINO gives what sentence-transformers gives, in order, quietly."""

from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ModelUnavailable
from assistant.index import Embedder, LangChainEmbeddings, Vectors, built_in_model_folder, check_weights, make_embedder
from assistant.index import embeddings as module
from assistant.settings import EmbeddingSettings

TEXTS = [
    "Leave for lighthouse keepers > Carrying leave over\nYou can carry over 6 days of leave.",
    "Fog signals",
    "",
    "Vessel | Charge\nFishing boat | £12",
    "Café, naïve, Ynys Môn, “quoted” – 12½ %, \u200b and 🙂",
    "BIM42125",
    *(f"Buy lamp oil number {number} " + "from a supplier on the approved list " * (number % 9) for number in range(40)),
]


@pytest.fixture(scope="module")
def embedder(model_cache: Path) -> Embedder:
    return make_embedder(EmbeddingSettings(), cache_dir=model_cache)


@pytest.fixture(scope="module")
def vectors(embedder: Embedder) -> Vectors:
    return embedder.embed(TEXTS)


@pytest.fixture(scope="module")
def pytorch() -> Embedder:
    return make_embedder(EmbeddingSettings(runtime="torch"), cache_dir=Path("unused"))


def cosines(first: Vectors, second: Vectors) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.asarray((first * second).sum(axis=1), dtype=np.float32)


def test_openvino_agrees_with_sentence_transformers_on_pytorch(vectors: Vectors, pytorch: Embedder) -> None:
    assert cosines(vectors, pytorch.embed(TEXTS)).min() > 0.999


def test_both_runtimes_may_open_the_same_index(embedder: Embedder, pytorch: Embedder) -> None:
    assert embedder.name == pytorch.name
    assert embedder.dimension == pytorch.dimension == 384


def test_a_row_a_text_of_length_one(vectors: Vectors) -> None:
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-3)


def test_order_is_kept_whatever_stands_beside_a_text(embedder: Embedder, vectors: Vectors) -> None:
    alone = np.vstack([embedder.embed([text]) for text in TEXTS[:12]])

    assert cosines(alone, vectors[:12]).min() > 0.999
    assert cosines(embedder.embed(TEXTS[::-1])[::-1], vectors).min() > 0.999


def test_nothing_gives_nothing(embedder: Embedder, pytorch: Embedder) -> None:
    assert embedder.embed([]).shape == pytorch.embed([]).shape == (0, 384)


def test_text_beyond_256_word_pieces_is_cut(embedder: Embedder, pytorch: Embedder) -> None:
    long = "lamp oil " * 300
    same, other = embedder.embed([long, long + "football"]), embedder.embed([long[:450], "football " + long])

    assert cosines(same[:1], same[1:])[0] > 0.9999
    assert cosines(other[1:], same[:1])[0] < 0.9999
    assert cosines(same[:1], pytorch.embed([long]))[0] > 0.999


def test_progress_is_told_of_every_text(embedder: Embedder, pytorch: Embedder) -> None:
    for each in (embedder, pytorch):
        told: list[int] = []
        each.embed(TEXTS, progress=told.append)
        assert sum(told) == len(TEXTS)


def test_many_threads_may_share_an_embedder(embedder: Embedder, vectors: Vectors) -> None:
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda start: embedder.embed(TEXTS[start::6]), range(6)))

    for start, part in enumerate(found):
        assert cosines(part, vectors[start::6]).min() > 0.999


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    shutil.copy(built_in_model_folder() / "model.safetensors", tmp_path)
    check_weights(tmp_path)
    with (tmp_path / "model.safetensors").open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x07")

    with pytest.raises(ModelUnavailable, match=r"not the ones Bernard was tested with.*make setup"):
        check_weights(tmp_path)


@pytest.mark.parametrize("runtime", ["auto", "openvino", "torch"])
def test_no_runtime_takes_weights_it_has_not_checked(
    runtime: str, tmp_path: Path, model_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = tmp_path / "model"
    shutil.copytree(built_in_model_folder(), damaged, ignore=shutil.ignore_patterns("*.safetensors"))
    (damaged / "model.safetensors").write_bytes(b"not weights")
    monkeypatch.setattr(module, "built_in_model_folder", lambda: damaged)

    with pytest.raises(ModelUnavailable, match=r"make setup"):
        make_embedder(EmbeddingSettings.model_validate({"runtime": runtime}), cache_dir=model_cache)


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"weights are missing.*make setup"):
        check_weights(tmp_path)


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"no-such-model.*BERNARD_EMBEDDING__MODEL"):
        make_embedder(EmbeddingSettings(model=str(tmp_path / "no-such-model")), cache_dir=tmp_path)


def test_openvino_runs_the_built_in_model_only(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"BERNARD_EMBEDDING__RUNTIME=torch"):
        make_embedder(EmbeddingSettings(model="other", runtime="openvino"), cache_dir=tmp_path)


def test_a_model_of_ones_own_has_a_name_of_its_own(pytorch: Embedder, tmp_path: Path) -> None:
    copied = tmp_path / "copy"
    shutil.copytree(built_in_model_folder(), copied)

    own = make_embedder(EmbeddingSettings(model=str(copied)), cache_dir=tmp_path)

    assert own.name.startswith(f"{copied}@")
    assert own.name != pytorch.name
    assert cosines(own.embed(TEXTS[:3]), pytorch.embed(TEXTS[:3])).min() > 0.9999


def test_converting_and_embedding_open_no_connection_and_load_no_telemetry(tmp_path: Path) -> None:
    program = f"""
import socket, sys, pathlib
def refuse(*arguments, **keywords):
    raise AssertionError(f"a connection was opened: {{arguments}}")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
from assistant.index import make_embedder
from assistant.settings import EmbeddingSettings
vectors = make_embedder(EmbeddingSettings(), cache_dir=pathlib.Path({str(tmp_path)!r})).embed(["Fog signals"])
assert vectors.shape == (1, 384)
assert sys.modules.get("openvino_telemetry") is None
print("quiet", len(list(pathlib.Path({str(tmp_path)!r}).iterdir())))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)

    assert done.stdout == "quiet 1\n", done.stderr[-2000:]


def test_a_converted_model_is_used_again_without_pytorch(model_cache: Path) -> None:
    program = (
        "import sys, pathlib; from assistant.index import make_embedder; from assistant.settings import EmbeddingSettings; "
        "make_embedder(EmbeddingSettings(), cache_dir=pathlib.Path(sys.argv[1])).embed(['Fog']); "
        "print('torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(model_cache)], capture_output=True, text=True, timeout=60, check=True
    )

    assert done.stdout == "False\n"


def test_langchain_gets_the_same_vectors(embedder: Embedder, vectors: Vectors) -> None:
    langchain = LangChainEmbeddings(embedder)

    assert np.allclose(langchain.embed_documents(TEXTS[:2]), vectors[:2], atol=0.02)
    assert np.allclose(langchain.embed_query(TEXTS[1]), vectors[1], atol=0.02)
    assert isinstance(langchain.embed_query("Fog")[0], float)
