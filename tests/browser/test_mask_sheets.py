"""Masks as they are painted, against the masks themselves, pixel by pixel and edge by edge."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page

from teachloop.app.pages.shell import PAGES
from teachloop.datasets.labels.masks import encode

ORIGIN = "http://masks.test/"
PAINTED = """async ({ rles, height, width }) => {
  const { MaskSheets } = await import("/shared/mask_sheets.js");
  const sheets = new MaskSheets();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d");
  context.lineWidth = 0.2;
  return rles.map((rle) => {
    const { sheet, left, top, outline } = sheets.of(rle, [10, 200, 30]);
    context.clearRect(0, 0, width, height);
    context.drawImage(sheet, left, top);
    const on = (x, y) => context.isPointInStroke(outline, x, y);
    const rows = [...Array(height + 1).keys()];
    const columns = [...Array(width + 1).keys()];
    return {
      pixels: [...context.getImageData(0, 0, width, height).data],
      levels: rows.map((y) => columns.slice(1).map((x) => on(x - 0.5, y))),
      uprights: rows.slice(1).map((y) => columns.map((x) => on(x, y - 0.5))),
    };
  });
}"""


@pytest.fixture(scope="module")
def modules(browser: Browser) -> Iterator[Page]:
    """A page that has the pages' modules and nothing else."""
    page = browser.new_page()
    page.route(
        f"{ORIGIN}**/*.js",
        lambda route: route.fulfill(path=PAGES / route.request.url.removeprefix(ORIGIN)),
    )
    page.route(
        ORIGIN, lambda route: route.fulfill(body="<!doctype html>", content_type="text/html")
    )
    page.goto(ORIGIN)
    yield page
    page.close()


def masks() -> list[NDArray[np.bool_]]:
    """Of 9 by 13 pixels: none, all, a ring, one pixel in a corner, and noise of all shares."""
    none = np.zeros((9, 13), bool)
    ring, corner = none.copy(), none.copy()
    ring[2:7, 3:9], ring[3:6, 4:8], corner[-1, -1] = True, False, True
    rng = np.random.default_rng(3)
    return [none, ~none, ring, corner, *(rng.random((9, 13)) < share for share in (0.1, 0.5, 0.9))]


def test_a_sheet_has_the_mask_s_pixels_and_its_line_the_mask_s_edges(modules: Page) -> None:
    rles = [{"height": 9, "width": 13, "counts": encode(mask).counts} for mask in masks()]
    given: Any = {"rles": rles, "height": 9, "width": 13}
    for mask, painted in zip(masks(), modules.evaluate(PAINTED, given), strict=True):
        ink = np.where(mask[..., None], [10, 200, 30, 255], 0)
        assert np.array_equal(np.reshape(painted["pixels"], (9, 13, 4)), ink)
        padded = np.pad(mask, 1)
        assert np.array_equal(painted["levels"], (padded[1:] != padded[:-1])[:, 1:-1])
        assert np.array_equal(painted["uprights"], (padded[:, 1:] != padded[:, :-1])[1:-1])
