"""Signing in at an identity provider with OpenID Connect: code flow with PKCE, state and nonce.

Knows nothing of any provider in particular, nor of what follows once somebody has signed in.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.integrations.starlette_client import OAuth, OAuthError, StarletteOAuth2App
from fastapi import FastAPI, Request
from joserfc.errors import JoseError
from starlette.datastructures import Headers
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route, request_response

from assistant.errors import SettingsError
from assistant.records import Role
from assistant.settings import SignInSettings
from assistant.web.addresses import is_loopback_url
from assistant.web.signin.forms import Frame, plain_frame, told_page
from assistant.web.signin.gate import local_path
from assistant.web.signin.identity import Identity, NotLetIn, known
from assistant.web.signin.leaving import add_leaving
from assistant.web.signin.names import foreign_name, role_of
from assistant.web.signin.sessions import Sessions

_log = logging.getLogger(__name__)

RETURN = "/sign-in/return"
"""Where the provider sends users back; it is to be registered there."""
SIGNED_WITH = frozenset("RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA".split())
"""Signatures of tokens that are accepted: those that nobody but the provider can make. "none" and HS256 are not."""
_SECONDS_TO_SIGN_IN = 900
_SECONDS_TO_ANSWER = 10.0
_NEXT = "next"


class OpenId:
    """The way of OpenID Connect; see `assistant.web.signin.ways.Way`."""

    has_page = True
    can_leave = True

    def __init__(self, settings: SignInSettings, sessions: Sessions, *, public_url: str, frame: Frame = plain_frame) -> None:
        """Prepare; the provider is not asked before the first user signs in, so that it may start later than Bernard.

        Raises:
            SettingsError: Something is not set that must be.
        """
        self._settings, self._sessions, self._frame = settings, sessions, frame
        self._issuer = settings.issuer
        self._home = public_url.rstrip("/")
        check_settings(settings, self._home)
        self._client: StarletteOAuth2App = OAuth().register(
            "provider",
            client_id=settings.client_id,
            client_secret=settings.client_secret.get_secret_value() or None,
            server_metadata_url=configuration_url(self._issuer),
            client_kwargs={
                "scope": settings.scopes,
                "code_challenge_method": "S256",
                "timeout": _SECONDS_TO_ANSWER,
                # A provider that knows Bernard without a secret is told no secret.
                **({} if settings.client_secret.get_secret_value() else {"token_endpoint_auth_method": "none"}),
            },
        )

    async def identify(self, headers: Headers, *, client: str, path: str) -> Identity | None:
        """By the cookie, as the provider said when the user signed in."""
        session = self._sessions.read(headers)
        return Identity(session.name, Role(session.role)) if session and session.role in set(Role) else None

    def add_routes(self, app: FastAPI) -> None:
        """/sign-in, /sign-in/return, /sign-out and /signed-out. The first two alone have a cookie of the flow."""
        for path, endpoint in (("/sign-in", self._begin), (RETURN, self._return)):
            flow = SessionMiddleware(
                request_response(endpoint),
                secret_key=self._sessions.key_for("flow of signing in"),
                session_cookie=f"{self._sessions.cookie}-sign-in",
                max_age=_SECONDS_TO_SIGN_IN,
                same_site="lax",
                https_only=self._sessions.is_secure,
            )
            app.router.routes.append(Route(path, flow, methods=["GET"], include_in_schema=False))
        add_leaving(app, self._sessions, frame=self._frame, elsewhere=self._elsewhere)

    async def _begin(self, request: Request) -> Response:
        after = local_path(request.query_params.get("next", "/"))
        if known(request):
            return RedirectResponse(after, status_code=303)
        try:
            await self._metadata()
            request.session.clear()
            reply: Response = await self._client.authorize_redirect(request, self._home + RETURN)
        except NotLetIn as error:
            return self._told(error, after)
        request.session[_NEXT] = after
        return reply

    async def _return(self, request: Request) -> Response:
        after = local_path(request.session.get(_NEXT, "/"))
        try:
            metadata = await self._metadata()
            if request.query_params.get("iss", self._issuer) != self._issuer:  # RFC 9207: the reply is of another provider
                raise NotLetIn("The reply came from another identity provider than the one that was asked.")
            claims = await self._claims(request, metadata)
            name, role = self._name(claims), role_of(_values(claims, self._settings.role_claim), self._settings)
        except NotLetIn as error:
            return self._told(error, after)
        finally:
            request.session.clear()
        reply = RedirectResponse(after, status_code=303)
        self._sessions.begin(reply, name=name, role=str(role))
        return reply

    async def _metadata(self) -> Mapping[str, Any]:
        """What the provider says of itself.

        Raises:
            NotLetIn: It cannot be reached, or is another than the one that was named.
        """
        try:
            metadata: dict[str, Any] = await self._client.load_server_metadata()
            issuer, offered = metadata["issuer"], metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
            _ = metadata["authorization_endpoint"], metadata["token_endpoint"], metadata["jwks_uri"]
        except Exception as error:  # noqa: BLE001 - the client raises what its HTTP library and parsers do
            self._forget()
            _log.error(
                "The identity provider at %s does not answer as one: %s: %s", self._issuer, type(error).__name__, error
            )
            raise NotLetIn(
                "Your organisation's sign-in does not answer, so nobody can sign in at the moment. Try again in "
                "a few minutes. "
                "If it goes on, tell whoever looks after Bernard.",
                status=503,
            ) from None
        if issuer != self._issuer:
            self._forget()
            _log.error("sign_in.issuer is %s, and the provider there calls itself %s: set it to that.", self._issuer, issuer)
            raise NotLetIn("Sign-in is set up wrongly. Tell whoever looks after Bernard: the log says more.", status=503)
        metadata["id_token_signing_alg_values_supported"] = [kind for kind in offered if kind in SIGNED_WITH] or ["RS256"]
        return metadata

    def _forget(self) -> None:
        self._client.server_metadata.clear()

    async def _claims(self, request: Request, metadata: Mapping[str, Any]) -> dict[str, Any]:
        """What the provider says of the user, once the reply was found to be the one that was asked for.

        Raises:
            NotLetIn: It is not.
        """
        options = {
            "iss": {"essential": True, "values": [self._issuer]},
            "aud": {"essential": True, "value": self._settings.client_id},
        }
        try:
            token = await self._client.authorize_access_token(request, claims_options=options)
        except OAuthError as error:
            _log.warning("Somebody could not sign in: %.100r: %.200r", error.error, error.description)
            raise NotLetIn(_WORDS.get(error.error, _BROKEN), status=403 if error.error == "access_denied" else 400) from None
        except JoseError as error:
            _log.error("A token of the identity provider was refused: %s", error)
            raise NotLetIn(_BROKEN, status=400) from None
        except Exception as error:  # noqa: BLE001 - the client raises what its HTTP library and parsers do
            _log.error("The identity provider gave no token: %s: %s", type(error).__name__, error)
            raise NotLetIn(_BROKEN, status=502) from None
        claims = dict(token.get("userinfo") or {})
        if "sub" not in claims:
            _log.error("The identity provider gave no ID token: do sign_in.scopes contain “openid”?")
            raise NotLetIn(_BROKEN, status=502)
        is_whole = self._settings.user_claim in claims and _values(claims, self._settings.role_claim)
        if metadata.get("userinfo_endpoint") and not is_whole:
            claims = await self._more(token, claims["sub"]) | claims  # what is signed counts
        return claims

    async def _more(self, token: Mapping[str, Any], subject: str) -> dict[str, Any]:
        """What the provider tells of the same user when it is asked again; many name the user only then."""
        try:
            found = dict(await self._client.userinfo(token=token))
        except Exception as error:  # noqa: BLE001 - what is missing is told below
            _log.error("The identity provider's userinfo gave nothing: %s: %s", type(error).__name__, error)
            return {}
        return found if found.get("sub") == subject else {}

    def _name(self, claims: Mapping[str, Any]) -> str:
        claim = self._settings.user_claim
        name = claims.get(claim)
        if not isinstance(name, str) or not name.strip():
            _log.error("The identity provider gave no claim %s: it gave %s.", claim, ", ".join(sorted(claims)))
            raise NotLetIn(
                "Your organisation's sign-in did not say who you are. Tell whoever looks after Bernard.", status=403
            )
        if claim == "email" and str(claims.get("email_verified")).lower() != "true":
            raise NotLetIn(
                "Your e-mail address is not confirmed with your organisation's sign-in, so that it could be another's. "
                "Confirm it there, then sign in again.",
                status=403,
            )
        return foreign_name(name)

    async def _elsewhere(self) -> str:
        try:
            end = str((await self._metadata()).get("end_session_endpoint") or "")
        except NotLetIn:
            return ""
        query = urlencode({"client_id": self._settings.client_id, "post_logout_redirect_uri": f"{self._home}/signed-out"})
        return f"{end}{'&' if '?' in end else '?'}{query}" if end.startswith(("https://", "http://")) else ""

    def _told(self, error: NotLetIn, after: str) -> Response:
        again = f"/sign-in?{urlencode({'next': after})}"
        page = told_page(self._frame, "You are not signed in", str(error), again=again)
        return HTMLResponse(page, status_code=error.status, headers=error.headers)


_BROKEN = "Signing in did not work. Try again. If it fails again, tell whoever looks after Bernard: the log says more."
_WORDS = {
    "access_denied": "Your organisation's sign-in did not let you in, or you cancelled. Ask whoever looks after Bernard.",
    "mismatching_state": "Signing in took too long, was begun in another window, or your browser keeps no "
    "cookies. Try again.",
    "temporarily_unavailable": "Your organisation's sign-in is too busy. Try again in a few minutes.",
}


def _values(claims: Mapping[str, Any], claim: str) -> set[str]:
    """Roles or groups in a claim, which is a list or one text; "realm_access.roles" stands inside another claim."""
    held: Any = claims.get(claim)
    if held is None and "." in claim:
        held = claims
        for part in claim.split("."):
            held = held.get(part) if isinstance(held, Mapping) else None
    return {one for one in (held if isinstance(held, list) else [held]) if isinstance(one, str)}


def configuration_url(issuer: str) -> str:
    """Where a provider says what it is, by OpenID Connect Discovery."""
    return f"{issuer.rstrip('/')}/.well-known/openid-configuration"


def check_settings(settings: SignInSettings, public_url: str) -> None:
    """Refuse settings with which nobody could sign in, or anybody.

    Raises:
        SettingsError: Says what to set.
    """
    missing = [name for name in ("issuer", "client_id", "user_claim") if not getattr(settings, name).strip()]
    if missing:
        variables = " and ".join(f"BERNARD_SIGN_IN__{name.upper()}" for name in missing)
        raise SettingsError(
            f"To sign in with OpenID Connect, set {variables}: your identity provider shows the values where Bernard is "
            "registered as an application. See docs/serving.md."
        )
    if not public_url:
        raise SettingsError(
            "To sign in with OpenID Connect, set BERNARD_WEB__PUBLIC_URL to the address that users type, such as "
            f"https://bernard.example.gov.uk: the identity provider sends them back to {RETURN} there."
        )
    if urlsplit(settings.issuer).scheme != "https" and not is_loopback_url(settings.issuer):
        raise SettingsError(
            f"sign_in.issuer is {settings.issuer!r} and must begin with https://: whoever could change what it "
            "sends could sign in "
            "as anybody."
        )
    if "openid" not in settings.scopes.split():
        raise SettingsError(f"sign_in.scopes is {settings.scopes!r} and must contain the word openid.")
