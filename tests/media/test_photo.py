"""The photo of the person: shown to whoever may see that picture. To all others it moves nothing at all."""

import re
from typing import Any
from uuid import uuid4

from fastapi.testclient import TestClient
from tests.api.saying import bare, problem
from tests.media.conftest import Add
from tests.media.keeping import keep_paper
from tests.pages.seen import form_of, words_of
from tests.world import World

ANY = {"If-Match": "*"}
LOOKS = ("", "/document", "/sections")


def told(world: World, who: str) -> list[Any]:
    """All that tells of the plan, but for what names the single request."""
    api, browser = world.api(who), world.browser(who)
    plan = world.url()
    answers = [*(bare(api.get(f"/v1{plan}{more}")) for more in LOOKS), bare(api.get("/v1/plans"))]
    pages = [bare(browser.get(path)) for path in ("/plans", plan, f"{plan}/circle")]
    return [re.sub(r'"generated_at":"[^"]*"|nonce="[^"]*"', "", str(one)) for one in (*answers, *pages)]


def photo(client: TestClient, plan: str, id: str | None) -> Any:
    return client.patch(f"/v1{plan}", json={"person": {"photo_media_id": id}}, headers=ANY)


def seen_by(world: World, who: str) -> str | None:
    id: str | None = world.api(who).get(f"/v1{world.url()}").json()["person"]["photo_media_id"]
    return id


def test_the_photo_is_there_for_whoever_may_see_the_picture(world: World, add: Add) -> None:
    plan, dee = world.url(), world.api("dee")
    picture = add(key="money").json()["id"]
    before, read = {who: told(world, who) for who in ("nan", "lee", "kit")}, dee.get(f"/v1{plan}")
    saved = photo(dee, plan, picture)
    assert saved.json()["person"]["photo_media_id"] == picture
    assert saved.headers["etag"] != read.headers["etag"]
    assert {who: told(world, who) for who in before} == before  # It is hidden from them, and hidden moves nothing.
    assert (seen_by(world, "dee"), seen_by(world, "maya")) == (picture, picture)
    assert dee.patch(f"/v1{plan}/media/{picture}", json={"section_key": "great-things"}, headers=ANY).is_success
    address = f"{plan}/media/{picture}/small"
    for who, shown in {"nan": True, "sam": True, "rao": False, "kit": False}.items():
        browser = world.browser(who)
        assert [address in browser.get(path).text for path in ("/plans", plan)] == [shown, shown], who
        assert (browser.get(address).status_code == 200) is shown
    assert seen_by(world, "nan") == world.api("nan").get("/v1/plans").json()["items"][0]["person"]["photo_media_id"]
    assert problem(dee.delete(f"/v1{plan}/media/{picture}", headers=ANY)) == (409, "media-in-use")
    assert photo(dee, plan, None).json()["person"]["photo_media_id"] is None
    assert dee.delete(f"/v1{plan}/media/{picture}", headers=ANY).status_code == 204


def test_only_a_picture_that_an_owner_sees_can_be_the_photo(world: World, add: Add) -> None:
    plan, dee, maya = world.url(), world.api("dee"), world.api("maya")
    diary = {"key": "my-diary", "title": "Diary", "label": "diary"}
    assert maya.post(f"/v1{plan}/sections", json=diary).status_code == 201
    hidden, paper = add("maya", "my-diary").json()["id"], str(keep_paper(world, "dee", "money", "x"))
    for id in (hidden, paper, str(uuid4())):
        refused = photo(dee, plan, id)
        assert problem(refused) == (422, "invalid-content")
        assert [one["pointer"] for one in refused.json()["errors"]] == ["/person/photo_media_id"]
    started = {"person": {"display_name": "Jo", "photo_media_id": hidden}, "my_role": "steward"}
    assert problem(dee.post("/v1/plans", json=started)) == (422, "invalid-content")
    assert problem(photo(world.api("nan"), plan, hidden)) == (403, "not-allowed")
    before = told(world, "dee")
    assert photo(maya, plan, hidden).is_success
    assert told(world, "dee") == before
    assert photo(dee, plan, None).json()["person"]["photo_media_id"] is None
    assert seen_by(world, "maya") == hidden  # What Dee cannot see she cannot take away.


def test_a_picture_is_made_the_photo_with_one_press(world: World, add: Add) -> None:
    plan, dee = world.url(), world.browser("dee")
    picture = add().json()["id"]
    page, press = dee.get(f"{plan}/sections/great-things/media"), f"{plan}/photo"
    done = dee.post(press, data=form_of(page, press))
    shown = dee.get(done.headers["location"])
    assert f"{plan}/media/{picture}/small" in shown.text
    assert "This is the photo now." in words_of(shown)
    dee.post(press, data=form_of(dee.get(f"{plan}/settings"), press))
    assert f"/media/{picture}" not in dee.get(plan).text
    lee = {"member_id": str(world.members["lee"]), "level": "edit"}
    grants = f"/v1{plan}/sections/great-things/grants"
    assert world.api("dee").put(grants, json={"members": [lee]}, headers=ANY).is_success
    assert (
        "photo" not in words_of(world.browser("lee").get(f"{plan}/sections/great-things/media")).partition("Add a")[0]
    )
    assert world.browser("lee").post(press, data={"media_id": picture}).status_code == 403
