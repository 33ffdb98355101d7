// Clicks that the labeler suggests, each with what it follows from: looked at where they would be made,
// and taken there by one key.

import { author } from "../shared/author.js";
import { connection } from "../shared/connection.js";
import { bind } from "../shared/keys.js";
import { complain, notify } from "../shared/notices.js";

/** @import { Suggestion, TakeDetail } from "../shared/messages" */
/** @import { LabelStore } from "./store.js" */
/**
 * What it needs of its page.
 * @typedef {object} Page
 * @property {{detail: TakeDetail, store: LabelStore} | null} take
 * @property {{objects: {nameFor: (store: LabelStore) => string}}} panel
 * @property {{segmenter: string}} labeler
 * @property {number} tick
 * @property {(camera: string, tick?: number) => number | undefined} frameOf
 * @property {(action: string, fields?: object) => Promise<unknown>} act
 * @property {(tick: number) => void} seek
 * @property {() => void} show
 */

const NONE = "Nothing to suggest: no grasp, no other camera and no other take tells where it is.";

export class Suggestions {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    /** Those that nobody took yet. @type {Suggestion[]} */
    this.left = [];
    /** The take that is being asked about. @type {LabelStore | null} */
    this.asked = null;
    bind(
      "label",
      "Escape",
      () => this.leave(),
      () => this.left.length > 0 || this.asked !== null,
    );
  }

  /** @param {string} camera @param {number} frame */
  at(camera, frame) {
    return this.left.filter((each) => each.camera === camera && each.frame === frame);
  }

  get here() {
    return this.left.filter(({ camera, frame }) => this.page.frameOf(camera) === frame);
  }

  /** First shows suggestions, then takes those that are shown and goes on to the next ones. */
  suggest() {
    if (!this.left.length) return this.ask();
    const { here } = this;
    this.left = this.left.filter((each) => !here.includes(each));
    const taken = here.map((each) => this.take(each));
    if (this.left.length) this.goOn();
    else this.page.show();
    return Promise.all(taken);
  }

  /** @param {Suggestion} suggestion */
  take({ camera, frame, object, click }) {
    const place = { camera, frame, object };
    if (!click) return this.page.act("hide", { ...place, last: frame });
    const { segmenter } = this.page.labeler;
    return this.page.act("click", { ...place, ...click, segmenter });
  }

  async ask() {
    const store = this.page.take?.store;
    if (!store || this.asked) return;
    this.asked = store;
    const object = this.page.panel.objects.nameFor(store);
    await store.last; // so that all that was said counts
    const asked = { action: "suggest", take: store.take, author: author.name, object };
    const patch = await connection.ask("label", asked).catch(complain);
    if (this.asked !== store) return;
    this.asked = null;
    /** @type {Suggestion[]} */
    const suggested = patch?.suggestions ?? [];
    this.left = suggested.filter((each) => this.tickOf(each) >= 0);
    if (this.left.length) this.goOn();
    else if (patch) notify(NONE);
  }

  /** To the next tick at which something is suggested, or else to the first. */
  goOn() {
    const { tick } = this.page;
    const ticks = this.left.map((each) => this.tickOf(each)).sort((one, other) => one - other);
    this.page.seek(ticks.find((each) => each >= tick) ?? ticks[0] ?? tick);
  }

  /** The first at which its frame is shown; -1 where it never is. @param {Suggestion} suggestion */
  tickOf({ camera, frame }) {
    return this.page.take?.detail.frame_index[camera]?.indexOf(frame) ?? -1;
  }

  /** Nothing more of it is wanted. */
  leave() {
    const { asked } = this;
    this.forget();
    if (asked) {
      const over = { action: "stop_suggesting", take: asked.take, author: author.name };
      connection.ask("label", over).catch(() => {}); // then it ends by itself
    }
    this.page.show();
  }

  forget() {
    this.left = [];
    this.asked = null;
  }
}

/** What is suggested in a picture, and why. @param {Suggestion[]} suggestions */
export function inWords(suggestions) {
  const [first] = suggestions;
  if (!first) return "";
  const what = first.click ? "a click" : "unseen";
  return ` · suggested ${what}: ${first.why}; Shift+G takes it`;
}
