"""Everything that can go wrong on purpose.

PlanwikiError
  SignInNeeded      nobody is signed in here
    TokenExpired    the token was good once
  SecondStepNeeded  the first step of signing in was right, and there is a second
  NotFound          it is not there, or it is not yours to see: never say which
  Forbidden         you can see it, but you may not do this to it
    PlanClosed      the plan is closed, and stays as it is
    StepUpNeeded    it needs somebody who has just shown who they are
  Conflict          what you ask no longer fits what is there
    Stale           somebody saved since you read it
  Gone              it was there and has ended
  TooLarge          more than we take, or than there is room for
  NotTaken          a kind of file we do not keep
  Invalid           the words do not fit the form; carries `errors`
  BadCursor         the mark of where to read on is not ours, or not this caller's
  SlowDown          too many tries; carries `retry_after`, and how many (`most`) are let `within` how long, in seconds
  Unavailable       we cannot answer safely just now

A message is one kind sentence for a person; `code` is for programs and names a problem type.
Only the web shell knows which HTTP status each becomes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from planwiki.base.language import _


@dataclass(frozen=True)
class FieldError:
    """One thing that does not fit. `pointer` is a JSON Pointer (RFC 6901) into what was sent."""

    pointer: str
    code: str
    message: str


class PlanwikiError(Exception):
    code = "error"

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code or self.code


class SignInNeeded(PlanwikiError):
    code = "sign-in-needed"


class TokenExpired(SignInNeeded):
    code = "token-expired"


class SecondStepNeeded(PlanwikiError):
    """The first step was right; this account has a second. Nobody is signed in yet."""

    code = "second-step-needed"

    def __init__(self, account_id: UUID) -> None:
        super().__init__("Please send the code from your app too.")
        self.account_id = account_id


class NotFound(PlanwikiError):
    code = "not-found"

    def __init__(self, message: str = _("There is nothing here that you can see.")) -> None:
        super().__init__(message)


class Forbidden(PlanwikiError):
    code = "not-allowed"


class PlanClosed(Forbidden):
    """Only its owners find a closed plan, and only they are told."""

    def __init__(self) -> None:
        super().__init__("This plan is closed. Open it again first.")


class StepUpNeeded(Forbidden):
    """Signed in, but too long ago for this. Nothing was changed."""

    code = "step-up-needed"

    def __init__(self) -> None:
        super().__init__("Please show once more that it is you.")


class Conflict(PlanwikiError):
    code = "conflict"


class Stale(Conflict):
    """Somebody saved since `base_revision` was read; nothing was changed."""

    code = "changed-since-you-read-it"

    def __init__(self, base_revision: int | None = None, current_revision: int | None = None) -> None:
        super().__init__("Someone saved this after you opened it. Your words are not lost.")
        self.base_revision, self.current_revision = base_revision, current_revision
        self.current_etag: str | None = None


class Gone(PlanwikiError):
    code = "gone"


class TooLarge(PlanwikiError):
    code = "too-large"


class NotTaken(PlanwikiError):
    code = "unsupported-media-type"


class Invalid(PlanwikiError):
    code = "invalid-content"

    def __init__(self, message: str, *errors: FieldError, code: str | None = None) -> None:
        super().__init__(message, code)
        self.errors = errors


class BadCursor(PlanwikiError):
    code = "bad-cursor"

    def __init__(self) -> None:
        super().__init__("We cannot read on from there. Please open the list again from its start.")


class SlowDown(PlanwikiError):
    code = "slow-down"

    def __init__(self, retry_after: int, most: int, within: int) -> None:
        super().__init__("That was too many tries. Please wait a little and try again.")
        self.retry_after, self.most, self.within = retry_after, most, within


class Unavailable(PlanwikiError):
    code = "not-ready"


def invalid(field: str, code: str, message: str) -> Invalid:
    """One field that does not fit, said as the whole error."""
    return Invalid(message, FieldError(f"/{field}", code, message))


@contextmanager
def pointing_into(place: str) -> Iterator[None]:
    """What does not fit inside is said of its place in a larger whole, such as `members/2`."""
    try:
        yield
    except Invalid as error:
        errors = [FieldError(f"/{place}{one.pointer}", one.code, one.message) for one in error.errors]
        raise Invalid(str(error), *errors, code=error.code) from None
