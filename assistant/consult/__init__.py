"""Consultation responses to themes that an analyst decides on. Knows nothing of guidance, questions or answers."""

from assistant.consult.agreement import Agreement, BlindLabel, BlindResponse
from assistant.consult.consultation import Consultation, Formation, OpenQuestion, names, path_of
from assistant.consult.edits import Edit, EditConflict, EditKind, Standing, describe
from assistant.consult.mapping import Corrections, Mapped, ThemeVectors, map_responses, uncertainty
from assistant.consult.model import (
    Assignment,
    Campaign,
    Column,
    ColumnKind,
    Response,
    Source,
    State,
    Statement,
    Theme,
    ThemeStatus,
)
from assistant.consult.outputs import ReportForm, write_report
from assistant.consult.summary import Summary, ThemeSummary, summarise
from assistant.consult.written_names import Writing

__all__ = [
    "Agreement",
    "Assignment",
    "BlindLabel",
    "BlindResponse",
    "Campaign",
    "Column",
    "ColumnKind",
    "Consultation",
    "Corrections",
    "Edit",
    "EditConflict",
    "EditKind",
    "Formation",
    "Mapped",
    "OpenQuestion",
    "ReportForm",
    "Response",
    "Source",
    "Standing",
    "State",
    "Statement",
    "Summary",
    "Theme",
    "ThemeStatus",
    "ThemeSummary",
    "ThemeVectors",
    "Writing",
    "describe",
    "map_responses",
    "names",
    "path_of",
    "summarise",
    "uncertainty",
    "write_report",
]
