"""Every actor crawls every reading route there is, in every form. What they find is what they were given, no more.

A new reading route has no example below, and this fails until it has one.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import product

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import select
from tests.pages.seen import form_of
from tests.papers import text_of
from tests.rights.canaries import ACTORS, CIRCLE, NOT_LOOKED_BACK_AT, OWNERS, SECTIONS, TO_DO, Canaries, key_of, word
from tests.world import email_of

from planwiki.activity.models import Delivery
from planwiki.base import clock
from planwiki.base.vocabulary import MailKind
from planwiki.exports.rules import IN_EASY_WORDS
from planwiki.settings import Settings
from planwiki.worker import Worker

PLAN, PAGES = "/v1/plans/{plan_id}", "/plans/{plan_id}"
SECTION, PAGE = f"{PLAN}/sections/{{section_key}}", f"{PAGES}/sections/{{key}}"
VERBS = ("read", "history", "manage")
NOTHING = ("",)

# Every reading route, with the queries it is asked with. Names in braces are filled with every one there is.
EXAMPLES: dict[str, tuple[str, ...]] = {
    "/healthz": NOTHING,
    "/readyz": NOTHING,
    "/metrics": NOTHING,
    "/v1": NOTHING,
    "/v1/me": NOTHING,
    "/v1/templates": NOTHING,
    "/v1/plans": ("", "?limit=1", "?status=active", "?fields=title"),
    PLAN: ("", "?fields=person"),
    f"{PLAN}/document": ("", "?sections={section_key}", "?as_member={member_id}"),
    f"{PLAN}/sections": ("", "?limit=2", "?fields=body_markdown"),
    SECTION: ("", "?fields=prompts"),
    f"{SECTION}/revisions": ("", "?limit=1"),
    f"{SECTION}/revisions/{{revision}}": NOTHING,
    f"{SECTION}/diff": ("?from=1&to=2", "?from=1&to=3", "?from=2&to=3&format=unified", "?from=2"),
    f"{SECTION}/grants": NOTHING,
    f"{PLAN}/media": ("", "?limit=2", "?section_key={section_key}"),
    f"{PLAN}/media/{{media_id}}": NOTHING,
    f"{PLAN}/media/{{media_id}}/content": NOTHING,
    f"{PAGES}/media/{{media_id}}": NOTHING,
    f"{PAGES}/media/{{media_id}}/{{size}}": NOTHING,
    f"{PAGES}/media/{{media_id}}/change": NOTHING,
    f"{PAGES}/media/{{media_id}}/remove": NOTHING,
    f"{PAGE}/media": NOTHING,
    f"{PLAN}/members": ("", "?limit=1"),
    f"{PLAN}/members/{{member_id}}": NOTHING,
    f"{PLAN}/members/{{member_id}}/grants": NOTHING,
    f"{PLAN}/access": NOTHING,
    f"{PLAN}/access/explain": tuple(
        f"?subject_type=member&subject_id={{member_id}}&section_key={key_of(name)}&verb={verb}"
        for name, verb in product(("diary", "notdee", "open"), VERBS)
    ),
    f"{PLAN}/invitations": NOTHING,
    f"{PLAN}/access-log": ("?limit=200", "?action=grant&from_date=2026-01-01"),
    f"{PLAN}/contributions": (
        *("", "?limit=3", "?status=withdrawn", "?kind=suggestion", "?section_key={section_key}"),
        "?status=withdrawn&section_key={section_key}",
    ),
    f"{PLAN}/contributions/{{contribution_id}}": NOTHING,
    f"{PLAN}/actions": ("", "?limit=3", "?status=planned&member_id={member_id}"),
    f"{PLAN}/actions/{{action_id}}": NOTHING,
    f"{PLAN}/share-links": NOTHING,
    "/v1/shared": NOTHING,
    "/v1/search": ("?q=everybody", "?q=zq", "?q=wrote&plan_id={plan_id}"),
    "/news": ("", "?page=2", "?waiting=2", "?aside=nothing"),  # Before sections are opened, and so marked as seen.
    "/news/stop/{token}": NOTHING,
    "/": NOTHING,
    "/help": NOTHING,
    "/leave": NOTHING,
    "/tell-someone": ("", "?plan={plan_id}"),
    "/problems/{slug}": NOTHING,
    "/robots.txt": NOTHING,
    "/sign-in": NOTHING,
    "/confirm/held": NOTHING,
    "/sign-in/letter": NOTHING,
    "/sign-in/second": NOTHING,
    "/sign-in/organisation": NOTHING,
    "/sign-in/with/{key}": NOTHING,
    "/sign-in/link/{secret}": NOTHING,
    "/new-account": NOTHING,
    "/mailbox": NOTHING,
    "/me": NOTHING,
    "/reading": ("", "?saved=yes&was=look%3Ddark"),
    "/host": NOTHING,
    "/plans": NOTHING,
    "/plans/start": NOTHING,
    PAGES: NOTHING,
    f"{PAGES}/settings": NOTHING,
    f"{PAGES}/order": NOTHING,
    f"{PAGES}/sections/new": NOTHING,
    PAGE: ("", "?face=easy&chosen=yes", "?face=pictures"),
    f"{PAGE}/easy/edit": ("", "?words=mine"),
    f"{PAGE}/easy/earlier": NOTHING,
    f"{PAGE}/how-i-see-it": ("", "?whose=person"),
    f"{PAGE}/how-i-see-it/earlier": NOTHING,
    f"{PAGE}/settings": NOTHING,
    f"{PAGE}/picture": NOTHING,
    f"{PAGE}/edit": ("", "?words=mine"),
    f"{PAGE}/history": NOTHING,
    f"{PAGE}/history/compare": ("?from=1&to=3",),
    f"{PAGE}/history/{{number}}": NOTHING,
    f"{PAGE}/history/{{older}}/{{newer}}": NOTHING,
    f"{PAGE}/say/{{kind}}": NOTHING,
    f"{PAGE}/suggest": NOTHING,
    f"{PAGES}/actions": NOTHING,
    f"{PAGE}/actions/new": NOTHING,
    f"{PAGE}/actions/{{action_id}}": NOTHING,
    f"{PAGE}/said": NOTHING,
    f"{PAGE}/said/{{contribution_id}}": NOTHING,
    f"{PAGE}/checked": NOTHING,
    f"{PAGE}/who": NOTHING,
    f"{PAGE}/who/change": NOTHING,
    f"{PAGES}/as/{{member_id}}": NOTHING,
    f"{PAGES}/as/{{member_id}}/sections/{{key}}": ("", "?face=easy"),
    f"{PAGES}/circle": NOTHING,
    f"{PAGES}/circle/add": NOTHING,
    f"{PAGES}/circle/invite": NOTHING,
    f"{PAGES}/circle/{{member_id}}": NOTHING,
    f"{PAGES}/circle/{{member_id}}/came": NOTHING,
    f"{PAGES}/circle/{{member_id}}/leaving": NOTHING,
    f"{PAGES}/circle/rings": NOTHING,
    f"{PAGES}/circle/unused": NOTHING,
    f"{PAGES}/sharing": NOTHING,
    f"{PAGES}/looked": ("", "?who={member_id}"),
    f"{PAGES}/hand-over": NOTHING,
    f"{PAGES}/tablets": NOTHING,
    "/tablet": NOTHING,
    "/tablet/plan": NOTHING,
    "/tablet/sections/{key}": NOTHING,
    f"{PAGES}/tasks": NOTHING,
    f"{PAGES}/share-links": NOTHING,
    f"{PAGES}/share-links/new": NOTHING,
    "/shared": NOTHING,
    f"{PAGES}/sharing/why": ("", "?member={member_id}&section=" + key_of("diary") + "&may=read"),
    "/join": NOTHING,
    "/join/declined": NOTHING,
    "/join/waiting": NOTHING,
    "/join/{secret}": NOTHING,
    "/joined/waiting": NOTHING,
    "/joined/{secret}": NOTHING,
    "/search": ("?q=everybody", "?q=zq", "?q=wrote&plan={plan_id}"),
}
# Papers as they begin, and with every section there is asked for by its key.
ALL_PARTS = "?chosen=yes&large=yes&" + "&".join(f"take-{key_of(name)}=yes" for name in SECTIONS)
EXAMPLES |= {
    f"{PAGES}/print": NOTHING,
    f"{PAGES}/print/{{layout}}": NOTHING,
    f"{PAGES}/print/{{layout}}/paper": ("", ALL_PARTS, f"{ALL_PARTS}&easy=yes"),
    f"{PAGES}/print/{{layout}}/pdf": (ALL_PARTS,),
}
FORMS = {f"{SECTION}": ("application/json", "text/markdown", "text/html", "*/*")}
FORMS[f"{PAGE}/media"] = ("*/*", "application/json")
FORMS[f"{PLAN}/access-log"] = ("application/json", "text/csv")
HELD_OUT = {word("invitedas"), word("invitation")}  # Whoever holds an invitation's link is told this much.
_CANARY = re.compile(r"zq[a-z]+?qz")
_MAIL = re.compile(r"\b([a-z]+)@example\.org")
_BORN = re.compile(r"2009-03-07|7 March 2009|0?7/0?3/2009|7 Mar 2009|March 7, 2009|name=\"year\"[^>]*value=\"2009\"")


def reading_routes(app: FastAPI) -> set[str]:
    routes = (route for route in iter_route_contexts(app.routes) if "GET" in (route.methods or ()))
    return {route.path_format for route in routes}


def canaries_in(text: str) -> set[str]:
    found = {f"mail of {who}" for who in _MAIL.findall(text)} | set(_CANARY.findall(text))
    return found | ({word("born")} if _BORN.search(text) else set())


def found_in(answer: Response, url: str) -> set[str]:
    """The canaries in the body and the headers, but for those the asker wrote into the address."""
    said = text_of(answer.content) if answer.content.startswith(b"%PDF") else answer.text
    return canaries_in(said + str(answer.headers.multi_items())) - canaries_in(url)


def addresses(canaries: Canaries, route: str, most: int | None = None) -> Iterator[str]:
    """A route's addresses with everything filled in that there is: each with each, where that is not over `most`."""
    keys = [key_of(name) for name in SECTIONS]
    values = {
        "plan_id": [str(canaries.world.plan_id)],
        "section_key": keys,
        "key": keys,
        "member_id": [str(id) for id in canaries.world.members.values()],
        "media_id": [str(id) for id in canaries.media],
        "size": ["small", "large"],
        "layout": ["passport", "plan"],
        "revision": ["1", "2", "3"],
        "number": ["1", "2", "3"],
        "older": ["1", "2"],
        "newer": ["3"],
        "slug": ["not-found"],
        "kind": ["question"],
        "contribution_id": canaries.said[::6],
        "action_id": [str(id) for name, id in canaries.actions.items() if name not in NOT_LOOKED_BACK_AT],
        "secret": [canaries.secret, "pwi_nothing"],
        "token": ["nothing"],
    }
    for query in EXAMPLES[route]:
        address = route + query
        names = sorted(set(re.findall(r"{(\w+)}", address)))
        there = [values[name] for name in names]
        each_with_each = list(product(*there))
        for chosen in _side_by_side(there) if most and len(each_with_each) > most else each_with_each:
            yield address.format(**dict(zip(names, chosen, strict=True)))


def _side_by_side(there: list[list[str]]) -> Iterator[tuple[str, ...]]:
    for place in range(max(map(len, there))):
        yield tuple(values[place % len(values)] for values in there)


def on_sqlite(canaries: Canaries) -> bool:
    settings: Settings = canaries.world.app.state.settings
    return settings.database.startswith("sqlite")


def test_every_reading_route_has_an_example(app: FastAPI) -> None:
    assert reading_routes(app) == set(EXAMPLES)


# Everybody on SQLite. On PostgreSQL an owner, whose pages ask most, and Lee, who was given something of each kind; and
# not each with each where that is over fifty addresses. The pages are the same code, and test_small_worlds holds that
# row security says the same there of everybody.
CRAWLS = [*product(["sqlite"], ACTORS), *product(["postgresql"], ["dee", "lee"])]


@pytest.mark.parametrize(("database_url", "who"), CRAWLS, indirect=["database_url"])
def test_what_is_found_is_what_was_given(canaries: Canaries, who: str | None) -> None:
    clients = {True: canaries.world.api(who), False: canaries.world.browser(who)}
    allowed, found, asked = canaries.may_be_found_by(who), set[str](), 0
    most = None if on_sqlite(canaries) else 50
    for route in EXAMPLES:
        client = clients[route.startswith("/v1")]
        for url in addresses(canaries, route, most):
            held_out = HELD_OUT if url.endswith(canaries.secret) else set()
            for form in FORMS.get(route, ("*/*",)):
                answer = client.get(url, headers={"Accept": form})
                assert answer.status_code < 500, (who, url)
                here = found_in(answer, url) - held_out
                assert here <= allowed, f"{who} finds {sorted(here - allowed)} at {url}"
                found |= here
                asked += 1
            _look_at_the_head(client, url, allowed | held_out)
    assert asked > 300
    missing = allowed - found - canaries.need_not_show - _never_shown(who)
    assert not missing, f"{who} cannot find {sorted(missing)}"


def _look_at_the_head(client: TestClient, url: str, allowed: set[str]) -> None:
    """Headers alone say no more. One address in seven: the body is made and dropped the same way for all."""
    if sum(url.encode()) % 7 == 0:
        head = client.head(url)
        assert head.content == b""
        assert found_in(head, url) <= allowed, url


def _never_shown(who: str | None) -> set[str]:
    """Their own address is shown to those who can sign in; each of the cast can."""
    return {f"mail of {who}"} if who is None else set()


def test_searching_for_a_word_finds_it_only_where_it_may_be_read(canaries: Canaries) -> None:
    words = {
        word(name, version, part): section.now if version == "now" else set()
        for name, section in SECTIONS.items()
        for version, part in product(("first", "second", "now"), ("title", "body", "note", "helper"))
    }
    beside = {
        word(name, "media", part): s.now
        for name, s in SECTIONS.items()
        for part in ("alt", "caption", "spoken", "name")
    }
    beside |= {word(name, "late", "answered", "reason"): section.now for name, section in SECTIONS.items()}
    beside |= {word(name, "late", part): SECTIONS[name].now for name in TO_DO for part in ("what", "how", "going")}
    words |= {word(name, *part): set() for name in TO_DO for part in (("early", "what"), ("shelved",))}
    put_away = {one for one in (*words, *beside) if one.startswith("zqaway")}
    words |= beside
    asking = [one for one in ACTORS if one] if on_sqlite(canaries) else ["dee", "lee", "uma"]  # And somebody removed.
    for who in asking:
        client = canaries.world.api(who)
        for sought, readers in words.items():
            hits = client.get("/v1/search", params={"q": sought}).json()["items"]
            current = sought in beside or sought.endswith(("titleqz", "bodyqz"))
            assert len(hits) == (1 if current and sought not in put_away and who in readers else 0), (who, sought)


def test_a_letter_to_print_holds_what_the_link_tells_and_no_more(canaries: Canaries) -> None:
    dee, plan = canaries.world.browser("dee"), f"/plans/{canaries.world.plan_id}"
    typed = {"way": "letter", "role": "friend", "relationship": word("asked"), f"level-{key_of('open')}": "read"}
    made = dee.post(f"{plan}/circle/invite", data=typed)
    action = next(iter(re.findall(r'action="([^"]+/letter)"', made.text)))
    letter = dee.post(action, data=form_of(made, action))
    assert canaries_in(text_of(letter.content)) == {word("asked")}


def test_a_paper_holds_every_word_its_asker_may_read_and_no_other(canaries: Canaries) -> None:
    """On the page to print and in the PDF. The control: each actor's paper has the bodies of all their sections."""
    for who, layout in zip(sorted(CIRCLE), ("profile", "card", "passport", "plan") * 2, strict=False):
        allowed, client = canaries.may_be_found_by(who), canaries.world.browser(who)
        bodies = {word(name, "now", "body") for name in SECTIONS} - {word("away", "now", "body")}
        easy = {word(name, "late", "easy") for name in SECTIONS} - {word("away", "late", "easy")}
        for form in ("paper", "pdf"):
            url = f"/plans/{canaries.world.plan_id}/print/{layout}/{form}{ALL_PARTS.replace('large', 'small')}"
            answer, easily = client.get(url), client.get(f"{url}&easy=yes")
            assert answer.status_code == easily.status_code == 200, (who, url)
            assert bodies & allowed <= found_in(answer, url) <= allowed, (who, layout, form)
            expected = easy if layout in IN_EASY_WORDS else bodies
            assert expected & allowed <= found_in(easily, url) <= allowed, (who, layout, form)
            assert not (easy | bodies) - expected & found_in(easily, url), (who, layout, form)


def test_a_guest_finds_what_the_link_names_and_who_it_is_about(canaries: Canaries) -> None:
    """In the answer, on the page, and nothing at all on the paper that leads there."""
    plan, names = canaries.world.plan_id, ("open", "health")
    said = {"section_keys": [key_of(one) for one in names], "expires_in_hours": 1, "purpose_note": word("purpose")}
    link = canaries.world.api("dee").post(f"/v1/plans/{plan}/share-links", json=said).json()
    secret, nobody = link["url"].rpartition("#")[2], canaries.world.browser(None)
    about = {word(one) for one in ("preferred", "pronouns", "communication")}
    words = {word(name, "now", part) for name in names for part in ("title", "body")}
    keys = {key for name in names for key in (key_of(name), word(name, "prompt"))}
    answer = nobody.get("/v1/shared", headers={"Authorization": f"Bearer {secret}"})
    assert found_in(answer, "") == about | words | keys
    assert canaries_in(nobody.post("/shared", data={"link": secret}).text) == about | words
    paper = canaries.world.browser("dee").post(f"/plans/{plan}/share-links/{link['id']}/paper", data={"token": secret})
    assert "planwiki" in text_of(paper.content)
    assert not canaries_in(text_of(paper.content))


def test_no_letter_by_e_mail_holds_a_word_of_a_plan(canaries: Canaries) -> None:
    plan, typed = f"/plans/{canaries.world.plan_id}", {"role": "friend", "relationship": word("asked")}
    mailed = {
        "way": "email",
        "email": "new@example.com",
        "message": word("secretly"),
        f"level-{key_of('open')}": "read",
    }
    for who in OWNERS:
        assert canaries.world.browser(who).post(f"{plan}/circle/invite", data=typed | mailed).status_code == 200
    database = canaries.world.database
    worker, next_week = Worker(canaries.world.app.state.settings, database), clock.now() + timedelta(days=8)
    worker.write_news()
    with clock.frozen(next_week):
        worker.write_news()
    with database.system_session("what waits to be sent", writes=False) as session:
        rows = list(session.exec(select(Delivery)))
        letters = [str(database.sealer.open(row.sealed or "") | row.facts) for row in rows]
    news = {database.sealer.open(row.sealed or "")["to"] for row in rows if row.kind is MailKind.NEWS}
    assert news == {email_of(who) for who in CIRCLE - {"maya"}}  # All that was written there she wrote herself.
    assert len(letters) > len(CIRCLE)
    assert not set().union(*(re.findall(r"zq[a-z]+?qz|Maya", one) for one in letters))


def test_news_are_of_what_may_be_read_now(canaries: Canaries) -> None:
    for who in (one for one in ACTORS if one):
        client = canaries.world.browser(who)
        shown = "".join(client.get(f"/news?page={number}").text for number in range(1, 5))
        new = {name for name, section in SECTIONS.items() if who in section.now} - {"away"}
        expected = {word(name, "now", "title") for name in new} if who != "maya" else set()  # She wrote it all herself.
        assert {one for one in canaries_in(shown) if "title" in one} == expected, who


def test_a_look_as_somebody_shows_what_both_may_see(canaries: Canaries) -> None:
    client = canaries.world.api("dee")
    for whom in CIRCLE:
        url = f"/v1/plans/{canaries.world.plan_id}/document?as_member={canaries.world.members[whom]}"
        answer = client.get(url)
        assert answer.status_code == 200
        both = canaries.may_be_found_by("dee") & canaries.may_be_found_by(whom)
        assert found_in(answer, url) <= both, whom
        bodies = {word(name, "now", "body") for name in SECTIONS} - {word("away", "now", "body")}
        assert found_in(answer, url) >= both & bodies, whom
