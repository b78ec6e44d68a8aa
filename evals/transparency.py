"""A draft record under the Algorithmic Transparency Recording Standard, filled from settings and a scorecard.

What only the department knows is left as a question in square brackets: nothing is made up. Measures nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from assistant.settings import Settings
from evals.figures import Figure
from evals.scorecard import HEADLINES, Scorecard
from evals.scorecard_markdown import with_interval


def draft_record(settings: Settings, card: Scorecard) -> str:
    """The draft as Markdown, in the order of the standard's template."""
    return "\n".join(_lines(settings, card)) + "\n"


def _lines(settings: Settings, card: Scorecard) -> Iterator[str]:
    writes = bool(settings.model)
    yield "# Draft transparency record: Bernard"
    yield ""
    yield (
        "Drafted by `bernard eval transparency` from the settings in force and the scorecard of "
        f"{card.about.started[:10]}. Text in [square brackets] is for the department to fill in; have it read "
        "by the tool's owner and by data protection before it is published."
    )
    yield "\n## Tier 1\n"
    yield "- **Name**: Bernard"
    yield (
        "- **Description**: Bernard answers officials' questions from guidance that the department chose. "
        + (
            f"A language model ({settings.model}) drafts the answer; each sentence is compared with what it cites, and "
            "one that this does not bear out is withheld."
            if writes
            else "It quotes the guidance word for word and writes nothing of its own; where the guidance does not answer it "
            "says so."
        )
    )
    yield "- **Why it is used**: [the problem it solves, and what was done before]"
    yield "- **Contact**: [team and e-mail address]"
    yield "\n## Tier 2\n"
    yield "### Owner and responsibility\n"
    yield "- **Organisation and team**: [name]; **senior responsible owner**: [role]"
    supplier = f"[supplier of {settings.model.partition(':')[2]} and the contract]" if writes else "none"
    yield f"- **External supplier**: {supplier}"
    yield "\n### What the tool does\n"
    yield (
        "- **Method**: search by meaning and by terms over indexed guidance; a fitted estimate of whether they answer, "
        "below which it declines; drafting; a check of every claim against its source."
    )
    yield "- **Maximum length of an answer**: " + f"{settings.answer.max_blocks} blocks of guidance"
    yield f"- **Embedding model**: {settings.embedding.model}, run on the department's own machine"
    yield f"- **Model that writes**: {settings.model or 'none'}"
    yield "- **Benefits**: [what users gain, and how it was measured]; **alternatives considered**: [which]"
    yield "\n### Decisions and people\n"
    yield (
        "- **Role in decisions**: it makes none. An official reads the answer and its sources and decides. [Who checks, and "
        "what training they have had]"
    )
    yield "- **Appeals**: [how a member of the public can ask for a decision to be looked at again]"
    yield "\n### Data\n"
    indexed = ", ".join(f"{name} (digest {digest})" for name, digest in card.about.indexes.items())
    yield f"- **Guidance indexed**: {indexed or '[list]'}"
    kept = f"kept for {settings.records.days} days" if settings.records.days else "not kept"
    yield f"- **Questions and answers**: {kept}; [who can see them, and the lawful basis for what people type]"
    yield "- **Where data goes**: " + (
        f"questions and passages are sent to {settings.generation.base_url or 'the provider of ' + settings.model}"
        if writes
        else "nothing leaves the machine"
    )
    yield "- **Training data**: the weights that decide whether to answer, and the checker's, are fitted on public guidance"
    yield "\n### How well it works\n"
    yield (
        f"Measured on {card.about.started[:10]} (commit {card.about.commit or 'unknown'}); in brackets 95 % intervals over "
        "documents. The whole scorecard goes with this record.\n"
    )
    yield "| suite | set | figure | value | n |"
    yield "|---|---|---|---|---|"
    held = {(one.suite, one.name): one for one in reversed(card.figures) if not one.kind}
    for key in HEADLINES:
        yield from _row(held.get(key), key)
    yield "\n### Risks and what is done about them\n"
    yield "| risk | what is done |"
    yield "|---|---|"
    yield "| A wrong answer is believed | every sentence shows its source and verdict; the figures say how often it errs |"
    yield "| Guidance is out of date | the reader is told when it is old, withdrawn or superseded; `bernard update` checks |"
    yield "| Instructions planted in guidance | measured above; links shown come only from the documents' own addresses |"
    yield "| Personal data typed into questions | [screening, retention and training in the department] |"
    yield "- **Impact assessments**: [DPIA, equality impact assessment: title, date, address]"


def _row(figure: Figure | None, key: tuple[str, str]) -> Iterator[str]:
    if figure is None:
        yield f"| {key[0]} | – | {key[1]} | not measured | 0 |"
    elif math.isnan(figure.value.mean):
        yield f"| {key[0]} | {figure.set} | {figure.title} | undefined | {figure.n} |"
    else:
        yield f"| {key[0]} | {figure.set} | {figure.title} | {with_interval(figure)} | {figure.n:,} |"
