"""Gradio's theme for Bernard: Arial, plain colours, square corners, light only. The look itself is in bernard.css."""

from __future__ import annotations

import gradio as gr
from gradio.themes.utils import sizes
from gradio.themes.utils.fonts import Font

INK = "#0b0c0c"
PAPER = "#ffffff"
EDGE = "#b1b4b6"


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
        block_info_text_color="#484f56",
        border_color_primary=EDGE,
        input_background_fill=PAPER,
        input_border_color=INK,
        input_border_width="2px",
        input_placeholder_color="#505a5f",
        button_transition="none",
        button_transform_hover="none",
        button_transform_active="none",
        shadow_drop="none",
        shadow_drop_lg="none",
        shadow_spread="0px",
    )
    return _light_only(theme)


def _light_only(theme: gr.themes.Base) -> gr.themes.Base:
    """Give every dark colour its light value, so that a machine set to dark shows the same, readable page."""
    for name in [name for name in vars(theme) if name.endswith("_dark")]:
        setattr(theme, name, getattr(theme, name.removesuffix("_dark")))
    return theme
