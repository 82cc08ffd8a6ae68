"""The page that shows every part of a page, and a browser tab that is served only from memory and the built files."""

import mimetypes
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader
from playwright.sync_api import Page, Route

from planwiki.base.reading_choices import Look
from planwiki.people.reading_schemas import Reading
from planwiki.web.rendering import HERE, STATIC, environment

ADDRESS = "http://localhost"  # Browsers trust this name as they trust TLS; nothing listens there.
NONCE = "a-nonce-for-one-page"
POLICY = (
    f"default-src 'none'; script-src 'nonce-{NONCE}' 'strict-dynamic'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PERSON = SimpleNamespace(display_name="Maya", preferred_name=None, photo_media_id=None)
SHOWN: dict[str, Any] = {
    "request": None,
    "nonce": NONCE,
    "viewer": SimpleNamespace(display_name="Dee"),
    "reading": Reading(look=Look.LIGHT),
    "plan": SimpleNamespace(id="1", title="Maya's plan", person=PERSON),
    "ask": [{"display_name": "Lee", "contact": {"phone": "01632 960123"}}],
    "here": "plans",
    "started": datetime(2026, 6, 3, 13, 5, tzinfo=UTC),
    "hunks": [
        SimpleNamespace(op="equal", text="I love "),
        SimpleNamespace(op="delete", text="quiet"),
        SimpleNamespace(op="insert", text="loud"),
        SimpleNamespace(op="equal", text=" music.\nAnd my dog."),
    ],
    "errors": {},
}


def drawn(name: str = "style_page.html", **shown: Any) -> str:
    made = environment().overlay(
        loader=ChoiceLoader([FileSystemLoader(HERE / "templates"), FileSystemLoader(Path(__file__).parent)])
    )
    return made.get_template(name).render(SHOWN | shown)


def serve(tab: Page, html: str) -> list[str]:
    """Answers everything the tab asks for; gives the list that fills with addresses it should not have asked for."""
    strange: list[str] = []

    def answer(route: Route) -> None:
        address = route.request.url
        path = address.removeprefix(ADDRESS).split("?")[0]
        file = STATIC / path.removeprefix("/static/")
        if path == "/":
            route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": POLICY})
        elif path == "/preview":
            route.fulfill(body="<p>As it <em>will</em> look.</p>", content_type="text/html")
        elif path.startswith("/static/") and file.is_file():
            route.fulfill(path=file, content_type=mimetypes.guess_type(file.name)[0])
        elif path == "/leave":
            route.fulfill(body="<title>Animals</title>", content_type="text/html")
        else:
            strange.append(address)
            route.abort()

    tab.route("**/*", answer)
    return strange
