"""Which storage the host chose."""

from planwiki.settings import Settings

from .object_storage import ObjectStorage
from .storage import DiskStorage, Storage


def storage_for(settings: Settings) -> Storage:
    return ObjectStorage(settings.media_url) if settings.media_url else DiskStorage(settings.data_dir / "media")
