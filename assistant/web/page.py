"""The page: one question box, the conversation above it, examples below. Knows nothing of how answers come about.

Gradio carries events and state; every piece of content is written by `render`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from assistant.web import render
from assistant.web.answers import Answers
from assistant.web.conversation import Conversation, Outcome, Progress, fault_of, follow
from assistant.web.words import (
    ABOUT,
    EXAMPLES,
    HEADER,
    HINT,
    INTRODUCTION,
    INTRODUCTION_ONCE_BEGUN,
    SEARCHING,
    WRITING,
    foot,
)

ASKED_AT_ONCE = 4
"""Questions answered at the same time. An answer by quotation keeps a core busy for some 150 ms: more would only wait."""

WAITING = 100
"""Questions that may queue behind them, some seconds' worth; the next one is told to come back."""

Updates = tuple[Any, ...]


def build_page(answers: Answers, *, recorded_days: int = 0) -> gr.Blocks:
    """The page over `answers`, which are recorded for so many days."""
    with gr.Blocks(title="Bernard", analytics_enabled=False, fill_width=True) as page:
        page.load(None, js="() => bernard.ready()", api_visibility="private")
        conversation = gr.State(())
        gr.HTML(HEADER, elem_id="header")
        introduction = gr.HTML(INTRODUCTION, elem_id="introduction")
        exchanges = gr.HTML("", elem_id="conversation", js_on_load="watch('value', () => bernard.answered(element));")
        progress = gr.HTML("", elem_id="progress")
        with gr.Column(elem_id="asking"):
            fault = gr.HTML("", elem_id="fault", js_on_load="watch('value', () => bernard.faulted(element));")
            box = gr.Textbox(
                label="Your question", info=HINT, lines=1, max_lines=8, autofocus=False, elem_id="question", container=True
            )
            with gr.Row(elem_id="buttons"):
                ask_button = gr.Button("Ask", variant="primary", elem_id="ask", scale=0)
                again_button = gr.Button("Start again", elem_id="start-again", visible=False, scale=0)
            status = gr.HTML(_status(""), elem_id="status")
        with gr.Column(elem_id="examples") as examples:
            gr.HTML('<h2 class="b-heading">Or try one of these</h2>')
            example_buttons = [gr.Button(example, elem_classes="b-example") for example in EXAMPLES]
        about = gr.HTML("", elem_id="about")
        gr.HTML(foot(recorded_days), elem_id="foot")

        shown = [conversation, introduction, exchanges, fault, box, ask_button, again_button, status]
        shown += [examples, about, progress]

        def respond(typed: str | None, so_far: Conversation) -> Iterator[Updates]:
            question = typed or ""
            if not fault_of(question):
                yield _busy(question)
            for step in follow(answers, question, so_far):
                yield _written(step) if isinstance(step, Progress) else _settled(step)

        def start_again() -> Updates:
            return _settled(Outcome(()))

        private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        gr.on([ask_button.click, box.submit], respond, [box, conversation], shown, trigger_mode="once", **private)
        for button in example_buttons:
            button.click(respond, [button, conversation], shown, trigger_mode="once", **private)
        again_button.click(start_again, None, shown, **private).then(None, js="() => bernard.restarted()", **private)

    page.queue(default_concurrency_limit=ASKED_AT_ONCE, max_size=WAITING, api_open=False)
    return page


def _busy(question: str) -> Updates:
    """What changes while a question is searched for; the order is that of `shown`."""
    same = gr.skip()
    return (
        *(same, same, same, ""),
        question,
        gr.update(value="Searching…", interactive=False),
        *(same, _status(SEARCHING), same, same, same),
    )


def _written(progress: Progress) -> Updates:
    """What changes while an answer is being written; the order is that of `shown`."""
    same = gr.skip()
    return (*(same,) * 7, _status(WRITING), same, same, render.progress(progress))


def _settled(outcome: Outcome) -> Updates:
    """The page after a question; the order is that of `shown`."""
    begun = bool(outcome.conversation)
    unchanged = bool(outcome.fault)
    return (
        outcome.conversation,
        INTRODUCTION_ONCE_BEGUN if begun else INTRODUCTION,
        gr.skip() if unchanged else render.conversation(outcome.conversation),
        render.fault(outcome.fault),
        outcome.question,
        gr.update(value="Ask", interactive=True),
        gr.update(visible=begun),
        _status("" if unchanged or not begun else render.announcement(outcome.conversation[-1])),
        gr.update(visible=not begun),
        ABOUT if begun else "",
        "",
    )


def _status(words: str) -> str:
    """The live region; it is always on the page, since screen readers only hear changes in one they already know."""
    busy = ' class="b-searching"' if words in {SEARCHING, WRITING} else ' class="b-hidden"'
    return f'<p role="status" aria-live="polite"><span{busy}>{words}</span></p>'
