"""Records are those that TensorFlow reads: checked by a reader of its own and published values."""

from pathlib import Path

import numpy as np
import pytest
from rlds_files import crc32c, parsed_example, records_in, unmasked

from teachloop.datasets.formats.rlds.tf_example import (
    Encoded,
    example,
    floats,
    integers,
    listed,
    texts,
    texts_in,
    varint,
)
from teachloop.datasets.formats.rlds.tfrecord import masked, write_record

# RFC 3720, appendix B.4, and the check value of CRC-32C in the catalogue of CRCs.
PUBLISHED = {
    bytes(32): 0x8A9136AA,
    b"\xff" * 32: 0x62A8AB43,
    bytes(range(32)): 0x46DD794E,
    bytes(range(31, -1, -1)): 0x113FDB5C,
    b"123456789": 0xE3069283,
}


@pytest.mark.parametrize("parts", [1, 2, 7])
@pytest.mark.parametrize(("content", "checksum"), PUBLISHED.items())
def test_a_record_has_the_published_checksum(
    tmp_path: Path, content: bytes, checksum: int, parts: int
) -> None:
    cut = [part.tobytes() for part in np.array_split(np.frombuffer(content, np.uint8), parts)]
    with (tmp_path / "records").open("wb") as file:
        write_record(file, Encoded(len(content), cut))
    written = (tmp_path / "records").read_bytes()
    assert written[:8] == len(content).to_bytes(8, "little")
    assert written[12:-4] == content
    assert unmasked(written[8:12]) == crc32c(written[:8])
    assert unmasked(written[-4:]) == crc32c(content) == checksum


@pytest.mark.parametrize("crc", [0, 1, 0x7FFF, 0x8000, 0xE3069283, 0xFFFFFFFF])
def test_a_mask_is_taken_off_again(crc: int) -> None:
    assert unmasked(masked(crc)) == crc


@pytest.mark.parametrize(
    ("value", "encoded"), [(0, "00"), (1, "01"), (127, "7f"), (150, "9601"), (300, "ac02")]
)
def test_a_number_is_as_long_as_it_needs(value: int, encoded: str) -> None:
    """150 and 300 are the examples of protobuf's own description."""
    assert varint(value).hex() == encoded


def test_values_of_each_kind_come_back(tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.write_bytes(listed(b"") + listed(b"\x00" * 300) + listed(b"\xff\xd8"))
    encoded = example(
        {
            "numbers": floats(np.array([[0.1, -2.5], [3e20, 0.0]])),
            "flags": integers(np.array([[True, False], [True, True]])),
            "counts": integers(np.array([0, 127, 128, 1 << 40])),
            "words": texts(["", "hebe 赤い", "x" * 200]),
            "pictures": texts_in(pictures),
            "none": texts([]),
        }
    )
    content = b"".join(encoded.parts)
    assert len(content) == encoded.size
    with (tmp_path / "records").open("wb") as file:
        write_record(file, Encoded(encoded.size, [content]))
    (record,) = records_in(tmp_path / "records")
    assert record == parsed_example(content)
    assert record["numbers"] == ("float32", np.array([0.1, -2.5, 3e20, 0.0], np.float32).tolist())
    assert record["flags"] == ("int64", [1, 0, 1, 1])
    assert record["counts"] == ("int64", [0, 127, 128, 1 << 40])
    assert record["words"] == ("bytes", [b"", "hebe 赤い".encode(), b"x" * 200])
    assert record["pictures"] == ("bytes", [b"", bytes(300), b"\xff\xd8"])
    assert record["none"] == ("bytes", [])
