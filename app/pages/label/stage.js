// One recorded picture with its masks, on which people click and draw boxes.

import { canvas, crisp, drawPicture, find, setText, toggleClass } from "../shared/dom.js";
import { rgb } from "../shared/palette.js";
import { alternatives, otherMasks } from "./choices.js";
import { clickAt, HeldClick } from "./held_click.js";
import { paintMask } from "./masks.js";
import { drawBox, drawCross, drawPrompt, drawRing } from "./prompts.js";
import { provenance } from "./provenance.js";

/** @import { Choice, Mask, Prompt } from "../shared/messages" */
/** @import { Rgb } from "../shared/palette.js" */
/** @typedef {[left: number, top: number, right: number, bottom: number]} Box picture pixels */
/** @typedef {{mask: Mask, index: number, chosen: boolean, provisional: boolean}} Item */
/** @typedef {{items: Item[], prompts: (Prompt & {index: number})[], choice: Choice | null,
 * caption: string}} Picture */
/**
 * @typedef {object} Actions
 * @property {(camera: string, x: number, y: number, positive: boolean) => void} click
 * @property {(camera: string, values: Box) => void} box
 * @property {(click: Prompt, to: [x: number, y: number]) => void} move
 * @property {() => boolean} boxing
 */

const DRAG = 5; // CSS pixels: less is a click
const LEFT = 0;
const RIGHT = 2;
const APPLE = /Mac/.test(navigator.platform); // where Control and the left button are a right click
/** @type {Rgb} */
const OTHER = [255, 255, 255]; // outlines of what the click may mean as well
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
    this.click = new HeldClick();
    /** @type {Box | null} */
    this.rubber = null;
    /** @type {[x: number, y: number] | null} */
    this.cross = null; // where a key would click
    /** @type {[x: number, y: number] | null} */
    this.corner = null; // where the keys began a box
    /** @type {Picture | null} */
    this.scene = null;
    this.over.style.pointerEvents = "auto";
    this.over.addEventListener("contextmenu", (event) => event.preventDefault());
    figure.addEventListener("mousedown", (event) => leaveFocus(event));
    this.over.addEventListener("pointerdown", (event) => this.press(event));
    this.over.addEventListener("pointermove", (event) => this.drag(event));
    this.over.addEventListener("pointerup", (event) => this.letGo(event));
    this.over.addEventListener("pointerleave", () => this.hover(null));
    this.over.addEventListener("pointercancel", () => this.forget());
    figure.addEventListener("focus", () => this.draw());
    figure.addEventListener("blur", () => this.draw());
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

  /** Whether the keyboard has led here. */
  get focused() {
    return document.activeElement === this.figure;
  }

  /** @param {PointerEvent} event */
  press(event) {
    event.preventDefault();
    const { clientX, clientY, button } = event;
    if (![LEFT, RIGHT].includes(button)) return;
    this.hover(event);
    this.from = { at: this.point(event), client: [clientX, clientY], button };
    this.click.press(button === LEFT && !event.shiftKey && !this.actions.boxing());
    this.over.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  drag(event) {
    if (!this.from) return this.hover(event);
    if (this.boxing(event)) this.rubber = [...this.from.at, ...this.point(event)];
    else if (this.moved(event)) this.click.drag(this.point(event));
    this.draw();
  }

  /** @param {PointerEvent | null} event null: it left */
  hover(event) {
    const { under } = this.click;
    this.click.at = event && this.point(event);
    this.look();
    if (this.click.under !== under) this.draw();
  }

  look() {
    this.click.look(this.scene?.prompts ?? [], this.fit.scale);
    this.over.style.cursor = this.click.under ? "grab" : "";
  }

  /** @param {PointerEvent} event */
  moved(event) {
    const [x, y] = this.from?.client ?? [event.clientX, event.clientY];
    return Math.hypot(event.clientX - x, event.clientY - y) > DRAG;
  }

  /** @param {PointerEvent} event */
  boxing(event) {
    const asked = this.actions.boxing() || event.shiftKey;
    return this.moved(event) && asked && this.from?.button !== RIGHT;
  }

  forget() {
    this.from = this.rubber = null;
    this.click.drop();
  }

  /** The click that a key is about: under the pointer, or where the keyboard's cross is. */
  get pointed() {
    if (!this.focused) return this.click.under;
    return clickAt(this.scene?.prompts ?? [], this.aim, this.fit.scale);
  }

  /** @param {PointerEvent} event */
  letGo(event) {
    if (!this.from) return;
    const { at, button } = this.from;
    const other = button === RIGHT || event.altKey || (APPLE && event.ctrlKey);
    const boxed = this.boxing(event);
    const dragged = this.click.drop();
    this.forget();
    if (event.button !== button) return this.draw(); // two were pressed at once
    if (dragged) this.actions.move(dragged.click, dragged.to);
    else if (boxed) this.actions.box(this.camera, boxOf(at, this.point(event)));
    else this.actions.click(this.camera, ...at, !other);
    this.draw();
  }

  /** Where a key would click: in the middle, until it was moved. @returns {[x: number, y: number]} */
  get aim() {
    return this.cross ?? [this.picture.width / 2, this.picture.height / 2];
  }

  /** @param {number} right @param {number} down picture pixels */
  moveCross(right, down) {
    const [x, y] = this.aim;
    const { width, height } = this.picture;
    this.cross = [
      Math.min(width - 0.5, Math.max(0.5, x + right)),
      Math.min(height - 0.5, Math.max(0.5, y + down)),
    ];
    this.rubber = this.corner && boxOf(this.corner, this.cross);
    this.draw();
  }

  /** A click where the cross is; while a box is drawn, its first corner or its second.
   * @param {boolean} positive */
  clickCross(positive) {
    const { corner, aim } = this;
    const drawn = corner && boxOf(corner, aim);
    if (!this.actions.boxing()) this.actions.click(this.camera, ...aim, positive);
    else if (!drawn) this.corner = aim;
    else if (drawn[0] < drawn[2] && drawn[1] < drawn[3]) this.actions.box(this.camera, drawn);
    if (drawn) this.corner = this.rubber = null;
    this.draw();
  }

  /** @param {ImageBitmap | null} bitmap @param {Picture} scene what lies over it */
  show(bitmap, scene) {
    this.scene = scene;
    if (bitmap) drawPicture(this.picture, bitmap);
    this.look();
    this.draw();
  }

  draw() {
    if (!this.over.clientWidth) return;
    const context = crisp(this.over);
    if (!this.scene) return;
    const { scale, left, top } = this.fit;
    context.translate(left, top);
    context.imageSmoothingEnabled = false;
    for (const { mask, index, chosen, provisional } of this.scene.items) {
      const fill = chosen ? FILL.chosen : FILL.other;
      const sheet = paintMask(mask.rle, rgb(index), fill, provisional);
      context.drawImage(sheet, 0, 0, scale * sheet.width, scale * sheet.height);
    }
    for (const rle of otherMasks(this.scene.choice)) {
      const sheet = paintMask(rle, OTHER, 0);
      context.drawImage(sheet, 0, 0, scale * sheet.width, scale * sheet.height);
    }
    for (const prompt of this.scene.prompts) {
      drawPrompt(context, scale, this.click.placed(prompt));
      if (prompt === this.click.under && !this.click.to) drawRing(context, scale, prompt);
    }
    if (this.rubber) drawBox(context, scale, this.rubber, "#fff");
    if (this.focused) drawCross(context, scale, this.aim);
    const chosen = this.scene.items.find((item) => item.chosen);
    const words = provenance(chosen?.mask, chosen?.provisional) + alternatives(this.scene.choice);
    setText(this.caption, this.scene.caption + words);
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

/** The keyboard's cross is not for who clicks; a field that had the focus is left, and saved.
 * @param {MouseEvent} event */
function leaveFocus(event) {
  event.preventDefault();
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}
