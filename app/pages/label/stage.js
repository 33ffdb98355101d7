// One recorded picture with its masks, on which people click, draw boxes, and draw by hand.

import { canvas, crisp, drawPicture, find, setText, toggleClass } from "../shared/dom.js";
import { held as heldKeys } from "../shared/held.js";
import { MaskSheets } from "../shared/mask_sheets.js";
import { ByHand } from "./by_hand.js";
import { alternatives, otherMasks } from "./choices.js";
import { Clicking } from "./clicking.js";
import { Cross } from "./cross.js";
import { LEFT, MIDDLE, Pan, RIGHT } from "./gestures.js";
import { clickAt, HeldClick } from "./held_click.js";
import { drawBox, drawCross } from "./prompts.js";
import { provenance } from "./provenance.js";
import { drawMasks, drawOffered, drawPrompts, drawSuggestions } from "./scene.js";
import { inWords } from "./suggestions.js";
import { Viewport } from "./viewport.js";
import { Wheel } from "./wheel.js";

/** @import { Choice, Mask, Prompt, Rle, Suggestion } from "../shared/messages" */
/** @import { Display } from "./display.js" */
/** @import { Offered } from "./finding.js" */
/** @import { Gesture } from "./gestures.js" */
/** @import { Tools } from "./tools.js" */
/** @import { Point } from "./viewport.js" */
/** @typedef {[left: number, top: number, right: number, bottom: number]} Box picture pixels */
/** @typedef {{mask: Mask, index: number, chosen: boolean, provisional: boolean}} Item */
/** @typedef {{frame: number, items: Item[], prompts: (Prompt & {index: number})[],
 * before: {rle: Rle, index: number} | null, choice: Choice | null, suggested: Suggestion[],
 * offered: Offered | null, looked: string, caption: string, chosenIndex: number}} Picture */
/** @typedef {{camera: string, frame: number}} Place */
/**
 * @typedef {object} Actions
 * @property {(place: Place, x: number, y: number, positive: boolean) => void} click
 * @property {(place: Place, values: Box) => void} box
 * @property {(click: Prompt, to: Point) => Promise<unknown>} move
 * @property {(place: Place, stroke: {path: Point[], width: number, positive: boolean}) =>
 *   Promise<unknown>} stroke
 * @property {(place: Place, polygon: {corners: Point[], positive: boolean}) =>
 *   Promise<unknown>} polygon
 * @property {Tools} tools
 * @property {Display} display
 * @property {{at: (camera: string, frame: number) => Suggestion[]}} suggestions
 * @property {{at: (camera: string, frame: number) => Offered | null,
 *   words: (camera: string, frame: number) => string}} finding
 */

export class Stage {
  /** @param {HTMLElement} figure @param {Actions} actions */
  constructor(figure, actions) {
    this.figure = figure;
    this.camera = figure.dataset.camera ?? "";
    this.picture = canvas(figure, ".picture");
    this.over = canvas(figure, ".over");
    this.caption = find(figure, "figcaption");
    this.actions = actions;
    this.viewport = new Viewport(this.picture, this.over);
    this.sheets = new MaskSheets();
    this.cross = new Cross(this);
    this.held = new HeldClick();
    this.hand = new ByHand(this);
    /** @type {Gesture | null} */
    this.gesture = null;
    this.button = LEFT; // that began it
    /** Where the pointer is, in CSS pixels of the view. @type {Point | null} */
    this.pointer = null;
    /** @type {Picture | null} */
    this.scene = null;
    this.listen();
  }

  listen() {
    const { figure, over } = this;
    over.style.pointerEvents = "auto";
    over.addEventListener("contextmenu", (event) => event.preventDefault());
    figure.addEventListener("mousedown", (event) => leaveFocus(event));
    over.addEventListener("pointerdown", (event) => this.press(event));
    over.addEventListener("pointermove", (event) => this.drag(event));
    over.addEventListener("pointerup", (event) => this.letGo(event));
    over.addEventListener("pointerleave", () => this.hover(null));
    over.addEventListener("pointercancel", () => this.forget());
    figure.addEventListener("focus", () => this.draw());
    figure.addEventListener("blur", () => this.draw());
    new ResizeObserver(() => this.draw()).observe(figure);
    new Wheel(over, {
      magnify: (factor, at) => this.magnify(factor, at),
      pan: (right, down) => this.shown(() => this.viewport.pan(right, down)),
    });
  }

  /** @param {PointerEvent} event */
  point({ clientX, clientY }) {
    const { left, top } = this.over.getBoundingClientRect();
    this.pointer = [clientX - left, clientY - top];
    return this.pixel(this.pointer);
  }

  /** What lies at a place of the view. @param {Point} at CSS pixels @returns {Point} */
  pixel(at) {
    const [x, y] = this.viewport.pixel(at);
    /** @param {number} value @param {number} size */
    const limit = (value, size) => Math.min(size - 0.01, Math.max(0, value));
    return [limit(x, this.picture.width), limit(y, this.picture.height)];
  }

  /** What is seen: the picture that is painted, also while the next one comes. @returns {Place} */
  get place() {
    return { camera: this.camera, frame: this.scene?.frame ?? -1 };
  }

  /** Whether the keyboard has led here. */
  get focused() {
    return document.activeElement === this.figure;
  }

  /** Those that lie over the picture. */
  get prompts() {
    return (this.scene?.prompts ?? []).map((prompt) => this.held.placed(prompt));
  }

  /** Show another part of the picture. @param {() => void} change */
  shown(change) {
    change();
    if (this.pointer) this.held.at = this.pixel(this.pointer);
    this.draw();
  }

  /** @param {number} factor @param {Point | null} at CSS pixels; null: where the pointer or the
   * cross is, or else the middle */
  magnify(factor, at = null) {
    const { scale, left, top } = this.viewport.fit;
    const spot = this.focused ? this.cross.at : this.held.at;
    /** @type {Point | null} */
    const there = spot && [left + scale * spot[0], top + scale * spot[1]];
    this.shown(() => this.viewport.magnify(factor, at ?? there));
  }

  /** Another take: of the one before nothing is to be seen, or clicked on, until a picture came. */
  opened() {
    this.hand.forget();
    this.scene = null;
    this.blank();
    setText(this.caption, "");
    this.whole();
  }

  blank() {
    this.picture.width = this.picture.width; // which clears it
  }

  whole() {
    this.shown(() => this.viewport.whole());
  }

  /** Have a pixel in sight. @param {Point} at */
  reveal(at) {
    const { across, down } = this.viewport.size;
    const { scale, left, top } = this.viewport.fit;
    const [x, y] = [left + scale * at[0], top + scale * at[1]];
    const seen = x >= 0 && x <= across && y >= 0 && y <= down;
    this.shown(() => seen || this.viewport.look(at));
  }

  /** @param {PointerEvent} event */
  press(event) {
    event.preventDefault();
    this.hover(event);
    this.gesture = this.gestureOf(event);
    this.button = event.button;
    if (this.gesture) this.over.setPointerCapture(event.pointerId);
    this.look();
  }

  /** @param {PointerEvent} event @returns {Gesture | null} */
  gestureOf(event) {
    const { button } = event;
    if (button === MIDDLE || (button === LEFT && heldKeys.has(" "))) return new Pan(this, event);
    if (!this.scene || ![LEFT, RIGHT].includes(button)) return null;
    return this.hand.begun(event) ?? new Clicking(this, event);
  }

  /** @param {PointerEvent} event */
  drag(event) {
    if (!this.gesture) return this.hover(event);
    this.held.at = this.point(event);
    this.gesture.drag(event);
    this.draw();
  }

  /** @param {PointerEvent | null} event null: it left */
  hover(event) {
    const { under } = this.held;
    if (!event) this.pointer = null;
    this.held.at = event && this.point(event);
    this.look();
    if (this.held.under !== under || this.hand.brushing || this.hand.draft) this.draw();
  }

  look() {
    this.held.look(this.prompts, this.viewport.fit.scale);
    const grab = (this.held.under && !this.hand.brushing) || heldKeys.has(" ");
    this.over.style.cursor = this.gesture instanceof Pan ? "grabbing" : grab ? "grab" : "";
  }

  forget() {
    this.gesture = null;
    this.held.drop();
  }

  /** The click that a key is about: under the pointer, or where the keyboard's cross is. */
  get pointed() {
    if (!this.focused) return this.held.under;
    return clickAt(this.prompts, this.cross.at, this.viewport.fit.scale);
  }

  /** @param {PointerEvent} event */
  letGo(event) {
    const { gesture, button } = this;
    if (gesture && event.button === button) gesture.end(event); // else two were pressed at once
    this.forget();
    this.look();
    this.draw();
  }

  /** @param {ImageBitmap | null} bitmap @param {Picture} scene what lies over it */
  show(bitmap, scene) {
    this.scene = scene;
    if (bitmap) drawPicture(this.picture, bitmap);
    else this.blank();
    const { items, before, choice, offered } = scene;
    const shown = items.map(({ mask }) => mask.rle);
    const found = offered?.found.found.map(({ rle }) => rle) ?? [];
    this.sheets.keep([...shown, ...otherMasks(choice), ...found, ...(before ? [before.rle] : [])]);
    this.look();
    this.draw();
  }

  draw() {
    if (!this.over.clientWidth) return;
    const context = crisp(this.over);
    this.viewport.apply();
    if (!this.scene) return;
    const { scale, left, top } = this.viewport.fit;
    context.translate(left, top);
    context.imageSmoothingEnabled = false;
    drawMasks(context, scale, this.scene, this.sheets, this.actions.display);
    drawOffered(context, scale, this.scene, this.sheets, this.actions.display);
    drawPrompts(context, scale, this.prompts, this.held);
    drawSuggestions(context, scale, this.scene.suggested);
    this.gesture?.draw?.(context, scale);
    this.hand.draw(context, scale, this.focused ? this.cross.at : this.held.at);
    if (this.cross.box) drawBox(context, scale, this.cross.box, "#fff");
    if (this.focused) drawCross(context, scale, this.cross.at);
    const chosen = this.scene.items.find((item) => item.chosen);
    const words = provenance(chosen?.mask, chosen?.provisional) + alternatives(this.scene.choice);
    const suggested = inWords(this.scene.suggested);
    const { caption, looked } = this.scene;
    setText(this.caption, caption + this.viewport.words + (looked || words) + suggested);
  }

  /** @param {string} text */
  veil(text) {
    const veil = find(this.figure, ".veil");
    toggleClass(veil, "shown", text);
    setText(veil, text);
  }
}

/** The keyboard's cross is not for who clicks; a field that had the focus is left, and saved.
 * @param {MouseEvent} event */
function leaveFocus(event) {
  event.preventDefault();
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}
