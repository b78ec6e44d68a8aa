"""Asks without a pause, from several threads, in a process of its own, until its standard input is closed.

Its argument is a JSON object {"data_dir", "chroma", "questions"}. Prints "ready" when it is asking, and at the end one JSON
list of {"question", "began", "digest", "text"}; `began` is by the clock that all processes share (`time.monotonic`).
"""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any

from assistant.answer import Assistant
from assistant.settings import Settings


def main() -> None:
    order = json.loads(sys.argv[1])
    settings = Settings.model_validate({"data_dir": order["data_dir"], "chroma": order["chroma"]})
    stop = threading.Event()
    given: list[dict[str, Any]] = []

    def ask(questions: list[str], bernard: Assistant) -> None:
        while not stop.is_set():
            for question in questions:
                began = time.monotonic()
                try:
                    answer = bernard.ask(question)
                    told = {"digest": answer.index_digest, "text": answer.text}
                except Exception as error:  # noqa: BLE001 - whatever it is, the test is told
                    told = {"digest": "", "text": f"{type(error).__name__}: {error}"}
                given.append({"question": question, "began": began, **told})

    with Assistant.open(settings) as bernard:
        questions = order["questions"]
        threads = [
            threading.Thread(target=ask, args=(questions[first:] + questions[:first], bernard))
            for first in range(len(questions))
        ]
        for thread in threads:
            thread.start()
        print("ready", flush=True)
        sys.stdin.read()
        stop.set()
        for thread in threads:
            thread.join()
    print(json.dumps(given), flush=True)


if __name__ == "__main__":
    main()
