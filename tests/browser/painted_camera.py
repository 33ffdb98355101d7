"""A made-up camera driver: one file, named by one line of a station's settings."""

from teachloop.datasets.steps import Image
from teachloop.recorder.drivers.cameras.synthetic import SyntheticCamera


class PaintedCamera(SyntheticCamera):
    """Its pictures are green, whatever it looks at."""

    def _draw(self, number: int) -> Image:
        image = super()._draw(number)
        image[:] = (20, 160 + number % 60, 40)
        return image
