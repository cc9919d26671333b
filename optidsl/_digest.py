"""The hash that keys what is kept between runs."""

from __future__ import annotations

try:  # `hashlib` loads OpenSSL for the same function, which takes longer than everything that is hashed here
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b


def digest(text: str) -> str:
    """Return the BLAKE2b hash of a text in UTF-8: 32 bytes, in hexadecimal.

    Source: RFC 7693.
    """
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()
