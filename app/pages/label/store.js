// What is said about one take, as the server knows it. Every change goes to the server at
// once; what comes back is the new revision and the masks that differ.

import { api } from "../shared/api.js";
import { author } from "../shared/author.js";
import { connection } from "../shared/connection.js";
import { complain } from "../shared/notices.js";

/** @import { LabelFields, LabelPatch, Mask } from "../shared/messages" */
/** @typedef {{confidence: number | null, locked: boolean, prompted: boolean}} FrameSummary */
/** @typedef {Record<string, Record<number, FrameSummary>>} Summary camera -> frame -> */

/** @param {string} camera @param {number} frame @param {string} object */
const place = (camera, frame, object) => `${camera}/${frame}/${object}`;

/**
 * All labels of a take, as the server knows them.
 * @param {string} take
 * @returns {Promise<LabelFields & LabelPatch>}
 */
export function readLabels(take) {
  return api.get(`/api/labels/${take}?author=${encodeURIComponent(author.name)}`);
}

export class LabelStore {
  /** @param {string} take @param {LabelFields & LabelPatch} content @param {() => void} changed */
  constructor(take, content, changed) {
    this.take = take;
    /** @type {Map<string, Mask>} */
    this.masks = new Map();
    this.waiting = 0;
    this.problem = "";
    /** @type {Promise<LabelPatch | null>} */
    this.last = Promise.resolve(null);
    this.changed = changed;
    /** @type {Summary | null} */
    this.summary = null;
    /** @type {LabelFields} */
    this.said = content;
    this.absorb(content);
  }

  /** @param {LabelPatch} patch */
  absorb({ masks = [], removed = [], ...fields }) {
    this.said = { ...this.said, ...fields };
    for (const [camera, frame, object] of removed) this.masks.delete(place(camera, frame, object));
    for (const mask of masks) this.masks.set(place(mask.camera, mask.frame, mask.object), mask);
    this.summary = null;
  }

  /** Everything anew: somebody else changed it, or nobody knows what became of a change. Of two
   * answers that overtake each other the newer one counts. */
  async reload() {
    const content = await readLabels(this.take);
    if (content.revision < this.said.revision) return;
    this.masks.clear();
    this.absorb(content);
  }

  /** @param {string} camera @param {number} frame @param {string} object */
  mask(camera, frame, object) {
    return this.masks.get(place(camera, frame, object));
  }

  /** @param {string} camera @param {number} frame */
  promptsAt(camera, frame) {
    return this.said.prompts.filter((each) => each.camera === camera && each.frame === frame);
  }

  /**
   * Send one change after the ones before it; resolves with the patch, or null where it was
   * refused, also because somebody else changed the labels meanwhile.
   * @param {string} action
   * @param {object} fields
   */
  act(action, fields = {}) {
    this.waiting++;
    this.changed();
    this.last = this.last.then(() => this.send(action, fields));
    return this.last;
  }

  /** @param {string} action @param {object} fields @returns {Promise<LabelPatch | null>} */
  async send(action, fields) {
    try {
      const { take } = this;
      const base_revision = this.said.revision;
      const who = { author: author.name };
      const asked = { take, action, base_revision, ...who, ...fields };
      const patch = await connection.ask("label", asked);
      this.problem = "";
      this.absorb(patch);
      return patch;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
      complain(error);
      await this.reload().catch(() => {});
      return null;
    } finally {
      this.waiting--;
      this.changed();
    }
  }

  get saved() {
    if (this.problem) return "Not saved";
    return this.waiting ? "Saving …" : `Saved · rev ${this.said.revision}`;
  }

  /** Of each frame: the confidence of the least sure object, whether it is locked or clicked. */
  byFrame() {
    if (this.summary) return this.summary;
    /** @type {Summary} */
    const summary = {};
    /** @param {string} camera @param {number} frame */
    const at = (camera, frame) => {
      const frames = (summary[camera] ??= {});
      return (frames[frame] ??= { confidence: null, locked: false, prompted: false });
    };
    for (const mask of this.masks.values()) {
      const entry = at(mask.camera, mask.frame);
      entry.confidence = Math.min(entry.confidence ?? 1, mask.confidence);
      entry.locked ||= mask.locked;
    }
    for (const prompt of this.said.prompts) at(prompt.camera, prompt.frame).prompted = true;
    this.summary = summary;
    return summary;
  }
}
