"""What a browser calls us: the name and origin that a passkey belongs to, and which paths are ours."""

from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from fastapi import Request

from .asking import settings_of

HOME = "/plans"


class Site(NamedTuple):
    """A relying party (WebAuthn): its domain, and the origin that pages of it have."""

    domain: str
    origin: str


def site_of(request: Request) -> Site:
    origin = settings_of(request).base_url
    return Site(urlsplit(origin).hostname or "", origin)


def passkeys_work(request: Request) -> bool:
    """They belong to names: no browser makes one for a number such as 127.0.0.1, nor without TLS but on localhost."""
    site = site_of(request)
    try:
        ip_address(site.domain)
    except ValueError:
        return site.domain == "localhost" or site.origin.startswith("https://")
    return False


def our_own(path: str) -> str:
    """Where to go on: a path of ours. Anything that a browser might read as another site leads home."""
    parts = urlsplit(path)
    odd = "\\" in path or any(ord(letter) < 33 or ord(letter) == 127 for letter in path)
    if odd or parts.scheme or parts.netloc or not path.startswith("/") or path.startswith("//"):
        return HOME
    return path
