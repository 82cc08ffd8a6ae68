"""Which storage the host chose."""

from planwiki.settings import Settings

from .storage import DiskStorage, Storage


def storage_for(settings: Settings) -> Storage:
    return DiskStorage(settings.data_dir / "media")
