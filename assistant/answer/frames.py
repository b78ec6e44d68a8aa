"""Takes the frame of an e-mail off a message: headers, greeting by name, signature, and what is quoted below.

"Hi Priya, … Many thanks, Tom, Head of Grants" is asked as what stands between. Pure text; courtesies that name nobody are
`pleasantries`' business.
"""

from __future__ import annotations

import re

_HEADER = re.compile(r"^\s*(?:from|to|cc|bcc|sent|date|subject|importance|attachments?)\s*:.*$", re.IGNORECASE)
_SUBJECT = re.compile(r"^\s*subject\s*:\s*(?:(?:re|fwd?)\s*:\s*){0,5}(\S.*)$", re.IGNORECASE)
_QUOTED = re.compile(r"^\s*>[> ]*")
_BELOW = re.compile(
    r"^\s*(?:-{2,}\s*(?:original|forwarded) message\s*-{2,}|_{5,}|begin forwarded message:?|on .{6,80} wrote:)\s*$",
    re.IGNORECASE,
)
_FROM_A_DEVICE = re.compile(r"^\s*(?:sent from my \w+.*|get outlook for \w+.*)$", re.IGNORECASE)
_NAME = r"[A-Z][a-z'’-]+(?: [A-Z][a-z'’-]+)?"
_GREETING = re.compile(
    rf"^\s*(?i:hi|hello|hey|dear|(?:good )?(?:morning|afternoon|evening))"
    rf"(?: (?:{_NAME}|(?i:all|both|team|folks|colleagues?|there))(?: (?:and|&) {_NAME})?)?\s*(?:[,!:;–—-]+\s*|\n+)"
)
_SIGN_OFF = (
    r"(?:(?:with )?(?:kind(?:est)?|best|warm|many)(?: (?:regards|wishes|thanks))?|regards"
    r"|(?:many |kind )?thanks(?: (?:again|so much|very much|in advance))?|thank you|cheers"
    r"|yours(?: (?:sincerely|faithfully|ever))?|all the best|br|rgds|ta)"
)
_SIGN_OFF_LINE = re.compile(rf"^\s*{_SIGN_OFF}\s*[,.!]*\s*$", re.IGNORECASE)
_GOES_ON = r"(?:and|but|also|or|can|could|does|do|is|are|what|when|how|who|which|please)"
_SIGNED = re.compile(
    rf"(?:^|(?<=[.?!,]\s)|(?<=[.?!]))\s*(?i:{_SIGN_OFF})\s*[,.!–—-]*\s*(?:{_NAME})\b"
    rf"(?![,.]?\s*(?i:{_GOES_ON})\b)(?:[,.]?\s*[^?]{{0,80}})?$"
)
_LONGEST_SIGNATURE = 8  # lines
_LONGEST_LINE = 80
_PASSES_ON = re.compile(
    r"\b(?:(?:see|as|from|the|her|his|their|this) below|below please"
    r"|(?:answer|look at|look into|deal with|help with|respond to|advise on)"
    r" (?:(?:this|these|it|her|his|their|the|[A-Z][\w’'-]+) ?)?(?:question|query|email|e-mail|message|request|below|one)?\b"
    r"(?=\W*(?:please|thanks|for (?:me|us|them|her|him)|asap|today|$)))",
    re.IGNORECASE,
)
"""Asks for nothing but to answer what is quoted below it: "Can you answer Jo's question please"."""
_SAYS_SOMETHING = 5  # words from which a message may ask without a question mark


def without_frame(message: str) -> str:
    """What a message says, without the frame of an e-mail; as it is when nothing else would be left."""
    lines = message.strip().split("\n")
    above = [line for line in _above_what_is_quoted(lines) if not _QUOTED.match(line)]
    quoted_asks = not _asks(above) and any("?" in line for line in lines)
    lines = [
        _QUOTED.sub("", line)
        for line in (lines if quoted_asks else above)
        if not (_BELOW.match(line) or _FROM_A_DEVICE.match(line))
    ]
    subject = ""
    if quoted_asks or sum(bool(_HEADER.match(line)) for line in lines) > 1:
        subject = next((found[1] for line in lines if (found := _SUBJECT.match(line))), "")
        lines = [line for line in lines if not _HEADER.match(line)]
    text = "\n".join(_above_signature(lines)).strip()
    text = _GREETING.sub("", text, count=1)
    text = _SIGNED.sub("", text).strip()
    if subject and not set(_words(subject)) & set(_words(text)):
        text = f"{subject}\n{text}"  # "Subject: FOI", "What is the limit?"
    return text if re.search(r"\w", text) else message


def _asks(lines: list[str]) -> bool:
    """Whether anything is asked, by a question mark or at some length: "fyi" does not take the place of what it is above."""
    said = " ".join(line for line in lines if not _HEADER.match(line))
    return "?" in said or (len(said.split()) >= _SAYS_SOMETHING and not _PASSES_ON.search(said))


def _words(text: str) -> list[str]:
    """The words of a text, a plural's "s" aside."""
    return [word.rstrip("s") for word in re.findall(r"\w+", text.lower()) if len(word) > 2]


def _above_what_is_quoted(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        if number and _BELOW.match(line):
            return lines[:number]
    return lines


def _above_signature(lines: list[str]) -> list[str]:
    """The lines before the last sign-off, when what follows it is short enough to be a signature and asks nothing."""
    for number in range(len(lines) - 1, 0, -1):
        after = [line for line in lines[number + 1 :] if line.strip()]
        if len(after) > _LONGEST_SIGNATURE or any(len(line) > _LONGEST_LINE or "?" in line for line in after):
            return lines
        if _SIGN_OFF_LINE.match(lines[number]):
            return lines[:number]
    return lines
