// Tells the labeler which frames somebody sees, so that a slow segmenter looks at what is near
// before they click there.

import { connection } from "../shared/connection.js";

/** @import { LabelStore } from "./store.js" */
/**
 * @typedef {object} Page
 * @property {HTMLElement} element
 * @property {LabelStore | null} store
 * @property {{places: {camera: string, frame: number}[]}} panel
 * @property {{segmenter: string}} labeler
 */

const SETTLED_MS = 300; // who scrubs on is not there yet
const AGAIN_MS = 60_000; // the labeler forgets whoever says nothing for some minutes

export class Ahead {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.told = "";
    this.timer = 0;
  }

  /** What is to be said; null where nobody sees anything. */
  get wish() {
    const { element, store, panel, labeler } = this.page;
    const frames = element.offsetParent ? panel.places : [];
    if (!store || !frames.length) return null;
    return { take: store.take, frames, segmenter: labeler.segmenter };
  }

  /** The page may show something else. */
  follow() {
    const wish = JSON.stringify(this.wish);
    if (wish === this.told) return;
    this.told = wish;
    this.later(SETTLED_MS);
  }

  /** @param {number} ms */
  later(ms) {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.tell(), ms);
  }

  tell() {
    const { wish } = this;
    if (wish) connection.ask("label", { action: "show", ...wish }).catch(() => {}); // no click waits
    this.later(AGAIN_MS);
  }
}
