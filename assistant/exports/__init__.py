"""Answers as files to pass on, and the look that other rooms' reports share. Knows nothing of databases or browsers."""

from assistant.exports.model import Exported, ExportForm, GivenAnswer, Marking, Talk
from assistant.exports.reporting import Bars, Series, word_report
from assistant.exports.write import export

__all__ = ["Bars", "ExportForm", "Exported", "GivenAnswer", "Marking", "Series", "Talk", "export", "word_report"]
