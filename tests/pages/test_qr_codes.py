"""A printed square leads exactly where it should: it is read from the paper's own pixels, as a telephone reads it."""

import re

import pypdfium2
import pytest
import zxingcpp
from tests.pages.seen import form_of
from tests.world import World


def squares_on(pdf: bytes) -> list[str]:
    """What each QR code on the paper says."""
    with pypdfium2.PdfDocument(pdf) as papers:
        return [one.text for page in papers for one in zxingcpp.read_barcodes(pixels_of(page))]


def pixels_of(page: pypdfium2.PdfPage) -> memoryview:
    """Rows of grey. A row may be a few bytes longer than the paper is wide."""
    drawn = page.render(scale=2, grayscale=True)
    return memoryview(bytes(drawn.buffer)).cast("B", (drawn.height, drawn.stride))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_square_of_an_invitation_is_its_link(world: World) -> None:
    dee, typed = world.browser("dee"), {"way": "letter", "role": "family", "relationship": "Aunt"}
    made = dee.post(world.url("/circle/invite"), data=typed)
    action = re.findall(r'action="([^"]+/letter)"', made.text)[0]
    said = form_of(made, action)
    (address,) = squares_on(dee.post(action, data=said).content)
    assert address == f"http://testserver/join/{said['token']}"
    assert "Aunt" in world.browser(None).get(address.removeprefix("http://testserver")).text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_square_of_a_guest_link_is_its_address(world: World) -> None:
    asked = {"section_keys": ["great-things"], "expires_in_hours": 1}
    link = world.api("dee").post(f"/v1{world.url('/share-links')}", json=asked).json()
    secret = link["url"].partition("#")[2]
    paper = world.browser("dee").post(world.url(f"/share-links/{link['id']}/paper"), data={"token": secret})
    assert squares_on(paper.content) == [link["url"]]
