"""Runs ingests and imports that may be killed: a process that has loaded everything forks one for each line it is sent.

A line is JSON: {"data_dir", "folder" or "import"}, and "chroma" for vectors on a server. Prints the number of the process
that does it, then, when it has ended, "ended".
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import bm25s
import chromadb
import openvino

import assistant.index.build
import assistant.index.importing
from assistant.settings import Settings


def main() -> None:
    _ = (bm25s, chromadb, openvino)
    for line in sys.stdin:
        order = json.loads(line)
        process = os.fork()
        if not process:
            settings = Settings.model_validate({"data_dir": order["data_dir"], "chroma": order.get("chroma", {})})
            try:
                if "import" in order:
                    assistant.index.importing.import_index(Path(order["import"]), settings, replace_other=True)
                else:
                    assistant.index.build.ingest([Path(order["folder"])], settings)
            finally:
                os._exit(0)
        print(process, flush=True)
        os.waitpid(process, 0)
        print("ended", flush=True)


if __name__ == "__main__":
    main()
