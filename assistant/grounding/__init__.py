"""Claim and passages to verdict. Knows nothing of models that write."""

from assistant.grounding.binding import is_binding
from assistant.grounding.checks import CHECKS
from assistant.grounding.learned import LearnedChecker, make_learned_checker
from assistant.grounding.model import Check, PassageText, Quote, Support, Verdict
from assistant.grounding.quotation import verify_quotation
from assistant.grounding.sentences import ends, sentences
from assistant.grounding.synonyms import may_stand_for
from assistant.grounding.verify import Checker
from assistant.grounding.weighing import Logistic, Weights, fitted
from assistant.grounding.words import RAISED, plain_letters, stems

__all__ = [
    "CHECKS",
    "RAISED",
    "Check",
    "Checker",
    "LearnedChecker",
    "Logistic",
    "PassageText",
    "Quote",
    "Support",
    "Verdict",
    "Weights",
    "ends",
    "fitted",
    "is_binding",
    "make_learned_checker",
    "may_stand_for",
    "plain_letters",
    "sentences",
    "stems",
    "verify_quotation",
]
