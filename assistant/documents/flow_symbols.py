"""What the characters of symbol fonts look like: codes of the fonts Symbol and Wingdings as Unicode.

Knows nothing of formats. A code without an equal in Unicode gives nothing.
"""

from __future__ import annotations

_SYMBOL = dict(
    zip(
        range(0x20, 0x7F),
        " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_ αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼",
        strict=True,
    )
) | dict(
    zip(
        range(0xA0, 0xFF),
        "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ 〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭",
        strict=True,
    )
)
_WINGDINGS = {
    0x28: "☎", 0x2A: "✉", 0x46: "☞", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x75: "◆", 0x76: "❖", 0x77: "◆",
    0x9F: "•", 0xA0: "▪", 0xA7: "▪", 0xA8: "□", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔",
    0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS}


def symbol(font: str, code: int) -> str:
    """The character a symbol font shows for a code; codes from U+F000, where Word keeps them, are read as the font's own."""
    known = _FONTS.get(font.strip().lower())
    if known is None:
        is_plain = 0x20 <= code < 0xD800 or 0xFB00 <= code < 0x110000
        return chr(code) if is_plain else ""
    return known.get(code - 0xF000 if 0xF000 <= code <= 0xF0FF else code, "")


def is_symbol_font(font: str) -> bool:
    """Whether a font has signs where others have letters."""
    return font.strip().lower() in _FONTS
