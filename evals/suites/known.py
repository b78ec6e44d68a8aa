"""Every suite by its name, in the order in which they are run and shown."""

from __future__ import annotations

from assistant.errors import InputError
from evals.suites import (
    ablations,
    answers,
    checker,
    conversation,
    currency,
    grounding,
    injection,
    key_points,
    mapping,
    personal,
    positions,
    refusal,
    retrieval,
    robustness,
    speed,
    themes,
)
from evals.suites.suite import Suite

SUITES: dict[str, Suite] = {
    module.SUITE.name: module.SUITE
    for module in (
        retrieval,
        answers,
        grounding,
        refusal,
        conversation,
        checker,
        injection,
        robustness,
        currency,
        personal,
        themes,
        mapping,
        positions,
        key_points,
        speed,
        ablations,
    )
}


def suites_named(names: list[str]) -> list[Suite]:
    """The suites of these names; "all" for every one, none for those that do not have to be named.

    Raises:
        InputError: There is no suite of a name.
    """
    if not names or names == ["all"]:
        return [suite for suite in SUITES.values() if names or not suite.only_by_name]
    unknown = [name for name in names if name not in SUITES]
    if unknown:
        raise InputError(f"There is no suite {', '.join(unknown)}. The suites are: {', '.join(SUITES)}, or all.")
    return [SUITES[name] for name in names]
