"""Pictures, sound, video and papers for programs: whoever may read the section gets the bytes, and nobody else."""

import gc
import hashlib
import json
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from tests.media.conftest import Add
from tests.media.making import SECRET, paper, picture, recording
from tests.world import World

from planwiki.authz.database import Database
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base import clock
from planwiki.base.errors import Unavailable
from planwiki.media.storage import DiskStorage
from planwiki.media.sweep_commands import GRACE, sweep
from planwiki.web import guards


def files_of(world: World) -> list[Path]:
    """Everything that lies in the storage or on the way there."""
    root = world.app.state.settings.data_dir
    return [one for name in ("media", "incoming") for one in (root / name).rglob("*") if one.is_file()]


def at(world: World, answer: Response, more: str = "") -> str:
    return f"/v1{world.url('/media')}/{answer.json()['id']}{more}"


def test_a_picture_is_kept_and_told_whole(world: World, add: Add) -> None:
    made = add(caption="At the show", transcript_markdown="Maya: *I love it*.", people_shown_agreed="true")
    assert made.status_code == 201, made.text
    told, dee = made.json(), world.api("dee")
    assert (told["content_type"], told["width"], told["height"], told["revision"]) == ("image/jpeg", 64, 48, 1)
    assert (told["section_key"], told["filename"], told["people_shown_agreed"]) == ("great-things", "dance.jpg", True)
    assert made.headers["Location"] == at(world, made)
    assert dee.get(at(world, made)).json() == told
    bytes_ = dee.get(told["content_url"])
    assert hashlib.sha256(bytes_.content).hexdigest() == told["sha256"]
    assert (len(bytes_.content), SECRET in bytes_.content) == (told["size"], False)
    section = dee.get(f"/v1{world.url('/sections/great-things')}").json()
    document = dee.get(f"/v1{world.url('/document')}").json()
    listed = dee.get(f"/v1{world.url('/media')}?section_key=great-things").json()["items"]
    assert (section["media_ids"], document["media"], listed) == ([told["id"]], [told], [told])


def test_a_program_says_whose_words_it_holds_and_takes_it_back(world: World, add: Add) -> None:
    hers = {"whose": "person", "how": "own_words", "method": "spoken", "member_id": str(world.members["maya"])}
    made = add(file=recording("mp3"), voice=json.dumps(hers))
    assert made.json()["voice"] == hers | {"supported_by": None}
    assert add(file=recording("mp3"), voice="").json()["voice"] is None
    stranger = hers | {"member_id": made.json()["id"]}
    for wrong in ("hers", json.dumps(stranger), '{"whose": "nobody", "how": "own_words"}'):
        refused = add(file=recording("mp3"), voice=wrong)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"][:6]) == (422, "/voice"), wrong
    dee, url = world.api("dee"), at(world, made)
    changes: tuple[tuple[Any, int], ...] = ((stranger, 422), (hers | {"how": "supported"}, 200), (None, 200))
    for voice, status in changes:
        assert dee.patch(url, json={"voice": voice}, headers={"If-Match": "*"}).status_code == status
    assert (dee.get(url).json()["voice"], dee.get(url).json()["revision"]) == (None, 3)


def test_bytes_go_out_as_data_and_never_as_a_page(world: World, add: Add) -> None:
    for made in (add(), add(file=paper(), filename="../../letter<b>.pdf")):
        answer = world.api("dee").get(at(world, made, "/content"))
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == guards.SANDBOX
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert (
            world.browser("dee").get(f"{world.url('/media')}/{made.json()['id']}").headers["Cache-Control"]
            == "no-store"
        )
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''letter%3Cb%3E.pdf"


RANGES = {
    "bytes=0-9": (206, slice(0, 10)),
    "bytes=10-": (206, slice(10, None)),
    "bytes=-5": (206, slice(-5, None)),
    "bytes=0-99999999": (206, slice(0, None)),
    "bytes=99999999-": (416, None),
    "bytes=9-3": (200, slice(0, None)),
    "bytes=-0": (416, None),
    "bytes=0-1,4-5": (200, slice(0, None)),
    "lines=0-1": (200, slice(0, None)),
}


def test_a_range_is_that_part(world: World, add: Add) -> None:
    url, dee = at(world, add(), "/content"), world.api("dee")
    whole = dee.get(url)
    for asked, (status, part) in RANGES.items():
        answer = dee.get(url, headers={"Range": asked})
        assert answer.status_code == status, asked
        if part is None:
            assert answer.headers["Content-Range"] == f"bytes */{len(whole.content)}"
            assert answer.json()["type"] == "/problems/no-such-range"
        else:
            assert answer.content == whole.content[part], asked
    stale = dee.get(url, headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    assert (stale.status_code, stale.content) == (200, whole.content)
    assert dee.get(url, headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
    assert dee.head(url).headers["Content-Length"] == str(len(whole.content))


def test_a_file_is_closed_where_none_of_it_could_be_sent(
    world: World, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it is where whoever asked has gone."""
    made = add(key="wellness")

    async def full(*_: object) -> None:
        raise Unavailable("Planwiki cannot answer just now.")

    monkeypatch.setattr(world.app.state.looks, "keep", full)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", ResourceWarning)
        assert world.api("nan").get(at(world, made, "/content")).status_code == 503
        gc.collect()
    assert [str(one.message) for one in told] == []


def test_a_file_is_of_the_kind_it_is_whatever_is_asked_for(world: World, add: Add) -> None:
    url, dee = at(world, add(), "/content"), world.api("dee")
    for asked in ("image/jpeg", "image/*", "image/avif,image/webp", "application/json", "text/html;q=0.1"):
        answer = dee.get(url, headers={"Accept": asked})
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg"), asked


def test_only_readers_of_the_section_get_a_byte(world: World, add: Add) -> None:
    """Allowed and refused with one set-up; hidden looks like an id that never was, to the byte."""
    made = add(key="wellness")
    shown = f"{world.url('/media')}/{made.json()['id']}"
    never = made.json()["id"][:-4] + "0000"
    for who, may in {"dee": 1, "maya": 1, "nan": 1, "rao": 1, "sam": 0, "lee": 0, "kit": 0}.items():
        api, browser = world.api(who), world.browser(who)
        for path in ("", "/content"):
            for headers in ({}, {"Range": "bytes=0-3"}):
                headers["X-Request-Id"] = "same"
                answer = api.get(at(world, made, path), headers=headers)
                assert answer.is_success == may, (who, path)
                absent = api.get(at(world, made, path).replace(made.json()["id"], never), headers=headers)
                assert may or (answer.status_code, answer.content) == (404, absent.content)
        for path in ("", "/small", "/large"):
            assert browser.get(shown + path).is_success == may, (who, path)
        listed = api.get(f"/v1{world.url('/media')}")
        assert (made.json()["id"] in listed.text) == may, who
    assert [world.api(None).get(at(world, made, path)).status_code for path in ("", "/content")] == [401, 401]


def test_only_editors_add_change_or_delete(world: World, add: Add) -> None:
    made, before = add(key="outcomes"), len(files_of(world))
    for who, status in {"nan": 403, "sam": 403, "kit": 404, "rao": 403}.items():
        assert add(who, "great-things").status_code == status, who
    assert add("lee", "great-things").status_code == 403
    assert add("lee", "money").status_code == 404
    assert add("lee", "outcomes").status_code == 201
    other = add(key="great-things")
    for who, status in {"nan": 403, "lee": 403, "kit": 404}.items():
        any_tag = {"If-Match": "*"}
        api = world.api(who)
        assert api.patch(at(world, other), json={"caption": "x"}, headers=any_tag).status_code == status
        assert api.delete(at(world, other), headers=any_tag).status_code == status
    assert world.api("dee").get(at(world, other)).json() == other.json()
    assert world.api("dee").get(at(world, made)).json() == made.json()
    assert len(files_of(world)) == before + 6


def test_moving_it_changes_who_gets_the_bytes_at_once(world: World, add: Add) -> None:
    made = add(key="wellness")
    nan, sam, dee = (world.api(who) for who in ("nan", "sam", "dee"))
    url = at(world, made, "/content")
    assert [one.get(url).status_code for one in (nan, sam)] == [200, 404]
    tag = {"If-Match": dee.get(at(world, made)).headers["ETag"]}
    assert dee.patch(at(world, made), json={"section_key": "family-only"}, headers=tag).json()["revision"] == 2
    assert [one.get(url).status_code for one in (nan, sam)] == [404, 404]
    tag = {"If-Match": "*"}
    assert dee.patch(at(world, made), json={"section_key": "great-things"}, headers=tag).status_code == 200
    assert [one.get(url).status_code for one in (nan, sam)] == [200, 200]
    there = dee.get(at(world, made))
    same = {name: there.json()[name] for name in ("section_key", "alt_text", "caption", "voice")}
    assert dee.patch(at(world, made), json=same, headers=tag).headers["ETag"] == there.headers["ETag"]
    lee = world.api("lee")
    mine = add("lee", "outcomes")
    assert lee.patch(at(world, mine), json={"section_key": "great-things"}, headers=tag).status_code == 403
    assert lee.patch(at(world, mine), json={"section_key": "money"}, headers=tag).status_code == 404
    assert lee.get(at(world, mine)).json() == mine.json()


def test_words_show_it_only_while_it_is_theirs(world: World, add: Add) -> None:
    """It moves away and comes back. Each time both texts show what is so, in the same moment, with no new version."""
    made, dee, tag = (
        add(key="wellness", file=recording("mp3"), alt_text="Her song"),
        world.api("dee"),
        {"If-Match": "*"},
    )
    body = {
        "body_markdown": f"Hear ![Listen](media:{made.json()['id']})",
        "voice": {"whose": "family", "how": "own_words"},
    }
    urls = {key: f"/v1{world.url('/sections')}/{key}" for key in ("wellness", "great-things")}
    for url in urls.values():
        assert dee.patch(url, json=body, headers=tag).status_code == 200
    before = {key: dee.get(url).json() for key, url in urls.items()}
    plays = {key: "<audio" in one["body_html"] for key, one in before.items()}
    assert plays == {"wellness": True, "great-things": False}
    for to in ("great-things", "wellness"):
        assert dee.patch(at(world, made), json={"section_key": to}, headers=tag).status_code == 200
        after = {key: dee.get(url).json() for key, url in urls.items()}
        for key, one in after.items():
            assert ("<audio" in one["body_html"], "Listen" in one["body_html"]) == (key == to, True)
            assert [one[name] for name in ("revision", "body_markdown")] == [before[key][name] for name in ("revision", "body_markdown")]  # fmt: skip  # noqa: E501 - one comparison


def test_what_is_said_about_it_changes_by_its_version(world: World, add: Add) -> None:
    made, dee = add(), world.api("dee")
    url, tag = at(world, made), {"If-Match": made.headers["ETag"]}
    assert dee.patch(url, json={"caption": "x"}).status_code == 428
    changed = dee.patch(url, json={"caption": "New"}, headers=tag)
    assert (changed.json()["caption"], changed.json()["alt_text"]) == ("New", "Maya dancing")
    assert dee.patch(url, json={"caption": "Late"}, headers=tag).status_code == 412
    bare = dee.patch(url, json={"alt_text": None}, headers={"If-Match": "*"})
    assert (bare.status_code, bare.json()["type"]) == (422, "/problems/alt-text-needed")
    assert dee.patch(url, json={"alt_text": None, "decorative": True}, headers={"If-Match": "*"}).status_code == 200


REFUSED = {
    "alt-text-needed": (422, {"alt_text": None}),
    "invalid-content": (422, {"file": b"\xff\xd8\xff" + b"<html>" * 40}),
    "unsupported-media-type": (415, {"file": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}),
    "too-large": (413, {"file": b"\xff\xd8\xff" + bytes(25_000_000)}),
}


@pytest.mark.parametrize("slug", REFUSED)
def test_what_cannot_be_kept_leaves_nothing(slug: str, world: World, add: Add) -> None:
    status, said = REFUSED[slug]
    answer = add(**said)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")
    assert files_of(world) == []
    assert world.api("dee").get(f"/v1{world.url('/media')}").json()["items"] == []


def test_a_form_that_is_none_is_refused(world: World) -> None:
    url, dee = f"/v1{world.url('/media')}", world.api("dee")
    assert dee.post(url, json={}).status_code == 415
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    assert dee.post(url, content=b"nothing", headers=form).status_code == 400
    assert dee.post(url, content=b'--x\r\nContent-Disposition: form-data; name="file"', headers=form).status_code == 400
    assert dee.post(url, data={"section_key": "x"}, files={"other": b"x"}).status_code == 422
    said = {"section_key": "great-things", "alt_text": "x"}
    two = dee.post(url, data=said, files=[("file", picture()), ("file", picture())])
    assert (two.status_code, two.json()["errors"][0]["code"]) == (422, "more-than-one")
    unknown = dee.post(
        url, data={"section_key": "great-things", "odd": "1", "alt_text": "x"}, files={"file": picture()}
    )
    assert unknown.status_code == 422
    assert files_of(world) == []


def test_large_bodies_are_let_in_only_where_files_are_taken_and_after_rights(world: World) -> None:
    """Kit is answered before a byte of the body is read; a long body elsewhere stays out."""
    read: list[int] = []

    def endless() -> Iterator[bytes]:
        for _ in range(300):
            read.append(1)
            yield bytes(1_000_000)

    form = {"Content-Type": "multipart/form-data; boundary=x"}
    assert world.api("kit").post(f"/v1{world.url('/media')}", content=endless(), headers=form).status_code == 404
    dee = world.api("dee")
    long = {"Content-Length": "9000000"}
    assert dee.post(f"/v1{world.url('/sections')}", headers=form | long, content=b"").status_code == 413
    assert dee.post(f"/v1{world.url('/media')}", headers=long, content=b"").status_code == 413
    too_long = {"Content-Length": str(guards.MOST_UPLOAD + 1)}
    assert dee.post(f"/v1{world.url('/media')}", headers=form | too_long, content=b"").status_code == 413


def test_the_same_upload_twice_makes_one(world: World, add: Add) -> None:
    """For an editor who owns nothing too; and only while they may still edit."""
    once = {"headers": {"Idempotency-Key": "one"}}
    first, again = add("lee", "outcomes", **once), add("lee", "outcomes", **once)
    assert (first.status_code, again.status_code, again.headers["Idempotency-Replayed"]) == (201, 201, "true")
    assert again.json() == first.json()
    assert len(files_of(world)) == 3
    assert add("lee", "outcomes", caption="other", **once).json()["type"] == "/problems/idempotency-key-reused"
    assert add("lee", "outcomes", file=picture("PNG"), **once).json()["type"] == "/problems/idempotency-key-reused"
    assert len(files_of(world)) == 3
    lee, patch = world.members["lee"], {"level": "read"}
    given = {"items": [{"section_key": "outcomes", **patch}]}
    assert world.api("dee").put(f"/v1{world.url('/members')}/{lee}/grants", json=given, headers={"If-Match": "*"}).is_success  # fmt: skip  # noqa: E501 - one request
    assert add("lee", "outcomes", **once).status_code == 403


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_same_upload_is_known_by_what_came_before_it_is_made_safe(
    add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Packing anew need not give the same bytes, and takes long: neither is asked for again."""
    once = {"headers": {"Idempotency-Key": "one"}, "file": recording("webm")}
    first = add(**once)
    monkeypatch.setattr("planwiki.media.workshop.make_safe", lambda *_: pytest.fail("It was made safe again."))
    again = add(**once)
    assert (first.status_code, again.status_code, again.headers["Idempotency-Replayed"]) == (201, 201, "true")
    assert again.json() == first.json()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("other", ["PATCH", "DELETE"])
def test_two_who_change_or_delete_it_at_once_do_not_overwrite_each_other(other: str, world: World, add: Add) -> None:
    """Both read the same version and wait at the row: one is told. SQLite has one writer at a time anyway."""
    made = add()
    tag, url = {"If-Match": made.headers["ETag"]}, at(world, made)
    dee, maya = world.api("dee"), world.api("maya")
    with ThreadPoolExecutor(2) as both, held(world, made.json()["id"]) as waiting:
        answers = [both.submit(dee.patch, url, json={"caption": "Mine"}, headers=tag)]
        answers += [both.submit(maya.request, other, url, json={"caption": "Hers"}, headers=tag)]
        waiting(2)
    assert sorted(one.result().status_code for one in answers) in ([200, 412], [204, 404])


@contextmanager
def held(world: World, media_id: str) -> Iterator[Callable[[int], None]]:
    """Nobody else gets at this row inside; `waiting` comes back when so many wait for a row."""
    with world.database.connection() as holder, world.database.connection() as watcher:
        holder.execute(text("SELECT 1 FROM media WHERE id = :id FOR UPDATE"), {"id": media_id})

        def waiting(many: int) -> None:
            until = monotonic() + 10
            waits = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")  # fmt: skip  # noqa: E501 - one question
            while monotonic() < until and (watcher.execute(waits).scalar() or 0) < many:
                watcher.execute(text("SELECT pg_stat_clear_snapshot()"))
                sleep(0.02)

        yield waiting


def test_deleting_leaves_no_byte_and_not_while_the_words_show_it(world: World, add: Add) -> None:
    made, dee = add(), world.api("dee")
    section, any_tag = f"/v1{world.url('/sections/great-things')}", {"If-Match": "*"}
    voice = {"whose": "family", "how": "own_words"}
    body = f"Look: ![Maya](media:{made.json()['id']})"
    saved = dee.patch(section, json={"body_markdown": body, "voice": voice}, headers=any_tag)
    assert saved.json()["body_markdown"] == body
    assert f'src="{world.url("/media")}/{made.json()["id"]}/large"' in saved.json()["body_html"]
    refused = dee.delete(at(world, made), headers=any_tag)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/media-in-use")
    assert len(files_of(world)) == 3
    dee.patch(section, json={"body_markdown": "Gone.", "voice": voice}, headers=any_tag)
    assert dee.delete(at(world, made), headers=any_tag).status_code == 204
    assert files_of(world) == []
    assert dee.get(at(world, made, "/content")).status_code == 404


def test_a_text_shows_the_files_of_its_own_section_alone(world: World, add: Add) -> None:
    """Another section's file, hidden or not, leaves the words, as an id does that never was."""
    voice, dee = {"whose": "family", "how": "own_words"}, world.api("dee")
    kinds = {"great-things": recording("mp3"), "wellness": picture(), "money": picture()}
    ids = {key: add(key=key, file=file).json()["id"] for key, file in kinds.items()}
    lees = add("lee", "outcomes", file=recording("mp4", 1)).json()["id"]
    named = [*ids.values(), lees, ids["money"][:-4] + "0000"]
    body = "".join(f"![words{number}](media:{id})\n\n" for number, id in enumerate(named))
    url = f"/v1{world.url('/sections/outcomes')}"
    html = world.api("lee").patch(url, json={"body_markdown": body, "voice": voice}, headers={"If-Match": "*"})
    shown = html.json()["body_html"]
    assert "<video" in shown
    assert shown.count("/media/") == 1
    assert all(f"words{number}" in shown for number in range(5))
    heard = dee.patch(f"/v1{world.url('/sections/great-things')}", json={"body_markdown": body, "voice": voice}, headers={"If-Match": "*"})  # fmt: skip  # noqa: E501 - one request
    assert "<audio" in heard.json()["body_html"]


def test_a_full_plan_takes_no_more(world: World, add: Add) -> None:
    assert add(key="money").status_code == 201
    world.app.state.settings.media_quota_mb = 0
    refused = add("lee", "outcomes")
    assert (refused.status_code, refused.json()["type"]) == (413, "/problems/too-large")
    assert len(files_of(world)) == 3


def test_a_full_disk_says_so_and_leaves_nothing(world: World, add: Add, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("planwiki.media.storage._copy", full)
        broken.setattr("pathlib.Path.write_bytes", full)
        assert add().status_code == 503
        assert world.api(None).get("/readyz").status_code == 503
    assert files_of(world) == []
    assert add().status_code == 201


@pytest.mark.parametrize("there", [True, False])
def test_bytes_stay_where_the_database_could_not_say_whether_it_kept_the_row(
    there: bool, world: World, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection breaks just after the row was kept, or just before. What nobody has is swept away later."""

    whole = Database.unit_of_work

    @contextmanager
    def broken_off(database: Database, who: Any, *, writes: bool = False) -> Iterator[UnitOfWork]:
        with whole(database, who, writes=writes) as uow:
            yield uow
            if writes and not there:
                raise OperationalError("COMMIT", None, OSError("the connection is gone"))
        if writes:
            raise Unavailable("the connection is gone")

    with monkeypatch.context() as broken:
        broken.setattr(Database, "unit_of_work", broken_off)
        assert add().status_code == 503
    assert len(files_of(world)) == 3
    listed = world.api("dee").get(f"/v1{world.url('/media')}").json()["items"]
    assert [world.api("dee").get(one["content_url"]).status_code for one in listed] == [200] * there


def test_bytes_without_a_row_are_swept_away_after_a_while(world: World, add: Add, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip  # noqa: E501 - one line
    made, storage, database = add(), world.app.state.storage, world.app.state.database
    assert isinstance(storage, DiskStorage)
    assert isinstance(database, Database)
    with monkeypatch.context() as broken:
        broken.setattr(DiskStorage, "erase", lambda *_: None)
        world.api("dee").delete(at(world, made), headers={"If-Match": "*"})
    kept = add()
    assert (sweep(database, storage), len(files_of(world))) == (0, 6)
    later = clock.now() + 2 * GRACE
    monkeypatch.setattr(clock, "now", lambda: later)
    assert (sweep(database, storage), len(files_of(world))) == (1, 3)
    assert world.api("dee").get(at(world, kept, "/content")).status_code in {200, 401}


def test_each_look_is_written_down_with_its_section(world: World, add: Add) -> None:
    made = add(key="wellness")
    nan = world.api("nan")
    assert nan.get(at(world, made, "/content"), headers={"Range": "bytes=5-"}).status_code == 206
    log = world.api("dee").get(f"/v1{world.url('/access-log')}?limit=200").json()["items"]
    looks = [one for one in log if one["actor"]["display_name"] == "Nan" and one["action"] == "view"]
    assert [one["resource"]["section_key"] for one in looks] == ["wellness"]
