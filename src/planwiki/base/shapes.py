"""What every draft (coming in) and view (going out) shares."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer


def _with_z(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


# RFC 3339 in UTC with Z, always to the microsecond, so that equal instants are equal text.
Instant = Annotated[
    datetime,
    PlainSerializer(_with_z, return_type=str, when_used="json"),
    Field(json_schema_extra={"format": "date-time"}),
]


class Draft(BaseModel):
    """What somebody sends. A field nobody named is refused, so that nothing is set by surprise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def sent(self, name: str) -> bool:
        """Was this field in what was sent (even as null)? A merge patch changes only those (RFC 7396)."""
        return name in self.model_fields_set


class View(BaseModel):
    """What somebody is shown; never changed once made."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ActorRef(View):
    """Who did something."""

    type: str = Field(description="account, client or system.", examples=["account"])
    id: UUID | None = Field(description="The account, where it is known.")
    display_name: str = Field(description="Their name at that time.", examples=["Dee"])
    organisation: str | None = Field(default=None, description="Where they work, if they said.")


class FaceView(View):
    """Somebody's face: their name, and whether it is the person's own, who may have a photo."""

    name: str
    is_person: bool = False


class Target(Draft):
    """What something is about: a plan as a whole, or something in it."""

    type: Literal["plan", "section", "outcome", "action"] = Field(
        description="The plan as a whole, or something in it.", examples=["section"]
    )
    section_key: str | None = Field(default=None, description="Which section.", max_length=64)
    id: UUID | None = Field(default=None, description="The thing's id. A section goes by its key.")
    revision: int | None = Field(default=None, description="Which version of the section.", ge=1, le=2**31 - 1)
