"""Gradio's theme for Bernard: Arial, plain colours, square corners. The look itself is in the style sheets (`style`).

The sheets name every colour once, for light and for dark; the theme takes them from there.
"""

from __future__ import annotations

from pathlib import Path

import gradio as gr
from gradio.themes.utils import sizes
from gradio.themes.utils.fonts import Font

from assistant.web.style import style_sheets

__all__ = ["bernard_theme", "head", "style_sheets"]

INK = "var(--b-ink)"
PAPER = "var(--b-paper)"
EDGE = "var(--b-edge)"
QUIET = "var(--b-quiet)"

_HERE = Path(__file__).parent


def head() -> str:
    """What stands in the page's head: the colours, which Gradio must not rewrite, and the script."""
    colours, script = ((_HERE / name).read_text(encoding="utf-8") for name in ("colours.css", "bernard.js"))
    return f"<style>{colours}</style><script>{script}</script>"


def bernard_theme() -> gr.themes.Base:
    """A theme that asks for no font file: `Font` names one that is on the reader's machine, `LocalFont` fetches."""
    theme = gr.themes.Base(
        font=(Font("Arial"), Font("Helvetica"), Font("sans-serif")),
        font_mono=(Font("Courier New"), Font("monospace")),
        radius_size=sizes.radius_none,
        text_size=sizes.text_lg,
    )
    theme.set(
        body_background_fill=PAPER,
        body_text_color=INK,
        background_fill_primary=PAPER,
        block_background_fill=PAPER,
        block_border_width="0px",
        block_label_text_color=INK,
        block_title_text_color=INK,
        block_info_text_color=QUIET,
        border_color_primary=EDGE,
        input_background_fill=PAPER,
        input_border_color=INK,
        input_border_width="2px",
        input_placeholder_color=QUIET,
        button_transition="none",
        button_transform_hover="none",
        button_transform_active="none",
        shadow_drop="none",
        shadow_drop_lg="none",
        shadow_spread="0px",
    )
    return _one_scheme(theme)


def _one_scheme(theme: gr.themes.Base) -> gr.themes.Base:
    """Give every dark value its light one: the style sheets' colours turn dark by themselves."""
    for name in [name for name in vars(theme) if name.endswith("_dark")]:
        setattr(theme, name, getattr(theme, name.removesuffix("_dark")))
    return theme
