"""What a browser is, in words that its owner knows it by."""

from ua_parser import parse

MOST = 300  # Letters of what a browser says of itself that are looked at.


def device_of(said: str) -> str:
    """Firefox on Android, for example; empty where it says nothing that is known."""
    found = parse(said[:MOST])
    names = [part.family for part in (found.user_agent, found.os) if part is not None]
    return " · ".join(names)
