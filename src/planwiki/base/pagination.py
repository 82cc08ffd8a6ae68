"""Where a list goes on: a signed mark (cursor) that opens only for the caller and the list it was made for.

A cursor can be read, so put ids and instants into it, never words. It is signed (HMAC-SHA-256) with a key made from the
secret and from what it is bound to: another caller, another list or another secret makes it worthless.
"""

import hashlib

from itsdangerous import BadData, URLSafeSerializer

from planwiki.base.errors import BadCursor


class Cursors:
    """Makes and opens cursors under one secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def seal(self, position: str, bound_to: str) -> str:
        """`bound_to` names the list and the caller, such as a path and an account id."""
        return self._signer(bound_to).dumps(position)

    def open(self, cursor: str, bound_to: str) -> str:
        """The position; BadCursor for any other caller, list or text."""
        try:
            position = self._signer(bound_to).loads(cursor) if cursor.isascii() else None
        except BadData:
            position = None
        if not isinstance(position, str):
            raise BadCursor
        return position

    def _signer(self, bound_to: str) -> URLSafeSerializer:
        return URLSafeSerializer(
            self._secret,
            salt=f"planwiki cursor {bound_to}",
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )
