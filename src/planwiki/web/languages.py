"""The languages pages come in: English as written, and one file of translated words for each other, in `locale/`.

`make strings` gathers what there is to translate. A file `cy.po` there is a language that browsers may ask for.
"""

import json
from collections.abc import Iterator
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from planwiki.base.language import ENGLISH, Language

from .methods import wishes


class Languages:
    """What is shipped, by tag. `fixed` is the one for everybody; empty where each browser says what it likes."""

    def __init__(self, folder: Path, fixed: str = "") -> None:
        translated = [_read(path) for path in sorted(folder.glob("*.po"))]
        self.shipped = {one.tag: one for one in [ENGLISH, *translated]}
        if fixed and fixed not in self.shipped:
            raise ValueError(f"PLANWIKI_LOCALE has to be one of these: {', '.join(self.shipped)}.")
        self._fixed = self.shipped.get(fixed)
        # A tag without its country comes last, so that `en-US` finds our English.
        mains = {tag.partition("-")[0]: one for tag, one in reversed(self.shipped.items())}
        self._found_by = mains | {tag.lower(): one for tag, one in self.shipped.items()}

    def best_for(self, asked: str) -> Language:
        """What an Accept-Language header (RFC 9110, section 12.5.4) likes best of what we have; else English."""
        if self._fixed or len(self.shipped) == 1 or not asked:
            return self._fixed or ENGLISH
        liked = sorted((one for one in wishes(asked).items() if one[1] > 0), key=lambda one: -one[1])
        found = (self._found_by.get(tag) or self._found_by.get(tag.partition("-")[0]) for tag, _ in liked)
        return next(filter(None, found), ENGLISH)


def _read(path: Path) -> Language:
    """A translator's file as it is: nobody has to compile it first."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem.replace("-", "_"))
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Language(path.stem, GNUTranslations(compiled))


def pictures_in(file: Any, *_: Any, **_options: Any) -> Iterator[tuple[int, None, str, list[str]]]:
    """What pictures are called: babel.cfg names this for the list of pictures."""
    yield from ((1, None, one["label"], []) for one in json.load(file).values())
