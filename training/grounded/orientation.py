"""The orientation of a thing on the table: which way it is long, and how its edges run.

Of each, a complex number exp(imφ) of even order m, since neither has a front. Order 2: which way
what is seen is longest, by its second moments. Orders 4 and 6: the mean over its edges, weighted by
their gradient's energy (harmonics of the structure tensor's angle, after Bigün and Granlund 1987);
that of order 4 is long where edges are at right angles, as those of a box. A horizontal edge at any
height keeps its direction on the table, to which the camera's calibration takes it. Nothing of it
is learned, and it is the same for every camera.
"""

import math

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from .grounding import grid_centres, lift

EDGES = (4, 6)
ORDERS = (2, *EDGES)
NUMBERS = 2 * len(ORDERS)  # real and imaginary part of each, at most of length 1
SIGMA, REACH = 1.0, 2  # pixels, of the derivative's Gaussian
FLOOR = 0.002  # gradient energy of a pixel in which there is nothing to see
POINT_M2 = 1e-6  # variance of what is too small to be longer in any direction


def orientations(
    images: Tensor, origin: Tensor, direction: Tensor, region: Tensor, height_m: float
) -> Tensor:
    """Images (n, 3, s, s) with their rays (n, 3), (n, 3, 3), and each cell's share in a region
    (n, queries, cells²) at a height, to (n, queries, NUMBERS)."""
    side = math.isqrt(region.shape[-1])
    centres = grid_centres(side).to(region).expand(len(region), -1, -1)
    place = lift(centres, origin, direction, height_m)[..., :2]
    shares = region.unflatten(-1, (side, side))
    each = [_of_edges(*one) for one in zip(images, direction, shares, strict=True)]
    return torch.cat([_longest(place, region), torch.stack(each)], -1)


def seen_from_hand(orientation: Tensor, proprioception: Tensor) -> Tensor:
    """Those on the table (n, …, NUMBERS) as the hand (n, 9 or more) sees them, by its yaw."""
    ahead = F.normalize(proprioception[:, 3:5], dim=-1)
    back = _powers(torch.complex(ahead[:, 0], -ahead[:, 1]), ORDERS)
    found = torch.view_as_complex(orientation.unflatten(-1, (-1, 2)).contiguous())
    seen = found * back.view(len(found), *[1] * (found.dim() - 2), -1)
    return torch.view_as_real(seen).flatten(-2)


def in_mirror(orientation: Tensor, which: Tensor) -> Tensor:
    """Those (n, …, NUMBERS) of the samples that ``which`` (n,) names, in the base's x–z plane."""
    signs = orientation.new_tensor([1.0, -1.0]).repeat(len(ORDERS))
    mirrored = which.view(-1, *[1] * (orientation.dim() - 1))
    return torch.where(mirrored, orientation * signs, orientation)


def _longest(place: Tensor, region: Tensor) -> Tensor:
    """Of cells at (n, cells², 2), which way they lie: (n, queries, 2)."""
    off = place[:, None] - (region @ place)[:, :, None]
    x, y = off.unbind(-1)
    xx, xy, yy = ((region * each).sum(-1) for each in (x * x, x * y, y * y))
    return torch.stack([xx - yy, 2 * xy], -1) / (xx + yy + POINT_M2)[..., None]


def _of_edges(image: Tensor, direction: Tensor, region: Tensor) -> Tensor:
    """Of an image (3, s, s), the mean over the cells of each region (queries, cells, cells); only
    where one of them is, the image is looked at: (queries, …)."""
    rows, columns = (_extent((region > 0).any(0).any(axis)) for axis in (1, 0))
    inside = (region[:, rows, columns] > 0).to(image).flatten(1)
    size = image.shape[-1] // region.shape[-1]
    at = (
        slice(rows.start * size, rows.stop * size),
        slice(columns.start * size, columns.stop * size),
    )
    edge, energy = _edges(image, *at)
    points = grid_centres(len(image[0])).unflatten(0, image.shape[1:])[at].to(image)
    numbers = torch.view_as_real(_powers(_on_table(points, edge, direction), EDGES)).flatten(-2)
    whole = torch.cat([energy[..., None], energy[..., None] * numbers], -1).movedim(-1, 0)
    total = inside @ F.avg_pool2d(whole, size).flatten(1).mT
    return total[:, 1:] / (total[:, :1] + FLOOR * inside.sum(-1, keepdim=True))


def _extent(there: Tensor) -> slice:
    """From the first to the last; elsewhere than on a CPU all of it, which is no slower there than
    to wait for the answer."""
    if there.device.type != "cpu" or not there.any():
        return slice(0, len(there))
    found = there.nonzero()
    return slice(int(found[0]), int(found[-1]) + 1)


def _edges(image: Tensor, rows: slice, columns: slice) -> tuple[Tensor, Tensor]:
    """Unit vectors (h, w, 2) along the edges in a part of an image (3, s, s), by the structure
    tensor of its colours, and the energy (h, w) of their gradients."""
    across, down = _gradient(image, rows, columns)
    xx, xy, yy = (each.sum(0) for each in (across * across, across * down, down * down))
    angle = torch.atan2(2 * xy, xx - yy) / 2  # of the gradient; the edge is at right angles
    return torch.stack([-angle.sin(), angle.cos()], -1), xx + yy


def _gradient(image: Tensor, rows: slice, columns: slice) -> tuple[Tensor, Tensor]:
    """Along x and along y, each (3, h, w)."""
    place = torch.arange(-REACH, REACH + 1).to(image)
    bell = (-(place**2) / (2 * SIGMA**2)).exp()
    slope, bell = place * bell / (place**2 * bell).sum(), bell / bell.sum()
    padded = F.pad(image[:, None], (REACH,) * 4, mode="replicate")
    part = padded[..., rows.start : rows.stop + 2 * REACH, columns.start : columns.stop + 2 * REACH]

    def filtered(along_y: Tensor, along_x: Tensor) -> Tensor:
        found = F.conv2d(part, along_y.view(1, 1, -1, 1))
        return F.conv2d(found, along_x.view(1, 1, 1, -1))[:, 0]

    return filtered(bell, slope), filtered(slope, bell)


def _on_table(points: Tensor, edge: Tensor, direction: Tensor) -> Tensor:
    """Directions (h, w) on the table, as complex numbers, of those (h, w, 2) at points of the
    image; 0 where the camera does not look down."""
    ray, moves = F.pad(points, (0, 1), value=1.0) @ direction.mT, edge @ direction[:, :2].mT
    drop = (-ray[..., 2:]).clamp(min=0)
    along = F.normalize(moves[..., :2] * drop + ray[..., :2] * moves[..., 2:] * (drop > 0), dim=-1)
    return torch.complex(along[..., 0], along[..., 1])


def _powers(turn: Tensor, orders: tuple[int, ...]) -> Tensor:
    """Complex numbers (…) to their powers (…, orders)."""
    square = turn * turn
    return torch.stack([square ** (order // 2) for order in orders], -1)
