// The box of the limits as it is being edited, in the pictures of cameras that stand still.

import { api } from "../shared/api.js";
import { CameraView } from "../shared/camera.js";
import { button, canvas, colour, crisp, find, setText, toggleHidden } from "../shared/dom.js";
import { showFigures } from "../shared/figures.js";
import { saying } from "../shared/notices.js";
import { NEAR_M, projected, seen } from "../shared/projection.js";

/** @import { Calibration, Limits } from "../shared/messages" */
/** @import { Point } from "../shared/projection.js" */

/** Corners are numbered by bits: which end on x, y and z. */
const CORNERS = [0, 1, 2, 3, 4, 5, 6, 7];
const EDGES = CORNERS.flatMap((from) =>
  [1, 2, 4].filter((axis) => !(from & axis)).map((axis) => [from, from | axis]),
);
const FLOOR = [0, 1, 3, 2];

export class Workspace {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.views = find(element, ".device .views");
    this.button = button(element, ".look");
    /** @type {Limits | null} */
    this.limits = null;
    /** @type {Calibration[]} */
    this.cameras = [];
    /** @type {CameraView[]} */
    this.pictures = [];
    new ResizeObserver(() => this.draw()).observe(this.views);
  }

  get on() {
    return !this.views.hidden;
  }

  async toggle() {
    const on = !this.on;
    if (on && !(await this.read())) return;
    toggleHidden(this.views, !on);
    this.button.setAttribute("aria-pressed", String(on));
    this.showPictures(on ? this.cameras : []);
    this.draw();
  }

  /** Which cameras there are, and where; false where that is not known. */
  async read() {
    const answer = await saying(() => api.get("/api/station/calibrations"));
    if (!answer) return false;
    /** @type {Calibration[]} */
    const all = Object.values(answer.cameras);
    this.cameras = all.filter(({ mount, calibrated }) => mount === "base" && calibrated);
    if (!this.cameras.length) this.say("No camera that stands still is calibrated.");
    return this.cameras.length > 0;
  }

  /** @param {Calibration[]} cameras */
  showPictures(cameras) {
    for (const each of this.pictures) each.close();
    this.pictures = [];
    this.views.dataset.cameras = "";
    this.views.replaceChildren();
    if (!cameras.length) return;
    showFigures(this.views, cameras, {}, (figures) => {
      this.pictures = figures.map((figure) => new CameraView(figure));
    });
  }

  /** @param {Limits} limits */
  show(limits) {
    this.limits = limits;
    const below_m = -limits.workspace_low_m[2];
    const table = `It reaches ${(100 * below_m).toFixed(1)} cm below the base, where the table is.`;
    this.say(below_m > 0 ? table : "");
    if (this.on) this.draw();
  }

  /** @param {string} text */
  say(text) {
    setText(find(this.element, ".box-seen .note"), text);
  }

  draw() {
    for (const [index, { figure }] of this.pictures.entries()) {
      const sheet = canvas(figure, "canvas.over");
      if (this.limits && sheet.clientWidth) drawBox(sheet, this.cameras[index], this.limits);
    }
  }
}

/** @param {HTMLCanvasElement} sheet @param {Calibration} camera @param {Limits} limits */
function drawBox(sheet, camera, limits) {
  const context = crisp(sheet);
  const scale = sheet.clientWidth / camera.width;
  const corners = cornersOf(limits).map((point) => seen(camera, point));
  /** @param {Point} point @returns {[number, number]} */
  const at = (point) => {
    const [x, y] = projected(camera, point);
    return [scale * x, scale * y];
  };
  context.strokeStyle = context.fillStyle = colour("accent");
  context.lineWidth = 1.5;
  for (const [from, to] of EDGES) {
    const line = ahead(corners[from], corners[to]);
    if (!line) continue;
    context.beginPath();
    for (const point of line) context.lineTo(...at(point));
    context.stroke();
  }
  if (FLOOR.some((each) => corners[each][2] < NEAR_M)) return;
  context.globalAlpha = 0.15;
  context.beginPath();
  for (const each of FLOOR) context.lineTo(...at(corners[each]));
  context.fill();
  context.globalAlpha = 1;
}

/** @param {Limits} limits @returns {Point[]} in the base frame */
function cornersOf({ workspace_low_m: low, workspace_high_m: high }) {
  /** @param {number} corner @param {number} axis */
  const end = (corner, axis) => (corner & (1 << axis) ? high : low)[axis];
  return CORNERS.map((corner) => [end(corner, 0), end(corner, 1), end(corner, 2)]);
}

/** The part of a line that is before the camera. @param {Point} from @param {Point} to
 * @returns {[Point, Point] | null} */
function ahead(from, to) {
  if (from[2] < NEAR_M && to[2] < NEAR_M) return null;
  if (from[2] < NEAR_M) return [cut(from, to), to];
  return [from, to[2] < NEAR_M ? cut(to, from) : to];
}

/** Where a line from behind comes to be ahead. @param {Point} behind @param {Point} before
 * @returns {Point} */
function cut(behind, before) {
  const share = (NEAR_M - behind[2]) / (before[2] - behind[2]);
  /** @param {number} axis */
  const at = (axis) => behind[axis] + share * (before[axis] - behind[axis]);
  return [at(0), at(1), at(2)];
}
