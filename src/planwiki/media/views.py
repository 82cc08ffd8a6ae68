"""From kept rows to what a viewer is shown. Pure: the rows were narrowed before they came here."""

from planwiki.plans.views import voice_view

from .models import Media
from .schemas import MediaView

_AS_KEPT = (
    *("id", "plan_id", "section_id", "kind", "alt_text", "decorative", "caption", "transcript_markdown"),
    *("people_shown_agreed", "filename", "content_type", "size", "sha256", "width", "height", "duration_seconds"),
    *("revision", "created_at"),
)


def media_view(row: Media, section_key: str) -> MediaView:
    content_url = f"/v1/plans/{row.plan_id}/media/{row.id}/content"
    kept = {name: getattr(row, name) for name in _AS_KEPT}
    return MediaView(section_key=section_key, content_url=content_url, voice=voice_view(row.voice), **kept)
