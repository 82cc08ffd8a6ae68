"""The history of a section, as its page shows it."""

from planwiki.base.shapes import View

from .schemas import RevisionView


class ChangeView(View):
    """A line of the history: one version, and how it differs from the one before it that the viewer may see."""

    version: RevisionView
    before: int | None
    added: int
    removed: int
    changed: int
    pictures_added: int
    pictures_removed: int
    files_added: int
    files_removed: int
    renamed: bool
    other_voice: bool
    over_own_words: bool
