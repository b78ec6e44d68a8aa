"""Measures as pure functions, each with the source of its formula. What is undefined is NaN, never 0 or 1."""

from evals.metrics.agreement import alpha, alpha_with_interval
from evals.metrics.claims import (
    Pair,
    Supports,
    citation_precision,
    citation_recall,
    figures_consistent,
    mentioned,
    token_f1,
)
from evals.metrics.curves import (
    area_under_risk,
    auroc,
    balanced_accuracy,
    calibration_error,
    reliability,
    risk_coverage,
)
from evals.metrics.divisions import A_PART, adjusted_rand, divisions_agree, normalised_information
from evals.metrics.evidence import (
    evidence_found,
    f1,
    first_words,
    normalised,
    percentile,
    right_page,
    share_answered,
    threshold_to_answer,
)
from evals.metrics.intervals import (
    Estimate,
    estimate,
    estimate_by_leaving_out,
    estimate_difference,
    estimate_ratio,
    estimate_statistic,
    mcnemar,
    upper_bound,
)
from evals.metrics.ranking import ndcg, reciprocal_rank, unjudged_share

__all__ = [
    "A_PART",
    "Estimate",
    "Pair",
    "Supports",
    "adjusted_rand",
    "alpha",
    "alpha_with_interval",
    "area_under_risk",
    "auroc",
    "balanced_accuracy",
    "calibration_error",
    "citation_precision",
    "citation_recall",
    "divisions_agree",
    "estimate",
    "estimate_by_leaving_out",
    "estimate_difference",
    "estimate_ratio",
    "estimate_statistic",
    "evidence_found",
    "f1",
    "figures_consistent",
    "first_words",
    "mcnemar",
    "mentioned",
    "ndcg",
    "normalised",
    "normalised_information",
    "percentile",
    "reciprocal_rank",
    "reliability",
    "right_page",
    "risk_coverage",
    "share_answered",
    "threshold_to_answer",
    "token_f1",
    "unjudged_share",
    "upper_bound",
]
