"""What is in a file, in one number."""

from hashlib import sha256
from pathlib import Path

CHUNK = 1 << 20  # bytes that are held at a time


def sha256_of(path: Path) -> str:
    """In hexadecimal digits. Raises OSError."""
    digest = sha256()
    with path.open("rb") as file:
        while content := file.read(CHUNK):
            digest.update(content)
    return digest.hexdigest()
