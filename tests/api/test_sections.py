"""Sections over the API: written with a voice, in versions, under settings that owners keep."""

from fastapi.testclient import TestClient
from tests.api.saying import VOICE, Look, etag_of, problem, save
from tests.world import World

SECTION_FIELDS = {
    *("key", "title", "kind", "picture", "prompts", "position", "status", "body_markdown", "body_html", "revision"),
    *(
        "voice",
        "label",
        "machine_sharing",
        "mapping",
        "media_ids",
        "picture_media_id",
        "my_level",
        "review_due_on",
        "updated_at",
    ),
    "updated_by",
}
NASTY = (
    'a\r\n\tb  \n\n<b onclick="x()">hi</b> [x](javascript:alert(1)) ![p](http://evil.example/x.png)\u2028\U0001f600\n'
)


def test_a_section_shows_what_the_contract_says(lee: TestClient, plan: str) -> None:
    section = lee.get(f"{plan}/sections/outcomes").json()
    assert set(section) == SECTION_FIELDS
    assert (section["position"], section["my_level"], section["revision"]) == (2, "edit", 1)
    assert section["updated_by"]["display_name"] == "Dee"


def test_a_new_section_is_seen_by_owners_alone(dee: TestClient, lee: TestClient, plan: str) -> None:
    body = {"key": "food", "title": "Food", "body_markdown": "Pasta.", "voice": VOICE, "position": 1, "label": "health"}
    made = dee.post(f"{plan}/sections", json=body)
    assert made.status_code == 201
    assert made.headers["location"] == f"{plan}/sections/food"
    assert made.headers["etag"] == etag_of(dee, f"{plan}/sections/food")
    assert made.json() | {"position": 1, "label": "health", "voice": VOICE | _NULLS} == made.json()
    assert dee.get(plan).json()["section_keys"][0] == "food"
    assert problem(lee.get(f"{plan}/sections/food")) == (404, "not-found")
    assert problem(lee.post(f"{plan}/sections", json=body | {"key": "drink"})) == (403, "not-allowed")


_NULLS = {"member_id": None, "method": None, "supported_by": None}


def test_a_key_is_taken_only_by_what_can_be_seen(world: World, dee: TestClient, plan: str) -> None:
    body = {"key": "money", "title": "Money again"}
    assert problem(dee.post(f"{plan}/sections", json=body)) == (409, "key-exists")
    diary = {"key": "diary", "title": "Diary", "label": "diary"}
    assert world.api("maya").post(f"{plan}/sections", json=diary).status_code == 201
    assert dee.post(f"{plan}/sections", json=diary | {"label": "everyday"}).status_code == 201


def test_no_section_hides_behind_a_page(dee: TestClient, nan: TestClient, plan: str, everything: Look) -> None:
    before, body = everything(), {"key": "new", "title": "New"}
    answer = dee.post(f"{plan}/sections", json=body)
    assert problem(answer) == (422, "invalid-content")
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/key", "reserved-key")]
    assert problem(nan.post(f"{plan}/sections", json=body)) == (403, "not-allowed")
    assert everything() == before


def test_text_needs_a_voice(lee: TestClient, dee: TestClient, plan: str, everything: Look) -> None:
    before = everything()
    for body in ({"body_markdown": "x"}, {"title": "x"}, {"body_markdown": "x", "voice": None}):
        answer = lee.patch(f"{plan}/sections/outcomes", json=body, headers={"If-Match": "*"})
        assert problem(answer) == (422, "voice-needed")
        assert answer.json()["errors"][0]["pointer"] == "/voice"
    answer = dee.post(f"{plan}/sections", json={"key": "a", "title": "b", "body_markdown": "c"})
    assert problem(answer) == (422, "voice-needed")
    assert everything() == before


def test_a_voice_alone_says_whose_the_same_words_are(lee: TestClient, plan: str) -> None:
    url = f"{plan}/sections/outcomes"
    before = lee.get(url).json()
    said = lee.patch(url, json={"voice": VOICE | {"whose": "person"}}, headers={"If-Match": "*"}).json()
    assert (said["revision"], said["body_markdown"]) == (before["revision"] + 1, before["body_markdown"])
    assert said["voice"]["whose"] == lee.get(f"{url}/revisions/2").json()["voice"]["whose"] == "person"
    alone = lee.patch(url, json={"change_note": "Why?"}, headers={"If-Match": "*"})
    assert problem(alone) == (422, "invalid-content")
    assert [one["pointer"] for one in alone.json()["errors"]] == ["/change_note"]
    assert problem(lee.patch(url, json={"voice": None}, headers={"If-Match": "*"})) == (422, "voice-needed")
    assert lee.get(url).json() == said


def test_settings_that_stay_as_they_are_move_nothing(dee: TestClient, plan: str) -> None:
    url = f"{plan}/sections/outcomes"
    before, header = dee.get(url), dee.get(plan)
    now = {name: before.json()[name] for name in ("label", "kind", "picture", "mapping", "status", "position")}
    assert dee.patch(url, json=now, headers={"If-Match": "*"}).headers["etag"] == before.headers["etag"]
    assert dee.get(url).json() == before.json()
    said = {"title": header.json()["title"], "person": {"display_name": "Maya"}, "status": "active"}
    assert dee.patch(plan, json=said, headers={"If-Match": "*"}).headers["etag"] == header.headers["etag"]


def test_a_label_alone_makes_no_version(dee: TestClient, plan: str) -> None:
    before = dee.get(f"{plan}/sections/outcomes")
    headers = {"If-Match": before.headers["etag"]}
    saved = dee.patch(f"{plan}/sections/outcomes", json={"label": "health"}, headers=headers)
    assert (saved.json()["label"], saved.json()["revision"]) == ("health", 1)
    assert saved.headers["etag"] != before.headers["etag"]
    assert len(dee.get(f"{plan}/sections/outcomes/revisions").json()["items"]) == 1


def test_settings_are_for_owners_and_text_for_editors(
    dee: TestClient, lee: TestClient, nan: TestClient, plan: str, everything: Look
) -> None:
    before = everything()
    for body in (
        {"label": "health"},
        {"position": 1},
        {"status": "archived"},
        {"machine_sharing": "never"},
        {"picture": "star"},
        {"mapping": {"ehcp": ["A"]}},
        {"review_due_on": "2027-01-01"},
        {"label": "health", "body_markdown": "both or neither", "voice": VOICE},
    ):
        answer = lee.patch(f"{plan}/sections/outcomes", json=body, headers={"If-Match": "*"})
        assert problem(answer) == (403, "not-allowed"), body
    assert problem(lee.delete(f"{plan}/sections/outcomes", headers={"If-Match": "*"})) == (403, "not-allowed")
    for headers in ({}, {"If-Match": "*"}):
        answer = nan.patch(f"{plan}/sections/wellness", json={"body_markdown": "x", "voice": VOICE}, headers=headers)
        assert problem(answer) == (403, "not-allowed")
    assert everything() == before
    for body in (
        {"position": 1},
        {"position": 1},
        {"picture": None},
        {"machine_sharing": "never"},
        {"kind": "outcomes"},
    ):
        assert dee.patch(f"{plan}/sections/outcomes", json=body, headers={"If-Match": "*"}).is_success, body
    assert dee.get(plan).json()["section_keys"][0] == "outcomes"


def test_a_mapping_is_merged_field_by_field(dee: TestClient, plan: str) -> None:
    url, seen = f"{plan}/sections/outcomes", {}
    for sent in ({"prsb": "my-wellness", "ehcp": ["A", "B"]}, {"snomed": "1234567"}, {"prsb": None}):
        seen = dee.patch(url, json={"mapping": sent}, headers={"If-Match": "*"}).json()["mapping"]
    assert seen == {"prsb": None, "snomed": "1234567", "ehcp": ["A", "B"], "pfa": None}
    for sent, left in (({"ehcp": None}, "1234567"), (None, None)):
        seen = dee.patch(url, json={"mapping": sent}, headers={"If-Match": "*"}).json()["mapping"]
        assert seen == {"prsb": None, "snomed": left, "ehcp": [], "pfa": None}


def test_two_editors_never_overwrite_each_other(dee: TestClient, lee: TestClient, plan: str) -> None:
    url = f"{plan}/sections/outcomes"
    dee_read, lee_read = etag_of(dee, url), etag_of(lee, url)
    assert dee_read != lee_read  # Each sees something of their own: the position and what they may do.
    saved = save(lee, url, "Lee was first.", lee_read)
    assert saved.json()["revision"] == 2
    assert saved.headers["etag"] == etag_of(lee, url)
    late = save(dee, url, "Dee was late.", dee_read)
    assert problem(late) == (412, "changed-since-you-read-it")
    assert late.json()["merge"] == {"base_revision": 1, "current_revision": 2}
    assert late.json()["current_etag"] == etag_of(dee, url)
    assert dee.get(url).json()["body_markdown"] == "Lee was first."
    assert save(dee, url, "Dee, then.", late.json()["current_etag"]).json()["revision"] == 3
    hunks = dee.get(f"{url}/diff?from=1&to=3").json()["hunks"]
    assert "".join(hunk["text"] for hunk in hunks if hunk["op"] != "delete") == "Dee, then."


def test_an_editor_finds_the_version_they_began_from_again(world: World, dee: TestClient, plan: str) -> None:
    """It was current when their grant began, so they read it then. What came before stays closed to them."""
    url = f"{plan}/sections/outcomes"
    save(dee, url, "Before Rao came.")
    save(dee, url, "I take the bus.")
    given = {"members": [{"member_id": str(world.members["rao"]), "level": "edit"}]}
    assert dee.put(f"{url}/grants", json=given, headers={"If-Match": "*"}).is_success
    rao = world.api("rao")
    read = etag_of(rao, url)
    save(dee, url, "I take the train.")
    assert problem(save(rao, url, "I take the bus on Fridays.", read)) == (412, "changed-since-you-read-it")
    assert save(rao, url, "I take the train on Fridays.", etag_of(rao, url)).json()["revision"] == 5
    hunks = rao.get(f"{url}/diff?from=3&to=5").json()["hunks"]
    assert "".join(hunk["text"] for hunk in hunks if hunk["op"] != "insert") == "I take the bus."
    assert [one["revision"] for one in rao.get(f"{url}/revisions").json()["items"]] == [5, 4, 3]
    for path in ("revisions/2", "diff?from=2&to=3", "revisions/1"):
        assert problem(rao.get(f"{url}/{path}")) == (404, "not-found")
    answer = rao.post(f"{url}/revisions/2/restore", json={"voice": VOICE}, headers={"If-Match": "*"})
    assert problem(answer) == (404, "not-found")


def test_changes_of_a_section_hang_on_its_etag(dee: TestClient, plan: str, everything: Look) -> None:
    url, before = f"{plan}/sections/outcomes", everything()
    for ask in (
        lambda **how: dee.patch(url, json={"label": "health"}, **how),
        lambda **how: dee.delete(url, **how),
        lambda **how: dee.post(f"{url}/revisions/1/restore", json={"voice": VOICE}, **how),
    ):
        assert problem(ask()) == (428, "if-match-required")
        assert problem(ask(headers={"If-Match": '"r7-abc"'})) == (412, "changed-since-you-read-it")
    assert everything() == before


def test_several_etags_may_be_sent(lee: TestClient, plan: str) -> None:
    url = f"{plan}/sections/outcomes"
    tag = etag_of(lee, url)
    assert lee.get(url, headers={"If-None-Match": f'"x", W/{tag}'}).status_code == 304
    assert lee.get(url, headers={"If-None-Match": "*"}).status_code == 304
    assert lee.get(url, headers={"If-None-Match": '"x"'}).status_code == 200
    assert save(lee, url, "x", f'"old", {tag}').is_success


def test_not_modified_carries_what_the_whole_answer_would(lee: TestClient, plan: str) -> None:
    url = f"{plan}/sections/outcomes"
    whole = lee.get(url)
    same = lee.get(url, headers={"If-None-Match": whole.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    for name in ("etag", "cache-control", "vary"):
        assert same.headers[name] == whole.headers[name]
    assert whole.headers["cache-control"] == "private, no-cache"
    assert whole.headers["vary"] == "Authorization, Cookie, Accept"


def test_text_comes_back_to_the_byte_and_its_html_is_inert(lee: TestClient, plan: str) -> None:
    url = f"{plan}/sections/outcomes"
    saved = save(lee, url, NASTY).json()
    assert saved["body_markdown"] == NASTY == lee.get(url).json()["body_markdown"]
    markdown = lee.get(url, headers={"Accept": "text/markdown"})
    assert markdown.content == NASTY.encode()
    assert markdown.headers["content-type"].startswith("text/markdown")
    html = lee.get(url, headers={"Accept": "text/html"})
    assert html.text == saved["body_html"]
    for nasty in ("<b onclick", "javascript:", "<img", 'evil.example/x.png"'):
        assert nasty not in html.text.replace("&lt;b onclick", "").replace("[x](javascript:alert(1))", "")


def test_each_form_has_its_own_etag(lee: TestClient, plan: str) -> None:
    url = f"{plan}/sections/outcomes"
    tags = {}
    for form in ("application/json", "text/markdown", "text/html"):
        tags[form] = lee.get(url, headers={"Accept": form}).headers["etag"]
        again = lee.get(url, headers={"Accept": form, "If-None-Match": tags[form]})
        assert (again.status_code, again.headers["etag"]) == (304, tags[form])
    assert len(set(tags.values())) == 3
    assert lee.get(url, headers={"If-None-Match": tags["text/html"]}).status_code == 200
    assert save(lee, url, "written from the Markdown", tags["text/markdown"]).is_success


def test_an_archived_section_is_there_for_owners_alone(dee: TestClient, lee: TestClient, plan: str) -> None:
    url = f"{plan}/sections/outcomes"
    assert dee.delete(url, headers={"If-Match": etag_of(dee, url)}).status_code == 204
    assert problem(lee.get(url)) == (404, "not-found")
    assert "outcomes" not in dee.get(plan).json()["section_keys"]
    assert dee.get(url).json()["status"] == "archived"
    assert dee.patch(url, json={"status": "active"}, headers={"If-Match": "*"}).json()["status"] == "active"
    assert lee.get(url).status_code == 200


def test_history_is_told_newest_first(dee: TestClient, lee: TestClient, nan: TestClient, plan: str) -> None:
    url = f"{plan}/sections/outcomes"
    save(lee, url, "Second.", change_note="Shorter")
    versions = lee.get(f"{url}/revisions").json()["items"]
    assert [one["revision"] for one in versions] == [2, 1]  # Lee's grant began while the first was current.
    assert versions[0] | {"change_note": "Shorter", "source": "edit", "restored_from": None} == versions[0]
    assert versions[0]["author"]["display_name"] == "Lee"
    assert [one["revision"] for one in dee.get(f"{url}/revisions").json()["items"]] == [2, 1]
    one = dee.get(f"{url}/revisions/1")
    assert one.json() == dee.get(f"{url}/revisions").json()["items"][1]
    assert dee.get(f"{url}/revisions/1", headers={"If-None-Match": one.headers["etag"]}).status_code == 304
    assert problem(dee.get(f"{url}/revisions/3")) == (404, "not-found")
    for path in ("revisions", "revisions/1", "diff?from=1&to=1"):
        assert problem(nan.get(f"{plan}/sections/wellness/{path}")) == (403, "not-allowed")


def test_a_difference_gives_both_texts(dee: TestClient, plan: str) -> None:
    url = f"{plan}/sections/outcomes"
    first = dee.get(url).json()["body_markdown"]
    save(dee, url, "Something else entirely.")
    diff = dee.get(f"{url}/diff?from=1&to=2").json()
    assert (diff["from"], diff["to"], diff["unified"]) == (1, 2, None)
    assert "".join(one["text"] for one in diff["hunks"] if one["op"] != "insert") == first
    assert "".join(one["text"] for one in diff["hunks"] if one["op"] != "delete") == "Something else entirely."
    assert "+Something else entirely." in dee.get(f"{url}/diff?from=1&to=2&format=unified").json()["unified"]


def test_an_earlier_text_comes_back_as_a_new_version(dee: TestClient, plan: str) -> None:
    """Grants, label and settings stay as they are."""
    url = f"{plan}/sections/outcomes"
    first = dee.get(url).json()
    save(dee, url, "Second.", title="Another heading")
    dee.patch(url, json={"label": "health"}, headers={"If-Match": "*"})
    grants = dee.get(f"{url}/grants").json()
    headers = {"If-Match": etag_of(dee, url)}
    back = dee.post(f"{url}/revisions/1/restore", json={"voice": VOICE, "change_note": "Better"}, headers=headers)
    assert back.status_code == 200
    after = back.json()
    assert (after["revision"], after["label"]) == (3, "health")
    assert (after["title"], after["body_markdown"]) == (first["title"], first["body_markdown"])
    assert dee.get(f"{url}/grants").json() == grants
    newest = dee.get(f"{url}/revisions/3").json()
    assert (newest["source"], newest["restored_from"], newest["change_note"]) == ("restore", 1, "Better")


def test_hidden_sections_move_nothing_visible(dee: TestClient, nan: TestClient, plan: str) -> None:
    paths = ("", "/sections", "/sections/wellness", "/document", "/members")
    before = [nan.get(f"{plan}{path}").headers["etag"] for path in paths]
    plans = nan.get("/v1/plans").headers["etag"]
    save(dee, f"{plan}/sections/money", "Changed.")
    dee.patch(f"{plan}/sections/outcomes", json={"position": 1}, headers={"If-Match": "*"})
    dee.delete(f"{plan}/sections/family-only", headers={"If-Match": "*"})
    dee.post(f"{plan}/sections", json={"key": "first", "title": "First", "position": 1})
    assert [nan.get(f"{plan}{path}").headers["etag"] for path in paths] == before
    assert nan.get("/v1/plans").headers["etag"] == plans
