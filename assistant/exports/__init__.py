"""Answers as files to pass on: Word, HTML, Markdown, and the evidence pack. Knows nothing of databases or browsers."""

from assistant.exports.model import Exported, ExportForm, GivenAnswer, Marking, Talk
from assistant.exports.write import export

__all__ = ["ExportForm", "Exported", "GivenAnswer", "Marking", "Talk", "export"]
