"""A draft record under the Algorithmic Transparency Recording Standard, filled from settings and a scorecard.

What only the department knows is left as a question in square brackets: nothing is made up. Measures nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from assistant.hiding import without_secrets
from assistant.settings import Settings
from evals.figures import Figure
from evals.scorecard import HEADLINES, Scorecard
from evals.scorecard_markdown import with_interval
from evals.suites.known import SUITES

_DIGEST = 12


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
    yield "- **Website**: [address of the service or of the code]"
    yield "- **Contact**: [team and e-mail address]"
    yield "\n## Tier 2\n"
    yield "### Owner and responsibility\n"
    yield "- **Organisation and team**: [name]; **senior responsible owner**: [role]"
    supplier = f"[supplier of {settings.model.partition(':')[2]}, the contract, and what data it gets]" if writes else "none"
    yield f"- **External supplier**: {supplier}"
    yield "\n### Description and rationale\n"
    yield (
        "- **How it works**: it searches the indexed guidance by meaning and by words; estimates whether what it found "
        "answers, and declines below a fitted limit; drafts; and checks every sentence against its source."
    )
    yield "- **Scope**: [who may use it, for which questions, and for which not]"
    yield "- **Benefits**: [what users gain, and how it was measured]"
    yield "- **Previous process**: [how officials found guidance before]; **alternatives considered**: [which]"
    yield "\n### Decisions and people\n"
    yield (
        "- **Role in decisions**: it makes none. An official reads the answer and its sources and decides. [Who checks, and "
        "how]"
    )
    yield "- **Use**: [how many people, how many questions a month]; **training**: [what users must have learned]"
    yield "- **Appeals**: [how a member of the public can ask for a decision to be looked at again]"
    yield "\n### Tool specification\n"
    yield "- **Phase**: [pilot, beta or in use]; **maintenance**: [who updates the guidance, the software and this record]"
    yield f"- **Model that writes**: {settings.model or 'none; answers are quotations'}"
    yield f"- **Model that compares meanings**: {settings.embedding.model}, run on the department's own machine"
    yield f"- **Longest answer**: {settings.answer.max_blocks} paragraphs, list items or rows of guidance, when quoted"
    yield (
        "- **Fitted parts**: the limit below which it declines, and the weights of the check, were fitted on public "
        "guidance and public questions; nothing is learned from what officials ask"
    )
    yield "\n### Data\n"
    digest = card.about.indexes.get("live", "")[:_DIGEST]
    yield f"- **Guidance indexed**: [list of publications]{f' (digest of the index: {digest})' if digest else ''}"
    kept = f"kept for {settings.records.days} days" if settings.records.days else "not kept"
    yield f"- **Questions and answers**: {kept}; [who can see them, and the lawful basis for what people type]"
    address = without_secrets(settings.generation.base_url)
    yield "- **Where data goes**: " + (
        f"questions and passages are sent to {address or 'the provider of ' + settings.model}"
        if writes
        else "nothing leaves the machine"
    )
    yield "\n### How well it works\n"
    asked = sorted({one.set for one in card.figures})
    yield (
        f"Measured on {card.about.started[:10]} (commit {card.about.commit or 'unknown'}) with the sets {', '.join(asked)}; "
        "in brackets 95 % intervals over documents. The whole scorecard goes with this record.\n"
    )
    yield "| what is measured | set | figure | value | cases |"
    yield "|---|---|---|---|---|"
    for suite, name in HEADLINES:
        found = [one for one in card.figures if (one.suite, one.name, one.kind) == (suite, name, "")]
        yield from (_row(one) for one in found)
        if not found:
            title = next(measure.title for measure in SUITES[suite].measures if measure.name == name)
            yield f"| {suite} | – | {title} | not measured | 0 |"
    yield "\n### Risks and what is done about them\n"
    yield "| risk | what is done |"
    yield "|---|---|"
    yield "| A wrong answer is believed | every sentence shows its source and verdict; the figures say how often it errs |"
    yield "| An answer to what the guidance does not say | the figure “false answers” says how often; [training] |"
    yield "| Guidance is out of date | the reader is told when it is old, withdrawn or superseded; `bernard update` checks |"
    yield "| Instructions planted in guidance | measured above; links shown come only from the documents' own addresses |"
    yield "| Personal data typed into questions | [screening, retention and training in the department] |"
    yield ""
    yield "- **Impact assessments**: [DPIA, equality impact assessment: title, date, address]"


def _row(figure: Figure) -> str:
    value = "undefined" if math.isnan(figure.value.mean) else with_interval(figure)
    return f"| {figure.suite} | {figure.set} | {figure.title} | {value} | {figure.n:,} |"
