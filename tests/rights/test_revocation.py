"""Access taken away is gone at once, in every process.

No reading that begins after the commit answers with the words.
"""

# ruff: noqa: E501 - drafts read best on one line

import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from tests.clients import client_of
from tests.world import World, canary

from planwiki.authz.database import Database
from planwiki.authz.principal import Principal
from planwiki.base import clock
from planwiki.base.errors import Gone, NotFound
from planwiki.base.vocabulary import Label, Level, MemberStatus
from planwiki.circle.commands import change_member, end_member
from planwiki.circle.grant_commands import give, stop_sharing
from planwiki.circle.invitation_commands import invite
from planwiki.circle.schemas import BasisPatch, InvitationDraft, MemberGrantDraft, MemberPatch
from planwiki.circle.share_link_commands import end_share_link, make_share_link
from planwiki.circle.share_link_schemas import ShareLinkDraft
from planwiki.circle.shared_commands import open_shared
from planwiki.plans.commands import change_plan, close_plan
from planwiki.plans.queries import revisions, section_view
from planwiki.plans.schemas import PlanPatch, SectionPatch
from planwiki.plans.section_commands import archive_section, change_section
from planwiki.search.queries import search
from planwiki.settings import resource_dir

KEY, READERS, ROUNDS, PAUSE = "outcomes", 2, 24, 0.03
Reading = tuple[int, int, bool]  # When it began and ended, by the machine's clock, and whether it answered the words.


# Two ways to take something away and to give it back, as one owner does while others read.


def _stop(world: World) -> None:
    world.ask("dee", lambda uow: stop_sharing(uow, world.plan_id, KEY, world.members["lee"]))


def _share(world: World) -> None:
    draft = MemberGrantDraft(member_id=world.members["lee"], level=Level.EDIT)
    world.ask("dee", lambda uow: give(uow, world.plan_id, KEY, draft))


def _status(world: World, status: MemberStatus) -> None:
    patch = MemberPatch(status=status)
    world.ask("dee", lambda uow: change_member(uow, world.plan_id, world.members["lee"], patch))


def _settings(world: World, **settings: Any) -> None:
    patch = SectionPatch(**settings)
    world.ask("maya", lambda uow: change_section(uow, world.plan_id, KEY, patch, 1))


WAYS: tuple[tuple[Callable[[World], None], Callable[[World], None]], ...] = (
    (_stop, _share),
    (lambda world: _status(world, MemberStatus.SUSPENDED), lambda world: _status(world, MemberStatus.ACTIVE)),
    (lambda world: _settings(world, status="archived"), lambda world: _settings(world, status="active")),
    (lambda world: _settings(world, label=Label.DIARY), lambda world: _settings(world, label=Label.EVERYDAY)),
)


def read_on(url: str, plan_id: UUID, account_id: UUID, ready: Any, stop: Any, told: Any) -> None:
    """Another process: reads the section again and again, in each way there is, until it is told to stop."""
    database, lee, found = Database(url, resource_dir("policies")), Principal(account_id), list[Reading]()
    ways = (_reads, _finds, _looks_back)
    with database.unit_of_work(lee) as uow:
        assert _reads(uow, plan_id)
    ready.wait(60)
    while not stop.is_set():
        way = ways[len(found) % len(ways)]
        began = time.monotonic_ns()
        with database.unit_of_work(lee) as uow:
            seen = way(uow, plan_id)
        found.append((began, time.monotonic_ns(), seen))
    told.put(found)
    database.close()


def _reads(uow: Any, plan_id: UUID) -> bool:
    try:
        return canary(KEY) in section_view(uow, plan_id, KEY).body_markdown
    except NotFound:
        return False


def _finds(uow: Any, plan_id: UUID) -> bool:
    return bool(search(uow, canary(KEY), plan_id=plan_id))


def _looks_back(uow: Any, plan_id: UUID) -> bool:
    try:
        return any(canary(KEY) in one.body_markdown for one in revisions(uow, plan_id, KEY))
    except NotFound:
        return False


@contextmanager
def readers(world: World, url: str) -> Iterator[list[Reading]]:
    """Processes that read as Lee until the block ends; what they read is there afterwards."""
    fresh = multiprocessing.get_context("spawn")
    ready, stop, told, found = fresh.Barrier(READERS + 1), fresh.Event(), fresh.Queue(), list[Reading]()
    account_id = world.principals["lee"].account_id
    args = (url, world.plan_id, account_id, ready, stop, told)
    started = [fresh.Process(target=read_on, args=args) for _ in range(READERS)]
    for one in started:
        one.start()
    try:
        ready.wait(60)
        yield found
        stop.set()
        for _ in started:
            found += told.get(timeout=60)
    finally:
        stop.set()
        for one in started:
            one.join(30)
            if one.is_alive():
                one.terminate()


def test_no_reading_that_begins_after_the_commit_answers_with_the_words(world: World, database_url: str) -> None:
    closed: list[tuple[int, int]] = []
    with readers(world, database_url) as found:
        for number in range(ROUNDS):
            take_away, give_back = WAYS[number % len(WAYS)]
            take_away(world)
            committed = time.monotonic_ns()
            time.sleep(PAUSE)
            closed.append((committed, time.monotonic_ns()))
            give_back(world)
            time.sleep(PAUSE)
    begun_after = [one for one in found if any(start <= one[0] and one[1] <= end for start, end in closed)]
    assert not [one for one in begun_after if one[2]]
    assert len(begun_after) > ROUNDS, "Nobody was reading while it was closed."
    assert sum(seen for _, _, seen in found) > ROUNDS, "Nobody read anything while it was open."


def read_as_guests(url: str, secrets: list[str], ready: Any, stop: Any, told: Any) -> None:
    """Another process: opens each guest link again and again. Which one stands beside each reading."""
    database, found = Database(url, resource_dir("policies")), list[tuple[int, Reading]]()
    while not stop.is_set():
        if len(found) == len(secrets):  # Each was opened once.
            ready.wait(60)
        number = len(found) % len(secrets)
        began = time.monotonic_ns()
        try:
            seen = canary(KEY) in open_shared(database, secrets[number]).model_dump_json()
        except Gone:
            seen = False
        found.append((number, (began, time.monotonic_ns(), seen)))
    told.put(found)
    database.close()


def test_a_guest_link_stopped_in_one_process_is_gone_in_another_at_once(world: World, database_url: str) -> None:
    draft = ShareLinkDraft(section_keys=[KEY], expires_in_hours=1)
    made = [world.ask("dee", lambda uow: make_share_link(uow, world.plan_id, draft, "")) for _ in range(6)]
    fresh = multiprocessing.get_context("spawn")
    ready, stop, told, ended = fresh.Barrier(2), fresh.Event(), fresh.Queue(), list[int]()
    secrets = [one.url.partition("#")[2] for one in made]  # type: ignore[attr-defined]  # ask answers the view
    reader = fresh.Process(target=read_as_guests, args=(database_url, secrets, ready, stop, told))
    reader.start()
    try:
        ready.wait(60)
        time.sleep(10 * PAUSE)
        for one in made:
            world.ask("dee", lambda uow, one=one: end_share_link(uow, world.plan_id, one.id))  # type: ignore[misc]  # a loop's lambda
            ended.append(time.monotonic_ns())
            time.sleep(3 * PAUSE)
        stop.set()
        found = told.get(timeout=60)
    finally:
        stop.set()
        reader.join(30)
    begun_after = [seen for number, (began, _, seen) in found if began > ended[number]]
    assert not any(begun_after)
    assert len(begun_after) > len(made)
    assert {number for number, (_, _, seen) in found if seen} == set(range(len(made))), "Each was read while it lasted."


# One at a time: everything that came from what was taken away.


def section(world: World, key: str = KEY) -> str:
    return f"/v1/plans/{world.plan_id}/sections/{key}"


def gone(client: TestClient, world: World, key: str = KEY) -> bool:
    """The section, its history, the plan's list and search all say that nothing is there."""
    hits = client.get("/v1/search", params={"q": canary(key)}).json()["items"]
    plan = client.get(f"/v1/plans/{world.plan_id}/document")
    return (
        client.get(section(world, key)).status_code == client.get(section(world, key) + "/revisions").status_code == 404
        and not hits
        and canary(key) not in plan.text
    )


@pytest.mark.parametrize("way", range(len(WAYS)))
def test_a_token_and_a_cookie_made_before_open_nothing_after(world: World, way: int) -> None:
    token, browser = world.api("lee"), world.browser("lee")
    page = world.url(f"/sections/{KEY}")
    etag = token.get(section(world)).headers["etag"]
    assert browser.get(page).status_code == 200
    take_away, give_back = WAYS[way]
    take_away(world)
    assert gone(token, world)
    assert browser.get(page).status_code == 404
    assert token.get(section(world), headers={"If-None-Match": etag}).status_code == 404
    change = {"body_markdown": "x", "voice": {"whose": "family", "how": "own_words"}}
    assert token.patch(section(world), json=change, headers={"If-Match": etag}).status_code == 404
    give_back(world)
    assert token.get(section(world)).status_code == 200


def test_who_is_removed_sees_what_a_stranger_sees(world: World) -> None:
    lee, kit, page = world.api("lee"), world.api("kit"), world.browser("lee")
    world.ask("dee", lambda uow: end_member(uow, world.plan_id, world.members["lee"]))
    for path in ("", "/document", "/sections", f"/sections/{KEY}", "/members", "/access"):
        url = f"/v1/plans/{world.plan_id}{path}"
        answers = [client.get(url, headers={"X-Request-Id": "same"}) for client in (lee, kit)]
        assert answers[0].status_code == answers[1].status_code == 404
        assert answers[0].content == answers[1].content
    assert lee.get("/v1/plans").json()["items"] == lee.get("/v1/me").json()["plans"] == []
    assert page.get(world.url()).status_code == 404
    assert gone(lee, world)


def test_a_membership_and_a_grant_end_with_their_last_day(world: World) -> None:
    lee = world.api("lee")
    today = clock.now().date()
    draft = MemberGrantDraft(member_id=world.members["lee"], level=Level.EDIT, expires_on=today + timedelta(days=3))
    world.ask("dee", lambda uow: give(uow, world.plan_id, KEY, draft))
    patch = MemberPatch(ends_on=today + timedelta(days=5))
    world.ask("dee", lambda uow: change_member(uow, world.plan_id, world.members["lee"], patch))
    lasting = world.token  # A token lasts a day, so each look takes a fresh one.
    del lee
    for days, statuses in {3: (200, 200), 4: (200, 404), 5: (200, 404), 6: (404, 404)}.items():
        with clock.frozen(clock.now().replace(hour=11) + timedelta(days=days)):
            client = client_of(world.app, base_url="http://testserver", headers={"Authorization": f"Bearer {lasting('lee')}"})  # fmt: skip
            plan = client.get(f"/v1/plans/{world.plan_id}").status_code
            assert (plan, client.get(section(world)).status_code) == statuses, days


@pytest.mark.parametrize(
    ("last", "counts", "gone"),
    [
        (date(2026, 10, 25), "2026-10-25T23:59:59", "2026-10-26T00:00:00"),  # Clocks went back: a day of 25 hours.
        (date(2027, 3, 28), "2027-03-28T22:59:59", "2027-03-28T23:00:00"),  # And forward: one of 23.
        (date(2027, 3, 27), "2027-03-27T23:59:59", "2027-03-28T00:00:00"),
        (date(2026, 10, 24), "2026-10-24T22:59:59", "2026-10-24T23:00:00"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_last_day_ends_at_midnight_where_the_family_lives_when_clocks_change(
    world: World, last: date, counts: str, gone: str
) -> None:
    with clock.frozen(datetime(2026, 10, 20, 12, tzinfo=UTC)) as now:
        draft = MemberGrantDraft(member_id=world.members["lee"], level=Level.READ, expires_on=last)
        world.ask("dee", lambda uow: give(uow, world.plan_id, KEY, draft))
        patch = MemberPatch(ends_on=last)
        world.ask("dee", lambda uow: change_member(uow, world.plan_id, world.members["sam"], patch))
        for moment, statuses in ((counts, (200, 200)), (gone, (404, 404))):
            now.set(datetime.fromisoformat(f"{moment}+00:00"))
            asked = (world.api("lee").get(section(world)), world.api("sam").get(f"/v1/plans/{world.plan_id}"))
            assert tuple(one.status_code for one in asked) == statuses, moment


def test_an_invitation_ends_with_its_sender(world: World) -> None:
    """Dee loses her ground for deciding, or is removed: what she handed out opens nothing any more."""
    draft = InvitationDraft.model_validate({"role": "friend", "relationship": "A friend", "grants": [{"section_key": "money", "level": "read"}]})  # fmt: skip
    links = [world.ask("dee", lambda uow: invite(uow, world.plan_id, draft, "")).accept_url for _ in range(2)]  # type: ignore[attr-defined]  # ask answers the view
    kit, yesterday = world.api("kit"), clock.now().date() - timedelta(days=1)

    def refused(link: str) -> None:
        answer = kit.post("/v1/invitations/accept", json={"token": link.rsplit("/", 1)[-1]})
        assert (answer.status_code, answer.json()["type"]) == (410, "/problems/invitation-ended")
        assert kit.get("/v1/plans").json()["items"] == []

    ground = MemberPatch(basis=BasisPatch.model_validate({"kind": "delegated", "valid_until": yesterday}))
    world.ask("maya", lambda uow: change_member(uow, world.plan_id, world.members["dee"], ground))
    refused(links[0])
    world.ask("maya", lambda uow: end_member(uow, world.plan_id, world.members["dee"]))
    refused(links[1])


def test_an_invitation_gives_nothing_that_its_sender_lost(world: World) -> None:
    draft = InvitationDraft.model_validate({"role": "friend", "relationship": "A friend", "grants": [{"section_key": key, "level": "read"} for key in ("money", "great-things")]})  # fmt: skip
    link = world.ask("dee", lambda uow: invite(uow, world.plan_id, draft, "")).accept_url  # type: ignore[attr-defined]  # the same
    closed = MemberGrantDraft(member_id=world.members["dee"], level=Level.NONE, withheld=True)
    world.ask("maya", lambda uow: give(uow, world.plan_id, "money", closed))
    kit = world.api("kit")
    assert kit.post("/v1/invitations/accept", json={"token": link.rsplit("/", 1)[-1]}).status_code == 201
    assert kit.get(section(world, "great-things")).status_code == 200
    assert gone(kit, world, "money")


def test_a_steward_whose_ground_has_ended_owns_nothing(world: World) -> None:
    dee, yesterday = world.api("dee"), clock.now().date() - timedelta(days=1)
    ground = MemberPatch(basis=BasisPatch.model_validate({"kind": "delegated", "valid_until": yesterday}))
    world.ask("maya", lambda uow: change_member(uow, world.plan_id, world.members["dee"], ground))
    assert dee.get(f"/v1/plans/{world.plan_id}").json()["is_partial"] is True
    assert gone(dee, world, "money")
    for path in ("/access", "/invitations", f"/members/{world.members['lee']}/grants"):
        assert dee.get(f"/v1/plans/{world.plan_id}{path}").status_code == 403


def test_a_closed_plan_is_there_for_its_owners_alone(world: World) -> None:
    lee, dee = world.api("lee"), world.api("dee")
    world.ask("dee", lambda uow: close_plan(uow, world.plan_id))
    assert gone(lee, world)
    assert lee.get(f"/v1/plans/{world.plan_id}").status_code == 404
    assert dee.get(section(world)).status_code == 200
    world.ask("dee", lambda uow: change_plan(uow, world.plan_id, PlanPatch(status="active")))
    assert lee.get(section(world)).status_code == 200


def test_what_is_brought_back_brings_no_rights_back(world: World) -> None:
    """An archived section, a restored text: who was let in since, and who was not, stays as it is."""
    lee = world.api("lee")
    world.ask("dee", lambda uow: archive_section(uow, world.plan_id, KEY))
    _stop(world)
    _settings(world, status="active")
    assert gone(lee, world)


def test_somebody_without_a_sign_in_is_told_nothing(world: World) -> None:
    """A made-up token, a member's id and a link's secret open nothing."""
    for token in ("guest", str(world.members["lee"]), str(world.plan_id), "pwt_guest"):
        client = client_of(world.app, base_url="http://testserver", headers={"Authorization": f"Bearer {token}"})
        for path in ("", "/document", f"/sections/{KEY}"):
            assert client.get(f"/v1/plans/{world.plan_id}{path}").status_code == 401
