// What is said about one take, as the server knows it. Every change goes to the server at
// once; what comes back is the new revision and the masks that differ. A change of which nobody
// knows what became waits until somebody answers again, and is then looked for, or made.

import { api } from "../shared/api.js";
import { author } from "../shared/author.js";
import { connection, Unanswered } from "../shared/connection.js";
import { byPerson, isEmpty } from "../shared/masks.js";
import { complain } from "../shared/notices.js";
import { reach } from "./reach.js";
import { byFrame } from "./summary.js";

/** @import { Choice, LabelFields, LabelPatch, Mask } from "../shared/messages" */
/** @import { Summary } from "./summary.js" */
/** Made anew of what is said where somebody else changed it meanwhile; null: nothing is to be done.
 * @typedef {(said: LabelFields) => object | null} MakeFields */
/** @typedef {{action: string, fields: Record<string, any>, revision: number, alike: number}} Asked */

const TRIES = 5;

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
  /** Changes of all takes that are not saved yet. */
  static underWay = 0;

  /** @param {string} take @param {LabelFields & LabelPatch} content @param {() => void} changed */
  constructor(take, content, changed) {
    this.take = take;
    /** @type {Map<string, Mask>} */
    this.masks = new Map();
    this.waiting = 0;
    this.refused = ""; // why the last change was not made
    /** @type {Promise<LabelPatch | null>} */
    this.last = Promise.resolve(null);
    this.changed = changed;
    /** @type {Summary | null} */
    this.summary = null;
    /** Of the last click, while nothing else was said. @type {Choice | null} */
    this.choice = null;
    /** @type {LabelFields} */
    this.said = content;
    this.add(content);
  }

  /** @param {LabelPatch} patch */
  add({ masks = [], removed = [], choice = null, base_revision: _, ...fields }) {
    this.choice = choice;
    this.said = { ...this.said, ...fields };
    for (const [camera, frame, object] of removed) this.masks.delete(place(camera, frame, object));
    for (const mask of masks) this.masks.set(place(mask.camera, mask.frame, mask.object), mask);
    this.summary = null;
  }

  /** What came of a change. It tells what differs from an earlier revision; where this window
   * shows another one, all is read anew. @param {LabelPatch} patch */
  async absorb(patch) {
    const { revision } = this.said;
    if (patch.base_revision === revision || (patch.revision ?? revision) === revision) {
      this.add(patch);
    } else await this.reload();
  }

  /** Everything anew. Of two answers that overtake each other the newer one counts. */
  async reload() {
    const content = await readLabels(this.take);
    if (content.revision < this.said.revision) return;
    this.masks.clear();
    this.add(content);
  }

  /** @param {string} camera @param {number} frame @param {string} object */
  mask(camera, frame, object) {
    return this.masks.get(place(camera, frame, object));
  }

  /** Whether a mask stands in until that of a slower segmenter follows.
   * @param {string} camera @param {number} frame @param {string} object */
  isProvisional(camera, frame, object) {
    const here = place(camera, frame, object);
    return this.said.provisional.some((each) => place(...each) === here);
  }

  /** The next frame in which a person made the mask of an object; ``none`` where there is none.
   * @param {string} camera @param {number} frame @param {string} object @param {number} none */
  drawnAfter(camera, frame, object, none) {
    const drawn = [...this.masks.values()].filter(
      (mask) => mask.object === object && mask.camera === camera && byPerson(mask),
    );
    const after = drawn.map((mask) => mask.frame).filter((each) => each > frame);
    return Math.min(none, ...after);
  }

  /** The one that a person made last before a frame, in which the object is to be seen.
   * @param {string} camera @param {number} frame @param {string} object */
  drawnBefore(camera, frame, object) {
    /** @type {Mask | null} */
    let last = null;
    for (const mask of this.masks.values()) {
      const here = mask.camera === camera && mask.object === object && mask.frame < frame;
      if (here && byPerson(mask) && mask.frame > (last?.frame ?? -1) && !isEmpty(mask.rle))
        last = mask;
    }
    return last;
  }

  /** Those that count: a box begins anew. @param {string} camera @param {number} frame */
  promptsAt(camera, frame) {
    const here = this.said.prompts.filter((each) => each.camera === camera && each.frame === frame);
    return here.filter(({ object }, at) => {
      const later = here.slice(at + 1).filter((each) => each.object === object);
      return later.every(({ kind }) => kind !== "box");
    });
  }

  /**
   * Make one change after the ones before it; resolves with what it brought, or null where it
   * was refused.
   * @param {string} action
   * @param {object | MakeFields} fields
   */
  act(action, fields = {}) {
    this.waiting++;
    LabelStore.underWay++;
    this.refused = "";
    this.last = this.last.then(() => this.make(action, fields));
    queueMicrotask(() => this.changed()); // at once, but after it was sent
    return this.last;
  }

  /** @param {string} action @param {object | MakeFields} fields @returns {Promise<LabelPatch | null>} */
  async make(action, fields) {
    try {
      return await this.insist(action, fields);
    } catch (error) {
      this.refuse(error);
      await this.reload().catch(() => {});
      return null;
    } finally {
      this.waiting--;
      LabelStore.underWay--;
      this.changed();
    }
  }

  /** Until it is done or refused. @param {string} action @param {object | MakeFields} fields */
  async insist(action, fields) {
    for (let tries = 1; ; tries++) {
      if (!reach.ok) await reach.wait(); // else it is sent before anything is drawn
      const own = typeof fields === "function" ? fields(this.said) : fields;
      if (!own) return this.said;
      const asked = this.asked(action, own);
      try {
        return await this.ask(asked);
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
        const again = typeof fields === "function" && tries < TRIES;
        if (error.reason === "stale" && !again) throw error;
        await this.settle(error.reason);
        if (error.reason === "away" && this.arrived(asked)) return this.said;
      }
    }
  }

  /** @param {string} reason */
  async settle(reason) {
    this.changed();
    if (reason === "away") await reach.wait();
    await this.reload().catch(() => {});
  }

  /** @param {Asked} asked */
  async ask({ action, fields }) {
    const { take } = this;
    const patch = await connection.ask("label", { take, action, author: author.name, ...fields });
    await this.absorb(patch).catch(() => {}); // it is saved, whatever this window shows of it
    return patch;
  }

  /** @param {string} action @param {object} fields @returns {Asked} */
  asked(action, fields) {
    return { action, fields, revision: this.said.revision, alike: this.alike(fields) };
  }

  /** How many prompts there are as this one. @param {Record<string, any>} fields */
  alike({ camera, frame, object, x, y, values = [x, y] }) {
    const said = JSON.stringify(values);
    const here = this.promptsAt(camera, frame).filter((each) => each.object === object);
    return here.filter((each) => JSON.stringify(each.values) === said).length;
  }

  /** Whether a change that nobody answered was made. All others may be made twice.
   * @param {Asked} asked */
  arrived({ action, fields, revision, alike }) {
    if (["click", "box"].includes(action)) return this.alike(fields) > alike;
    return ["undo", "redo"].includes(action) && this.said.revision !== revision;
  }

  /** @param {unknown} error */
  refuse(error) {
    if (error instanceof Unanswered && error.reason === "stale") return; // the words say so
    this.refused = error instanceof Error ? error.message : String(error);
    complain(error);
  }

  /** Of each frame: the least sure object, whether it is locked or clicked. */
  byFrame() {
    this.summary ??= byFrame(this.masks.values(), this.said.prompts);
    return this.summary;
  }
}
