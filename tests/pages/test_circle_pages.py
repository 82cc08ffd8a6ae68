"""The circle and its invitations, as a browser meets them."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.pages.seen import form_of, words_of
from tests.world import PASSWORD, World, email_of

from planwiki.base import clock
from planwiki.base.ids import new_id, new_secret

TEACHER = {
    "relationship": "Teacher",
    "role": "professional",
    "organisation": "Hill School",
    "level-wellness": "comment",
}
JO = {"display_name": "Jo", "email": "jo@example.org"}


def invite(world: World, **typed: str) -> str:
    """The secret of a fresh invitation, made as Dee makes it."""
    answer = world.browser("dee").post(world.url("/circle/invite"), data=TEACHER | typed)
    link = re.search(r'value="http://testserver/join/([^"]+)"', answer.text)
    assert link, words_of(answer)
    return link[1]


def say(world: World, answer: str, name: str) -> None:
    """Dee's answer to the question whether the right one came, whose page she finds on the plan's own."""
    dee = world.browser("dee")
    plan = dee.get(world.url())
    assert f"Somebody took your invitation: is this {name}?" in words_of(plan)
    came = re.search(r'href="(/plans/[^"]+/came)"', plan.text)
    assert came
    assert dee.post(came[1], data={"answer": answer}).status_code == 303


def test_people_stand_by_closeness(world: World) -> None:
    words = words_of(world.browser("nan").get(world.url("/circle"))).partition("plan. ")[2]
    order = [
        "They decide",
        "Dee",
        "Maya",
        "Family and friends",
        "Nan",
        "Sam",
        "Key workers",
        "Lee",
        "Professionals",
        "Dr Rao",
    ]
    places = [words.index(one) for one in order]
    assert places == sorted(places)
    assert "Nan you" in words


def test_only_owners_are_offered_to_change_the_circle(world: World) -> None:
    assert "Invite someone" in words_of(world.browser("dee").get(world.url("/circle")))
    assert "Invite someone" not in words_of(world.browser("lee").get(world.url("/circle")))


@pytest.mark.parametrize("path", ["", "/add", "/invite", "/{nan}"])
def test_the_circle_of_a_hidden_plan_answers_like_none(world: World, path: str) -> None:
    path = path.format(nan=world.members["nan"])
    hidden = world.browser("kit").get(world.url(f"/circle{path}"))
    missing = world.browser("kit").get(f"/plans/{new_id()}/circle{path}")
    assert hidden.status_code == missing.status_code == 404
    assert words_of(hidden) == words_of(missing)


def test_somebody_without_an_account_is_added_by_name(world: World) -> None:
    dee = world.browser("dee")
    typed = {
        "display_name": "Uncle Jo",
        "role": "family",
        "relationship": "Uncle",
        "phone": "01234 567",
        "call_first": "yes",
    }
    assert dee.post(world.url("/circle/add"), data=typed).status_code == 303
    words = words_of(dee.get(world.url("/circle")))
    assert "Uncle Jo call first no account Uncle 01234 567" in words
    assert "01234" not in words_of(world.browser("nan").get(world.url("/circle")))


def test_what_was_typed_stays_when_something_is_missing(world: World) -> None:
    answer = world.browser("dee").post(world.url("/circle/add"), data={"display_name": "Uncle Jo", "relationship": ""})
    assert answer.status_code == 422
    assert form_of(answer, world.url("/circle/add"))["display_name"] == "Uncle Jo"
    assert {'href="#field-relationship"', 'href="#field-role"'} <= set(re.findall(r'href="#field-\w+"', answer.text))


@pytest.mark.parametrize(
    "path", ["/circle/add", "/circle/invite", "/circle/{lee}", "/circle/{lee}/remove", "/circle/{lee}/pause"]
)
def test_a_member_who_does_not_decide_changes_nothing(world: World, path: str) -> None:
    before = words_of(world.browser("dee").get(world.url("/circle")))
    data = TEACHER | {"display_name": "Me", "role": "family", "status": "suspended"}
    answer = world.browser("nan").post(world.url(path.format(lee=world.members["lee"])), data=data)
    assert answer.status_code == 403
    assert words_of(world.browser("dee").get(world.url("/circle"))) == before


def test_a_member_is_changed(world: World) -> None:
    dee, lee = world.browser("dee"), world.url(f"/circle/{world.members['lee']}")
    form = form_of(dee.get(lee), lee)
    assert (form["display_name"], form["role"]) == ("Lee", "key_worker")
    assert dee.post(lee, data=form | {"display_name": "Lee Hill", "phone": "555"}).status_code == 303
    words = words_of(dee.get(lee))
    assert "Lee Hill" in words
    assert "555" in words


def test_a_last_day_in_the_past_is_refused_beside_its_field(world: World) -> None:
    dee, lee = world.browser("dee"), world.url(f"/circle/{world.members['lee']}")
    answer = dee.post(lee, data=form_of(dee.get(lee), lee) | {"ends_on": "2020-01-01", "display_name": "Lee Hill"})
    assert answer.status_code == 422
    assert "That day has passed" in words_of(answer)
    assert form_of(answer, lee)["display_name"] == "Lee Hill"


def test_a_paused_member_sees_nothing_until_the_pause_ends(world: World) -> None:
    dee, sam, page = world.browser("dee"), world.browser("sam"), world.url("/sections/great-things/who")
    here = world.url(f"/circle/{world.members['sam']}/pause")
    assert sam.get(page).status_code == 200
    dee.post(here, data={"status": "suspended"})
    assert sam.get(page).status_code == 404
    dee.post(here, data={"status": "active"})
    assert sam.get(page).status_code == 200


def test_one_removed_is_gone_at_once_and_can_be_brought_back(world: World) -> None:
    dee, nan, page = world.browser("dee"), world.browser("nan"), world.url("/sections/wellness/who")
    gone = dee.post(world.url(f"/circle/{world.members['nan']}/remove"))
    assert gone.status_code == 303
    assert nan.get(page).status_code == nan.get(world.url("/circle")).status_code == 404
    shown = dee.get(gone.headers["location"])
    assert "Nan is not in the circle any more" in words_of(shown)
    back = world.url(f"/circle/{world.members['nan']}/bring-back")
    assert dee.post(back, data=form_of(shown, back)).status_code == 303
    assert nan.get(page).status_code == 200
    assert nan.get(world.url("/sections/money/who")).status_code == 404


def test_after_ten_minutes_nobody_is_brought_back(world: World) -> None:
    dee = world.browser("dee")
    with clock.frozen(clock.now()) as time:
        shown = dee.get(dee.post(world.url(f"/circle/{world.members['nan']}/remove")).headers["location"])
        back = world.url(f"/circle/{world.members['nan']}/bring-back")
        form = form_of(shown, back)
        time.move(timedelta(minutes=10))
        assert dee.post(back, data=form).status_code == 409
        assert world.browser("nan").get(world.url("/circle")).status_code == 404


def test_what_an_invitation_does_is_said_before_it_is_made(world: World) -> None:
    dee = world.browser("dee")
    shown = dee.post(world.url("/circle/invite/check"), data=TEACHER)
    words = words_of(shown)
    assert "joins as a professional (“Teacher”). They will see 1 section. My wellness can comment" in words
    assert "Money" in words.split("not know about")[1]
    assert "Teacher" not in words_of(dee.get(world.url("/circle")))
    made = dee.post(world.url("/circle/invite"), data=form_of(shown, world.url("/circle/invite")))
    assert "We show it only this once" in words_of(made)


def test_what_a_group_already_sees_is_foretold_too(world: World) -> None:
    dee = world.browser("dee")
    who = world.url("/sections/outcomes/who")
    dee.post(who, data=form_of(dee.get(f"{who}/change"), f"{who}/check") | {"role-professional": "read"})
    words = words_of(dee.post(world.url("/circle/invite/check"), data=TEACHER))
    assert "They will see 2 sections" in words


def test_the_secret_is_shown_once_and_nowhere_else(world: World) -> None:
    dee, secret = world.browser("dee"), invite(world)
    assert secret not in dee.get(world.url("/circle")).text
    answer = world.browser(None).get(f"/join/{secret}")
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "no-store"
    assert not re.findall(rf'(?:href|src|action)="[^"]*{secret}', answer.text)


def test_somebody_new_joins_in_one_act_and_sees_only_what_was_given(world: World) -> None:
    secret, browser = invite(world), world.browser(None)
    asked = browser.get(f"/join/{secret}")
    assert "Dee asks you into the circle of a plan, as a professional." in words_of(asked)
    assert "Maya" not in asked.text
    answer = browser.post("/join/new", data=form_of(asked, "/join/new") | JO)
    assert (answer.status_code, answer.headers["location"]) == (303, world.url("?said=waits"))
    assert "Your e-mail address waits for its letter." in words_of(browser.get(answer.headers["location"]))
    say(world, "yes", "Jo")
    assert browser.get(world.url("/sections/wellness/who")).status_code == 200
    assert browser.get(world.url("/sections/great-things/who")).status_code == 404


def test_somebody_with_an_account_signs_in_and_comes_back_to_say_yes(world: World) -> None:
    secret, browser = invite(world), world.browser(None)
    away = browser.post("/join/sign-in", data=form_of(browser.get(f"/join/{secret}"), "/join/sign-in"))
    assert secret not in away.headers["location"]
    typed = {"email": email_of("kit"), "password": PASSWORD, "next": "/join/waiting"}
    back = browser.post("/sign-in", data=typed)
    back = browser.get(back.headers["location"])
    assert back.headers["location"] == f"/join/{secret}"
    asked = browser.get(f"/join/{secret}")
    assert "You are signed in as Kit" in words_of(asked)
    assert browser.get(world.url("/circle")).status_code == 404
    assert browser.post("/join", data=form_of(asked, "/join")).headers["location"] == world.url("?said=in")
    assert browser.get(world.url("/circle")).status_code == 200


def test_a_wrong_try_to_join_makes_nothing_and_keeps_what_was_typed(world: World) -> None:
    secret, browser = invite(world), world.browser(None)
    for typed in ({"email": ""}, {"email": "no address"}, {"display_name": ""}):
        answer = browser.post("/join/new", data={"token": secret} | JO | typed)
        assert answer.status_code == 422
        assert form_of(answer, "/join/new")["display_name"] == (JO | typed)["display_name"]
    assert browser.post("/join/new", data={"token": secret} | JO).status_code == 303


def test_without_an_invitation_nobody_makes_an_account(world: World) -> None:
    for secret in (new_secret("pwi"), "", "\x00"):
        assert world.browser(None).post("/join/new", data={"token": secret} | JO).status_code == 410
    answer = world.browser(None).post("/sign-in", data={"email": JO["email"], "password": PASSWORD})
    assert answer.status_code == 422


def withdraw(world: World, _secret: str) -> None:
    dee = world.browser("dee")
    action = re.search(r'action="(/plans/[^"]+/withdraw)"', dee.get(world.url("/circle")).text)
    assert action
    assert dee.post(action[1]).status_code == 303


def say_no(world: World, secret: str) -> None:
    assert world.browser(None).post("/join/decline", data={"token": secret}).headers["location"] == "/join/declined"


def join(world: World, secret: str) -> None:
    assert world.browser(None).post("/join/new", data={"token": secret} | JO).status_code == 303


@pytest.mark.parametrize("end", [withdraw, say_no, join])
def test_an_ended_invitation_answers_like_one_that_never_was(world: World, end: Callable[[World, str], None]) -> None:
    secret = invite(world)
    end(world, secret)
    ended, never = (world.browser(None).get(f"/join/{one}") for one in (secret, new_secret("pwi")))
    assert ended.status_code == never.status_code == 410
    assert words_of(ended) == words_of(never)


def test_an_invitation_without_its_words_is_mended_in_place(world: World) -> None:
    typed = {"role": "family", "level-wellness": "read", "expires_on": "2020-01-01", "relationship": "Aunt"}
    answer = world.browser("dee").post(world.url("/circle/invite/check"), data=typed)
    assert answer.status_code == 422
    assert 'href="#field-expires_on"' in answer.text
    form = form_of(answer, world.url("/circle/invite/check"))
    assert (form["relationship"], form["level-wellness"]) == ("Aunt", "read")


def test_an_invitation_goes_by_the_name_of_whom_it_is_for(world: World) -> None:
    dee, typed = world.browser("dee"), TEACHER | {"display_name": "Jo Hill"}
    foretold = dee.post(world.url("/circle/invite/check"), data=typed)
    assert "This is for Jo Hill." in words_of(foretold)
    made = dee.post(world.url("/circle/invite"), data=form_of(foretold, world.url("/circle/invite")))
    assert "The link for Jo Hill" in words_of(made)
    assert "Jo Hill · Teacher · Professional" in words_of(dee.get(world.url("/circle")))
    assert form_of(world.browser(None).get(f"/join/{invite(world, **typed)}"), "/join/new")["display_name"] == "Jo Hill"
    too_long = dee.post(world.url("/circle/invite"), data=typed | {"display_name": "x" * 201})
    assert too_long.status_code == 422 and 'href="#field-display_name"' in too_long.text


def test_programs_of_owners_alone_are_told_whom_an_invitation_is_for(world: World) -> None:
    secret = invite(world, display_name="Jo Hill")
    assert "Jo Hill" not in world.api(None).post("/v1/invitations/preview", json={"token": secret}).text
    assert "Jo Hill" in world.api("dee").get(f"/v1{world.url('/invitations')}").text


WHY = {"basis-kind": "parental_responsibility", "basis-scope": "School\n\n Health ", "basis-proof_seen_by": "Lee"}
WHEN = {"basis-valid_until": "2031-05-06", "basis-review_on": "2030-05-06"}


def test_why_a_steward_decides_is_written_changed_and_taken_back(world: World) -> None:
    dee, here = world.browser("dee"), world.url(f"/circle/{world.members['dee']}")
    assert dee.post(here, data=form_of(dee.get(here), here) | WHY | WHEN).status_code == 303
    kept = form_of(dee.get(here), here)
    assert {name: kept[name] for name in WHY | WHEN} == WHY | WHEN | {"basis-scope": "School\nHealth"}
    assert "Why they decide They are a parent, and the law says so" in words_of(dee.get(here))
    maya = world.browser("maya")
    longer = dee.post(here, data=kept | {"basis-valid_until": ""})
    assert (longer.status_code, form_of(dee.get(here), here)) == (403, kept), "nobody makes their own time longer"
    maya.post(here, data=kept | {"basis-valid_until": "", "basis-scope": ""})
    assert form_of(dee.get(here), here) == kept | {"basis-valid_until": "", "basis-scope": ""}
    maya.post(here, data=kept | {"basis-kind": ""})
    assert {form_of(dee.get(here), here)[name] for name in WHY | WHEN} == {""}


def test_a_ground_needs_its_kind_and_days_that_are_days(world: World) -> None:
    dee, here = world.browser("dee"), world.url(f"/circle/{world.members['dee']}")
    form = form_of(dee.get(here), here)
    for typed, field in (
        ({"basis-proof_seen_by": "Lee"}, "basis-kind"),
        ({"basis-kind": "deputy", "basis-valid_until": "soon"}, "basis-valid_until"),
        ({"basis-kind": "nonsense"}, "basis-kind"),
    ):
        answer = dee.post(here, data=form | typed)
        assert answer.status_code == 422
        assert f'href="#field-{field}"' in answer.text, typed
    assert form_of(dee.get(here), here) == form


def test_a_steward_is_asked_why_by_themselves_and_the_person_alone(world: World) -> None:
    here, lee = (world.url(f"/circle/{world.members[who]}") for who in ("dee", "lee"))
    assert "basis-kind" in form_of(world.browser("maya").get(here), here)
    assert "basis-kind" not in form_of(world.browser("dee").get(lee), lee)
    assert "Why they decide" not in world.browser("nan").get(here).text
    dee = world.browser("dee")
    world.browser("maya").post(f"{lee}/steward", data={"answer": "yes"})
    assert "basis-kind" not in form_of(dee.get(lee), lee)
    assert "basis-kind" in form_of(world.browser("maya").get(lee), lee)
