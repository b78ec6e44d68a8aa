"""A page on which a person labels answers one after the other. Knows nothing of what the labels are for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Event
from typing import Any

from evals.reviewing import LABELS, QUESTIONS, Item, Label, keep, kept


def make_page(items: Sequence[Item], labels: Path) -> Any:
    """The page: who you are, then one answer at a time, with what is still to do."""
    import gradio as gr

    def next_of(rater: str) -> int | None:
        done = {label.item for label in kept(labels) if label.rater == rater}
        return next((number for number, item in enumerate(items) if item.item not in done), None)

    def show(rater: str) -> tuple[Any, ...]:
        rater = rater.strip()
        number = next_of(rater) if rater else None
        blank = [None] * len(LABELS)
        if not rater:
            return ("Type your name or initials first.", "", "", *blank, "")
        if number is None:
            return (f"Thank you, {rater}: all {len(items)} answers are labelled.", "", "", *blank, "")
        item = items[number]
        done = sum(label.rater == rater for label in kept(labels))
        return (f"Answer {done + 1} of {len(items)}", item.question, item.shown, *blank, "")

    def save(rater: str, *given: Any) -> tuple[Any, ...]:
        rater, values, comment = rater.strip(), given[:-1], given[-1]
        number = next_of(rater) if rater else None
        if number is None:
            return show(rater)
        if not all(values):
            gr.Warning("Answer all three questions, then save.")  # an error would lie over the questions
            return tuple(gr.update() for _ in range(len(LABELS) + 4))
        chosen = dict(zip(LABELS, values, strict=True))
        keep(labels, [Label(item=items[number].item, rater=rater, comment=comment or "", **chosen)])
        return show(rater)

    with gr.Blocks(title="Label answers", analytics_enabled=False) as page:
        gr.Markdown(
            "# Label answers\nYou do not see what made an answer. Judge what it says, not how. Each answer is kept when you "
            "save it; you can stop at any time and go on later under the same name."
        )
        rater = gr.Textbox(label="Your name or initials", max_lines=1)
        start = gr.Button("Begin, or go on where I stopped")
        progress = gr.Markdown("Type your name or initials first.")
        question = gr.Textbox(label="Question", interactive=False, lines=2)
        answer = gr.Textbox(label="What was shown", interactive=False, lines=14)
        choices = [gr.Radio(list(options), label=QUESTIONS[name]) for name, options in LABELS.items()]
        comment = gr.Textbox(label="Comment (if you like)", lines=2)
        button = gr.Button("Save and go on", variant="primary")
        shown = [progress, question, answer, *choices, comment]
        start.click(show, rater, shown)
        rater.submit(show, rater, shown)
        button.click(save, [rater, *choices, comment], shown)
    return page


def serve(items: Sequence[Item], labels: Path, *, port: int) -> None:
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
        footer_links=[],
    )
