"""Consultation responses to themes that an analyst decides on. Knows nothing of guidance, questions or answers."""

from assistant.consult.agreement import Agreement, BlindLabel, BlindResponse
from assistant.consult.apart import read_table_apart, record_of_table, table_of
from assistant.consult.breakdown import Difference, Share
from assistant.consult.columns import confirmed, recognise
from assistant.consult.consultation import Consultation, names, path_of, remove
from assistant.consult.edits import Edit, EditConflict, EditKind, Standing, action_of, describe
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
from assistant.consult.open_question import Formation, OpenQuestion
from assistant.consult.outputs import ReportForm, summary_of, write_report
from assistant.consult.personal import masked, masked_value
from assistant.consult.responses import Question, questions, repeated_identifiers
from assistant.consult.stances import Position
from assistant.consult.summary import Quote, Summary, ThemeSummary, agreed, summarise
from assistant.consult.tables import Problem, Table
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
    "Difference",
    "Edit",
    "EditConflict",
    "EditKind",
    "Formation",
    "Mapped",
    "OpenQuestion",
    "Position",
    "Problem",
    "Question",
    "Quote",
    "ReportForm",
    "Response",
    "Share",
    "Source",
    "Standing",
    "State",
    "Statement",
    "Summary",
    "Table",
    "Theme",
    "ThemeStatus",
    "ThemeSummary",
    "ThemeVectors",
    "Writing",
    "action_of",
    "agreed",
    "confirmed",
    "describe",
    "map_responses",
    "masked",
    "masked_value",
    "names",
    "path_of",
    "questions",
    "read_table_apart",
    "recognise",
    "record_of_table",
    "remove",
    "repeated_identifiers",
    "summarise",
    "summary_of",
    "table_of",
    "uncertainty",
    "write_report",
]
