"""Pictures that show a number in large squares, which lossy encoding does not hide. Needs numpy
alone, since programs of others read them, too."""

import numpy as np

ROWS, COLUMNS, SQUARE = 3, 4, 24
HEIGHT, WIDTH = ROWS * SQUARE, COLUMNS * SQUARE
TINTED = {"front": 0, "wrist": 1}  # which colour, by camera


def picture(
    number: int, camera: str = "front", size: tuple[int, int] = (HEIGHT, WIDTH)
) -> np.ndarray:
    """Twelve squares, dark or bright as the bits of the number, tinted by camera."""
    bits = np.array([(number >> bit) & 1 for bit in range(ROWS * COLUMNS)], np.uint8)
    grey = 40 + 170 * bits.reshape(ROWS, COLUMNS)
    image = np.repeat(grey[..., None], 3, -1).astype(np.uint8)
    image[..., TINTED.get(camera, 2)] += 25
    down, right = np.arange(size[0]) * ROWS // size[0], np.arange(size[1]) * COLUMNS // size[1]
    return image[down[:, None], right[None, :]]


def number_shown(image: np.ndarray) -> int:
    """Read it from RGB (height, width, 3) of any size, values 0 … 255."""
    height, width = image.shape[:2]
    grey = image.astype(float).mean(-1)
    rows = (np.arange(ROWS) * 2 + 1) * height // (2 * ROWS)
    columns = (np.arange(COLUMNS) * 2 + 1) * width // (2 * COLUMNS)
    bits = grey[np.ix_(rows, columns)].ravel() > 128
    return int(sum(1 << bit for bit, is_set in enumerate(bits) if is_set))
