// Plays a take in place: pictures by index, fetched ahead, at the pace they were recorded.

import { api } from "./api.js";
import { find, setText } from "./dom.js";
import { kbd } from "./keys.js";

const AHEAD = 12;
const KEPT = 400;

/** Pictures of one take; each is fetched once and kept for ever by the browser. */
export class Pictures {
  constructor(take) {
    this.take = take;
    this.kept = new Map();
  }

  get(camera, index) {
    const key = `${camera}/${index}`;
    if (!this.kept.has(key)) {
      this.kept.set(key, this.fetch(camera, index));
      if (this.kept.size > KEPT) this.drop();
    }
    return this.kept.get(key);
  }

  async fetch(camera, index) {
    const response = await fetch(`/api/takes/${this.take}/frames/${camera}/${index}.jpg`);
    if (!response.ok) throw new Error(`Picture ${index} of ${camera} cannot be read.`);
    return createImageBitmap(await response.blob());
  }

  drop() {
    const [key, picture] = this.kept.entries().next().value;
    this.kept.delete(key);
    picture.then(
      (bitmap) => bitmap.close(),
      () => {},
    );
  }

  close() {
    while (this.kept.size) this.drop();
  }
}

/** What is known of a take: ticks, and which frame of each camera belongs to which tick. */
export const openTake = (id) => api.get(`/api/takes/${id}`);

/** A play button, a slider and canvases by camera. */
export class Player {
  constructor(element, canvases, shown = () => {}) {
    this.button = find(element, ".play");
    this.slider = find(element, "input[type=range]");
    this.output = find(element, "output");
    this.canvases = canvases; // {camera: canvas}
    this.shown = shown;
    this.button.addEventListener("click", () => this.toggle());
    if (this.button.dataset.key) this.button.append(kbd(this.button.dataset.key));
    this.slider.addEventListener("input", () => this.seek(Number(this.slider.value)));
  }

  async open(id, play = true) {
    this.close();
    const detail = await openTake(id);
    this.detail = detail;
    this.pictures = new Pictures(id);
    this.slider.max = String(Math.max(0, detail.ticks - 1));
    this.seek(0);
    if (play) this.toggle(true);
    return detail;
  }

  close() {
    this.toggle(false);
    this.pictures?.close();
    this.pictures = this.detail = null;
  }

  toggle(play = !this.timer) {
    clearInterval(this.timer);
    this.timer = null;
    setText(this.button.firstChild, play ? "❚❚" : "▶");
    if (!play || !this.detail) return;
    if (this.tick >= this.detail.ticks - 1) this.seek(0);
    this.timer = setInterval(() => this.next(), 1000 / this.detail.rate_hz);
  }

  next() {
    if (this.tick >= this.detail.ticks - 1) this.toggle(false);
    else this.seek(this.tick + 1);
  }

  step(count) {
    if (!this.detail) return;
    this.toggle(false);
    this.seek(Math.min(this.detail.ticks - 1, Math.max(0, this.tick + count)));
  }

  seek(tick) {
    this.tick = tick;
    this.slider.value = String(tick);
    const { rate_hz, ticks } = this.detail;
    setText(this.output, `${(tick / rate_hz).toFixed(1)} / ${(ticks / rate_hz).toFixed(1)} s`);
    for (const camera of Object.keys(this.canvases)) this.paint(camera, tick);
    this.shown(tick);
  }

  async paint(camera, tick) {
    const frames = this.detail.frame_index[camera];
    if (!frames) return;
    const { pictures } = this;
    for (let i = 1; i <= AHEAD; i++)
      if (tick + i < frames.length) pictures.get(camera, frames[tick + i]).catch(() => {});
    const picture = await pictures.get(camera, frames[tick]).catch(() => null);
    if (!picture || this.tick !== tick || this.pictures !== pictures) return;
    const canvas = this.canvases[camera];
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext("2d").drawImage(picture, 0, 0);
  }
}
