"""The letters that went out, for whoever tries planwiki on their own machine. Nowhere else is there such a page."""

from email.message import EmailMessage

from fastapi import APIRouter, Request, Response

from planwiki.base.errors import NotFound
from planwiki.web.asking import settings_of
from planwiki.web.browser_login import viewer_of
from planwiki.web.rendering import page

from .channels.mail import letters_in, mailbox_of

router = APIRouter(include_in_schema=False)


@router.get("/mailbox")
async def show_letters(request: Request) -> Response:
    settings = settings_of(request)
    if not settings.shows_mailbox:
        raise NotFound
    found = [_shown(one) for one in letters_in(mailbox_of(settings))]
    return page(request, "people/mailbox.html", mailed=found, viewer=await viewer_of(request))


def _shown(letter: EmailMessage) -> dict[str, object]:
    """Lines, so that a page can make links of those that are."""
    head = {name: str(letter[name]) for name in ("to", "subject", "date")}
    return head | {"lines": letter.get_content().splitlines()}
