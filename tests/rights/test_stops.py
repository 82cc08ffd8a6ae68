"""What was stopped stays stopped, also when a host puts an older backup back."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select
from tests.restoring import Backup, command_line
from tests.world import World

from planwiki.activity.models import Delivery
from planwiki.activity.stops import StopBook
from planwiki.base.errors import Invalid
from planwiki.base.vocabulary import MailKind
from planwiki.circle.commands import change_member, end_member
from planwiki.circle.schemas import MemberPatch
from planwiki.circle.stop_commands import Scribe
from planwiki.people.commands import change_password
from planwiki.people.schemas import PasswordChange
from planwiki.plans.commands import start_plan
from planwiki.plans.schemas import PlanDraft, PlanView
from planwiki.settings import Settings


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    return command_line(settings, monkeypatch)


def status(world: World, who: str, key: str = "") -> int:
    path = f"/v1{world.url()}/sections/{key}" if key else f"/v1{world.url()}"
    return world.api(who).get(path).status_code


def letters(world: World) -> set[tuple[str, str]]:
    """To whom a letter about a pause goes, and where it leads."""
    with world.database.system_session("letters", writes=False) as session:
        rows = session.exec(select(Delivery).where(Delivery.kind == MailKind.SHARING_PAUSED)).all()
        said = [world.database.sealer.open(one.sealed or "") for one in rows]
    return {(one["to"], one["link"]) for one in said}


def before_the_backup(world: World) -> tuple[UUID, str]:
    """Sam decides too; Kit has a plan beside; somebody is invited."""
    for who in ("dee", "maya"):
        patch = MemberPatch.model_validate({"role": "steward"})
        world.ask(who, lambda uow: change_member(uow, world.plan_id, world.members["sam"], patch))  # noqa: B023 - asked at once
    draft = PlanDraft.model_validate({"person": {"display_name": "Jo"}, "my_role": "steward", "template": "blank"})
    plan: PlanView = world.ask("kit", lambda uow: start_plan(uow, draft))  # type: ignore[assignment]  # what that verb answers
    grants = [{"section_key": "great-things", "level": "read"}]
    invitation = {"role": "friend", "relationship": "Friend", "grants": grants}
    return plan.id, world.api("dee").post(f"/v1{world.url()}/invitations", json=invitation).json()["id"]


def stopped_after_it(world: World, invitation: str) -> None:
    """Nan's share of one section, an invitation, Sam's word, places in the circle, and Dr Rao's old password."""
    dee, path = world.api("dee"), f"/v1{world.url()}/sections/wellness/grants"
    kept = {"roles": {}, "members": [{"member_id": str(world.members["rao"]), "level": "suggest"}]}
    assert dee.put(path, json=kept, headers={"If-Match": dee.get(path).headers["etag"]}).status_code == 200
    assert dee.delete(f"/v1{world.url()}/invitations/{invitation}").status_code == 204
    patch = MemberPatch.model_validate({"role": "friend"})
    world.ask("maya", lambda uow: change_member(uow, world.plan_id, world.members["sam"], patch))
    world.ask("maya", lambda uow: end_member(uow, world.plan_id, world.members["lee"]))
    world.ask("maya", lambda uow: end_member(uow, world.plan_id, world.members["dee"]))
    world.ask("rao", lambda uow: change_password(uow, PasswordChange(new="four quite small words")))


STOPPED = ["grant.ended", "member.ended", "plan.frozen"]


def test_what_is_stopped_is_written_down_before_anybody_is_told_that_it_is(world: World, settings: Settings) -> None:
    book = StopBook(settings.data_dir)
    scribe = Scribe(book)
    scribe.write_down(world.database)
    before = len(book.read())
    dee = world.browser("dee")
    assert dee.post(world.url(f"/circle/{world.members['sam']}/remove")).status_code == 303
    assert dee.post(world.url("/sharing/freeze")).status_code == 303
    assert dee.get(world.url("/circle")).status_code == 200
    assert [one.verb for one in book.read()[before:]] == STOPPED  # type: ignore[union-attr]  # of a plan, all
    scribe.write_down(world.database)
    assert len(book.read()) == before + len(STOPPED), "once each"
    (settings.data_dir / "stops.txt").unlink()
    (settings.data_dir / "stops.txt").mkdir()
    assert dee.post(world.url("/sharing/unfreeze")).status_code == 303
    assert dee.post(world.url("/sharing/freeze")).status_code == 303, "stopping never waits for paper"
    assert status(world, "nan", "wellness") == 404


OPEN = (("nan", "wellness"), ("lee", "great-things"), ("sam", "money"), ("dee", ""), ("maya", "money"))


def test_a_backup_opens_nothing_that_was_stopped_and_lets_nobody_in_who_was_out(
    world: World, settings: Settings, tmp_path: Path, run: Any
) -> None:
    kits_plan, invitation = before_the_backup(world)
    scribe = Scribe(StopBook(settings.data_dir))
    browsers = {who: world.browser(who) for who in ("maya", "kit")}
    scribe.write_down(world.database)
    backup = Backup(world.database, settings.database_url, tmp_path)
    stopped_after_it(world, invitation)
    for _ in range(2):
        scribe.write_down(world.database)
    assert "and none is open again" in run("doctor")[0]
    backup.put_back()
    assert {status(world, *one) for one in OPEN} == {200}, "control: the backup opens all of it"

    for words in (("doctor",), ("serve",), ("worker", "--once")):
        said, well = run(*words)
        assert (well, "Run planwiki host replay-stops" in said) == (False, True), words
    assert [run("host", "replay-stops")[0] for _ in range(2)] == [
        "Sharing paused in 1 plans, and 1 accounts closed.\n",
        "Sharing paused in 0 plans, and 0 accounts closed.\n",
    ]
    assert "and none is open again" in run("doctor")[0]
    assert "as it was written" not in run("audit", "verify")[0]
    assert [status(world, *one) for one in OPEN] == [404, 404, 404, 404, 200]
    assert {browser.get("/me").status_code for browser in browsers.values()} == {303}, "everybody signs in afresh"
    with pytest.raises(Invalid):
        world.browser("rao")
    maya = world.browser("maya")
    assert "We paused all sharing" in maya.get(world.url("/sharing")).text
    assert "Planwiki itself took Lee out of the circle." in maya.get(world.url("/looked")).text
    assert maya.post(world.url("/sharing/unfreeze")).status_code == 303
    assert [status(world, *one) for one in OPEN[1:4]] == [404, 404, 404], "who was out stays out"
    assert letters(world) == {("maya@example.org", f"{settings.base_url}{world.url('/sharing')}")}, "no one who was out"
    invitations = world.api("maya").get(f"/v1{world.url()}/invitations").json()["items"]
    assert {one["status"] for one in invitations if one["id"] == invitation} == {"withdrawn"}

    assert world.api("kit").get(f"/v1/plans/{kits_plan}").json()["status"] == "active", "no other plan is touched"
    assert run("host", "replay-stops", "--every-plan")[0] == "Sharing paused in 2 plans, and 0 accounts closed.\n"
    assert "We paused all sharing" in world.browser("kit").get(f"/plans/{kits_plan}/sharing").text
