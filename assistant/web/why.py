"""Writes "Why this answer?": what was searched for, what was found and used, what was left out, and how long it took.

Pure functions. Everything that comes from an answer passes through `escape`.
"""

from __future__ import annotations

from html import escape

from assistant.answer import Answer, Considered, Drafting, Usage
from assistant.index import is_uploaded
from assistant.web.filters import is_gone_through, where_searched
from assistant.web.links import brought_name, file_name, host_name
from assistant.web.markup import count
from assistant.web.words import YOUR_DOCUMENT

_STAGES = {
    "route": "Telling what kind of message it is",
    "rewrite": "Completing the question from the conversation",
    "embed": "Reading the question",
    "search": "Searching",
    "collapse": "Dropping passages that say the same",
    "rerank": "Ordering what was found",
    "weigh": "Weighing the evidence",
    "clarify": "Looking for several topics",
    "draft": "Choosing quotations",
    "verify": "Checking quotations",
    "first_claim": "Writing, to the first sentence",
    "write": "Writing and checking the rest",
    "total": "Everything",
}


def why(answer: Answer) -> str:
    """A closed panel that says how the answer came about."""
    parts = [_facts(answer)]
    if answer.considered:
        parts.append(_found(answer.considered))
    if answer.timings_ms:
        parts.append(_timings(answer.timings_ms))
    return (
        '<details class="b-tool b-why"><summary>Why this answer?</summary>'
        f'<div class="b-tool-body">{"".join(parts)}</div></details>'
    )


def _facts(answer: Answer) -> str:
    facts = [
        ("Searched for", _searched_for(answer)),
        ("Searched in", where_searched(answer)),
        (
            "Answered by",
            "Quotation, no language model" if answer.model == "quotation" else f"The language model {answer.model}",
        ),
    ]
    if answer.prompt_version:
        facts.append(("Instructions to the model", f"Version {answer.prompt_version}"))
    if answer.drafting:
        facts.append(("What the model wrote", _draft(answer.drafting)))
        if answer.drafting.usage:
            facts.append(("What the model used", _used(answer.drafting.usage)))
    if answer.confidence:
        by = "what was searched" if answer.own_documents else "the guidance"
        facts.append((f"Likely to be answered by {by}", f"{answer.confidence:.0%}"))
    if answer.claims or answer.withheld:
        facts.append(("Left out by the check", count(len(answer.withheld), "sentence")))
    if answer.index_digest:
        of = "what was searched" if answer.own_documents else "the guidance"
        facts.append((f"State of {of}", answer.index_digest[:12]))
    rows = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts)
    return f'<dl class="b-facts">{rows}</dl>'


def _searched_for(answer: Answer) -> str:
    if is_gone_through(answer):
        return "Nothing: the task was done over whole documents"
    return answer.standalone_question or "Nothing: the message was not searched for"


def _draft(drafting: Drafting) -> str:
    told = [f"{count(drafting.claims, 'sentence')} from {count(len(drafting.offered), 'passage')}"]
    if drafting.forged:
        told.append(f"{count(drafting.forged, 'reference')} to sources that do not exist, removed")
    if drafting.addresses:
        told.append(f"{count(drafting.addresses, 'web address', 'web addresses')}, removed")
    if drafting.elsewhere:
        told.append(f"{count(drafting.elsewhere, 'sentence')} moved to the source that holds it")
    if drafting.declined:
        told.append("it said that the sources do not answer")
    return "; ".join(told)


def _used(usage: Usage) -> str:
    """Tokens, and their price where one is set; "about" where the provider did not say."""
    about = "" if usage.is_told else "about "
    told = f"{about}{count(usage.read, 'token')} read, {about}{count(usage.written, 'token')} written"
    return f"{told}; cost {about}£{usage.pounds:.4f} at the prices set" if usage.pounds else told


def _found(considered: tuple[Considered, ...]) -> str:
    rows = "".join(
        f"<tr><td>{one.rank}</td><td>{escape(one.title)}{_yours(one)}"
        f'<span class="b-organisation">{escape(_place(one))}</span></td>'
        f"<td>{one.score:.4f}</td><td>{'Yes' if one.used else 'No'}</td></tr>"
        for one in considered
    )
    return (
        '<table class="b-found"><caption>Passages found, best first</caption><thead><tr><th scope="col">Rank</th>'
        '<th scope="col">Passage of</th><th scope="col">Score</th><th scope="col">Used</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _yours(one: Considered) -> str:
    """The mark of a passage of the reader's own, with the name of its file."""
    if not is_uploaded(one.passage_id):
        return ""
    return f' <span class="b-tag b-tag-yours">{escape(f"{YOUR_DOCUMENT}: {brought_name(one.url)}")}</span>'


def _place(one: Considered) -> str:
    """What tells a passage from others of its page: headings and first words, else where the page is."""
    told = [heading for heading in one.headings if heading != one.title]
    told += [one.opening.rstrip(".,;:") + "…"] if one.opening else []
    return " › ".join(told) or file_name(one.url) or host_name(one.url)


def _timings(timings: dict[str, float]) -> str:
    rows = "".join(
        f"<div><dt>{escape(_STAGES.get(stage, stage))}</dt><dd>{milliseconds:,.0f} ms</dd></div>"
        for stage, milliseconds in timings.items()
    )
    return f'<p class="b-tool-heading">Time taken</p><dl class="b-facts b-timings">{rows}</dl>'
