"""Prompts, as files that are reviewed like code; `assistant.answer.prompt` fills them."""
