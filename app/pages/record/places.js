// Where the takes of a task took something, drawn on the table: what is still missing.

import { api } from "../shared/api.js";
import { canvas, colour, crisp, input } from "../shared/dom.js";
import { NEAR_M, projected, seen } from "../shared/projection.js";
import { station } from "../shared/station.js";
import { takes } from "../shared/takes.js";

/** @import { CameraView } from "../shared/camera.js" */
/** @import { Point } from "../shared/projection.js" */
/** @import { Calibration, Task } from "../shared/messages" */
/** @typedef {{corners: Point[], count: number, words: string}} Cell */

const PLACES = "teachloop-places";
const LEAST = 4; // takes that tell anything
const SIDES = 3; // cells along each axis
const BESIDE_MM = 20; // of the outermost places
const FAR = ["near the robot", "in the middle", "far from the robot"];
const LEFT = ["on its right", "straight ahead", "on its left"];

export class Places {
  /**
   * @param {HTMLElement} element the page
   * @param {() => Task | undefined} chosen
   * @param {() => CameraView[]} views
   */
  constructor(element, chosen, views) {
    this.chosen = chosen;
    this.views = views;
    this.wanted = input(element, "#record-places");
    /** @type {Cell[]} */
    this.cells = [];
    /** @type {Record<string, Calibration>} */
    this.cameras = {};
    this.read = ""; // of which task and cameras
    this.stale = true; // there are other takes
    /** @type {WeakMap<HTMLElement, string>} */
    this.drawn = new WeakMap();
    takes.watch(() => (this.stale = true));
    this.wanted.checked = localStorage.getItem(PLACES) === "on";
    this.wanted.addEventListener("change", () => {
      localStorage.setItem(PLACES, this.wanted.checked ? "on" : "off");
      this.update();
    });
  }

  /** Where a take would tell most, in words. */
  get words() {
    if (!this.shown) return "";
    if (!this.cells.length)
      return `Places are drawn once ${LEAST} takes of this task took something.`;
    return `Fewest takes ${this.fewest.words}.`;
  }

  get shown() {
    return this.wanted.checked && ["idle", "countdown"].includes(station.phase);
  }

  get fewest() {
    return this.cells.reduce((least, cell) => (cell.count < least.count ? cell : least));
  }

  update() {
    if (this.shown) this.ask();
    this.draw();
  }

  /** Read anew once there are other takes, another task or other cameras. */
  async ask() {
    const task = this.chosen()?.name ?? "";
    const asked = JSON.stringify([task, station.cameras]);
    if ((asked === this.read && !this.stale) || !station.live) return;
    this.read = asked;
    this.stale = false;
    try {
      const query = new URLSearchParams({ task });
      const [places, calibrations] = await Promise.all([
        api.get(`/api/tasks/places?${query}`),
        api.get("/api/station/calibrations"),
      ]);
      if (this.read !== asked) return;
      this.cells = cellsOf(places.closed_mm);
      this.cameras = calibrations.cameras;
    } catch {
      this.cells = []; // asked for again with the next take
    }
    this.draw();
  }

  draw() {
    for (const { figure, camera } of this.views()) {
      const sheet = canvas(figure, "canvas.over");
      const cells = this.shown ? this.cells : [];
      const before = this.drawn.get(figure) ?? "";
      if (!cells.length && !before) continue;
      const size = `${sheet.clientWidth} ${sheet.clientHeight}`;
      const now = cells.length ? JSON.stringify([cells, size, this.cameras[camera]]) : "";
      if (now === before || !sheet.clientWidth) continue;
      this.drawn.set(figure, now);
      drawCells(sheet, this.cameras[camera], cells, this.fewestOf(cells));
    }
  }

  /** @param {Cell[]} cells */
  fewestOf(cells) {
    return cells.length ? this.fewest : undefined;
  }
}

/** Squares of the table over all places (mm), each with how many of them it holds.
 * @param {Point[]} places @returns {Cell[]} */
function cellsOf(places) {
  if (places.length < LEAST) return [];
  /** @param {number} axis */
  const span = (axis) => {
    const values = places.map((place) => place[axis]);
    const low = Math.min(...values) - BESIDE_MM;
    return { low, step: (Math.max(...values) + BESIDE_MM - low) / SIDES };
  };
  const [x, y] = [span(0), span(1)];
  /** @param {number} value @param {{low: number, step: number}} along */
  const index = (value, { low, step }) => Math.min(SIDES - 1, Math.floor((value - low) / step));
  const indices = [...Array(SIDES * SIDES).keys()];
  return indices.map((number) => {
    const [column, row] = [number % SIDES, Math.floor(number / SIDES)];
    const [near, right] = [x.low + column * x.step, y.low + row * y.step];
    const [far, left] = [near + x.step, right + y.step];
    const count = places.filter((at) => index(at[0], x) === column && index(at[1], y) === row);
    /** @type {[number, number][]} */
    const corners = [
      [near, right],
      [far, right],
      [far, left],
      [near, left],
    ];
    return {
      corners: corners.map(([a, b]) => [a / 1000, b / 1000, 0]),
      count: count.length,
      words: `${FAR[column]}, ${LEFT[row]}`,
    };
  });
}

/** @param {HTMLCanvasElement} sheet @param {Calibration | undefined} camera @param {Cell[]} cells
 * @param {Cell | undefined} fewest */
function drawCells(sheet, camera, cells, fewest) {
  const context = crisp(sheet);
  if (!camera?.calibrated || camera.mount !== "base") return;
  const { clientWidth: width, clientHeight: height } = sheet;
  const scale = Math.min(width / camera.width, height / camera.height);
  const [left, top] = [(width - scale * camera.width) / 2, (height - scale * camera.height) / 2];
  const most = Math.max(...cells.map(({ count }) => count), 1);
  context.fillStyle = context.strokeStyle = colour("accent");
  for (const cell of cells) {
    const corners = cell.corners.map((corner) => seen(camera, corner));
    if (corners.some(([, , ahead]) => ahead < NEAR_M)) continue;
    context.beginPath();
    for (const corner of corners) {
      const [x, y] = projected(camera, corner);
      context.lineTo(left + scale * x, top + scale * y);
    }
    context.closePath();
    context.globalAlpha = 0.45 * (cell.count / most);
    context.fill();
    context.globalAlpha = 1;
    if (cell !== fewest) continue;
    context.lineWidth = 3;
    context.setLineDash([8, 5]);
    context.stroke();
    context.setLineDash([]);
  }
}
