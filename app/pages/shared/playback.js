// Plays a take in place: pictures by index, fetched ahead, at the pace they were recorded.

import { api } from "./api.js";
import { button, drawPicture, find, input, setText } from "./dom.js";
import { kbd } from "./keys.js";

/** @import { Camera, TakeDetail } from "./messages" */

const AHEAD = 12;
const SHARE = 1 / 8; // of the computer's memory, for pictures that are ready to be shown
const GIB = 2 ** 30;
const UNTOLD = 4; // GiB, where the browser does not tell how much there is

/** How many bytes pictures may take. A browser tells of 8 GiB at most. */
function roomForPictures() {
  const told = "deviceMemory" in navigator ? Number(navigator.deviceMemory) : UNTOLD;
  return told * GIB * SHARE;
}

/** @typedef {{picture: Promise<ImageBitmap>, bytes: number}} Kept no bytes until it has come */

/** Pictures of one take; each is fetched once and kept ready to be shown while there is room. */
export class Pictures {
  /** @param {string} take */
  constructor(take) {
    this.take = take;
    this.room = roomForPictures();
    /** @type {Map<string, Kept>} */
    this.kept = new Map();
    this.bytes = 0; // of all that are kept
  }

  /** @param {string} camera @param {number} index */
  get(camera, index) {
    const key = `${camera}/${index}`;
    const known = this.kept.get(key) ?? this.begin(key, this.fetch(camera, index));
    this.kept.delete(key); // the one that was looked at last goes last
    this.kept.set(key, known);
    return known.picture;
  }

  /** Fetch what will be wanted soon. @param {string} camera @param {(number | undefined)[]} indices */
  ahead(camera, indices) {
    for (const index of indices) {
      if (index !== undefined) this.get(camera, index).catch(() => {});
    }
  }

  /** @param {string} key @param {Promise<ImageBitmap>} picture */
  begin(key, picture) {
    const entry = { picture, bytes: 0 };
    picture.then(
      (bitmap) => this.kept.get(key) === entry && this.came(entry, bitmap),
      () => this.kept.get(key) === entry && this.kept.delete(key), // it may come the next time
    );
    return entry;
  }

  /** @param {Kept} entry @param {ImageBitmap} bitmap */
  came(entry, { width, height }) {
    entry.bytes = 4 * width * height;
    this.bytes += entry.bytes;
    while (this.bytes > this.room && this.kept.size > 1) this.drop();
  }

  /** @param {string} camera @param {number} index */
  async fetch(camera, index) {
    const name = encodeURIComponent(camera);
    const response = await fetch(`/api/takes/${this.take}/frames/${name}/${index}.jpg`);
    if (!response.ok) throw new Error(`Picture ${index} of ${camera} cannot be read.`);
    return createImageBitmap(await response.blob());
  }

  /** The one that was looked at longest ago. */
  drop() {
    for (const [key, { picture, bytes }] of this.kept) {
      this.kept.delete(key);
      this.bytes -= bytes;
      picture.then((bitmap) => bitmap.close()).catch(() => {});
      return;
    }
  }

  close() {
    while (this.kept.size) this.drop();
  }
}

/** What is known of a take: ticks, and which frame of each camera belongs to which tick.
 * @param {string} id
 * @returns {Promise<TakeDetail>} */
export const openTake = (id) => api.get(`/api/takes/${id}`);

/** @param {TakeDetail} detail @returns {Camera[]} */
export const camerasOf = (detail) =>
  Object.entries(detail.cameras).map(([name, size]) => ({ name, ...size }));

/** A play button, a slider and canvases by camera. */
export class Player {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.button = button(element, ".play");
    this.slider = input(element, "input[type=range]");
    this.output = find(element, "output");
    /** @type {Record<string, HTMLCanvasElement>} */
    this.canvases = {};
    /** Told what is shown. @type {(tick: number) => void} */
    this.sought = () => {};
    /** Told which frame of a camera is shown, once it is. @type {(camera: string, frame: number) => void} */
    this.painted = () => {};
    /** @type {TakeDetail | null} */
    this.detail = null;
    /** @type {Pictures | null} */
    this.pictures = null;
    this.timer = 0;
    this.tick = 0;
    this.button.addEventListener("click", () => this.toggle());
    if (this.button.dataset.key) this.button.append(kbd(this.button.dataset.key));
    this.slider.addEventListener("input", () => this.seek(Number(this.slider.value)));
  }

  /** @param {TakeDetail} detail */
  open(detail) {
    this.close();
    this.detail = detail;
    this.pictures = new Pictures(detail.id);
    this.slider.max = String(Math.max(0, detail.ticks - 1));
    this.seek(0);
    this.toggle(true);
  }

  close() {
    this.toggle(false);
    this.pictures?.close();
    this.pictures = this.detail = null;
  }

  toggle(play = !this.timer) {
    clearInterval(this.timer);
    this.timer = 0;
    setText(this.button.firstChild, play ? "❚❚" : "▶");
    if (!play || !this.detail) return;
    if (this.tick >= this.detail.ticks - 1) this.seek(0);
    this.timer = setInterval(() => this.next(), 1000 / this.detail.rate_hz);
  }

  next() {
    if (this.tick >= (this.detail?.ticks ?? 0) - 1) this.toggle(false);
    else this.seek(this.tick + 1);
  }

  /** @param {number} count */
  step(count) {
    if (!this.detail) return;
    this.toggle(false);
    this.seek(Math.min(this.detail.ticks - 1, Math.max(0, this.tick + count)));
  }

  /** @param {number} tick */
  seek(tick) {
    if (!this.detail) return;
    this.tick = tick;
    this.slider.value = String(tick);
    const { rate_hz, ticks } = this.detail;
    setText(this.output, `${(tick / rate_hz).toFixed(1)} / ${(ticks / rate_hz).toFixed(1)} s`);
    this.sought(tick);
    for (const camera of Object.keys(this.canvases)) this.paint(camera, tick);
  }

  /** @param {string} camera @param {number} tick */
  async paint(camera, tick) {
    const { pictures } = this;
    const frames = this.detail?.frame_index[camera];
    if (!frames || !pictures) return;
    pictures.ahead(camera, frames.slice(tick + 1, tick + 1 + AHEAD));
    const picture = await pictures.get(camera, frames[tick]).catch(() => null);
    if (!picture || this.tick !== tick || this.pictures !== pictures) return;
    const sheet = this.canvases[camera];
    if (!sheet) return;
    drawPicture(sheet, picture);
    this.painted(camera, frames[tick]);
  }
}
