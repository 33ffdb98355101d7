"""The board as a PDF to be printed at its true size: black boxes, and a line of text.

As ISO 32000-1 has it: objects by number, a table of where they begin, lengths in points.
"""

from collections.abc import Iterator

import cv2
import numpy as np

from .board import MARKER_BITS, Board

POINT_MM = 25.4 / 72
MARGIN_MM = 10.0
A4_MM = (297.0, 210.0)
TEXT_MM = 3.5
BLACK = 128


def pdf(board: Board) -> bytes:
    """One page, A4 across where the board fits on it."""
    page = page_mm(board)
    content = _content(board, page).encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %.3f %.3f] /Contents 4 0 R "
        b"/Resources << /Font << /F 5 0 R >> >> >>" % (page[0] / POINT_MM, page[1] / POINT_MM),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    return _file(objects)


def page_mm(board: Board) -> tuple[float, float]:
    """Width and height of the sheet that it is drawn on."""
    width, height = (side + 2 * MARGIN_MM for side in board.size_mm)
    if width <= A4_MM[0] and height <= A4_MM[1]:
        return A4_MM
    return width, height


def description(board: Board) -> str:
    """Its size, as it stands below it."""
    width, height = board.size_mm
    return (
        f"{board.columns} × {board.rows} squares of {board.square_mm:g} mm, markers of "
        f"{board.marker_mm:g} mm: {width:g} × {height:g} mm. Print at 100 %, then measure."
    )


def _content(board: Board, page: tuple[float, float]) -> str:
    """What is drawn, in millimetres from the sheet's lower left corner."""
    width, height = board.size_mm
    left, bottom = (page[0] - width) / 2, (page[1] - height) / 2
    boxes = [
        f"{left + x:.4f} {bottom + height - y - side:.4f} {side:.4f} {side:.4f} re"
        for x, y, side in _black(board)
    ]
    text = f"BT /F {TEXT_MM:g} Tf {left:.4f} {bottom - 1.6 * TEXT_MM:.4f} Td"
    words = f"{text} ({description(board)}) Tj ET"
    return "\n".join([f"{1 / POINT_MM:.6f} 0 0 {1 / POINT_MM:.6f} 0 0 cm", *boxes, "f", words])


def _black(board: Board) -> Iterator[tuple[float, float, float]]:
    """Black squares, and black bits of the markers in the white ones: left, top, side."""
    square, marker = board.square_mm, board.marker_mm
    offset, bit = (square - marker) / 2, marker / MARKER_BITS
    dictionary = board.charuco.getDictionary()
    numbers = iter(np.ravel(board.charuco.getIds()))
    for row, column in np.ndindex(board.rows, board.columns):
        left, top = column * square, row * square
        if (row + column) % 2 == 0:
            yield left, top, square
            continue
        bits = cv2.aruco.generateImageMarker(dictionary, int(next(numbers)), MARKER_BITS)
        for y, x in np.argwhere(np.asarray(bits) < BLACK):
            yield left + offset + x * bit, top + offset + y * bit, bit


def _file(objects: list[bytes]) -> bytes:
    data, begins = b"%PDF-1.4\n", list[int]()
    for number, each in enumerate(objects, 1):
        begins.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % begin for begin in begins)
    size = len(objects) + 1
    return (
        data + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(data))
    )  # fmt: skip
