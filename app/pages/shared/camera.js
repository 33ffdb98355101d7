// Live pictures: this window asks for a frame when it has drawn one, so a slow or hidden
// window gets fewer frames and never old ones.

import { connection } from "./connection.js";

const HEAD_BYTES = 16;
const CREDITS = 2;
const KEPT = 2000;

const cameras = ["front", "wrist"];
const views = new Set();

connection.on("hello", (message) => {
  cameras.splice(0, cameras.length, ...message.cameras);
  for (const view of views) view.resume();
});
connection.on("frame", (buffer) => receive(buffer));

async function receive(buffer) {
  const head = new DataView(buffer);
  const camera = cameras[head.getUint8(1)];
  const shown = [...views].filter((view) => view.camera === camera && view.visible);
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
  constructor(figure) {
    this.figure = figure;
    this.camera = figure.dataset.camera;
    this.canvas = figure.querySelector("canvas.picture");
    this.context = this.canvas.getContext("2d");
    this.onscreen = false;
    this.paused = false;
    this.frames = figure.teachloopFrames = []; // {number, ageMs, at}: what was drawn lately
    views.add(this);
    new IntersectionObserver((entries) => {
      this.onscreen = entries.at(-1).isIntersecting;
      this.resume();
    }).observe(figure);
    document.addEventListener("visibilitychange", () => this.resume());
  }

  get visible() {
    return this.onscreen && !document.hidden && !this.paused;
  }

  resume() {
    if (!this.visible) return;
    const index = cameras.indexOf(this.camera);
    for (let i = 0; i < CREDITS; i++) connection.sendBytes(new Uint8Array([1, index]));
  }

  draw(picture, frame) {
    if (this.canvas.width !== picture.width || this.canvas.height !== picture.height) {
      this.canvas.width = picture.width;
      this.canvas.height = picture.height;
    }
    this.context.drawImage(picture, 0, 0);
    this.frames.push({
      number: frame.number,
      ageMs: Date.now() - frame.wallMs,
      at: performance.now(),
    });
    if (this.frames.length > KEPT) this.frames.shift();
    this.figure.dataset.frames = String(Number(this.figure.dataset.frames ?? 0) + 1);
  }

  /** Show pictures of a take instead of live ones, or go back to live. */
  pause(paused) {
    this.paused = paused;
    if (!paused) this.resume();
  }

  get age() {
    const last = this.frames.at(-1);
    return last ? performance.now() - last.at + last.ageMs : null;
  }
}
