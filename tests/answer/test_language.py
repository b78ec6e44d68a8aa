"""Other languages are told by script and small words; names and acronyms trip nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.answer.language import other_language


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("Sut ydw i'n gwneud cwyn am fy landlord?", "welsh"),
        ("Diolch", "welsh"),
        ("Jak mogę złożyć skargę?", "polish"),
        ("Comment puis-je déposer une plainte ?", "french"),
        ("Cuantos dias tengo para responder?", "spanish"),
        ("Wie kann ich eine Beschwerde einreichen?", "german"),
        ("كيف يمكنني تقديم شكوى؟", "arabic"),
        ("আমি কীভাবে অভিযোগ করব?", "bengali"),
        ("我怎样投诉？", "cjk"),
        ("Де мій податок?", "cyrillic"),
    ],
)
def test_a_message_in_another_language_is_known(message: str, language: str) -> None:
    assert other_language(message) == language


@pytest.mark.parametrize(
    "message",
    [
        "de minimis state aid",
        "What does Plaid Cymru's Senedd group get paid?",
        "Llywodraeth Cymru grant for Ynys Môn?",
        "Müller v Müller: who pays costs?",
        "pro bono publico",
        "SMP QWW AWE LEL",
        "α = 0.05 and β in the Aqua Book",
        "Is a UN/CEFACT или code needed for an import declaration?",
        "per diem",
        "die in service",
        "la",
        "De La Rue contract",
        "J van der Berg v Secretary of State",
        "12.5%",
        "How do I say ¿dónde está mi reembolso? to a customer who wants a refund",
    ],
)
def test_a_foreign_word_does_not_make_a_foreign_message(message: str) -> None:
    assert other_language(message) == ""


def test_nine_in_ten_messages_in_other_languages_are_known(repository: Path) -> None:
    rows = [json.loads(line) for line in (repository / "evals/data/routing_messages.jsonl").read_text("utf-8").splitlines()]
    foreign = [row["question"] for row in rows if row["route"] == "language"]

    assert len(foreign) == 70
    assert sum(bool(other_language(text)) for text in foreign) >= 0.92 * len(foreign)
    assert [row["question"] for row in rows if row["route"] != "language" and other_language(row["question"])] == []


def test_no_development_question_is_foreign(repository: Path) -> None:
    for name in ("corpus", "guidance", "unanswerable"):
        lines = (repository / f"evals/data/{name}_questions.jsonl").read_text("utf-8").splitlines()
        assert [row["question"] for row in map(json.loads, lines) if other_language(row["question"])] == []
