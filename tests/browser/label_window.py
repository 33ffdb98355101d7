"""What people do on the Label page, and how a test sees what came of it."""

from pathlib import Path
from typing import Any

from drawn_takes import SIDE

from teachloop.datasets.labels.labels import Labels

TEST_PICTURES = ("--source", "synthetic")  # nobody looks at the station's own
SAVED = "document.querySelector('.tl-label .saved')"


class LabelWindow:
    """A window that shows the Label page; pictures are squares of ``side`` pixels."""

    def __init__(self, window: Any, data: Path, side: int = SIDE) -> None:
        self.window = window
        self.page = window.page
        self.data = data
        self.side = side

    def show(self, take: str) -> None:
        """Open a take by a click on its row."""
        number = next(row["number"] for row in self.window.takes() if row["id"] == take)
        self.window.tab("label")
        self.page.click(f".tl-label .queue button:has(b:text-is('{number}'))")
        title = "document.querySelector('.tl-label .title').textContent === given"
        self.window.wait(title, f"Take {number}")
        self.drawn()

    def drawn(self, camera: str = "front") -> None:
        """Wait until the picture of a camera can be clicked on."""
        figure = f"document.querySelector('.tl-label [data-camera={camera}]')"
        self.window.wait(f"{figure}.querySelector('.picture').width === given", self.side)
        self.window.wait(f"!{figure}.querySelector('.veil').classList.contains('shown')")
        self.window.wait(f"{figure}.querySelector('figcaption').textContent !== ''")

    def at(self, x: float, y: float, camera: str = "front") -> tuple[float, float]:
        """Where a pixel of a picture lies on the screen."""
        box = self.page.locator(f".tl-label [data-camera={camera}] .over").bounding_box()
        scale = min(box["width"], box["height"]) / self.side
        left = box["x"] + (box["width"] - self.side * scale) / 2
        top = box["y"] + (box["height"] - self.side * scale) / 2
        return left + (x + 0.5) * scale, top + (y + 0.5) * scale

    def click(self, x: float, y: float, camera: str = "front", button: Any = "left") -> None:
        self.page.mouse.click(*self.at(x, y, camera), button=button)

    def grasp(self, x: float, y: float) -> None:
        """Press the button on a click of the front picture, once it can be taken hold of."""
        over = self.page.locator(".tl-label [data-camera=front] .over")
        for _ in range(200):
            self.page.mouse.move(*self.at(x + 0.5, y))
            self.page.mouse.move(*self.at(x, y))
            if over.evaluate("canvas => canvas.style.cursor") == "grab":
                return self.page.mouse.down()
            self.page.wait_for_timeout(50)
        raise AssertionError("nothing can be taken hold of there")

    def caption(self, words: str, camera: str = "front") -> None:
        """Wait until a picture says it of its mask."""
        figcaption = f"document.querySelector('.tl-label [data-camera={camera}] figcaption')"
        self.window.wait(f"{figcaption}.textContent.includes(given)", words)

    def without_mask(self, camera: str = "front") -> None:
        figcaption = f"document.querySelector('.tl-label [data-camera={camera}] figcaption')"
        self.window.wait(f"!{figcaption}.textContent.includes('·')")

    def revision(self, revision: int) -> None:
        """Wait until all is saved, as this revision."""
        self.window.wait(f"{SAVED}.textContent === 'Saved' && {SAVED}.dataset.revision === given",
                         str(revision))  # fmt: skip

    def state(self, words: str) -> None:
        """Wait until the panel says that of what was typed and done."""
        self.window.wait(f"{SAVED}.textContent === given", words)

    def say(self, text: str) -> None:
        """Type the instruction anew, and leave the field."""
        self.page.fill("#label-instruction", text)
        self.page.press("#label-instruction", "Tab")

    @property
    def instruction(self) -> str:
        return self.page.input_value("#label-instruction")

    @property
    def tick(self) -> int:
        return int(self.page.inner_text(".tl-label .where").split()[0])

    def labels(self, take: str) -> Labels:
        return Labels.open(self.data / "takes" / take)
