"""Sentences about versions: what somebody changed, in words."""

from planwiki.base.language import _, ngettext
from planwiki.base.vocabulary import RevisionSource
from planwiki.plans.history_schemas import ChangeView

from .sentences import all_names


def what_changed(line: ChangeView) -> str:
    """`Dee changed 2 sentences and added 1.`"""
    name = {"name": line.version.author.display_name}
    if line.version.source is RevisionSource.RESTORE:
        return _("%(name)s put back version %(number)s.") % (name | {"number": line.version.restored_from})
    if line.version.suggested_by:
        return _("%(name)s used a suggestion of %(other)s.") % (name | {"other": line.version.suggested_by})
    if line.before is None:
        begun = line.version.revision == 1
        return (_("%(name)s started this.") if begun else _("%(name)s saved this version.")) % name
    done = _done(line)
    if not done:
        return _("%(name)s saved this with the same words.") % name
    return _("%(name)s %(did)s.") % (name | {"did": all_names(done)})


def _done(line: ChangeView) -> list[str]:
    """Each thing done, in the order people ask for it. Sentences are named once."""
    counted = [
        (line.changed, _("changed %(count)s sentence"), _("changed %(count)s sentences"), _("changed %(count)s")),
        (line.added, _("added %(count)s sentence"), _("added %(count)s sentences"), _("added %(count)s")),
        (line.removed, _("took out %(count)s sentence"), _("took out %(count)s sentences"), _("took out %(count)s")),
    ]
    done: list[str] = []
    for count, one, many, again in counted:
        if count:
            done.append((again if done else ngettext(one, many, count)) % {"count": count})
    files = [
        (line.pictures_added, _("added a picture"), _("added %(count)s pictures")),
        (line.pictures_removed, _("took out a picture"), _("took out %(count)s pictures")),
        (line.files_added, _("added a recording or paper"), _("added %(count)s recordings or papers")),
        (line.files_removed, _("took out a recording or paper"), _("took out %(count)s recordings or papers")),
    ]
    done += [ngettext(one, many, count) % {"count": count} for count, one, many in files if count]
    if line.renamed:
        done.append(_("changed the title"))
    if line.other_voice and not done:
        done.append(_("said whose words these are"))
    return done
