"""To sign in and back, while a secret waits in a cookie for this browser: no address is to hold it meanwhile."""

from fastapi import Request, Response
from starlette.responses import RedirectResponse

from planwiki.base.ids import looks_like_secret

from . import cookies

LASTS = 1800  # Seconds.


def to_sign_in(request: Request, what: str, secret: str, way: str) -> Response:
    """Away. Whoever has signed in comes to `way`/waiting."""
    answer = RedirectResponse(f"/sign-in?next={way}/waiting", 303)
    if looks_like_secret(secret):
        cookies.keep(request, answer, what, secret, LASTS)
    return answer


def and_back(request: Request, what: str, way: str, otherwise: str) -> Response:
    """To the page of the secret that waited; `otherwise` where none did."""
    secret = cookies.kept(request, what)
    answer = RedirectResponse(f"{way}/{secret}" if looks_like_secret(secret) else otherwise, 303)
    if secret:
        cookies.forget(request, answer, what)
    return answer
