// One figure for each camera, one to four of them; where they stand is the style sheets' part.

import { make } from "./dom.js";

/** @import { Camera } from "./messages" */

/** Where nobody has said yet which cameras there are. @type {Camera} */
const UNKNOWN = { name: "", width: 4, height: 3 };
/** Width over height: below the first is square, above the second wide; 4 : 3 is between. */
const SQUARE = 1.2;
const WIDE = 1.5;

/**
 * Show these cameras in an element, in their order. Figures are made anew only where the cameras
 * differ; then ``made`` is told.
 * @param {HTMLElement} element
 * @param {Camera[]} cameras
 * @param {Record<string, string>} attributes of each figure
 * @param {(figures: HTMLElement[]) => void} made
 */
export function showFigures(element, cameras, attributes, made) {
  const shown = cameras.length ? cameras : [UNKNOWN];
  const signature = JSON.stringify(shown.map(({ name, width, height }) => [name, width, height]));
  if (element.dataset.cameras === signature) return;
  element.dataset.cameras = signature;
  const figures = shown.map((camera) => cameraFigure(camera, attributes));
  const layout = element.parentElement ?? element;
  layout.dataset.count = String(figures.length);
  const shape = shown[0].width / shown[0].height;
  layout.dataset.shape = shape < SQUARE ? "square" : shape < WIDE ? "photo" : "wide";
  layout.style.setProperty("--shape", String(shape));
  element.replaceChildren(...figures);
  made(figures);
}

/** @param {Camera} camera @param {Record<string, string>} attributes */
function cameraFigure({ name, width, height }, attributes) {
  const picture = { class: "picture", width, height, role: "img", "aria-label": `${name} camera` };
  return make(
    attributes.role ? "div" : "figure", // a figure that is captioned has no other role
    {
      ...attributes,
      class: "camera",
      dataset: { camera: name },
      style: `--shape: ${width / height}`,
    },
    make("canvas", picture),
    make("canvas", { class: "over", "aria-hidden": "true" }),
    make("figcaption", {}, name),
    make("div", { class: "veil" }),
  );
}
