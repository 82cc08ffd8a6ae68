"""Examples for the contract: those that the shapes bring with them, and for the rest one that fits."""

from typing import Any

from .contract_schemas import REF

Schema = dict[str, Any]
EXAMPLE_ID = "0198c5b2-7a10-7c3e-9d41-2f6a8b0c1d2e"
_BY_FORMAT = {"uuid": EXAMPLE_ID, "date-time": "2026-06-03T12:00:00.000000Z", "date": "2026-06-03"}
_BY_NAME: dict[str, Any] = {
    "accept_url": None,
    "basis": None,
    "duration_seconds": None,
    "body_html": "<p>I love <strong>dancing</strong>.</p>\n",
    "body_markdown": "I love **dancing**.",
    "change_note": "Written at the meeting in May",
    "contact": None,
    "description": "A page about the person.",
    "email": "dee@example.org",
    "key": "what-matters",
    "language": "en-GB",
    "level": "read",
    "media_ids": [],
    "picture_media_id": None,
    "message": "Would you like to join Maya's circle?",
    "my_level": "edit",
    "name": "Nan",
    "next_cursor": None,
    "organisation": None,
    "password": "three small words",
    "picture": "star",
    "purpose_note": "Hospital visit",
    "max_uses": 3,
    "prompts": ["What do you love doing?"],
    "relationship": "Grandmother",
    "rule": "grant_by_name",
    "section_key": "what-matters",
    "section_keys": ["what-matters"],
    "snippet_html": "I love <mark>dancing</mark>.",
    "snomed": None,
    "template": "about_me",
    "text": "dancing",
    "title": "What matters to me",
    "token": "pwt_0123456789",
    "unified": None,
}
_VOICE = {"whose": "person", "how": "supported", "method": "spoken", "supported_by": "Dee"}
_GRANT = {"section_key": "what-matters", "level": "read", "expires_on": "2026-12-31"}
# What somebody would send: a few fields, not every one.
SENT: dict[str, Any] = {
    "AccountCreate": {"display_name": "Dee", "email": "dee@example.org", "password": "three small words"},
    "SessionCreate": {"email": "dee@example.org", "password": "three small words"},
    "PlanCreate": {"person": {"display_name": "Maya"}, "template": "about_me", "my_role": "steward"},
    "PlanPatch": {"title": "Maya's plan", "person": {"pronouns": "she/her"}, "review_due_on": "2026-12-01"},
    "SectionCreate": {
        "key": "what-matters",
        "title": "What matters to me",
        "body_markdown": "I love **dancing**.",
        "voice": _VOICE,
    },
    "SectionPatch": {
        "body_markdown": "I love **dancing** and swimming.",
        "voice": _VOICE,
        "change_note": "Swimming is new",
    },
    "RestoreRequest": {"voice": _VOICE, "change_note": "The older words fit better"},
    "MemberCreate": {"display_name": "Nan", "role": "family", "relationship": "Grandmother", "call_first": True},
    "MemberPatch": {"relationship": "Grandmother", "contact": {"phone": "01632 960123"}},
    "GrantsReplace": {"items": [_GRANT]},
    "SectionGrantsReplace": {
        "roles": {"family": "read"},
        "members": [{"member_id": EXAMPLE_ID, "level": "edit", "history": True}],
    },
    "InvitationCreate": {"role": "family", "relationship": "Grandmother", "grants": [_GRANT], "expires_in_days": 7},
    "ActionCreate": {"what": "Ride the number 7 together", "who_text": "Lee", "due_on": "2030-06-03"},
    "ActionPatch": {"status": "done", "progress_note": "We went twice."},
    "ContributionCreate": {
        "kind": "suggestion",
        "target": {"type": "section", "section_key": "what-matters", "revision": 7},
        "body_markdown": "She swims every Monday now.",
        "proposed_markdown": "I love **dancing** and swimming.",
        "voice": _VOICE,
    },
    "DecisionRequest": {"decision": "accept", "note": "Thank you!"},
    "ShareLinkCreate": {"section_keys": ["what-matters"], "purpose_note": "Hospital visit", "expires_in_hours": 24},
    "MediaPatch": {"caption": "At the summer show", "section_key": "what-matters"},
    "InvitationToken": {"token": "pwi_0123456789"},
}


def sample(schema: Schema, schemas: dict[str, Schema], name: str = "") -> Any:
    """One value that fits `schema`, which may be the property `name`."""
    if "$ref" in schema:
        return sample(schemas[schema["$ref"].removeprefix(REF)], schemas, name)
    for known in ("examples", "enum"):
        if known in schema:
            return schema[known][0]
    if "const" in schema or "default" in schema:
        return schema.get("const", schema.get("default"))
    if name in _BY_NAME:
        return _BY_NAME[name]
    if "anyOf" in schema:
        return sample(schema["anyOf"][0], schemas, name)
    return _plain(schema, schemas)


def _plain(schema: Schema, schemas: dict[str, Schema]) -> Any:
    kind = schema.get("type")
    if kind == "object" and "properties" in schema:
        return {field: sample(one, schemas, field) for field, one in schema["properties"].items()}
    if kind == "object":
        keys = sample(schema.get("propertyNames", {"examples": ["what-matters"]}), schemas)
        return {keys: sample(schema["additionalProperties"], schemas)} if schema.get("additionalProperties") else {}
    if kind == "array":
        return [] if schema.get("maxItems") == 0 else [sample(schema["items"], schemas)]
    if kind == "string":
        return _BY_FORMAT.get(schema.get("format", ""), "Dee")
    return {"integer": max(1, schema.get("minimum", 1)), "number": 1.5, "boolean": True}.get(kind or "")
