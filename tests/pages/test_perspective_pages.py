"""How each person sees it: side by side, nobody's over anybody else's."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.pages.seen import form_of, words_of
from tests.papers import sheets_of
from tests.world import OWN_WORDS, World

from planwiki.base.vocabulary import Level
from planwiki.circle.grant_commands import give
from planwiki.circle.schemas import MemberGrantDraft
from planwiki.plans.schemas import SectionPatch
from planwiki.plans.section_commands import change_section

AT = "/sections/wellness"
MINE = f"{AT}/how-i-see-it"


def settings(world: World, **more: Any) -> None:
    patch = SectionPatch.model_validate(more)
    world.ask("maya", lambda uow: change_section(uow, world.plan_id, "wellness", patch, 1))


def let(world: World, who: str, level: Level) -> None:
    draft = MemberGrantDraft(member_id=world.members[who], level=level)
    world.ask("dee", lambda uow: give(uow, world.plan_id, "wellness", draft))


@pytest.fixture
def sides(world: World) -> World:
    """Wellness asks how each sees it. Nan and Lee may comment, Dr Rao may suggest, Sam reads."""
    settings(world, kind="perspectives")
    for who, level in (("nan", Level.COMMENT), ("lee", Level.COMMENT), ("sam", Level.READ)):
        let(world, who, level)
    return world


def write(world: World, who: str, working: str, begin: str = "", **more: str) -> Any:
    client, url = world.browser(who), world.url(MINE)
    typed = form_of(client.get(url + begin), url) | {"working": working, "not_working": "Not " + working} | more
    return client.post(url, data=typed)


def shown(world: World, who: str) -> list[str]:
    page = words_of(world.browser(who).get(world.url(AT)))
    return re.findall(r"What is working (\w+)", page)


def test_each_says_it_for_themselves_and_the_persons_own_comes_first(sides: World) -> None:
    for who in ("rao", "nan", "maya", "dee"):
        assert write(sides, who, f"{who}words").status_code == 303
    for who in ("maya", "dee", "sam", "nan"):
        assert shown(sides, who) == ["mayawords", "nanwords", "deewords", "raowords"]
    again = write(sides, "nan", "nanagain", "?begin=" + ids(sides, "nan")[1])
    assert again.headers["location"] == sides.url(f"{AT}?said=seen#how-we-see-it")
    assert write(sides, "nan", "nanagain").status_code == 303  # A second press keeps nothing more.
    assert shown(sides, "sam") == ["mayawords", "deewords", "nanagain", "raowords"]
    assert "nanwords" not in sides.browser("sam").get(sides.url(AT)).text
    before = {who: sides.browser(who).get(sides.url(f"{MINE}/earlier")) for who in ("nan", "dee", "rao", "sam")}
    assert {who for who, page in before.items() if "nanwords" in page.text} == {"nan", "dee"}


def ids(world: World, who: str) -> list[str]:
    return re.findall(r'id="view-([0-9a-f-]{36})"', world.browser(who).get(world.url(AT)).text)


def test_dee_has_her_own_and_writes_down_mayas(sides: World) -> None:
    assert "Write down how Maya sees it" in words_of(sides.browser("dee").get(sides.url(AT)))
    write(sides, "dee", "deewords")
    unsaid = write(sides, "dee", "mayas", "?whose=person")
    assert unsaid.status_code == 422
    assert "Please say how it was said." in words_of(unsaid)
    assert write(sides, "dee", "mayas", "?whose=person", **{"voice-how": "interpreted"}).status_code == 303
    assert shown(sides, "nan") == ["mayas", "deewords"]
    assert "Someone put them into words. Dee wrote it down." in words_of(sides.browser("nan").get(sides.url(AT)))
    empty = write(sides, "lee", "", not_working=" ")
    assert empty.status_code == 422
    assert "Please write something in one of the two." in words_of(empty)
    long = write(sides, "lee", "x" * 10_001)
    assert "Use at most 10000 letters." in words_of(long)
    assert "<script>" not in write(sides, "lee", "<script>x</script>").text
    assert "<script>x" not in sides.browser("nan").get(sides.url(AT)).text


def test_only_who_wrote_it_changes_it_and_owners_remove_it(sides: World) -> None:
    for who in ("nan", "rao"):
        write(sides, who, f"{who}words")
    nans, raos = ids(sides, "dee")
    for who, status in (("lee", 403), ("rao", 403), ("sam", 403), ("kit", 404)):
        client = sides.browser(who)
        assert client.post(sides.url(f"{MINE}/{nans}/take-away")).status_code == status
        assert client.post(sides.url(f"{MINE}/{nans}/bring-back")).status_code == status
        assert client.get(sides.url(f"{MINE}?begin={nans}")).status_code in {403, 404}
    let(sides, "lee", Level.EDIT)
    assert sides.browser("lee").post(sides.url(f"{MINE}/{nans}/take-away")).status_code == 403
    typed = {"working": "taken over", "replaces": nans, "voice-whose": "family", "voice-how": "own_words"}
    sides.browser("lee").post(sides.url(MINE), data=typed)
    assert shown(sides, "sam") == ["nanwords", "taken", "raowords"]
    for who, one in (("nan", nans), ("dee", raos)):
        client = sides.browser(who)
        gone = client.post(sides.url(f"{MINE}/{one}/take-away"))
        assert words_of(client.get(gone.headers["location"])).count("It is taken away. Undo") == 1
    assert shown(sides, "sam") == ["taken"]
    assert sides.browser("rao").post(sides.url(f"{MINE}/{raos}/bring-back")).status_code == 403
    assert sides.browser("dee").post(sides.url(f"{MINE}/{nans}/bring-back")).status_code == 403
    assert sides.browser("lee").post(sides.url(f"{MINE}/{nans}/take-away")).status_code == 404
    assert "raowords" in sides.browser("rao").get(sides.url(f"{MINE}/earlier")).text
    assert "raowords" not in sides.browser("lee").get(sides.url(f"{MINE}/earlier")).text
    for who, one in (("nan", nans), ("dee", raos)):
        assert sides.browser(who).post(sides.url(f"{MINE}/{one}/bring-back")).status_code == 303
    assert shown(sides, "sam") == ["nanwords", "taken", "raowords"]


def test_only_who_may_comment_writes_and_only_where_it_is_asked(sides: World) -> None:
    typed = {"working": "zqmine", "voice-whose": "friend", "voice-how": "own_words"}
    for who, status in (("sam", 403), ("kit", 404), (None, 401)):
        client: TestClient = sides.browser(who)
        answer = client.post(sides.url(MINE), data=typed)
        assert (answer.status_code, "zqmine" in answer.text) == (status, True)
        assert client.get(sides.url(MINE)).status_code in {status, 303}
    assert shown(sides, "dee") == []
    write(sides, "nan", "nanwords")
    settings(sides, kind="text")
    for path in (MINE, f"{MINE}/earlier"):
        assert sides.browser("nan").get(sides.url(path)).status_code == 404
    assert sides.browser("nan").post(sides.url(MINE), data=typed).status_code == 404
    assert "nanwords" not in sides.browser("dee").get(sides.url(AT)).text
    settings(sides, kind="perspectives")
    assert shown(sides, "dee") == ["nanwords"]
    as_sam = sides.browser("dee").get(sides.url(f"/as/{sides.members['sam']}{AT}"))
    assert "nanwords" in as_sam.text
    assert "how-i-see-it" not in as_sam.text


def test_what_was_said_in_a_diary_stays_there_whatever_the_label_becomes(sides: World) -> None:
    write(sides, "nan", "nanwords")
    settings(sides, label="diary")
    write(sides, "maya", "mayasecret")
    assert sides.browser("nan").get(sides.url(AT)).status_code == 404
    settings(sides, label="health")
    assert shown(sides, "maya") == ["mayasecret", "nanwords"]
    assert shown(sides, "dee") == shown(sides, "nan") == ["nanwords"]
    write(sides, "maya", "mayaopen")
    assert shown(sides, "dee") == ["mayaopen", "nanwords"]
    assert "mayasecret" not in sides.browser("dee").get(sides.url(f"{MINE}/earlier")).text
    assert "mayasecret" in sides.browser("maya").get(sides.url(f"{MINE}/earlier")).text


@pytest.mark.parametrize("form", ["paper", "pdf"])
def test_a_plan_on_paper_has_how_each_sees_it_for_all_who_may_read_it(sides: World, form: str) -> None:
    """Where nothing else is written, too; and with each whose words they are. Smaller papers have no room for them."""
    patch = SectionPatch(body_markdown="", voice=OWN_WORDS)
    sides.ask("dee", lambda uow: change_section(uow, sides.plan_id, "wellness", patch, 1))
    for who in ("nan", "rao"):
        write(sides, who, f"**{who}words**")

    def printed(who: str, layout: str = "plan") -> list[str]:
        asked = sides.url(f"/print/{layout}/{form}?chosen=yes&take-wellness=yes")
        answer = sides.browser(who).get(asked)
        said = " ".join(sheets_of(answer.content)) if form == "pdf" else words_of(answer)
        assert "**" not in said
        return re.findall(r"What is working\s+(\w+)\s+What is not working\s+Not \w+\s+(\w+)", said)

    assert printed("sam") == printed("dee") == [("nanwords", "The"), ("raowords", "Words")]
    assert printed("lee", "passport") == []
    let(sides, "sam", Level.NONE)
    assert printed("sam") == []
    assert "take-wellness" in sides.browser("dee").get(sides.url("/print/plan")).text
    assert "take-wellness" not in sides.browser("dee").get(sides.url("/print/card")).text
