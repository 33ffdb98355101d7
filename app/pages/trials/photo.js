// How a scene looked first, laid over the live pictures, to put the objects back by.

import { make, setText, toggleClass, toggleHidden } from "../shared/dom.js";
import { openTake } from "../shared/playback.js";

/** @import { CameraView } from "../shared/camera.js" */

const STEP = 10; // percent, by a key

export class Photo {
  /** @param {HTMLInputElement} slider @param {HTMLElement} told */
  constructor(slider, told) {
    this.slider = slider;
    this.told = told;
    this.take = "";
    this.flipped = false;
    /** @type {Record<string, string>} */
    this.addresses = {}; // of each camera's first picture
    slider.addEventListener("input", () => (this.flipped = false));
  }

  /** Live or as it was, by turns: what moved jumps. */
  flip() {
    this.flipped = !this.flipped;
  }

  /** @param {number} steps */
  fade(steps) {
    this.flipped = false;
    this.slider.value = String(Number(this.slider.value) + steps * STEP);
  }

  get opacity() {
    return this.flipped ? 1 : Number(this.slider.value) / 100;
  }

  /** @param {CameraView[]} views @param {string} take whose first pictures are shown; "" for none */
  show(views, take) {
    if (take !== this.take) this.open(take);
    for (const { figure, camera } of views) {
      const image = imageOf(figure);
      const address = this.addresses[camera] ?? "";
      toggleHidden(image, !address);
      if (address && image.getAttribute("src") !== address) image.src = address;
      image.style.opacity = String(this.opacity);
      toggleClass(image, "flipped", this.flipped);
    }
  }

  /** @param {string} take */
  async open(take) {
    this.take = take;
    this.addresses = {};
    this.flipped = false;
    setText(this.told, "");
    if (!take) return;
    const detail = await openTake(take).catch(() => null);
    if (this.take !== take) return;
    if (!detail) return setText(this.told, "Its picture cannot be read.");
    for (const [camera, frames] of Object.entries(detail.frame_index)) {
      const name = encodeURIComponent(camera);
      this.addresses[camera] = `/api/takes/${take}/frames/${name}/${frames[0]}.jpg`;
    }
  }
}

/** @param {HTMLElement} figure @returns {HTMLImageElement} */
function imageOf(figure) {
  const known = figure.querySelector("img.trial-photo");
  if (known instanceof HTMLImageElement) return known;
  const image = make("img", { class: "trial-photo", alt: "", hidden: true });
  figure.querySelector("canvas.picture")?.after(image);
  return image;
}
