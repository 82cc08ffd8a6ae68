"""Bad input of every kind gets a clear problem, never its own words back, and changes nothing."""

import json
from typing import Any

from fastapi.testclient import TestClient
from tests.api.saying import VOICE, Look, etag_of, problem, save
from tests.world import World

SECRET = "xyzzyplugh"
JSON = {"Content-Type": "application/json"}
Bodies = dict[str, Any]


def refused(answer: Any, status: int, slug: str) -> list[tuple[str, str]]:
    """The places and codes of a refusal that does not repeat what was sent."""
    assert problem(answer) == (status, slug), answer.text
    assert SECRET not in answer.text
    return [(one["pointer"], one["code"]) for one in answer.json().get("errors", [])]


NOT_JSON = {
    "nothing": b"",
    "half an object": b'{"title": "xyzzyplugh"',
    "two objects": b"{}{}",
    "not UTF-8": b'{"key": "a", "title": "xyzzyplugh \xff"}',
    "UTF-16": '{"key": "a", "title": "b"}'.encode("utf-16"),
    "not a number": b'{"key": "a", "title": "b", "position": NaN}',
    "endless": b'{"key": "a", "title": "b", "position": Infinity}',
    "a number of 5,000 digits": b'{"key": "a", "title": "b", "position": ' + b"9" * 5000 + b"}",
    "lists in lists": b'{"key": "a", "title": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "objects in objects": b'{"a":' * 900 + b"1" + b"}" * 900,
    "single quotes": b"{'key': 'a'}",
    "a field twice": b'{"key": "a", "key": "xyzzyplugh", "title": "b"}',
    "a field twice, written otherwise": rb'{"key": "a", "title": "b", "mapping": {"ehcp": [], "ehc\u0070": []}}',
}


def test_what_is_no_json_is_malformed(dee: TestClient, plan: str, everything: Look) -> None:
    before = everything()
    for name, body in NOT_JSON.items():
        answer = dee.post(f"{plan}/sections", content=body, headers=JSON)
        assert refused(answer, 400, "malformed") == [], name
    assert everything() == before


def test_another_media_type_is_refused(dee: TestClient, plan: str, everything: Look) -> None:
    before, body = everything(), b'{"key": "a", "title": "b"}'
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/xml",
        "application/jsonp",
        "application/vnd.api+json",
        "application/merge-patch+json",
        "application/json; charset=utf-16",
        "application/json-patch+json",
        "nonsense",
        "",
    ):
        answer = dee.post(f"{plan}/sections", content=body, headers={"Content-Type": kind})
        refused(answer, 415, "unsupported-media-type")
        assert answer.headers["accept-post"] == "application/json", kind
    patch = dee.patch(f"{plan}/sections/money", content=b"{}", headers={"Content-Type": "text/plain", "If-Match": "*"})
    refused(patch, 415, "unsupported-media-type")
    assert "application/merge-patch+json" in patch.headers["accept-patch"]
    assert everything() == before


def test_a_merge_patch_may_be_called_one(dee: TestClient, plan: str) -> None:
    for kind in ("application/merge-patch+json", "application/json", "Application/JSON; charset=UTF-8"):
        headers = {"Content-Type": kind, "If-Match": "*"}
        answer = dee.patch(f"{plan}/sections/money", content=b'{"picture": "star"}', headers=headers)
        assert answer.status_code == 200, kind


SECTION = {"key": "newest", "title": "New"}
DOES_NOT_FIT: list[tuple[str, Any, list[tuple[str, str]]]] = [
    ("a list", [SECTION], [("", "model-type")]),
    ("text", SECRET, [("", "model-type")]),
    ("null", None, [("", "model-type")]),
    ("nothing in it", {}, [("/key", "missing"), ("/title", "missing")]),
    ("an unknown field", SECTION | {"colour": SECRET}, [("/colour", "extra-forbidden")]),
    ("a field of ours", SECTION | {"plan_id": SECRET}, [("/plan_id", "extra-forbidden")]),
    ("an unknown field inside", SECTION | {"voice": VOICE | {"x": SECRET}}, [("/voice/x", "extra-forbidden")]),
    ("a name with signs", SECTION | {"a/b~c": SECRET}, [("/a~1b~0c", "extra-forbidden")]),
    ("a very long name", SECTION | {SECRET * 500: 1}, [("", "extra-forbidden")]),
    ("a number as text", SECTION | {"position": "3"}, [("/position", "int-type")]),
    ("true as a number", SECTION | {"position": True}, [("/position", "int-type")]),
    ("half a place", SECTION | {"position": 1.5}, [("/position", "int-type")]),
    ("a place too far", SECTION | {"position": 10**30}, [("/position", "less-than-equal")]),
    ("no place", SECTION | {"position": 0}, [("/position", "greater-than-equal")]),
    ("a list as text", SECTION | {"title": [SECRET]}, [("/title", "string-type")]),
    ("an object as text", SECTION | {"title": {"a": SECRET}}, [("/title", "string-type")]),
    ("null as text", SECTION | {"title": None}, [("/title", "string-type")]),
    ("a number as a title", SECTION | {"title": 7}, [("/title", "string-type")]),
    ("no words", SECTION | {"title": " \u200b "}, [("/title", "too-short")]),
    ("two lines", SECTION | {"title": f"{SECRET}\nb"}, [("/title", "bad-characters")]),
    ("too many words", SECTION | {"title": SECRET * 21}, [("/title", "too-long")]),
    ("NUL", SECTION | {"title": f"{SECRET}\0"}, [("/title", "bad-characters")]),
    ("NUL in a name", SECTION | {f"{SECRET}\0": 1}, [("", "bad-characters")]),
    (
        "NUL far inside",
        SECTION | {"voice": VOICE | {"supported_by": "\0"}},
        [("/voice/supported_by", "bad-characters")],
    ),
    ("a bad key", SECTION | {"key": "../x"}, [("/key", "bad-key")]),
    ("an unknown word", SECTION | {"label": SECRET}, [("/label", "enum")]),
    ("a text too long", SECTION | {"body_markdown": "a" * 100_001, "voice": VOICE}, [("/body_markdown", "too-long")]),
    ("a bad id", SECTION | {"voice": VOICE | {"member_id": SECRET}}, [("/voice/member_id", "uuid-parsing")]),
    ("a bad code", SECTION | {"mapping": {"snomed": SECRET}}, [("/mapping/snomed", "string-pattern-mismatch")]),
]


def test_json_that_does_not_fit_names_its_fields(dee: TestClient, plan: str, everything: Look) -> None:
    before = everything()
    for name, body, errors in DOES_NOT_FIT:
        answer = dee.post(f"{plan}/sections", content=json.dumps(body).encode(), headers=JSON)
        assert refused(answer, 422, "invalid-content") == errors, name
        assert all(one["message"] for one in answer.json()["errors"])
    assert everything() == before


def test_half_a_surrogate_pair_does_not_fit(dee: TestClient, plan: str, everything: Look) -> None:
    before = everything()
    for body, pointer in ((rb'{"key": "a", "title": "\ud800"}', "/title"), (rb'{"\udfff": 1}', "")):
        answer = dee.post(f"{plan}/sections", content=body, headers=JSON)
        assert refused(answer, 422, "invalid-content") == [(pointer, "bad-characters")]
    assert dee.post(f"{plan}/sections", content=rb'{"key": "smile", "title": "\ud83d\ude00"}', headers=JSON).is_success
    dee.delete(f"{plan}/sections/smile", headers={"If-Match": "*"})
    assert everything()[2] == before[2]


def test_a_thousand_bad_fields_give_a_short_answer(dee: TestClient, plan: str) -> None:
    answer = dee.post(f"{plan}/sections", json={f"x{number}": 1 for number in range(1000)})
    assert len(refused(answer, 422, "invalid-content")) == 50


def test_a_huge_body_is_refused(dee: TestClient, plan: str, everything: Look) -> None:
    before, body = everything(), json.dumps({"key": "a", "title": "b", "body_markdown": "a" * 2_000_000}).encode()

    def piece_by_piece() -> Any:
        yield from (body[at : at + 65_536] for at in range(0, len(body), 65_536))

    for content in (body, piece_by_piece()):
        refused(dee.post(f"{plan}/sections", content=content, headers=JSON), 413, "too-large")
    assert everything() == before


def test_queries_that_do_not_fit_are_told_so(dee: TestClient, plan: str) -> None:
    for query, pointer in {
        "/sections?limit=0": "/limit",
        "/sections?limit=201": "/limit",
        "/sections?limit=1.5": "/limit",
        "/sections?limit=99999999999999999999": "/limit",
        "/sections?limit=%00": "/limit",
        "/sections?fields=colour": "/fields",
        "/sections?fields=id": "/fields",
        "/sections/money/diff": "/from",
        "/sections/money/diff?from=x&to=1": "/from",
        "/sections/money/diff?from=1&to=2147483648": "/to",
        "/sections/money/diff?from=1&to=1&format=pdf": "/format",
        "/document?as_member=me": "/as_member",
        "/access/explain?subject_type=member&subject_id=x&section_key=money&verb=read": "/subject_id",
    }.items():
        assert refused(dee.get(f"{plan}{query}"), 422, "invalid-content")[0][0] == pointer, query
    for query in ("status=open", "updated_since=yesterday", "updated_since=2026-01-01T00:00:00"):
        refused(dee.get(f"/v1/plans?{query}"), 422, "invalid-content")
    for query in ("", "?q=", "?q=%00", "?q=---", f"?q={'a' * 201}", "?q=a&type=person", "?q=a&plan_id=1"):
        refused(dee.get(f"/v1/search{query}"), 422, "invalid-content")
    assert dee.get("/v1/plans?updated_since=0001-01-01T00:00:00%2B14:00").status_code == 422


def test_forged_ids_and_cursors_open_nothing(world: World, dee: TestClient, kit: TestClient, plan: str) -> None:
    other = kit.post("/v1/plans", json={"person": {"display_name": "Kim"}, "my_role": "person"}).json()["id"]
    member = world.members["nan"]
    assert problem(kit.get(f"/v1/plans/{other}/members/{member}")) == (404, "not-found")
    assert problem(dee.get(f"/v1/plans/{other}/members/{member}")) == (404, "not-found")
    body = {"body_markdown": "x", "voice": VOICE | {"member_id": kit.get("/v1/me").json()["id"]}}
    answer = dee.patch(f"{plan}/sections/money", json=body, headers={"If-Match": "*"})
    assert refused(answer, 422, "invalid-content") == [("/voice/member_id", "unknown-member")]
    for cursor in ("x", "", "IjEi.AAAA", "%00", "é", "a" * 1500):
        answer = dee.get(f"{plan}/sections?cursor={cursor}")
        assert answer.status_code == (400 if cursor else 200), cursor


def test_a_stale_version_changes_nothing(dee: TestClient, plan: str, everything: Look) -> None:
    read = etag_of(dee, f"{plan}/sections/outcomes")
    assert save(dee, f"{plan}/sections/outcomes", "second", read).is_success
    before = everything()
    for tag in (read, '"r99-0"', '"r2-0"', "r2", '""', f"W/{etag_of(dee, f'{plan}/sections/outcomes')}", "x" * 5000):
        answer = save(dee, f"{plan}/sections/outcomes", SECRET, tag)
        refused(answer, 412, "changed-since-you-read-it")
    assert everything() == before


def test_an_idempotency_key_that_is_none_makes_nothing(dee: TestClient, plan: str, everything: Look) -> None:
    before = everything()
    for key in ("", " ", "a b", "a" * 256, "caf\u00e9"):
        answer = dee.post(f"{plan}/sections", json=SECTION, headers={"Idempotency-Key": key.encode("latin-1")})
        refused(answer, 422, "invalid-content")
    assert everything() == before
