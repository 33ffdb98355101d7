// Clicks and boxes on the pictures: each asks for the mask that follows from all that were made.

import { notify } from "../shared/notices.js";

/** @import { LabelPatch, Prompt } from "../shared/messages" */
/** @import { Box, Place } from "./stage.js" */
/** @import { Point } from "./viewport.js" */
/** @import { LabelStore } from "./store.js" */
/**
 * What it needs of its page.
 * @typedef {object} Page
 * @property {LabelStore | null} store
 * @property {{objects: {forClick: (store: LabelStore) => string}}} panel
 * @property {{take: (tool: "click") => void}} tools
 * @property {{segmenter: string}} labeler
 * @property {{click: Prompt | null}} views
 * @property {(action: string, fields?: object) => Promise<LabelPatch | null>} act
 */

export class Prompting {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    /** @type {{ms: number, segmenterMs: number | undefined}[]} */
    this.latencies = []; // of clicks
  }

  /** @param {Place} place @param {number} x @param {number} y @param {boolean} positive */
  async click(place, x, y, positive) {
    const { store, panel, labeler } = this.page;
    if (!store) return;
    const object = panel.objects.forClick(store);
    const at = performance.now();
    const { segmenter } = labeler;
    const patch = await store.act("click", { ...place, object, x, y, positive, segmenter });
    await new Promise(requestAnimationFrame); // until it is on the screen
    if (!patch) return;
    this.latencies.push({ ms: performance.now() - at, segmenterMs: patch.segmenter_ms });
  }

  /** @param {Place} place @param {Box} values */
  async box(place, values) {
    const { store, panel, labeler, tools } = this.page;
    tools.take("click");
    if (!store) return;
    const object = panel.objects.forClick(store);
    const { segmenter } = labeler;
    await store.act("box", { ...place, object, values, segmenter });
  }

  /** What a brush covered, or an eraser. @param {Place} place
   * @param {{path: Point[], width: number, positive: boolean}} stroke */
  stroke(place, stroke) {
    return this.draw("stroke", place, stroke);
  }

  /** @param {Place} place @param {{corners: Point[], positive: boolean}} polygon */
  polygon(place, polygon) {
    return this.draw("polygon", place, polygon);
  }

  /** @param {string} action @param {Place} place @param {object} drawn */
  async draw(action, place, drawn) {
    const { store, panel } = this.page;
    if (!store) return;
    const object = panel.objects.forClick(store);
    await store.act(action, { ...place, object, ...drawn });
  }

  /** A click that was made is to be elsewhere. @param {Prompt} click
   * @param {[x: number, y: number]} to */
  move(click, [to_x, to_y]) {
    return this.again("move_click", click, { to_x, to_y });
  }

  /** The click that the pointer or the keyboard's cross is at is to be gone. */
  remove() {
    const { click } = this.page.views;
    if (click) this.again("remove_click", click);
    else notify("Point at the click that is to go.");
  }

  /** @param {string} action @param {Prompt} click @param {object} fields */
  again(action, { camera, frame, object, values: [x, y] }, fields = {}) {
    const { segmenter } = this.page.labeler;
    return this.page.act(action, { camera, frame, object, x, y, segmenter, ...fields });
  }
}
