"""Where a guest link leads. Its secret stands after the # of the address, which no server is sent: an island reads it
there and sends it as a bearer token. Without script somebody pastes the link into a box."""

from fastapi import APIRouter, Request, Response

from planwiki.base.errors import Gone
from planwiki.web.browser_login import viewer_of
from planwiki.web.forms import errors_of, typed_in
from planwiki.web.rendering import page

from .share_link_api import open_and_tell

router = APIRouter(include_in_schema=False)


@router.get("/shared")
async def ask_for_link(request: Request) -> Response:
    return page(request, "circle/shared.html", viewer=await viewer_of(request))


@router.post("/shared")
async def read(request: Request) -> Response:
    """What the link opens. A link that has ended and one that never was answer alike."""
    sent = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    secret = sent or (await typed_in(request)).get("link", "").rpartition("#")[2].strip()
    viewer = await viewer_of(request)
    try:
        pack = await open_and_tell(request, secret)
    except Gone as error:
        return page(request, "circle/shared.html", 410, viewer=viewer, errors=errors_of(error, "link"))
    return page(request, "circle/shared_words.html", viewer=viewer, pack=pack)
