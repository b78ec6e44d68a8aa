"""A file's name as a person would write it. Knows nothing of what is in the file."""

from __future__ import annotations

import re
from pathlib import PurePath

_JOINTS = re.compile(r"%20|[-_+]+|\s+")
_ADDED = re.compile(r"^text |(?: content| text| final| draft| copy| extracted)+$", re.IGNORECASE)


def readable_name(file_name: str) -> str:
    """The name without its suffix, its joints and what programs add: "Text-Guide_C-Content.txt" is "Guide C"."""
    words = _JOINTS.sub(" ", PurePath(file_name).stem).strip()
    words = _ADDED.sub("", _ADDED.sub("", words)).strip() or words
    return words[:1].upper() + words[1:] if words else file_name


def says_something(name: str) -> bool:
    """Whether a readable name tells what the file is about: two words or more, one of them longer than three letters."""
    words = [word for word in name.split() if any(character.isalpha() for character in word)]
    return len(words) > 1 and any(len(word) > 3 for word in words)
