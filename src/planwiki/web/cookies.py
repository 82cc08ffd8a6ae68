"""All that we keep in a browser: short secrets by name. No script reads them, no other site sends them with a change.

With TLS each name begins with `__Host-`: then no other name of the same site, and no page without TLS, can set one.
"""

from urllib.parse import quote, unquote

from fastapi import Request, Response

from .asking import cookie_name, settings_of


def kept(request: Request, what: str = "") -> str:
    """What this browser keeps under that name; the sign-in itself has none. Empty where there is nothing."""
    return unquote(request.cookies.get(_name(request, what), ""))


def keep(request: Request, answer: Response, what: str, words: str, seconds: int | None = None) -> None:
    """Without `seconds` it goes when the browser closes. A header holds ASCII alone: other letters are quoted."""
    secure, name = settings_of(request).secure, _name(request, what)
    answer.set_cookie(name, quote(words), seconds, path="/", secure=secure, httponly=True, samesite="lax")


def forget(request: Request, answer: Response, *whats: str) -> None:
    secure = settings_of(request).secure
    for what in whats:
        answer.delete_cookie(_name(request, what), path="/", secure=secure, httponly=True, samesite="lax")


def forget_all(request: Request, answer: Response, *, but: str) -> None:
    """Everything that this browser keeps of us, by whatever name, but for one."""
    ours = _name(request, "")
    for name in request.cookies.keys() | {ours}:
        if (name == ours or name.startswith(f"{ours}-")) and name != _name(request, but):
            forget(request, answer, name.removeprefix(ours).removeprefix("-"))


def _name(request: Request, what: str) -> str:
    ours = cookie_name(settings_of(request))
    return f"{ours}-{what}" if what else ours
