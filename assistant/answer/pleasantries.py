"""Takes greetings, thanks and goodbyes off a message, so that what is asked stands alone.

"Hi, how long do I have? Thanks!" becomes "how long do I have?", and "Thanks!" becomes nothing. Pure text; knows nothing of
what the rest means.
"""

from __future__ import annotations

import re

_NAME = r"(?: (?:there|again|all|everyone|both|team|folks|mate|bernard|sir|madam|sir or madam|sir/madam))?"
_DAY = r"(?:day|weekend|evening|afternoon|morning|week|one)"
_HELLO = (
    rf"(?:hi|hello|hey|hiya|yo|greetings|dear|(?:a )?(?:very )?good (?:morning|afternoon|evening|day)"
    rf"|morning|afternoon){_NAME}"
    r"|bernard"
    r"|(?:i )?hope (?:you are|you're|you were|this finds you) (?:well|ok|okay|keeping well|having a (?:nice|good) day)"
    r"|(?:nice|pleased|good) to (?:meet|see) you(?: again)?"
)
_THANKS = (
    r"(?:(?:ok|okay|great|brilliant|perfect|lovely|super|right|cool|yes|no)(?:,|!)? )?"
    r"(?:(?:many|kind) thanks|(?:no )?thanks|thank you|thankyou|thx|cheers|ta|much appreciated"
    r"|i(?:'d| would)? appreciate it)"
    r"(?: (?:so|very) much| a lot| a million| again| in advance| kindly)*"
    r"(?: for (?:that|this|the (?:help|answer|info|information|reply)|your (?:help|time|answer|reply|assistance)))?"
    r"(?: bernard| both| all)?"
    r"|(?:that(?:'s| is| was|s)|this is|very|really) (?:very |really |most )?(?:helpful|useful|great|clear|perfect"
    r"|brilliant)"
    r"|that (?:really )?helps"
)
_BYE = (
    rf"good ?bye|bye|(?:kind|best|warm) (?:regards|wishes)|regards|have a (?:good|nice|great|lovely) {_DAY}"
    r"|see you(?: later| soon)?|speak soon|that(?:'s| is) all(?: for (?:now|today))?"
)
_YES = r"ok|okay|great|brilliant|perfect|lovely|super|excellent|wonderful|got it|understood|i see"
_END = r"\s*(?:[,.!;:\n–—]+\s*|\s-+\s|$)"
_OPENS = re.compile(rf"^\s*(?:{_HELLO}|{_THANKS}|{_BYE}|{_YES}){_END}", re.IGNORECASE)
_ASKS = r"how|what|when|where|who|why|which|can|could|do|does|should|must"
_OPENS_LOOSELY = re.compile(  # no comma: "hi how long", "thanks but what"
    rf"^\s*(?:(?:hi|hello|hey|hiya){_NAME}\s+(?=(?:{_ASKS}|is|are|may|i|we|please)\b)"
    rf"|(?:(?:many )?thanks|thank you|thx|cheers|ta)(?: bernard)?\s+(?:but |and |so )?(?=(?:{_ASKS})\b))",
    re.IGNORECASE,
)
_MARKS_AROUND = re.compile(r"^\W+|\W+$")
_SAYS_NOTHING = re.compile(
    r"[a-z]|k+|ok(?:ay)?|okey|hm+|y(?:es|ep|eah|up)|no(?:pe)?|fine|sure|right|so|well|and|maybe|err?|um+|test(?:ing)?",
    re.IGNORECASE,
)
_CLOSES = re.compile(rf"(?:^|(?<=[\s,.!?;:–—-]))(?:{_THANKS}|{_BYE})\s*[,.!]*\s*$", re.IGNORECASE)
_NEEDS_WORDS = re.compile(r"\w")
_NOT_ALONE = re.compile(
    r"\b(?:for|of|to|say|said|with|the|a|our|my|as|and|or|in|if|is|no|get|give|write)[\s,]+$", re.IGNORECASE
)


def without_pleasantries(message: str) -> str:
    """The message without what is only courtesy; "" when there is nothing else.

    Args:
        message: As typed; what is not courtesy stays as it is, letter by letter.
    """
    rest = message.strip()
    while opening := _OPENS.match(rest) or _OPENS_LOOSELY.match(rest):
        rest = rest[opening.end() :].lstrip()
    while (closing := _CLOSES.search(rest)) and not _NOT_ALONE.search(rest[: closing.start()]):
        rest = rest[: closing.start()].rstrip().rstrip(",;:–—-").rstrip()
    return rest if _NEEDS_WORDS.search(rest) else ""


def says_nothing(message: str) -> bool:
    """True of a message that neither asks nor thanks for anything: "x", "OK", "hm"."""
    return bool(_SAYS_NOTHING.fullmatch(_MARKS_AROUND.sub("", message)))
