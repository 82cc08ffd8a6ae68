"""Talking to an organisation's own sign-in (OpenID Connect Core 1.0): by code, with PKCE, state and nonce.

Authlib makes the addresses and PKCE, joserfc checks the ID token's signature. Every answer of theirs is bounded in
time, and believed only as far as it is signed.
"""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from planwiki.base import clock
from planwiki.base.errors import Unavailable
from planwiki.settings import OrganisationLogin

PATIENCE, SCOPE, SLACK = 10.0, "openid profile email", 60
FAR_AWAY = 32503680000  # The year 3000, in seconds.
AWAY = "Their sign-in does not answer just now. Please try again, or sign in another way."
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]


class NotTheirs(Exception):
    """What came back is not what that organisation signed for us, just now."""


def ask_address(one: OrganisationLogin, back: str, state: str, nonce: str, verifier: str, *, again: bool) -> str:
    """Where the browser goes to sign in; `again` even where it is signed in there. Raises Unavailable.

    Whoever holds the browser can take that wish out of the address: `who_came` looks when they signed in there.
    """
    prompt = {"prompt": "login", "max_age": "0"} if again else {}
    with _client(one, back) as client:
        where = _where(one)
        address, _state = client.create_authorization_url(
            where["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier, **prompt
        )
        return str(address)


def who_came(one: OrganisationLogin, back: str, code: str, nonce: str, verifier: str) -> dict[str, Any]:
    """The claims of whoever signed in there. Raises Unavailable, or NotTheirs for a token we must not believe."""
    with _client(one, back) as client:
        where = _where(one)
        try:
            token = client.fetch_token(where["token_endpoint"], code=code, code_verifier=verifier)
            keys = KeySet.import_key_set(httpx.get(where["jwks_uri"], timeout=PATIENCE).json())
            claims = dict(jwt.decode(str(token["id_token"]), keys, algorithms=ALGORITHMS).claims)
        except httpx.TransportError as error:
            raise Unavailable(AWAY) from error
        except (JoseError, KeyError, ValueError, TypeError) as error:
            raise NotTheirs from error
        except Exception as error:  # Authlib has an error class for each way a code is refused.
            raise NotTheirs from error
    _check(one, claims, nonce)
    return claims


def shown_at(claims: dict[str, Any]) -> datetime | None:
    """When they last showed their organisation who they are, as far as it says."""
    at = claims.get("auth_time")
    return datetime.fromtimestamp(at, UTC) if isinstance(at, int) and 0 < at < FAR_AWAY else None


def _check(one: OrganisationLogin, claims: dict[str, Any], nonce: str) -> None:
    """OpenID Connect Core 1.0, 3.1.3.7."""
    now, audience = clock.now().timestamp(), claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    fits = (
        claims.get("iss") == one.issuer
        and one.client_id in audiences
        and (len(audiences) == 1 or claims.get("azp") == one.client_id)
        and isinstance(claims.get("exp"), int | float)
        and now < claims["exp"] + SLACK
        and claims.get("nonce") == nonce
        and isinstance(claims.get("sub"), str)
        and 0 < len(claims["sub"]) <= 255
    )
    if not fits:
        raise NotTheirs


def _client(one: OrganisationLogin, back: str) -> OAuth2Client:
    return OAuth2Client(
        one.client_id,
        one.client_secret,
        scope=SCOPE,
        redirect_uri=back,
        code_challenge_method="S256",
        timeout=PATIENCE,
    )


def _where(one: OrganisationLogin) -> dict[str, str]:
    """Their addresses, from where the standard says (Discovery 1.0). They must speak for the same issuer."""
    try:
        said = httpx.get(f"{one.issuer.rstrip('/')}/.well-known/openid-configuration", timeout=PATIENCE).json()
    except (httpx.HTTPError, ValueError) as error:
        raise Unavailable(AWAY) from error
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    is_theirs = isinstance(said, dict) and said.get("issuer") == one.issuer
    if not is_theirs or not all(_is_safe(one, said.get(name)) for name in names):
        raise Unavailable(AWAY)
    return {name: str(said[name]) for name in names}


def _is_safe(one: OrganisationLogin, address: object) -> bool:
    """With TLS, unless the issuer itself is on this machine to be tried out."""
    return isinstance(address, str) and urlsplit(address).scheme in {"https", urlsplit(one.issuer).scheme}
