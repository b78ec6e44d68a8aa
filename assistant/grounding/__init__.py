"""Claim and passages to verdict. Knows nothing of models that write."""

from assistant.grounding.model import Check, Quote, Verdict
from assistant.grounding.quotation import verify_quotation

__all__ = ["Check", "Quote", "Verdict", "verify_quotation"]
