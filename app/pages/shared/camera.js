// Live pictures: this window asks for a frame when it has drawn one, so a slow or hidden
// window gets fewer frames and never old ones.

import { connection } from "./connection.js";
import { canvas, drawPicture } from "./dom.js";
import { station } from "./station.js";

const HEAD_BYTES = 16;
const CREDITS = 2;
const KEPT = 2000;

/** @type {Set<CameraView>} */
const views = new Set();

connection.on("hello", resumeAll);
connection.on("cameras", resumeAll);
connection.on("frame", (buffer) => receive(buffer));

function resumeAll() {
  for (const view of views) view.resume();
}

/** @param {ArrayBuffer} buffer */
async function receive(buffer) {
  const head = new DataView(buffer);
  const name = station.names[head.getUint8(1)];
  const shown = [...views].filter((view) => view.camera === name && view.visible);
  if (!shown.length) return;
  const blob = new Blob([new Uint8Array(buffer, HEAD_BYTES)], { type: "image/jpeg" });
  const frame = { number: head.getUint32(4, true), wallMs: head.getFloat64(8, true) };
  try {
    const picture = await createImageBitmap(blob);
    for (const view of shown) view.draw(picture, frame);
    picture.close();
  } finally {
    connection.sendBytes(new Uint8Array([1, head.getUint8(1)]));
  }
}

/** One canvas that shows one camera. */
export class CameraView {
  /** @param {HTMLElement} figure as ``cameraFigure`` makes it */
  constructor(figure) {
    this.figure = figure;
    this.camera = figure.dataset.camera ?? "";
    this.canvas = canvas(figure, "canvas.picture");
    this.over = canvas(figure, "canvas.over");
    this.onscreen = false;
    this.paused = false;
    /** @type {{number: number, ageMs: number, at: number}[]} */
    this.frames = []; // what was drawn lately
    Object.assign(figure, { teachloopFrames: this.frames }); // for who measures
    views.add(this);
    this.watch = new IntersectionObserver((entries) => {
      this.onscreen = entries.at(-1)?.isIntersecting ?? false;
      this.resume();
    });
    this.watch.observe(figure);
    document.addEventListener("visibilitychange", () => this.resume());
  }

  /** No more pictures; the figure is gone. */
  close() {
    views.delete(this);
    this.watch.disconnect();
    this.onscreen = false;
  }

  get visible() {
    return this.onscreen && !document.hidden && !this.paused;
  }

  resume() {
    const index = station.names.indexOf(this.camera);
    if (!this.visible || index < 0) return;
    for (let i = 0; i < CREDITS; i++) connection.sendBytes(new Uint8Array([1, index]));
  }

  /** @param {ImageBitmap} picture @param {{number: number, wallMs: number}} frame */
  draw(picture, frame) {
    drawPicture(this.canvas, picture);
    const { number } = frame;
    this.frames.push({ number, ageMs: Date.now() - frame.wallMs, at: performance.now() });
    if (this.frames.length > KEPT) this.frames.shift();
    this.figure.dataset.frames = String(Number(this.figure.dataset.frames ?? 0) + 1);
  }

  /** Show pictures of a take instead of live ones, or go back to live. @param {boolean} paused */
  pause(paused) {
    this.paused = paused;
    if (!paused) this.resume();
  }

  get age() {
    const last = this.frames.at(-1);
    return last ? performance.now() - last.at + last.ageMs : null;
  }
}
