"""Draws docs/images/architecture.svg from the imports of the code.

    python docs/draw_architecture.py

A box is a room, with the rooms inside it; an arrow says that the upper one imports the lower
one. An arrow is left out where the same is said by going round over others. A test compares the
picture with the code.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import grimp

PICTURE = Path(__file__).parent / "images" / "architecture.svg"
ROOT = Path(__file__).resolve().parents[1]
LAYERS: Sequence[Sequence[str]] = (
    ("app",),
    ("recorder", "labeler", "training"),
    ("jobs", "simulation"),
    ("datasets",),
    ("runtime", "geometry"),
)
# Rooms say in their first line what they are for; `datasets` has no file for it.
PURPOSE = {"datasets": "Takes, labels, and what joins them into samples."}
WIDTH, ROW, HEIGHT, GAP = 960, 146, 100, 24
STYLE = (
    "text{font:14px system-ui,sans-serif;fill:#1d2733}.in{font-size:11px;fill:#5b6875}"
    ".box{fill:#f5f8fb;stroke:#3b6ea5;stroke-width:1.4}"
    ".arrow{fill:none;stroke:#7d8b99;stroke-width:1.3;marker-end:url(#head)}"
)
Arrows = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Box:
    """Where a room stands in the picture, px."""

    left: float
    top: float
    width: float

    @property
    def middle(self) -> float:
        return self.left + self.width / 2


def imports() -> Arrows:
    """(importer, imported) between rooms, as the code has them."""
    graph = grimp.build_graph("teachloop", "teachloop.datasets", cache_dir=None)
    rooms = [room for layer in LAYERS for room in layer]
    found = set()
    for module in graph.modules:
        for other in graph.find_modules_directly_imported_by(module):
            pair = (_room(module), _room(other))
            if pair[0] != pair[1] and set(pair) <= set(rooms):
                found.add(pair)
    return frozenset(found)


def _room(module: str) -> str:
    return module.split(".")[1] if "." in module else module


def reduced(arrows: Arrows) -> Arrows:
    """Without those that a way over other rooms says, too."""
    return frozenset(
        (one, two)
        for one, two in arrows
        if not any((one, over) in arrows and _leads(over, two, arrows) for over in _all(arrows))
    )


def _all(arrows: Arrows) -> set[str]:
    return {room for pair in arrows for room in pair}


def _leads(start: str, end: str, arrows: Arrows) -> bool:
    return (start, end) in arrows or any(
        first == start and _leads(second, end, arrows) for first, second in arrows
    )


def boxes() -> Mapping[str, Box]:
    """Layer under layer, each as wide as the picture."""
    placed = {}
    for row, layer in enumerate(LAYERS):
        width = (WIDTH - GAP * (len(layer) + 1)) / len(layer)
        for column, room in enumerate(layer):
            placed[room] = Box(GAP + column * (width + GAP), GAP + row * ROW, width)
    return placed


def rooms_inside(room: str) -> list[str]:
    """The folders of code in a room."""
    folders = sorted(path for path in (ROOT / room).iterdir() if path.is_dir())
    return [path.name for path in folders if any(path.rglob("*.py"))]


def purpose(room: str) -> str:
    """What a room is for, in its own words."""
    said = PURPOSE.get(room)
    return said or (ROOT / room / "__init__.py").read_text("utf-8").splitlines()[0].strip('"')


def _lines(words: Sequence[str], width: float) -> Iterator[str]:
    line = ""
    for word in words:
        longer = f"{line} · {word}" if line else word
        if line and len(longer) * 6.2 > width:
            yield line
            longer = word
        line = longer
    yield line


def _box(room: str, box: Box) -> Iterator[str]:
    yield (
        f'<rect class="box" x="{box.left:g}" y="{box.top:g}" width="{box.width:g}" '
        f'height="{HEIGHT}" rx="8"/>'
    )
    yield f'<text x="{box.left + 12:g}" y="{box.top + 22:g}" font-weight="600">{room}</text>'
    inside = _lines(rooms_inside(room), box.width - 24)
    words = [" ".join(line.split(" · ")) for line in _lines(purpose(room).split(), box.width - 24)]
    for number, line in enumerate([*words, *inside]):
        y = box.top + 40 + 15 * number
        yield f'<text class="in" x="{box.left + 12:g}" y="{y:g}">{escape(line)}</text>'


def _arrow(start: Box, end: Box) -> str:
    down, up = start.top + HEIGHT, end.top - 3
    bend = (down + up) / 2
    x1 = min(max(end.middle, start.left + 20), start.left + start.width - 20)
    x2 = min(max(start.middle, end.left + 20), end.left + end.width - 20)
    return (
        f'<path class="arrow" d="M{x1:g} {down:g}C{x1:g} {bend:g} {x2:g} {bend:g} {x2:g} {up:g}"/>'
    )


def picture() -> str:
    """The whole SVG."""
    placed = boxes()
    height = GAP + ROW * (len(LAYERS) - 1) + HEIGHT + GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}">',
        f"<title>The rooms of teachloop, and who imports whom</title><style>{STYLE}</style>",
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#7d8b99"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
    ]
    parts += [_arrow(placed[one], placed[two]) for one, two in sorted(reduced(imports()))]
    parts += [line for room, box in placed.items() for line in _box(room, box)]
    return "\n".join([*parts, "</svg>"]) + "\n"


if __name__ == "__main__":
    PICTURE.write_text(picture(), "utf-8")
