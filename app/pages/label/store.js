// What is said about one take, as the server knows it. Every change goes to the server at
// once; what comes back is the new revision and the masks that differ.

import { api } from "../shared/api.js";
import { author } from "../shared/author.js";
import { connection } from "../shared/connection.js";
import { complain } from "../shared/notices.js";

export const place = (camera, frame, object) => `${camera}/${frame}/${object}`;

/** All labels of a take, as the server knows them. */
export function readLabels(take) {
  return api.get(`/api/labels/${take}?author=${encodeURIComponent(author.name)}`);
}

export class LabelStore {
  constructor(take, content, changed) {
    this.take = take;
    this.masks = new Map(); // "camera/frame/object" -> {rle, confidence, source, locked}
    this.waiting = 0;
    this.problem = "";
    this.last = Promise.resolve();
    this.changed = changed;
    this.absorb(content);
  }

  absorb(patch) {
    const { masks = [], removed = [], ...fields } = patch;
    Object.assign(this, fields);
    for (const [camera, frame, object] of removed) this.masks.delete(place(camera, frame, object));
    for (const mask of masks) this.masks.set(place(mask.camera, mask.frame, mask.object), mask);
    this.summary = null;
  }

  /** Everything anew: somebody else changed it, or nobody knows what became of a change. */
  async reload() {
    const content = await readLabels(this.take);
    this.masks.clear();
    this.absorb(content);
  }

  mask(camera, frame, object) {
    return this.masks.get(place(camera, frame, object));
  }

  promptsAt(camera, frame) {
    return this.prompts.filter((prompt) => prompt.camera === camera && prompt.frame === frame);
  }

  /** Send one change after the ones before it; resolves with the patch, or null where it was
   * refused, also because somebody else changed the labels meanwhile. */
  act(action, fields = {}) {
    this.waiting++;
    this.changed();
    this.last = this.last.then(() => this.send(action, fields));
    return this.last;
  }

  async send(action, fields) {
    try {
      const patch = await connection.ask("label", {
        take: this.take,
        action,
        author: author.name,
        base_revision: this.revision,
        ...fields,
      });
      this.problem = "";
      this.absorb(patch);
      return patch;
    } catch (error) {
      this.problem = error.message;
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
    return this.waiting ? "Saving …" : `Saved · rev ${this.revision}`;
  }

  /** camera -> frame -> {confidence (least of the objects), locked, prompted} */
  byFrame() {
    if (this.summary) return this.summary;
    const summary = {};
    const at = (camera, frame) =>
      ((summary[camera] ??= {})[frame] ??= { confidence: null, locked: false, prompted: false });
    for (const mask of this.masks.values()) {
      const entry = at(mask.camera, mask.frame);
      entry.confidence = Math.min(entry.confidence ?? 1, mask.confidence);
      entry.locked ||= mask.locked;
    }
    for (const prompt of this.prompts) at(prompt.camera, prompt.frame).prompted = true;
    return (this.summary = summary);
  }
}
