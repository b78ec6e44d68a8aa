"""Names and roles as another system gives them: an identity provider or a reverse proxy.

Two people must never come out as one, and one person not as two. Knows nothing of how the system is asked.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

from assistant.records import Role
from assistant.settings import SignInSettings
from assistant.web.signin.identity import NotLetIn

LONGEST = 200
"""Characters; an e-mail address has 254 at most and is far shorter in practice."""


def foreign_name(given: str) -> str:
    """A name as conversations are kept under it: in small letters, since directories do not tell large from small.

    A name with look-alikes that Unicode itself counts as another spelling (full width, ligatures, the Kelvin sign, accents
    apart from their letters) is refused rather than made like another's; so is one with spaces or unseen characters.

    Raises:
        NotLetIn: It cannot be a name.
    """
    name = given.strip(" ").lower()
    if not name:
        raise NotLetIn("The sign-in gave no user name. Tell whoever looks after Bernard.", status=403)
    # In lower case the Kelvin sign is "k" already, so it is what was given that must be in its plain form.
    is_plain = unicodedata.normalize("NFKC", given) == given and unicodedata.normalize("NFKC", name) == name
    if len(name) > LONGEST or not is_plain or not all(map(_is_visible, name)):
        raise NotLetIn(
            "The sign-in gave a user name that Bernard cannot use: it is too long, or has spaces or unusual characters. "
            "Tell whoever looks after Bernard, who can choose another claim or header for the name.",
            status=403,
        )
    return name


_BLANK = frozenset("\u115f\u1160\u2800")  # letters and signs that show nothing


def _is_visible(character: str) -> bool:
    # No control, format, private or unassigned character, no space, no mark that goes on top of another.
    return unicodedata.category(character)[0] not in "CZM" and character not in _BLANK


def role_of(groups: Collection[str], settings: SignInSettings) -> Role:
    """The highest role that somebody's roles or groups give.

    Raises:
        NotLetIn: They give none.
    """
    for named, role in ((settings.administrators, Role.ADMINISTRATOR), (settings.evaluators, Role.EVALUATOR)):
        if named and named in groups:
            return role
    if settings.officials and settings.officials not in groups:
        raise NotLetIn(
            "You have signed in, but you may not use Bernard. Ask whoever looks after it to give you the right.", status=403
        )
    return Role.OFFICIAL
