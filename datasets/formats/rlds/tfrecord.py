"""Records as TensorFlow reads them from a file, one behind the other: the length as 8 bytes and its
checksum, the content and its checksum (https://www.tensorflow.org/tutorials/load_data/tfrecord,
"TFRecords format details"). A checksum is a CRC-32C, turned right by 15 bits, plus a constant; all
numbers begin with the lowest byte."""

import struct
from typing import BinaryIO

import google_crc32c

from .tf_example import Encoded

ADDED = 0xA282EAD8
AROUND = 16  # bytes of a record that are not its content


def write_record(file: BinaryIO, content: Encoded) -> None:
    """The content is written part by part."""
    length = struct.pack("<Q", content.size)
    file.write(length + masked(google_crc32c.value(length)))
    crc = 0
    for part in content.parts:
        file.write(part)
        crc = google_crc32c.extend(crc, part)
    file.write(masked(crc))


def masked(crc: int) -> bytes:
    """A checksum as it is stored."""
    turned = crc >> 15 | crc << 17 & 0xFFFFFFFF
    return struct.pack("<I", (turned + ADDED) & 0xFFFFFFFF)
