"""How pages look and sound to one reader."""

from urllib.parse import parse_qsl, urlencode

from pydantic import Field, ValidationError

from planwiki.base.reading_choices import Letters, LineSpacing, Look, Motion, Pictures, Places, Speed, TextSize
from planwiki.base.shapes import Draft
from planwiki.base.vocabulary import Face

LONGEST = 300


class Reading(Draft):
    """What somebody chose; everything else is as it is at first."""

    look: Look = Field(default=Look.AUTO, description="The colours.")
    text_size: TextSize = Field(default=TextSize.NORMAL, description="How large letters are.")
    line_spacing: LineSpacing = Field(default=LineSpacing.NORMAL, description="How far apart lines are.")
    letters: Letters = Field(default=Letters.CLEAR, description="The typeface.")
    pictures: Pictures = Field(default=Pictures.ON, description="Pictures that planwiki brings.")
    motion: Motion = Field(default=Motion.STILL, description="Whether anything may move.")
    speed: Speed = Field(default=Speed.NORMAL, description="How fast words are read aloud.")
    face: Face = Field(default=Face.FULL, description="The way of reading that comes first, where a section has it.")
    places: Places = Field(default=Places.ON, description="Whether their place is kept while they read.")

    @property
    def kept(self) -> str:
        """What differs from how it is at first, in one short line: kept with an account, or by a device."""
        return urlencode(self.model_dump(exclude_defaults=True))


def reading_from(kept: str) -> Reading:
    """What such a line says. A word that nobody knows (any more) counts as not chosen: no page ends for a colour."""
    chosen: dict[str, str] = {}
    for name, word in parse_qsl(kept[:LONGEST]):
        try:
            Reading.model_validate({name: word})
        except ValidationError:
            continue
        chosen[name] = word
    return Reading.model_validate(chosen)
