"""Who may come in at all: no request from another site changes anything, whoever is signed in."""

import pytest
from tests.world import World

from planwiki.base.vocabulary import Level
from planwiki.circle.commands import confirm_member
from planwiki.circle.grant_commands import give
from planwiki.circle.invitation_commands import accept, invite
from planwiki.circle.schemas import InvitationDraft, MemberGrantDraft

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
    ids=str,
)
def test_another_site_cannot_make_a_browser_share(world: World, headers: dict[str, str]) -> None:
    dee, page = world.browser("dee"), world.url("/sections/great-things")
    before = dee.get(f"{page}/history").text
    form = {"title": "x", "body_markdown": "taken over", "whose": "family", "how": "own_words", "based_on": "1"}
    assert dee.post(f"{page}/edit", data=form, headers=headers).status_code == 403
    assert dee.get(page).text.count("taken over") == 0
    assert len(dee.get(f"{page}/history").text) == pytest.approx(len(before), abs=200)


@pytest.mark.parametrize("method", UNSAFE)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/v1/plans", "/nowhere"])
def test_every_unsafe_method_from_another_site_is_refused(world: World, method: str, path: str) -> None:
    answer = world.browser("dee").request(method, path, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_what_the_person_closed_to_a_steward_no_other_steward_opens(world: World) -> None:
    draft = InvitationDraft(role="steward", relationship="Father")
    link = world.ask("dee", lambda uow: invite(uow, world.plan_id, draft, "").accept_url)
    waits = world.ask("kit", lambda uow: accept(uow, str(link).rsplit("/", 1)[-1])[1])
    world.ask("maya", lambda uow: confirm_member(uow, world.plan_id, waits.id))  # type: ignore[attr-defined]  # a view
    closed = MemberGrantDraft(member_id=world.members["dee"], level=Level.NONE, withheld=True)
    world.ask("maya", lambda uow: give(uow, world.plan_id, "money", closed))
    kit, dee, grants = world.api("kit"), world.api("dee"), f"/v1{world.url('/sections/money/grants')}"
    seen = kit.get(grants)
    opened = kit.put(grants, json={"roles": {}, "members": []}, headers={"If-Match": seen.headers["ETag"]})
    assert opened.status_code == 403
    assert dee.get(f"/v1{world.url('/sections/money')}").status_code == 404
    by_name = f"/v1{world.url('/members')}/{world.members['dee']}/grants"
    opened = kit.put(by_name, json={"items": []}, headers={"If-Match": kit.get(by_name).headers["ETag"]})
    assert opened.status_code == 403
    assert kit.get(grants).json() == seen.json()
