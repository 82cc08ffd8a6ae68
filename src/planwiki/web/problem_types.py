"""Every problem type a program may be told: its status and when. The contract and the integrators' page list them."""

from typing import Any, NamedTuple

PROBLEM_JSON = "application/problem+json"


class ProblemType(NamedTuple):
    status: int
    when: str


TYPES = {
    "malformed": ProblemType(400, "The body is not JSON in UTF-8, or holds a field twice."),
    "bad-cursor": ProblemType(400, "The cursor is not one we gave this caller for this list."),
    "sign-in-needed": ProblemType(401, "There is no bearer token, or it is none of ours, or it was ended."),
    "token-expired": ProblemType(401, "The token was good once. Sign in again."),
    "not-allowed": ProblemType(403, "The caller can read this, but may not do that."),
    "cannot-grant-more-than-you-hold": ProblemType(403, "Only owners hold manage, and nobody gives it away."),
    "not-found": ProblemType(404, "It is not there, or not for this caller. The answer never says which."),
    "method-not-allowed": ProblemType(405, "See Allow for what this address takes."),
    "not-acceptable": ProblemType(406, "We cannot answer in a form that Accept names."),
    "key-exists": ProblemType(409, "A section the caller can see has that key."),
    "last-steward": ProblemType(409, "Somebody who can sign in has to own the plan."),
    "already-decided": ProblemType(409, "It was answered before, or taken back."),
    "section-moved-on": ProblemType(
        409, "Somebody saved since this was suggested. Join both texts, and send `edited_markdown`."
    ),
    "illegal-status-change": ProblemType(409, "It cannot go from what it is to that."),
    "sharing-frozen": ProblemType(409, "An owner stopped all sharing. Nothing new is given until it starts again."),
    "media-in-use": ProblemType(409, "The section's text still shows it. Take it out of the text first."),
    "request-in-progress": ProblemType(409, "Somebody did the same at the same moment. Try again."),
    "invitation-ended": ProblemType(410, "The invitation was used, withdrawn or expired, or never was."),
    "link-ended": ProblemType(410, "The guest link was stopped, ran out or was used up, or never was."),
    "changed-since-you-read-it": ProblemType(412, "If-Match does not name what is there now: see `current_etag`."),
    "too-large": ProblemType(413, "More than 25 MB, 256 MB of video or 2 MB of text. Or the plan is full."),
    "unsupported-media-type": ProblemType(415, "The body, or the file in it, is of a kind we do not take."),
    "no-such-range": ProblemType(416, "Range names bytes that are not there: see Content-Range."),
    "invalid-content": ProblemType(422, "Some fields do not fit: see `errors`."),
    "alt-text-needed": ProblemType(422, "A picture needs `alt_text`, or `decorative` where it says nothing."),
    "voice-needed": ProblemType(422, "A text needs `voice`: whose words these are."),
    "second-step-needed": ProblemType(422, "The account has a second step: send `one_time_code` too."),
    "idempotency-key-reused": ProblemType(422, "The key came with another request before."),
    "if-match-required": ProblemType(428, "Send If-Match with the ETag you read."),
    "slow-down": ProblemType(429, "Too many tries. Wait as long as Retry-After says."),
    "server-error": ProblemType(500, "Our fault. Nothing was changed."),
    "not-ready": ProblemType(503, "The database does not answer just now. Wait as long as Retry-After says."),
}


def problems(*slugs: str) -> dict[int | str, dict[str, Any]]:
    """What a route may answer beside what its shape tells, for `responses=`."""
    answers: dict[int | str, dict[str, Any]] = {}
    for slug in slugs:
        answers.setdefault(TYPES[slug].status, {"x-problems": []})["x-problems"].append(slug)
    return answers
