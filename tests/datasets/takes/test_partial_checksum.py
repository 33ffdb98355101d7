"""Pieces that were checksummed before give the checksum of the whole."""

import tempfile
import zlib
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from teachloop.datasets.takes.partial_checksum import PartialChecksum, Piece


def whole(checksum: PartialChecksum, content: bytes, start: int = 0) -> int:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return checksum.whole(file.fileno(), start, len(content))


@given(st.data())
def test_whichever_pieces_are_known_in_whatever_order(data: st.DataObject) -> None:
    content = data.draw(st.binary(min_size=1, max_size=4000))
    start = data.draw(st.integers(0, len(content)))
    cuts = sorted(data.draw(st.sets(st.integers(start, len(content)))))
    pieces = [Piece(a, b, zlib.crc32(content[a:b])) for a, b in pairwise(cuts)]
    kept = [piece for piece in pieces if data.draw(st.booleans())]
    known = data.draw(st.permutations(kept))
    checksum, half = PartialChecksum(), len(known) // 2
    checksum.add(known[:half])
    checksum.add(known[half:])
    assert whole(checksum, content, start) == zlib.crc32(content[start:])


def test_what_is_known_is_not_read_again() -> None:
    checksum = PartialChecksum()
    checksum.add([Piece(2, 4, zlib.crc32(b"cd"))])
    assert whole(checksum, b"ab??ef") == zlib.crc32(b"abcdef")


def test_a_long_file_is_read_to_its_end() -> None:
    content = bytes(range(256)) * 5000
    assert whole(PartialChecksum(), content) == zlib.crc32(content)
