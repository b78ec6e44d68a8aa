"""A page on which a person labels answers one after the other. Knows nothing of what the labels are for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Event
from typing import Any

from evals.reviewing import CLAIM_LABELS, LABELS, QUESTIONS, Answered, Item, Label, by_present_names, keep, kept

_NAMED = """
const named = () => document.querySelectorAll("fieldset").forEach((group) => {
  const told = group.querySelector("[data-testid=block-info]")?.textContent.trim();
  if (told && group.getAttribute("aria-label") !== told) group.setAttribute("aria-label", told);
});
new MutationObserver(named).observe(document.documentElement, {childList: true, subtree: true, characterData: true});
"""
"""Gradio's groups of choices have no name, so that a screen reader would say "yes" without the question."""
_WHO = "Type your name or initials first."


def make_page(items: Sequence[Answered], labels: Path) -> Any:
    """The page: who you are, then one answer with its claims at a time, with what is still to do."""
    import gradio as gr

    by_name = {one.item.item: one for one in items}
    most = max((len(one.item.claims) for one in items), default=0)

    def labelled_by(rater: str) -> set[str]:
        given, _ = by_present_names(kept(labels), by_name)
        return {label.item for label in given if label.rater == rater and label.item in by_name}

    def next_of(rater: str) -> Item | None:
        done = labelled_by(rater)
        return next((one.item for name, one in by_name.items() if name not in done), None)

    def show(rater: str) -> tuple[Any, ...]:
        rater = rater.strip()
        item = next_of(rater) if rater else None
        blank = [None] * len(LABELS)
        if item is None:
            told = f"Thank you, {rater}: all {len(items)} answers are labelled." if rater else _WHO
            return (told, "", "", *blank, *([gr.update(visible=False, value=None)] * most), "")
        claims = [
            gr.update(visible=True, value=None, label=f"Statement {number}: {claim} {QUESTIONS['borne_out']}")
            for number, claim in enumerate(item.claims, start=1)
        ]
        hidden = [gr.update(visible=False, value=None)] * (most - len(claims))
        progress = f"Answer {len(labelled_by(rater)) + 1} of {len(items)}"
        return (progress, item.question, item.shown, *blank, *claims, *hidden, "")

    def save(rater: str, *given: Any) -> tuple[Any, ...]:
        rater, comment = rater.strip(), given[-1]
        item = next_of(rater) if rater else None
        if item is None:
            return show(rater)
        values, of_claims = given[: len(LABELS)], given[len(LABELS) : len(LABELS) + len(item.claims)]
        if not all(values) or not all(of_claims):
            gr.Warning("Answer all the questions, then save.")  # an error would lie over the questions
            return tuple(gr.update() for _ in range(len(LABELS) + most + 4))
        chosen = dict(zip(LABELS, values, strict=True))
        pairs = zip(item.claim_items(), of_claims, strict=True)
        said = [Label(item=name, rater=rater, borne_out=value) for name, value in pairs]
        keep(labels, [*said, Label(item=item.item, rater=rater, comment=comment or "", **chosen)])
        return show(rater)

    with gr.Blocks(title="Label answers", analytics_enabled=False) as page:
        gr.Markdown(
            "# Label answers\nYou do not see what made an answer. Judge what it says, not how. Each answer is kept when you "
            "save it; you can stop at any time and go on later under the same name."
        )
        rater = gr.Textbox(label="Your name or initials", max_lines=1)
        start = gr.Button("Begin, or go on where I stopped")
        progress = gr.Markdown(_WHO)
        question = gr.Textbox(label="Question", interactive=False, lines=2)
        answer = gr.Textbox(label="What was shown", interactive=False, lines=14)
        choices = [gr.Radio(list(options), label=QUESTIONS[name]) for name, options in LABELS.items()]
        claims = [
            gr.Radio(list(CLAIM_LABELS["borne_out"]), label=f"Statement {number}", visible=False)
            for number in range(1, most + 1)
        ]
        comment = gr.Textbox(label="Comment (if you like)", lines=2)
        button = gr.Button("Save and go on", variant="primary")
        shown = [progress, question, answer, *choices, *claims, comment]
        start.click(show, rater, shown)
        rater.submit(show, rater, shown)
        button.click(save, [rater, *choices, *claims, comment], shown)
    return page


def serve(items: Sequence[Answered], labels: Path, *, port: int) -> None:
    """Open the page on this machine until it is stopped."""
    _, address, _ = launch(make_page(items, labels), port=port)
    print(f"Label the answers at {address}. Stop with Ctrl+C; what was saved is kept in {labels}.", flush=True)
    Event().wait()


def launch(page: Any, *, port: int = 0) -> Any:
    """Serve the page in colours that can be read, without fonts from elsewhere; gives what Gradio gives."""
    import gradio as gr

    blue, deep, white = "#1d70b8", "#003078", "#ffffff"
    theme = gr.themes.Base(font=(gr.themes.utils.fonts.Font("Arial"), gr.themes.utils.fonts.Font("sans-serif"))).set(
        button_primary_background_fill=blue,
        button_primary_background_fill_dark=blue,
        button_primary_background_fill_hover=deep,
        button_primary_background_fill_hover_dark=deep,
        button_primary_text_color=white,
        button_primary_text_color_dark=white,
    )
    return page.launch(
        server_name="127.0.0.1",
        server_port=port or None,
        quiet=True,
        prevent_thread_lock=True,
        share=False,
        inbrowser=False,
        theme=theme,
        head=f"<script>{_NAMED}</script>",
        footer_links=[],
    )
