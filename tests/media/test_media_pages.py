"""Pictures, sound, video and papers on pages: adding, changing and taking away without script; playing in place."""

import asyncio
from typing import Any

import pytest
from tests.media.making import paper, picture, recording
from tests.pages.seen import form_of, words_of
from tests.rights.test_tablet import Shared
from tests.world import World

PAGE = "/sections/great-things/media"


def send(world: World, who: str, file: bytes, key: str = "great-things", **said: Any) -> Any:
    headers = {"Accept": said.pop("accept", "text/html")}
    url = world.url(f"/sections/{key}/media")
    return world.browser(who).post(url, data=said, files={"file": ("one.bin", file)}, headers=headers)


def test_a_form_without_script_adds_changes_and_takes_away(world: World) -> None:
    dee = world.browser("dee")
    assert "Add a picture, sound, video or paper" in words_of(dee.get(world.url(PAGE)))
    added = send(world, "dee", picture(), alt_text="Maya dancing", caption="", decorative="")
    assert (added.status_code, added.headers["Location"]) == (303, f"{world.url(PAGE)}?said=added")
    listed = dee.get(added.headers["Location"])
    assert "It is here now." in words_of(listed)
    (url,) = {part.split('"')[0] for part in listed.text.split('href="') if part.split('"')[0].endswith("/change")}
    assert 'alt="Maya dancing"' in dee.get(world.url("/sections/great-things")).text
    sent = form_of(dee.get(url), url) | {"alt_text": "Maya dancing in the hall", "caption": "At the show"}
    assert dee.post(url, data=sent).status_code == 303
    assert "At the show" in words_of(dee.get(world.url("/sections/great-things")))
    gone = dee.post(url.replace("/change", "/remove"), data={})
    assert gone.headers["Location"].endswith("?said=removed")
    assert dee.get(url.removesuffix("/change")).status_code == 404


def test_a_script_is_told_how_to_show_it(world: World) -> None:
    told = send(world, "dee", picture(), alt_text="Maya", accept="application/json")
    made = told.json()
    assert (told.status_code, made["kind"], made["alt"]) == (201, "picture", "Maya")
    assert made["address"] == world.url(f"/media/{made['id']}/large")
    assert world.browser("dee").get(made["address"]).headers["Content-Type"] == "image/webp"
    looks = send(world, "dee", picture(), alt_text="Stars", decorative="yes", accept="application/json").json()
    listed, asks = world.url(PAGE), {"Accept": "application/json"}
    assert world.browser("dee").get(listed, headers=asks).json()["items"] == [made, looks]
    assert (made["words"], looks["alt"], looks["words"], made["whose"]) == ("Maya", "", "Stars", "")
    hers = {"voice-whose": "person", "called": "A song", "accept": "application/json"}
    assert send(world, "dee", recording("mp3"), **hers).json()["whose"] == "Maya’s own words."
    assert {who: world.browser(who).get(listed, headers=asks).status_code for who in ("nan", "kit")} == {
        "nan": 403,
        "kit": 404,
    }
    refused = send(world, "dee", picture(), accept="application/json")
    assert (refused.status_code, set(refused.json()["errors"])) == (422, {"alt_text"})


def test_what_was_typed_is_still_there_when_the_file_is_refused(world: World) -> None:
    answer = send(world, "dee", b"<svg/>", caption="My long caption")
    assert answer.status_code == 415
    assert "We keep photos, sound, video and PDF." in words_of(answer)
    answer = send(world, "dee", picture(), caption="My long caption")
    assert answer.status_code == 422
    assert "My long caption" in answer.text


def test_sound_and_video_play_in_place_and_a_paper_is_taken_away(world: World) -> None:
    said = {"alt_text": "Maya's voice", "transcript_markdown": "I love dancing."}
    made = [
        send(world, "dee", file, accept="application/json", **said).json()
        for file in (recording("mp3"), recording("mp4"), paper())
    ]
    beside = world.browser("nan").get(world.url("/sections/great-things"))
    for tag, one in zip(("<audio", "<video", '<a class="paper"'), made, strict=True):
        assert f'{tag} {"href" if tag[1] == "a" and "paper" in tag else "src"}="{one["address"]}"' in beside.text
    assert words_of(beside).count("I love dancing.") == 3
    body = "".join(f"![Listen](media:{one['id']})\n\n" for one in made)
    dee = world.browser("dee")
    edit = world.url("/sections/great-things/edit")
    sent = form_of(dee.get(edit), edit) | {"body_markdown": body, "voice-whose": "family", "voice-how": "own_words"}
    assert f'src="{made[0]["address"]}"' in dee.post("/preview", data=sent).text
    assert dee.post(edit, data=sent).status_code == 303
    shown = world.browser("nan").get(world.url("/sections/great-things")).text
    assert shown.count('preload="metadata"') == 2
    assert f'href="{made[2]["address"]}"' in shown


def test_a_press_puts_a_file_below_the_words_and_saving_shows_it(world: World) -> None:
    """Words that were kept for later stay. A file of another section, or of none, puts nothing in."""
    made = send(world, "dee", picture(), alt_text="Rex [our dog]", accept="application/json").json()
    other = send(world, "dee", picture(), "outcomes", alt_text="x", accept="application/json").json()
    dee, edit = world.browser("dee"), world.url("/sections/great-things/edit")
    shown = f"{edit}?words=mine&show={made['id']}"
    assert shown.replace("&", "&amp;") in dee.get(world.url(PAGE)).text
    kept = form_of(dee.get(edit), edit) | {"body_markdown": "Kept for later."}
    dee.post(edit.replace("/edit", "/draft"), data=kept)
    for id in (other["id"], made["id"][:-4] + "0000", "x"):
        assert form_of(dee.get(f"{edit}?words=mine&show={id}"), edit)["body_markdown"] == "Kept for later."
    sent = form_of(dee.get(shown), edit)
    assert sent["body_markdown"] == f"Kept for later.\n\n![Rex \\[our dog\\]](media:{made['id']})\n"
    assert dee.post(edit, data=sent).status_code == 303
    read = world.browser("nan").get(world.url("/sections/great-things")).text
    assert f'src="{made["address"]}" alt="Rex [our dog]"' in read
    assert form_of(dee.get(shown), edit)["body_markdown"] == sent["body_markdown"]


def test_a_caption_and_what_is_said_stand_with_the_player(world: World) -> None:
    """In the words, where it stands by itself; and new words for it show at once, without a new version."""
    made = send(world, "dee", recording("mp3"), accept="application/json", called="Her song", caption="At the show", transcript_markdown="La la.").json()  # fmt: skip  # noqa: E501 - one form
    other = send(world, "dee", picture(), accept="application/json", alt_text="Maya", caption="On the left").json()
    body = f"Before.\n\n![Listen](media:{made['id']})\n\nAfter, with ![her](media:{other['id']}) in it."
    voice = {"whose": "family", "how": "own_words"}
    section = f"/v1{world.url('/sections/great-things')}"
    saved = world.api("dee").patch(section, json={"body_markdown": body, "voice": voice}, headers={"If-Match": "*"})
    assert "figcaption" not in saved.json()["body_html"]
    page, nan = world.url("/sections/great-things"), world.browser("nan")
    shown = " ".join(nan.get(page).text.split())
    figure = shown.index(f'<figure class="kept" id="kept-{made["id"]}"><audio'), shown.index("</figure>")
    assert shown.index("Before.") < figure[0] < figure[1] < shown.index("After, with")
    inside = shown[slice(*figure)]
    assert all(one in inside for one in ('aria-label="Listen"', "<figcaption>At the show</figcaption>", "La la."))
    assert shown.count("At the show") == shown.count("On the left") == shown.count("La la.") == 1
    changed = {"caption": "At the summer show"}
    world.api("dee").patch(f"/v1{world.url('/media')}/{made['id']}", json=changed, headers={"If-Match": "*"})
    assert "At the summer show" in nan.get(page).text


def test_two_who_change_what_is_said_both_keep_their_words(world: World) -> None:
    made = send(world, "dee", recording("mp3"), accept="application/json", transcript_markdown="La la.").json()
    url = world.url(f"/media/{made['id']}/change")
    dee, maya = world.browser("dee"), world.browser("maya")
    forms = {one: form_of(one.get(url), url) for one in (dee, maya)}
    hers = {"transcript_markdown": "Dee heard this.", "people_shown_agreed": "yes", "caption": "At the show"}
    assert dee.post(url, data=forms[dee] | hers).status_code == 303
    clash = maya.post(url, data=forms[maya] | {"transcript_markdown": "Maya heard this."})
    assert clash.status_code == 409
    assert ("Dee heard this." in words_of(clash), "Maya heard this." in clash.text) == (True, True)
    joining = form_of(clash, url)  # What Maya left alone is as Dee saved it, and there is nothing to join.
    assert (joining["people_shown_agreed"], joining["caption"]) == ("yes", "At the show")
    assert words_of(clash).count("Words below it") == 1
    there = f"/v1{world.url('/media')}/{made['id']}"
    assert world.api("dee").get(there).json()["transcript_markdown"] == "Dee heard this."
    assert maya.post(url, data=form_of(clash, url)).status_code == 303
    kept = world.api("dee").get(there).json()
    said = {"transcript_markdown": "Maya heard this.", "caption": "At the show", "people_shown_agreed": True}
    assert {name: kept[name] for name in said} == said


def test_whose_words_a_recording_holds_is_asked_said_and_kept(world: World) -> None:
    """Hers are offered to her, and nobody's to others. Of a picture it is not asked."""
    maya, dee, nan = (world.browser(who) for who in ("maya", "dee", "nan"))
    assert form_of(maya.get(world.url(PAGE)), world.url(PAGE))["voice-whose"] == "person"
    offered = form_of(dee.get(world.url(PAGE)), world.url(PAGE))
    assert ("voice-whose" in offered, offered["voice-how"]) == (False, "own_words")
    hers = {"called": "Her song", "voice-whose": "person", "accept": "application/json"}
    made = send(world, "dee", recording("mp3"), **hers).json()
    other = send(world, "dee", picture(), alt_text="Rex", **hers).json()
    unsaid = send(world, "dee", recording("mp3"), called="Birds", accept="application/json").json()
    media = f"/v1{world.url('/media')}"
    voices = [world.api("dee").get(f"{media}/{one['id']}").json()["voice"] for one in (made, other, unsaid)]
    hers_alone = {"whose": "person", "how": "own_words", "method": None, "member_id": None, "supported_by": None}
    assert voices == [hers_alone, None, None]
    for face in ("full", "pictures"):
        shown = words_of(nan.get(world.url(f"/sections/great-things?face={face}")))
        assert shown.count("Maya’s own words.") == 1
    url = world.url(f"/media/{made['id']}/change")
    forms = {one: form_of(one.get(url), url) for one in (dee, maya)}
    assert forms[dee]["voice-whose"] == "person"
    helped = {"voice-how": "supported", "voice-supported_by": "Lee", "voice-method": "signed"}
    assert maya.post(url, data=forms[maya] | helped).status_code == 303
    clash = dee.post(url, data=forms[dee] | {"voice-whose": "family"})
    assert (clash.status_code, form_of(clash, url)["voice-whose"]) == (409, "family")
    assert "Maya’s words. Lee helped to say them. They were signed." in words_of(clash)
    assert world.api("dee").get(f"{media}/{made['id']}").json()["voice"]["supported_by"] == "Lee"
    assert dee.post(url, data=form_of(clash, url) | {"voice-whose": ""}).status_code == 303
    assert world.api("dee").get(f"{media}/{made['id']}").json()["voice"] is None


def test_a_form_that_is_sent_again_adds_one_file(world: World) -> None:
    """The connection broke, and somebody pressed again. Another file, or a page opened anew, is another thing."""
    dee = world.browser("dee")
    page = form_of(dee.get(world.url(PAGE)), world.url(PAGE))["page"]
    voice = recording("webm")
    first = send(world, "dee", voice, accept="application/json", called="Her song", page=page)
    again = send(world, "dee", voice, accept="application/json", called="Her song", page=page)
    assert again.json() == first.json()
    assert send(world, "dee", voice, called="Her song", page=page).headers["Location"].endswith("said=added")

    def many() -> int:
        return len(world.api("dee").get(f"/v1{world.url('/media')}").json()["items"])

    assert many() == 1
    assert send(world, "dee", picture(), alt_text="Maya", page=page).status_code == 303
    anew = form_of(dee.get(world.url(PAGE)), world.url(PAGE))["page"]
    assert send(world, "dee", voice, called="Her song", page=anew).status_code == 303
    assert many() == 3


def test_a_guest_reads_the_words_that_stand_for_a_file(world: World) -> None:
    """Bytes are for people who are signed in: a guest meets no broken picture and no dead player."""
    kinds = {"mp3": recording("mp3"), "mp4": recording("mp4"), "jpg": picture(), "pdf": paper()}
    ids = {name: send(world, "dee", file, accept="application/json", alt_text="x").json()["id"] for name, file in kinds.items()}  # fmt: skip  # noqa: E501 - one line
    ours = world.url(f"/media/{ids['jpg']}/large")
    body = "".join(f"![words {name}](media:{id})\n\n" for name, id in ids.items()) + f"![words ours]({ours})"
    section = f"/v1{world.url('/sections/great-things')}"
    voice, dee = {"whose": "family", "how": "own_words"}, world.api("dee")
    shown = dee.patch(section, json={"body_markdown": body, "voice": voice}, headers={"If-Match": "*"}).json()
    assert shown["body_html"].count(world.url("/media/")) == 5
    said = {"section_keys": ["great-things"], "expires_in_hours": 1}
    secret = dee.post(f"/v1{world.url('/share-links')}", json=said).json()["url"].partition("#")[2]
    nobody = world.browser(None)
    told = nobody.get("/v1/shared", headers={"Authorization": f"Bearer {secret}"}).json()["sections"][0]
    for html in (told["body_html"], nobody.post("/shared", data={"link": secret}).text):
        assert "/media/" not in html
        assert all(f"words {name}" in html for name in (*kinds, "ours"))
    assert (told["media_ids"], told["body_markdown"]) == ([], body)


def test_a_full_plan_says_so_kindly_on_the_page(world: World) -> None:
    world.app.state.settings.media_quota_mb = 0
    answer = send(world, "dee", picture(), alt_text="Maya", caption="My long caption")
    assert answer.status_code == 413
    assert "This plan has no room for it. Take something away first." in words_of(answer)
    assert "My long caption" in answer.text


def test_those_who_only_read_are_offered_nothing_and_can_do_nothing(world: World) -> None:
    nan = world.browser("nan")
    assert "/media" not in nan.get(world.url("/sections/great-things")).text
    assert nan.get(world.url(PAGE)).status_code == 403
    assert send(world, "nan", picture(), alt_text="x").status_code == 403
    assert send(world, "nan", picture(), "money", alt_text="x").status_code == 404
    made = send(world, "dee", picture(), alt_text="Maya", accept="application/json").json()
    for page in ("change", "remove"):
        assert nan.get(world.url(f"/media/{made['id']}/{page}")).status_code == 403
        assert nan.post(world.url(f"/media/{made['id']}/{page}"), data={"alt_text": "x"}).status_code == 403
    assert nan.get(made["address"]).status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_rights_are_asked_before_a_byte_of_the_file_is_read(world: World) -> None:
    """Straight to the application, so that we see whether it asked for the body."""
    for who, status in {"kit": 404, "nan": 403}.items():
        for path in (f"/v1{world.url('/media')}", world.url(PAGE)):
            asked, answered = ask_without_body(world, who, path)
            assert (asked, answered) == (0, status), (who, path)


def ask_without_body(world: World, who: str, path: str) -> tuple[int, int]:
    """How often the body was asked for, and the answer's status."""
    (cookie,) = world.browser(who).cookies.items()
    headers = {
        "authorization": f"Bearer {world.token(who)}",
        "cookie": "=".join(cookie),
        "content-type": "multipart/form-data; boundary=x",
        "content-length": "200000000",
        "host": "testserver",
    }
    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"", "headers": [(name.encode(), value.encode()) for name, value in headers.items()], "client": ("127.0.0.1", 1), "server": ("testserver", 80), "scheme": "http", "http_version": "1.1", "root_path": ""}  # fmt: skip  # noqa: E501 - one scope
    asked, sent = [], []

    async def receive() -> dict[str, Any]:
        asked.append(1)
        if len(asked) > 9:  # Whoever reads on would for a long time.
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send_on(message: Any) -> None:
        sent.append(message)

    asyncio.run(world.app(scope, receive, send_on))
    return len(asked), sent[0]["status"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_shared_tablet_shows_and_plays_what_its_sections_hold(world: World) -> None:
    shared = Shared(world)
    made = send(world, "dee", recording("mp3"), alt_text="Maya's voice", accept="application/json").json()
    other = send(world, "dee", recording("mp3"), "outcomes", alt_text="x", accept="application/json").json()
    assert shared.tablet.get(made["address"]).status_code in {303, 401}
    tablet = shared.open()
    assert f'src="{made["address"]}"' in tablet.get("/tablet/sections/great-things").text
    assert tablet.get(made["address"], headers={"Range": "bytes=0-9"}).status_code == 206
    assert tablet.get(other["address"]).status_code == 200
    assert tablet.post(world.url(PAGE), files={"file": picture()}).status_code == 403
    assert tablet.post(world.url(f"/media/{made['id']}/remove"), data={}).status_code == 403
