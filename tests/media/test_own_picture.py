"""A section's own picture: shown to whoever may see that file; to all others the plain picture stands as before."""

from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import col, select
from tests.api.saying import problem
from tests.media.conftest import Add
from tests.media.keeping import keep_paper
from tests.pages.seen import form_of, words_of
from tests.world import World

from planwiki.plans.models import Section

ANY = {"If-Match": "*"}
HERE = "/sections/outcomes"  # Lee may change its words.


def choose(world: World, who: str, id: str | None) -> Any:
    return world.api(who).patch(f"/v1{world.url(HERE)}", json={"picture_media_id": id, "picture": "star"}, headers=ANY)


def stands(world: World, who: str) -> tuple[str | None, bool]:
    """What a program is told, and whether the plan's page shows it with what it shows in words."""
    told = world.api(who).get(f"/v1{world.url(HERE)}").json()["picture_media_id"]
    page = world.browser(who).get(world.url()).text
    return told, f'src="{world.url(f"/media/{told}/small")}" alt="Maya dancing"' in page


def test_it_is_shown_to_whoever_may_see_it_and_a_guest_sees_the_plain_one(world: World, add: Add) -> None:
    plan, dee, own = world.url(), world.api("dee"), add(key="outcomes").json()["id"]
    read = dee.get(f"/v1{plan}{HERE}")
    saved = choose(world, "dee", own)
    assert (saved.json()["picture_media_id"], saved.json()["picture"]) == (own, "star")
    assert saved.headers["etag"] != read.headers["etag"]
    assert {who: stands(world, who) for who in ("dee", "maya", "lee")} == dict.fromkeys(
        ("dee", "maya", "lee"), (own, True)
    )
    assert own in str(dee.get(f"/v1{plan}/document").json()["sections"])
    assert own in world.browser("lee").get(f"{plan}/print/plan/paper?section=outcomes").text
    assert own not in world.browser("nan").get(plan).text
    secret = dee.post(
        f"/v1{plan}/share-links", json={"section_keys": ["outcomes"], "expires_in_hours": 1}
    ).json()["url"].partition("#")[2]  # fmt: skip
    guest = world.browser(None).get("/v1/shared", headers={"Authorization": f"Bearer {secret}"}).json()["sections"][0]
    assert (guest["picture_media_id"], guest["picture"]) == (None, "star")
    as_lee = world.browser("dee").get(f"{plan}/as/{world.members['lee']}")
    assert own in as_lee.text
    assert own not in world.browser("dee").get(f"{plan}/as/{world.members['nan']}").text


def test_only_a_picture_of_this_very_section_can_be_it_and_only_owners_choose(world: World, add: Add) -> None:
    diary = {"key": "my-diary", "title": "Diary", "label": "diary"}
    assert world.api("maya").post(f"/v1{world.url('/sections')}", json=diary).status_code == 201
    own, elsewhere, hidden = (
        add(who, key).json()["id"] for who, key in (("lee", "outcomes"), ("dee", "great-things"), ("maya", "my-diary"))
    )
    for id in (elsewhere, hidden, str(keep_paper(world, "dee", "outcomes", "x")), str(uuid4())):
        refused = choose(world, "dee", id)
        assert problem(refused) == (422, "invalid-content")
        assert [one["pointer"] for one in refused.json()["errors"]] == ["/picture_media_id"]
    assert problem(choose(world, "lee", own)) == (403, "not-allowed")
    assert stands(world, "dee") == (None, False)


def test_on_every_page_it_is_part_of_the_page_and_large_it_is_a_look(world: World, add: Add) -> None:
    plan, lee, own = world.url(), world.browser("lee"), add(key="outcomes").json()["id"]

    def looks() -> int:
        told = world.api("dee").get(f"/v1{plan}/access-log?limit=200").json()["items"]
        return sum((one["actor"]["display_name"], one["action"]) == ("Lee", "view") for one in told)

    def counted(size: str) -> int:
        before = looks()
        assert lee.get(f"{plan}/media/{own}/{size}").status_code == 200
        return looks() - before

    assert (counted("small"), counted("large")) == (1, 1)
    assert choose(world, "dee", own).is_success
    assert (counted("small"), counted("large")) == (0, 1)


@pytest.mark.parametrize("leaves", ["erased", "moved"])
def test_it_falls_away_with_the_file_whoever_takes_it_out(world: World, add: Add, leaves: str) -> None:
    plan, own = world.url(), add(key="outcomes").json()["id"]
    assert choose(world, "dee", own).is_success
    here = f"/v1{plan}/media/{own}"
    if leaves == "erased":
        assert world.api("lee").delete(here, headers=ANY).status_code == 204
    else:
        for key in ("great-things", "outcomes"):
            moved = world.api("dee").patch(here, json={"section_key": key}, headers=ANY)
            assert moved.is_success
            assert stands(world, "lee") == (None, False)
    assert stands(world, "maya") == (None, False)
    assert world.api("dee").get(f"/v1{plan}{HERE}").json()["picture"] == "star"
    with world.database.system_session("is it named anywhere?", writes=False) as session:
        assert session.exec(select(Section).where(col(Section.picture_media_id).is_not(None))).all() == []


def test_it_is_chosen_with_one_press_and_a_plain_picture_takes_its_place(world: World, add: Add) -> None:
    plan, dee = world.url(), world.browser("dee")
    own, at = add(key="outcomes").json()["id"], f"{plan}{HERE}"
    page = dee.get(f"{at}/picture")
    assert f'value="{own}"' in page.text
    assert "A guest with a link sees the plain one." in words_of(page)
    dee.post(f"{at}/settings", data=form_of(page, f"{at}/settings") | {"picture_media_id": own})
    assert stands(world, "lee") == (own, True)
    assert "Your own picture" in words_of(dee.get(f"{at}/settings"))
    dee.post(f"{at}/settings", data={"picture": "heart"})
    assert stands(world, "lee") == (None, False)
    assert "/static/pictures/heart" in dee.get(at).text
    assert world.browser("lee").post(f"{at}/settings", data={"picture_media_id": own}).status_code == 403
