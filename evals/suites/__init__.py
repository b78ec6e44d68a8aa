"""The suites: each says what it measures, of which sets, and what one case scores."""

from evals.suites.suite import Suite

__all__ = ["Suite"]
