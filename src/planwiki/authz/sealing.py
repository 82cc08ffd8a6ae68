"""What must be kept for a while and read by nobody but us: addresses and links in letters that wait, secrets of codes.

Fernet (AES-128-CBC with HMAC-SHA-256) of the cryptography library, under a key derived from the host's secret.
"""

import base64
import hashlib
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken


class Sealer:
    def __init__(self, secret: str) -> None:
        key = hashlib.sha256(f"seal:{secret}".encode()).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def seal(self, said: dict[str, Any]) -> str:
        return self._fernet.encrypt(json.dumps(said).encode()).decode()

    def open(self, sealed: str) -> dict[str, Any]:
        """Raises ValueError when it was sealed under another secret, or changed."""
        try:
            opened: dict[str, Any] = json.loads(self._fernet.decrypt(sealed.encode()))
        except InvalidToken as error:
            raise ValueError("This was sealed with another PLANWIKI_SECRET_KEY.") from error
        return opened
