"""A reader's place: kept on every device of theirs, for them alone, and over with the right to read."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import select
from tests.pages.seen import words_of
from tests.pages.test_reading_pages import choose
from tests.rights.test_tablet import Shared
from tests.world import World

from planwiki.activity.models import AuditEntry
from planwiki.authz.principal import Principal
from planwiki.base import clock
from planwiki.base.errors import Forbidden
from planwiki.circle.freeze_commands import freeze_sharing, unfreeze_sharing
from planwiki.circle.grant_commands import replace_section_grants
from planwiki.circle.schemas import SectionGrantsDraft
from planwiki.plans.place_commands import clear_places, keep_place
from planwiki.plans.place_models import ReadingPlace
from planwiki.plans.place_schemas import ReadingPlaceDraft
from planwiki.plans.schemas import SectionPatch, Voice
from planwiki.plans.section_commands import change_section

HERE = "/sections/wellness"
FILE = "0198c5b2-7a10-7c3e-9d41-2f6a8b0c1d2e"
AT = {"paragraph": "4", "begins": "0badcafe", "sentence": "2", "media_id": FILE, "second": "61"}


def keep(browser: TestClient, world: World, at: dict[str, str] = AT, where: str = HERE) -> Response:
    return browser.post(world.url(f"{where}/place"), data=at)


def offered(answer: Response) -> dict[str, str]:
    """What the page of a section tells its script about the place; nothing where it keeps none."""
    tag = re.search(r"<[^>]*data-island=\"place\"[^>]*>", answer.text)
    found = dict(re.findall(r'data-(\w+)="([^"]*)"', tag[0])) if tag else {}
    return {name: found[name] for name in ("paragraph", "begins", "sentence", "media", "second") if found.get(name)}


OFFERED = {"paragraph": "4", "begins": "0badcafe", "sentence": "2", "media": FILE, "second": "61"}


def kept(world: World) -> list[ReadingPlace]:
    with world.database.system_session("what is kept?", writes=False) as session:
        return list(session.exec(select(ReadingPlace)))


def test_a_place_is_there_on_another_device_and_the_last_one_counts(world: World) -> None:
    phone, desk = world.browser("nan"), world.browser("nan")
    assert offered(desk.get(world.url(HERE))) == {}
    assert keep(phone, world).status_code == 204
    assert offered(desk.get(world.url(HERE))) == offered(phone.get(world.url(HERE))) == OFFERED
    assert keep(desk, world, {"paragraph": "7", "begins": "77"}).status_code == 204
    assert offered(phone.get(world.url(HERE))) == {"paragraph": "7", "begins": "77"}
    assert offered(phone.get(world.url("/sections/great-things"))) == {}
    keep(phone, world, {"paragraph": "0", "begins": "77"})
    assert kept(world) == []


def test_it_stays_when_the_words_change(world: World) -> None:
    """How the paragraph begins is kept as a few signs that hold no word: the page finds it by them."""
    keep(world.browser("nan"), world)
    voice = Voice.model_validate({"whose": "family", "how": "own_words"})
    patch = SectionPatch(body_markdown="New first words.\n\nAnd the old ones.", voice=voice)
    world.ask("dee", lambda uow: change_section(uow, world.plan_id, "wellness", patch, based_on=1))
    assert offered(world.browser("nan").get(world.url(HERE))) == OFFERED


def everything_about(world: World, who: str) -> str:
    """All that somebody can read of the section, of Nan, and of what happened, in every form."""
    nan = world.members["nan"]
    pages = ("", HERE, f"{HERE}/history", f"{HERE}/who", "/looked", f"/looked?who={nan}", f"/circle/{nan}")
    seen = (f"/as/{nan}", f"/as/{nan}{HERE}")
    api = [f"/v1{world.url(one)}" for one in (HERE, "/document", "/access-log", "/members")]
    found = [world.browser(who).get(world.url(one)).text for one in (*pages, *seen)]
    found += [world.browser(who).get(one).text for one in ("/me", "/plans", "/reading")]
    return "".join([*found, *(world.api(who).get(one).text for one in [*api, "/v1/me", "/v1/search?q=badcafe"])])


def test_nobody_but_the_reader_ever_finds_it_owners_included(world: World) -> None:
    keep(world.browser("nan"), world)
    for who in ("maya", "dee", "sam", "lee", "rao", "kit"):
        found = everything_about(world, who)
        assert "badcafe" not in found, who
        assert FILE not in found, who
    for one in (HERE, "/document"):  # Nor any program, not even their own.
        assert "badcafe" not in world.api("nan").get(f"/v1{world.url(one)}").text


def test_keeping_a_place_is_written_nowhere_also_where_it_is_refused(world: World) -> None:
    for who in ("nan", "maya"):
        assert keep(world.browser(who), world).status_code == 204
    lee = world.browser("lee")
    hidden, missing = keep(lee, world), keep(lee, world, where="/sections/never-was")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert words_of(hidden) == words_of(missing)
    world.app.state.looks.close()
    with world.database.system_session("what was told?", writes=False) as session:
        told = [one.verb for one in session.exec(select(AuditEntry)) if one.section_id == kept(world)[0].section_id]
    assert not [verb for verb in told if verb.endswith(("changed", "viewed"))], told
    assert {one.account_id for one in kept(world)} == {world.principals[who].account_id for who in ("nan", "maya")}


def let_nan(world: World, level: str) -> None:
    draft = SectionGrantsDraft.model_validate({"members": [{"member_id": world.members["nan"], "level": level}]})
    world.ask("dee", lambda uow: replace_section_grants(uow, world.plan_id, "wellness", draft))


def test_it_closes_with_the_right_to_read_and_opens_with_it(world: World) -> None:
    nan = world.browser("nan")
    keep(nan, world)
    for close, reopen in (
        (lambda: let_nan(world, "none"), lambda: let_nan(world, "read")),
        (
            lambda: world.ask("dee", lambda uow: freeze_sharing(uow, world.plan_id)),
            lambda: world.ask("dee", lambda uow: unfreeze_sharing(uow, world.plan_id)),
        ),
    ):
        close()
        assert keep(nan, world).status_code == nan.get(world.url(HERE)).status_code == 404
        assert len(kept(world)) == 1
        reopen()
        assert offered(nan.get(world.url(HERE))) == OFFERED


def test_whoever_looks_as_somebody_else_keeps_no_place(world: World) -> None:
    keep(world.browser("dee"), world)
    shown = world.browser("dee").get(world.url(f"/as/{world.members['nan']}{HERE}"))
    assert shown.status_code == 200
    assert 'data-island="place"' not in shown.text
    looking = Principal(world.principals["dee"].account_id, "Dee", as_member_id=world.members["nan"])
    with pytest.raises(Forbidden), world.database.unit_of_work(looking, writes=True) as uow:
        keep_place(uow, world.plan_id, "wellness", ReadingPlaceDraft(paragraph=1))
    assert [one.paragraph for one in kept(world)] == [4]


def test_nothing_is_kept_on_a_shared_tablet(world: World) -> None:
    keep(world.browser("maya"), world)
    shared = Shared(world)
    tablet = shared.open()
    assert 'data-island="place"' not in tablet.get(f"/tablet{HERE}").text
    assert keep(tablet, world).status_code == 403
    assert len(kept(world)) == 1


WRONG: tuple[dict[str, str], ...] = (
    *({"paragraph": one} for one in ("-1", "", "10001")),
    *({"begins": one} for one in ("I love", "a" * 17)),
    *({"second": one} for one in ("1e9", "86401")),
    *({"sentence": "-2"}, {"media_id": "x"}, {"account_id": FILE}),
)


def test_what_is_no_place_is_refused_and_no_word_can_be_kept(world: World) -> None:
    nan = world.browser("nan")
    keep(nan, world, {"paragraph": "2"})
    for wrong in WRONG:
        assert keep(nan, world, AT | wrong).status_code == 422, wrong
    assert [one.paragraph for one in kept(world)] == [2]


def test_another_site_and_nobody_keep_no_place(world: World) -> None:
    path = world.url(f"{HERE}/place")
    assert world.browser("nan").post(path, data=AT, headers={"Origin": "https://evil.example"}).status_code == 403
    assert world.browser(None).post(path, data=AT).headers["location"] == "/sign-in"
    assert world.browser("nan").get(path).status_code == 405
    assert kept(world) == []


def test_whoever_wants_no_place_kept_has_none_from_then_on(world: World) -> None:
    """Also of what they may read no more."""
    nan, lee = world.browser("nan"), world.browser("lee")
    keep(nan, world)
    keep(lee, world, where="/sections/outcomes")
    let_nan(world, "none")
    choose(nan, places="off")
    assert [one.account_id for one in kept(world)] == [world.principals["lee"].account_id]
    keep(nan, world, where="/sections/great-things")
    assert len(kept(world)) == 1
    assert 'data-island="place"' not in nan.get(world.url("/sections/great-things")).text


def test_places_nobody_came_back_to_are_cleared_away(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(world.browser("nan"), world)
    start = clock.now()
    for days, left in ((89, 1), (91, 0)):
        later = start + timedelta(days=days)
        monkeypatch.setattr(clock, "now", lambda later=later: later)
        clear_places(world.database)
        assert len(kept(world)) == left, days
