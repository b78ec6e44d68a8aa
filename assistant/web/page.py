"""The page: one question box, the conversation above it, examples below. Knows nothing of how answers come about.

Gradio carries events and state; every piece of content is written by `render`, and `desk` says what changes when.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from assistant.settings import UploadSettings
from assistant.uploads import OwnDocuments
from assistant.web import filters, own_panel, render
from assistant.web.answers import Answers, Limited, model_of
from assistant.web.desk import Changes, Desk
from assistant.web.faults import reference_for, words_for
from assistant.web.keeping import Keeping, Session
from assistant.web.words import ABOUT, EXAMPLES, HEADER, HINT, INTRODUCTION, account, foot, status

ASKED_AT_ONCE = 4
"""Questions answered at the same time. An answer by quotation keeps a core busy for some 150 ms: more would only wait."""

WAITING = 100
"""Questions that may queue behind them, some seconds' worth; the next one is told to come back."""

UserOf = Callable[[gr.Request], str]


MayEvaluate = Callable[[gr.Request], bool]


def nobody(_: gr.Request) -> str:
    """The user where there is no sign-in."""
    return ""


def build_page(
    answers: Answers,
    *,
    recorded_days: int = 0,
    keeping: Keeping | None = None,
    user_of: UserOf = nobody,
    has_files: bool = False,
    can_leave: bool = False,
    documents: OwnDocuments | None = None,
    limits: UploadSettings | None = None,
    may_evaluate: MayEvaluate = lambda _: False,
) -> gr.Blocks:
    """The page over `answers`.

    Args:
        answers: What answers.
        recorded_days: For how many days answers are recorded, of which the reader is told; 0 for none.
        keeping: Records of conversations; None where they are forgotten.
        user_of: Who sent a request.
        has_files: The server answers /export/… with files of what is kept.
        can_leave: Users can sign out.
        documents: Documents of people's own, which the server takes at /own/…; None where there are none.
        limits: What may be added; as given where `documents` were made.
        may_evaluate: Whether who sent a request finds the page for evaluators.
    """
    desk = Desk(answers, keeping, has_files=has_files, documents=documents)
    takes_files = documents is not None and keeping is not None
    facets = answers.facets() if isinstance(answers, Limited) else None
    part: dict[str, Any] = {}
    with gr.Blocks(title="Bernard", analytics_enabled=False, fill_width=True) as page:
        part["session"] = gr.State(Session())
        gr.HTML(HEADER, elem_id="header")
        part["account"] = gr.HTML("", elem_id="account")
        part["introduction"] = gr.HTML(INTRODUCTION, elem_id="introduction")
        part["own"] = gr.HTML("", elem_id="own", js_on_load="watch('value', () => bernard.listed(element));")
        part["exchanges"] = gr.HTML(
            "", elem_id="conversation", js_on_load="watch('value', () => bernard.answered(element));"
        )
        part["progress"] = gr.HTML("", elem_id="progress")
        with gr.Column(elem_id="asking"):
            part["fault"] = gr.HTML("", elem_id="fault", js_on_load="watch('value', () => bernard.faulted(element));")
            part["box"] = gr.Textbox(
                label="Your question", info=HINT, lines=1, max_lines=8, autofocus=False, elem_id="question", container=True
            )
            with gr.Row(elem_id="buttons"):
                part["ask"] = gr.Button("Ask", variant="primary", elem_id="ask", scale=0)
                part["stop"] = gr.Button("Stop", elem_id="stop", visible=False, scale=0)
                again = "New conversation" if keeping else "Start again"
                part["again"] = gr.Button(again, elem_id="start-again", visible=False, scale=0)
            part["status"] = gr.HTML(status(""), elem_id="status")
            if takes_files:
                gr.HTML(own_panel.panel(limits or UploadSettings()), elem_id="documents")
            gr.HTML(filters.panel(facets, model=model_of(answers)), elem_id="filters")
        with gr.Column(elem_id="examples") as part["examples"]:
            gr.HTML('<h2 class="b-heading">Or try one of these</h2>')
            example_buttons = [gr.Button(example, elem_classes="b-example") for example in EXAMPLES]
        part["about"] = gr.HTML("", elem_id="about")
        gr.HTML(foot(recorded_days, is_kept=keeping is not None), elem_id="foot")
        # Three parts that a reader does not see: what bernard.js asks for, the replies it puts in place, the page's name.
        acts = gr.HTML("", elem_id="acts", js_on_load=_ACTS)
        reply = gr.HTML("", elem_id="reply", js_on_load="watch('value', () => bernard.replied(element));")
        part["name"] = gr.HTML("", elem_id="name", js_on_load="watch('value', () => bernard.named(element));")
        part["documents"] = gr.HTML("", elem_id="own-reply", js_on_load="watch('value', () => bernard.documented(element));")
        choices = gr.Textbox(visible=False)
        named = gr.Textbox(visible=False)

        def placed(changes: Changes) -> dict[Any, Any]:
            return {part[name]: value for name, value in _updates(changes).items()}

        def failed(error: Exception) -> dict[Any, Any]:
            words = words_for(reference_for(error, "An event of the page failed."))
            told = render.fault(f"Something went wrong. {words}")
            return placed({"fault": told, "is_busy": False, "status": status(""), "progress": ""})

        safely = _safely(failed)

        @safely
        def respond(typed: str | None, session: Session, chosen: str, request: gr.Request) -> Iterator[dict[Any, Any]]:
            for changes in desk.ask(typed or "", session, chosen, user=user_of(request), tab=str(request.session_hash)):
                yield placed(changes)

        @safely
        def ask_again(session: Session, chosen: str, event: gr.EventData, request: gr.Request) -> Iterator[dict[Any, Any]]:
            asked = desk.ask_again(event._data, session, chosen, user=user_of(request), tab=str(request.session_hash))
            for changes in asked:
                yield placed(changes)

        def stop(request: gr.Request) -> None:
            desk.stop(str(request.session_hash))

        @safely
        def start(name: str, request: gr.Request) -> dict[Any, Any]:
            user = user_of(request)
            return placed(
                desk.start(name or "", user=user)
                | {"account": account(user, can_leave=can_leave, may_evaluate=may_evaluate(request))}
            )

        @safely
        def start_again(request: gr.Request) -> dict[Any, Any]:
            return placed(desk.start_again(user=user_of(request), tab=str(request.session_hash)))

        @safely
        def keep(session: Session, event: gr.EventData, request: gr.Request) -> dict[Any, Any]:
            return placed(desk.keep(event._data, session, user=user_of(request), tab=str(request.session_hash)))

        def more(session: Session, event: gr.EventData, request: gr.Request) -> str:
            return desk.more(event._data, session, user=user_of(request))

        @safely
        def own_documents(
            session: Session, chosen: str, event: gr.EventData, request: gr.Request
        ) -> Iterator[dict[Any, Any]]:
            tab = str(request.session_hash)
            for changes in desk.documents(event._data, session, chosen, user=user_of(request), tab=tab):
                yield placed(changes)

        def feedback(event: gr.EventData, request: gr.Request) -> str:
            return desk.feedback(event._data, user=user_of(request))

        private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        changed = list(part.values())
        asking: dict[str, Any] = {"trigger_mode": "once", "js": "(typed, session) => [typed, session, bernard.choices()]"}
        gr.on(
            [part["ask"].click, part["box"].submit],
            respond,
            [part["box"], part["session"], choices],
            changed,
            **asking,
            **private,
        )
        for button in example_buttons:
            button.click(respond, [button, part["session"], choices], changed, **asking, **private)
        again_js = "(session) => [session, bernard.choices()]"
        acts.ask_again(ask_again, [part["session"], choices], changed, js=again_js, **private)
        part["stop"].click(stop, None, None, concurrency_limit=None, **private)
        part["again"].click(start_again, None, changed, **private).then(None, js="() => bernard.restarted()", **private)
        acts.more(more, part["session"], reply, trigger_mode="multiple", **private)
        if keeping is not None:
            acts.keep(keep, part["session"], changed, trigger_mode="multiple", **private)
            acts.documents(
                own_documents, [part["session"], choices], changed, trigger_mode="multiple", js=again_js, **private
            )
            acts.feedback(feedback, None, reply, trigger_mode="multiple", **private)
        page.load(start, named, changed, js="() => bernard.ready()", **private)

    page.queue(default_concurrency_limit=ASKED_AT_ONCE, max_size=WAITING, api_open=False)
    return page


def _safely(failed: Callable[[Exception], dict[Any, Any]]) -> Callable[[_Handler], _Handler]:
    """Have a handler change the page as `failed` says when it raises: Gradio would show nothing but "Error"."""

    def safe(handler: _Handler) -> _Handler:
        @functools.wraps(handler)
        def steps(*given: Any, **named: Any) -> Iterator[dict[Any, Any]]:
            try:
                yield from handler(*given, **named)
            except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets words and the log the rest
                yield failed(error)

        @functools.wraps(handler)
        def once(*given: Any, **named: Any) -> dict[Any, Any]:
            try:
                return dict(handler(*given, **named))
            except Exception as error:  # noqa: BLE001 - as above
                return failed(error)

        return steps if inspect.isgeneratorfunction(handler) else once

    return safe


_Handler = Callable[..., Any]
_ACTS = """
bernard.act = {
  ask_again: (sent) => trigger('ask_again', sent),
  more: (sent) => trigger('more', sent),
  documents: (sent) => trigger('documents', sent),
  keep: (sent) => trigger('keep', sent),
  feedback: (sent) => trigger('feedback', sent),
};
"""


def _updates(changes: Changes) -> dict[str, Any]:
    """Changes as Gradio takes them: what is said of the whole page is spread over its parts."""
    updates = {name: value for name, value in changes.items() if name not in {"is_busy", "is_begun"}}
    if "is_busy" in changes:
        busy = changes["is_busy"]
        updates["ask"] = gr.update(value="Searching…" if busy else "Ask", interactive=not busy)
        updates["stop"] = gr.update(visible=busy)
    if "is_begun" in changes:
        begun = changes["is_begun"]
        updates |= {
            "again": gr.update(visible=begun),
            "examples": gr.update(visible=not begun),
            "about": ABOUT if begun else "",
        }
    return updates
