// One recorded picture with its masks, on which people click and draw boxes.

import { canvas, crisp, drawPicture, find, setText, toggleClass } from "../shared/dom.js";
import { css, rgb } from "../shared/palette.js";
import { paintMask } from "./masks.js";

/** @import { Mask, Prompt } from "../shared/messages" */
/** @typedef {[left: number, top: number, right: number, bottom: number]} Box picture pixels */
/** @typedef {{mask: Mask, index: number, chosen: boolean}} Item */
/** @typedef {{items: Item[], prompts: (Prompt & {index: number})[], caption: string}} Picture */
/**
 * @typedef {object} Actions
 * @property {(camera: string, x: number, y: number, positive: boolean) => void} click
 * @property {(camera: string, values: Box) => void} box
 * @property {() => boolean} boxing
 */

/** @type {Record<string, string>} */
const SOURCES = {
  human: "clicked",
  propagated: "propagated",
  projected: "from the robot",
  model: "by the model",
};
const DRAG = 5; // CSS pixels: less is a click
const FILL = { chosen: 105, other: 60 };

export class Stage {
  /** @param {HTMLElement} figure @param {Actions} actions */
  constructor(figure, actions) {
    this.figure = figure;
    this.camera = figure.dataset.camera ?? "";
    this.picture = canvas(figure, ".picture");
    this.over = canvas(figure, ".over");
    this.caption = find(figure, "figcaption");
    this.actions = actions;
    /** @type {{at: [number, number], client: [number, number], button: number} | null} */
    this.from = null;
    /** @type {Box | null} */
    this.rubber = null;
    /** @type {Picture | null} */
    this.scene = null;
    this.over.style.pointerEvents = "auto";
    this.over.addEventListener("contextmenu", (event) => event.preventDefault());
    this.over.addEventListener("pointerdown", (event) => this.press(event));
    this.over.addEventListener("pointermove", (event) => this.drag(event));
    this.over.addEventListener("pointerup", (event) => this.letGo(event));
    this.over.addEventListener("pointercancel", () => (this.from = null));
    new ResizeObserver(() => this.draw()).observe(figure);
  }

  /** Where the picture lies in the figure: CSS pixels a picture pixel, and the offset. */
  get fit() {
    const { clientWidth, clientHeight } = this.over;
    const { width, height } = this.picture;
    const scale = Math.min(clientWidth / width, clientHeight / height);
    const left = (clientWidth - scale * width) / 2;
    return { scale, left, top: (clientHeight - scale * height) / 2 };
  }

  /** @param {PointerEvent} event @returns {[x: number, y: number]} */
  point(event) {
    const { scale, left, top } = this.fit;
    const frame = this.over.getBoundingClientRect();
    /** @param {number} value @param {number} size */
    const limit = (value, size) => Math.min(size - 0.01, Math.max(0, value));
    return [
      limit((event.clientX - frame.left - left) / scale, this.picture.width),
      limit((event.clientY - frame.top - top) / scale, this.picture.height),
    ];
  }

  /** @param {PointerEvent} event */
  press(event) {
    event.preventDefault();
    const { clientX, clientY, button } = event;
    this.from = { at: this.point(event), client: [clientX, clientY], button };
    this.over.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  drag(event) {
    if (!this.from || !this.boxing(event)) return;
    this.rubber = [...this.from.at, ...this.point(event)];
    this.draw();
  }

  /** @param {PointerEvent} event */
  boxing(event) {
    const [x, y] = this.from?.client ?? [event.clientX, event.clientY];
    const moved = Math.hypot(event.clientX - x, event.clientY - y) > DRAG;
    return moved && (this.actions.boxing() || event.shiftKey);
  }

  /** @param {PointerEvent} event */
  letGo(event) {
    if (!this.from) return;
    const { at, button } = this.from;
    if (this.boxing(event)) this.actions.box(this.camera, boxOf(at, this.point(event)));
    else this.actions.click(this.camera, ...at, button === 0 && !event.altKey);
    this.from = this.rubber = null;
    this.draw();
  }

  /** @param {ImageBitmap | null} bitmap @param {Picture} scene what lies over it */
  show(bitmap, scene) {
    this.scene = scene;
    if (bitmap) drawPicture(this.picture, bitmap);
    this.draw();
  }

  draw() {
    if (!this.over.clientWidth) return;
    const context = crisp(this.over);
    if (!this.scene) return;
    const { scale, left, top } = this.fit;
    context.translate(left, top);
    context.imageSmoothingEnabled = false;
    for (const { mask, index, chosen } of this.scene.items) {
      const sheet = paintMask(mask.rle, rgb(index), chosen ? FILL.chosen : FILL.other);
      context.drawImage(sheet, 0, 0, scale * sheet.width, scale * sheet.height);
    }
    for (const prompt of this.scene.prompts) drawPrompt(context, scale, prompt);
    if (this.rubber) drawBox(context, scale, this.rubber, "#fff");
    setText(this.caption, this.scene.caption + this.provenance());
  }

  provenance() {
    const chosen = this.scene?.items.find((item) => item.chosen)?.mask;
    if (!chosen) return "";
    const sure = `${Math.round(100 * chosen.confidence)} % sure`;
    const source = SOURCES[chosen.source] ?? chosen.source;
    return ` · ${source} · ${sure}${chosen.locked ? " · locked ◆" : ""}`;
  }

  /** @param {string} text */
  veil(text) {
    const veil = find(this.figure, ".veil");
    toggleClass(veil, "shown", text);
    setText(veil, text);
  }
}

/** @param {[number, number]} one @param {[number, number]} other @returns {Box} */
function boxOf([x0, y0], [x1, y1]) {
  return [Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1), Math.max(y0, y1)];
}

/** @param {CanvasRenderingContext2D} context @param {number} scale @param {Prompt & {index: number}} prompt */
function drawPrompt(context, scale, { kind, values, positive, index }) {
  if (kind === "box") return drawBox(context, scale, /** @type {Box} */ (values), css(index));
  const [x, y] = values.map((value) => value * scale);
  context.beginPath();
  context.arc(x, y, 6, 0, 2 * Math.PI);
  context.fillStyle = positive ? css(index) : "#111c";
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = "#fff";
  context.stroke();
  context.beginPath();
  context.moveTo(x - 3, y);
  context.lineTo(x + 3, y);
  if (positive) {
    context.moveTo(x, y - 3);
    context.lineTo(x, y + 3);
  }
  context.strokeStyle = positive ? "#111" : "#fff";
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {number} scale @param {Box} box @param {string} style */
function drawBox(context, scale, [x0, y0, x1, y1], style) {
  context.setLineDash([6, 4]);
  context.lineWidth = 2;
  context.strokeStyle = style;
  context.strokeRect(x0 * scale, y0 * scale, (x1 - x0) * scale, (y1 - y0) * scale);
  context.setLineDash([]);
}
