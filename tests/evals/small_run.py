"""A few questions about the made-up notes of the tests, and `bernard eval` as it is typed."""

from __future__ import annotations

from assistant.cli import main

LEAVE = "Lighthouse keepers have 31 days of paid leave in each leave year."
OWN = [
    {
        "id": "leave",
        "question": "How many days of paid leave do lighthouse keepers have?",
        "evidence": [LEAVE],
        "type": "lookup",
    },
    {
        "id": "fog",
        "question": "How long must I keep the fog log?",
        "evidence": ["Keep the fog log for 7 years."],
        "answer": "7 years",
        "type": "lookup",
    },
    {"id": "moon", "question": "Who may land on the moon?", "expected_status": "not_in_guidance", "type": "near miss"},
    {
        "id": "tax",
        "question": "What is the rate of corporation tax?",
        "expected_status": "not_in_guidance",
        "type": "near miss",
    },
]


def evaluate(*arguments: object) -> int:
    return main(["eval", *map(str, arguments)])
