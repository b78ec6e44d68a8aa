"""Chooses the way of signing in that the settings name, and refuses to serve others without one.

Knows nothing of pages. What each way needs is imported when it is chosen.
"""

from __future__ import annotations

from collections.abc import Callable

from assistant.errors import SettingsError
from assistant.records import Records
from assistant.settings import Settings
from assistant.web.addresses import is_loopback, is_loopback_url, origin_of
from assistant.web.signin.forms import Frame, plain_frame
from assistant.web.signin.sessions import Sessions, session_key
from assistant.web.signin.ways import Way

_WAYS = (
    "Choose how users sign in with BERNARD_SIGN_IN__WAY: “passwords” (named users with passwords that Bernard "
    "keeps), “proxy” (a "
    "reverse proxy signs them in) or “openid” (an identity provider does). docs/serving.md says what each one needs."
)


def check_address(settings: Settings) -> None:
    """Refuse an address at which anybody could use Bernard, or at which passwords and cookies could be read on their way.

    Raises:
        SettingsError: Says what to set.
    """
    web, way = settings.web, settings.sign_in.way
    public = origin_of(web.public_url)
    if web.public_url and (not public or "@" in web.public_url):
        raise SettingsError(
            f"web.public_url is {web.public_url!r}, which is no address of a site. Give it as "
            "https://bernard.example.gov.uk, "
            "with a port where there is one and nothing after it."
        )
    serves_others = not is_loopback(web.host)
    is_public = bool(public) and not is_loopback_url(public)
    if (serves_others or is_public) and not way:
        where = f"on {web.host}" if serves_others else f"for {public}"
        raise SettingsError(
            f"Bernard does not serve {where} without sign-in: whoever reached it could use it and read what was "
            f"asked. {_WAYS} To "
            "serve this machine only, set BERNARD_WEB__HOST to 127.0.0.1 and unset BERNARD_WEB__PUBLIC_URL."
        )
    if serves_others and not public:
        raise SettingsError(
            f"To listen on {web.host}, set BERNARD_WEB__PUBLIC_URL to the address that users type, such as "
            "https://bernard.example.gov.uk. Bernard answers to that name only, so that no other site can point "
            "its own name here "
            "and have a user's browser read the answers."
        )
    if is_public and not public.startswith("https://"):
        raise SettingsError(
            f"web.public_url is {web.public_url} and must begin with https://: others on the network could read "
            "passwords, cookies "
            "and answers. Bernard has no certificate of its own: put a reverse proxy in front of it, as "
            "docs/serving.md shows."
        )


def make_way(settings: Settings, records: Callable[[], Records], *, frame: Frame = plain_frame) -> Way | None:
    """The way of signing in; None where nobody does, on this machine alone.

    Args:
        settings: All of them.
        records: Gives the records, open: named users are kept there.
        frame: Makes the pages.

    Raises:
        SettingsError: The settings do not go together; the message says which to set.
    """
    check_address(settings)
    match settings.sign_in.way:
        case "passwords":
            from assistant.web.signin.passwords import Passwords

            return Passwords(lambda: records().users(), _sessions(settings), frame=frame)
        case "proxy":
            from assistant.web.signin.proxy import Proxy

            return Proxy(settings.sign_in)
        case "openid":
            from assistant.web.signin.openid import OpenId

            return OpenId(settings.sign_in, _sessions(settings), public_url=settings.web.public_url, frame=frame)
        case _:
            return None


def _sessions(settings: Settings) -> Sessions:
    return Sessions(
        session_key(settings.data_dir),
        way=settings.sign_in.way,
        hours=settings.sign_in.hours,
        is_secure=settings.web.public_url.lower().startswith("https://"),
    )
