// Paths through space on a canvas, seen from a direction that one turns.

import { colour, crisp } from "../shared/dom.js";
import { cells, square } from "./coverage.js";

/** @import { HandPath, TakeRow } from "../shared/messages" */
/** @typedef {HandPath & {take: TakeRow}} Shown */
/** @typedef {{over: (take: TakeRow | undefined) => void, chosen: (take: TakeRow) => void}} Told */

const MIDDLE_MM = [450, 0, 270];
const SEEN_MM = 1000; // from top to bottom
const TABLE_MM = { from: [200, -400], to: [800, 400], step: 100 };
const TURN_PX = 150; // to turn by a radian
const NEAR_PX = 8;
const STEP = 0.1; // radians of an arrow key
/** @type {Record<string, [number, number]>} */
const ARROWS = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, STEP],
  ArrowDown: [0, -STEP],
};
const HEAT = { least: 0.15, most: 0.6 }; // how opaque
const MOVED_PX = 4; // what moves less is a click

export class PathView {
  /** @param {HTMLCanvasElement} sheet @param {Shown[]} paths @param {Told} told */
  constructor(sheet, paths, told) {
    this.sheet = sheet;
    this.paths = paths;
    this.told = told;
    this.azimuth = 0.5;
    this.elevation = 0.6;
    this.zoom = 1;
    this.along = 0; // 0 at the beginning of each path, 1 at its end
    /** @type {number[][][]} */
    this.chains = []; // how the arm stood, from the beginning of one take to its end
    /** @type {Shown | undefined} */
    this.under = undefined;
    /** @type {{x: number, y: number, moved: number} | undefined} */
    this.held = undefined;
    this.restyle = () => this.draw();
    this.resized = new ResizeObserver(this.restyle);
    this.resized.observe(sheet);
    window.addEventListener("appearance", this.restyle);
    this.bind();
    this.draw();
  }

  close() {
    this.resized.disconnect();
    window.removeEventListener("appearance", this.restyle);
  }

  bind() {
    const { sheet } = this;
    sheet.addEventListener("pointerdown", (event) => {
      sheet.setPointerCapture(event.pointerId);
      this.held = { x: event.offsetX, y: event.offsetY, moved: 0 };
    });
    sheet.addEventListener("pointermove", (event) => this.moved(event));
    sheet.addEventListener("pointerup", (event) => this.let(event));
    sheet.addEventListener("pointercancel", () => (this.held = undefined));
    sheet.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom = Math.min(6, Math.max(0.4, this.zoom * Math.exp(-event.deltaY / 500)));
      this.draw();
    });
    sheet.addEventListener("keydown", (event) => {
      const by = ARROWS[event.key];
      if (!by) return;
      event.preventDefault();
      event.stopPropagation();
      this.turn(...by);
    });
  }

  /** @param {PointerEvent} event */
  moved({ offsetX, offsetY }) {
    if (!this.held) return this.look(offsetX, offsetY);
    const { x, y, moved } = this.held;
    this.held = { x: offsetX, y: offsetY, moved: moved + Math.hypot(offsetX - x, offsetY - y) };
    return this.turn((x - offsetX) / TURN_PX, (offsetY - y) / TURN_PX);
  }

  /** @param {PointerEvent} event */
  let({ offsetX, offsetY }) {
    const { held } = this;
    this.held = undefined;
    if (!held || held.moved >= MOVED_PX) return;
    this.look(offsetX, offsetY);
    if (this.under) this.told.chosen(this.under.take);
  }

  /** @param {number} around @param {number} up radians */
  turn(around, up) {
    this.azimuth += around;
    this.elevation = Math.min(Math.PI / 2, Math.max(0, this.elevation + up));
    this.draw();
  }

  /** @param {number} share */
  goAlong(share) {
    this.along = share;
    this.draw();
  }

  /** @param {number[][][]} chains of one take, or none */
  showArm(chains) {
    this.chains = chains;
    this.draw();
  }

  /** Which path lies under the pointer. @param {number} x @param {number} y */
  look(x, y) {
    let nearest = NEAR_PX;
    /** @type {Shown | undefined} */
    let found;
    for (const path of this.paths) {
      for (const [left, top] of path.points_mm.map((point) => this.seen(point))) {
        const distance = Math.hypot(left - x, top - y);
        if (distance < nearest) [nearest, found] = [distance, path];
      }
    }
    if (found === this.under) return;
    this.under = found;
    this.told.over(found?.take);
    this.draw();
  }

  /** Where a point (mm) is on the sheet. @param {number[]} point @returns {[number, number]} */
  seen(point) {
    const { sheet, azimuth, elevation } = this;
    const [x, y, z] = point.map((value, axis) => value - MIDDLE_MM[axis]);
    const scale = (this.zoom * sheet.clientHeight) / SEEN_MM;
    const right = -x * Math.sin(azimuth) + y * Math.cos(azimuth);
    const ahead = x * Math.cos(azimuth) + y * Math.sin(azimuth);
    const up = z * Math.cos(elevation) - ahead * Math.sin(elevation);
    return [sheet.clientWidth / 2 + right * scale, sheet.clientHeight / 2 - up * scale];
  }

  draw() {
    if (!this.sheet.clientWidth) return;
    const context = crisp(this.sheet);
    this.drawTable(context);
    this.drawHeat(context);
    for (const path of this.paths) if (path !== this.under) this.drawPath(context, path);
    if (this.under) this.drawPath(context, this.under);
    this.drawArm(context);
  }

  /** One of several that lie evenly in time, where the slider is.
   * @template Item
   * @param {Item[]} items
   * @returns {Item} */
  at(items) {
    return items[Math.round(this.along * (items.length - 1))];
  }

  /** @param {CanvasRenderingContext2D} context */
  drawArm(context) {
    if (!this.chains.length) return;
    const chain = this.at(this.chains);
    context.lineCap = context.lineJoin = "round";
    context.strokeStyle = context.fillStyle = colour("text");
    context.globalAlpha = 0.55;
    context.lineWidth = 9;
    this.line(context, chain);
    context.globalAlpha = 1;
    for (const point of chain) this.dot(context, point, 4);
    context.lineCap = "butt";
  }

  /** @param {CanvasRenderingContext2D} context @param {number[]} point mm @param {number} radius */
  dot(context, point, radius) {
    context.beginPath();
    context.arc(...this.seen(point), radius, 0, 2 * Math.PI);
    context.fill();
  }

  /** @param {CanvasRenderingContext2D} context */
  drawTable(context) {
    const { from, to, step } = TABLE_MM;
    context.strokeStyle = colour("line");
    context.lineWidth = 1;
    for (let x = from[0]; x <= to[0]; x += step) {
      this.line(context, [
        [x, from[1], 0],
        [x, to[1], 0],
      ]);
    }
    for (let y = from[1]; y <= to[1]; y += step) {
      this.line(context, [
        [from[0], y, 0],
        [to[0], y, 0],
      ]);
    }
    this.drawBase(context);
  }

  /** The robot's base, and what its axes are called. @param {CanvasRenderingContext2D} context */
  drawBase(context) {
    context.strokeStyle = context.fillStyle = colour("soft");
    context.font = "12px system-ui, sans-serif";
    for (const [name, end] of /** @type {[string, number[]][]} */ ([
      ["x", [150, 0, 0]],
      ["y", [0, 150, 0]],
      ["z", [0, 0, 150]],
    ])) {
      this.line(context, [[0, 0, 0], end]);
      const [x, y] = this.seen(end);
      context.fillText(name, x + 4, y - 4);
    }
    const [x, y] = this.seen([0, 0, 0]);
    context.fillText("Base", x + 6, y + 14);
  }

  /** Where hands closed first: the more often, the darker. @param {CanvasRenderingContext2D} context */
  drawHeat(context) {
    const closed = this.paths.flatMap(({ closed_mm }) => (closed_mm ? [closed_mm] : []));
    const squares = [...cells(closed)].map(square);
    const most = Math.max(1, ...squares.map(({ count }) => count));
    context.fillStyle = colour("amber-bright");
    for (const { corners, count } of squares) {
      context.globalAlpha = HEAT.least + ((HEAT.most - HEAT.least) * count) / most;
      this.trace(context, corners);
      context.fill();
    }
    context.globalAlpha = 1;
  }

  /** @param {CanvasRenderingContext2D} context @param {Shown} path */
  drawPath(context, path) {
    const on = path === this.under;
    const { success } = path.take;
    const name = success === null ? "soft" : success ? "green" : "red";
    context.strokeStyle = context.fillStyle = colour(on ? "accent" : name);
    context.lineWidth = on ? 3 : 1.5;
    context.globalAlpha = on ? 1 : 0.75;
    this.line(context, path.points_mm);
    this.dot(context, path.points_mm[0], on ? 5 : 3);
    if (this.along > 0) this.dot(context, this.at(path.points_mm), on ? 7 : 5);
    if (path.closed_mm) {
      const [left, top] = this.seen(path.closed_mm);
      context.fillRect(left - 3, top - 3, 6, 6);
    }
    context.globalAlpha = 1;
  }

  /** @param {CanvasRenderingContext2D} context @param {number[][]} points mm */
  line(context, points) {
    this.trace(context, points);
    context.stroke();
  }

  /** @param {CanvasRenderingContext2D} context @param {number[][]} points mm */
  trace(context, points) {
    context.beginPath();
    for (const point of points) context.lineTo(...this.seen(point));
  }
}
