"""Prompts, as files that are reviewed like code; `assistant.consult.written_names` fills them."""
