"""Reads the colours of CSS, as far as it takes to tell text that has the colour of what is behind it."""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass

_NAMED = {
    "white": (255, 255, 255),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "ghostwhite": (248, 248, 255),
    "floralwhite": (255, 250, 240),
    "mintcream": (245, 255, 250),
    "azure": (240, 255, 255),
    "whitesmoke": (245, 245, 245),
    "black": (0, 0, 0),
    "red": (255, 0, 0),
    "green": (0, 128, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "silver": (192, 192, 192),
    "navy": (0, 0, 128),
}
_HEXADECIMAL = re.compile(r"#([0-9a-f]{3,8})")
_FUNCTION = re.compile(r"(rgb|hsl)a?\(([^()]*)\)")
_NEAR = 24
"""Largest difference in any of red, green and blue at which text cannot be told from its background."""


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour as red, green and blue (0 to 255) with its opacity (0 to 1)."""

    rgb: tuple[int, int, int]
    alpha: float = 1.0


def parse_colour(value: str) -> Colour | None:
    """The colour a lower-case CSS value names, or None when it names none that matters here."""
    value = value.strip()
    if value == "transparent":
        return Colour((255, 255, 255), 0.0)
    if value in _NAMED:
        return Colour(_NAMED[value])
    if match := _HEXADECIMAL.fullmatch(value):
        return _from_hexadecimal(match[1])
    if match := _FUNCTION.fullmatch(value):
        return _from_function(match[1], match[2])
    return None


def same_to_the_eye(ink: Colour, paper: tuple[int, int, int]) -> bool:
    """True when text of one colour cannot be read on the other."""
    return all(abs(one - other) <= _NEAR for one, other in zip(ink.rgb, paper, strict=True))


def _from_hexadecimal(digits: str) -> Colour | None:
    if len(digits) in (3, 4):
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) not in (6, 8):
        return None
    red, green, blue, *alpha = bytes.fromhex(digits)
    return Colour((red, green, blue), alpha[0] / 255 if alpha else 1.0)


def _from_function(name: str, arguments: str) -> Colour | None:
    numbers = re.findall(r"(\d*\.?\d+)(%?)", arguments)
    if len(numbers) not in (3, 4):
        return None
    alpha = _share(*numbers[3], whole=1) if len(numbers) == 4 else 1.0
    if name == "hsl":
        hue, saturation, lightness = (float(number) for number, _ in numbers[:3])
        shares = colorsys.hls_to_rgb(hue / 360, lightness / 100, saturation / 100)
        red, green, blue = (min(255, round(share * 255)) for share in shares)
        return Colour((red, green, blue), alpha)
    red, green, blue = (min(255, round(_share(*number, whole=255))) for number in numbers[:3])
    return Colour((red, green, blue), alpha)


def _share(number: str, percent: str, *, whole: float) -> float:
    return float(number) / 100 * whole if percent else float(number)
