"""Pictures of boxes and discs on a table, with the truth beside them."""

import cv2
import numpy as np

_FINE = 4  # subpixels a side


def draw(shapes, size=256, seed=0, noise=3.0):
    """An RGB image (size, size, 3) and one boolean mask for each shape, last on top."""
    rng = np.random.default_rng(seed)
    fine = size * _FINE
    rows, columns = np.mgrid[0:fine, 0:fine]
    table = np.array([176.0, 150.0, 118.0])
    canvas = np.ascontiguousarray(
        table + 12 * np.sin(rows / 90.0)[..., None] + 8 * np.sin(columns / 37.0)[..., None]
    )
    owner = np.full((fine, fine), -1, np.int32)
    for index, shape in enumerate(shapes):
        for colour, polygon in shape:
            points = np.round(np.asarray(polygon) * _FINE).astype(np.int32)
            cv2.fillPoly(canvas, [points], tuple(float(c) for c in colour))
            cv2.fillPoly(owner, [points], index)
    image = cv2.resize(canvas, (size, size), interpolation=cv2.INTER_AREA)
    image = np.clip(image + rng.normal(0, noise, image.shape), 0, 255).astype(np.uint8)
    masks = []
    for index in range(len(shapes)):
        cover = cv2.resize(
            (owner == index).astype(np.float32), (size, size), interpolation=cv2.INTER_AREA
        )
        masks.append(cover > 0.5)
    return image, masks


def block(colour, u, v, width):
    """A box seen from above and the side: three faces of one colour, shaded differently."""
    colour, w = np.asarray(colour, float), width
    top = [(u, v), (u + w, v + 0.15 * w), (u + 0.8 * w, v + 0.6 * w), (u - 0.2 * w, v + 0.45 * w)]
    left = [top[3], top[2], (top[2][0], top[2][1] + 0.7 * w), (top[3][0], top[3][1] + 0.7 * w)]
    right = [top[2], top[1], (top[1][0], top[1][1] + 0.7 * w), (top[2][0], top[2][1] + 0.7 * w)]
    return [(colour, top), (colour * 0.7, left), (colour * 0.5, right)]


def disc(colour, u, v, radius):
    """A round thing of one colour."""
    angle = np.linspace(0, 2 * np.pi, 48)
    return [
        (
            np.asarray(colour, float),
            np.stack([u + radius * np.cos(angle), v + radius * np.sin(angle)], -1),
        )
    ]
