"""Screening of questions, guidance and answers. Knows nothing of how answers come about."""

from assistant.safety.screen import MAX_QUESTION_CHARACTERS, EmptyQuestion, QuestionTooLong, screen

__all__ = ["MAX_QUESTION_CHARACTERS", "EmptyQuestion", "QuestionTooLong", "screen"]
