// An object that the labeler looks for by its name in the picture that the pointer is at. What it finds
// is shown, and nothing of it is saved before somebody takes it.

import { author } from "../shared/author.js";
import { connection } from "../shared/connection.js";
import { make } from "../shared/dom.js";
import { bind, bindButton } from "../shared/keys.js";
import { complain, notify } from "../shared/notices.js";
import { openTab } from "../shared/tabs.js";

/** @import { Finding as Found, LabelPatch, MethodChoice } from "../shared/messages" */
/** @import { MakeFields, LabelStore } from "./store.js" */
/**
 * What it needs of its page.
 * @typedef {object} Page
 * @property {LabelStore | null} store
 * @property {{objects: {chosen: string | null, nameFor: (store: LabelStore) => string}}} panel
 * @property {{pointed: string | undefined}} views
 * @property {{finder: MethodChoice | null}} labeler
 * @property {(camera: string, tick?: number) => number | undefined} frameOf
 * @property {(action: string, fields?: object | MakeFields) => Promise<LabelPatch | null>} act
 * @property {() => void} show
 */
/** Where an object is looked for. @typedef {{store: LabelStore, camera: string, frame: number,
 * object: string}} Asked */
/** What is offered in a picture: which of the masks, and the mask that was there before.
 * @typedef {{found: Found, chosen: number, before: string | undefined, taken: boolean}} Offered */

const NEEDS =
  "Finding an object by its name needs SAM 3, whose weights nobody named yet. They are named or " +
  "fetched at";

export class Finding {
  /** @param {Page} page @param {HTMLButtonElement} button */
  constructor(page, button) {
    this.page = page;
    this.button = button;
    /** What is being looked for. @type {Asked | null} */
    this.asked = null;
    /** What nobody took yet. @type {Offered | null} */
    this.offered = null;
    bindButton("label", button, (event) => this.press(event));
    const here = () => this.here !== null;
    bind("label", "Enter", () => this.take(), here);
    bind("label", "i", () => this.next(), here);
    bind(
      "label",
      "Escape",
      () => this.leave(),
      () => this.asked !== null || this.here !== null,
    );
  }

  /** What is offered in a picture, while its mask is as it was, and the object is the chosen one.
   * @param {string} camera @param {number} frame */
  at(camera, frame) {
    const { store, panel } = this.page;
    const { found, before } = this.offered ?? {};
    if (!store || found?.camera !== camera || found.frame !== frame) return null;
    const { object } = found;
    if (panel.objects.nameFor(store) !== object) return null;
    return store.mask(camera, frame, object)?.rle.counts === before ? this.offered : null;
  }

  /** What is offered in a picture that is shown. */
  get here() {
    const { found } = this.offered ?? {};
    if (!found || this.page.frameOf(found.camera) !== found.frame) return null;
    return this.at(found.camera, found.frame);
  }

  /** Looks, or takes what it found. The mouse leaves the button free, so that Enter is a key again.
   * @param {KeyboardEvent | MouseEvent} [event] */
  press(event) {
    if (event instanceof MouseEvent && event.detail) this.button.blur();
    return this.here ? this.take() : this.look();
  }

  async look() {
    const { page } = this;
    const { store } = page;
    const camera = page.views.pointed ?? "";
    const frame = page.frameOf(camera);
    if (!store || frame === undefined) return;
    if (!page.labeler.finder) return needs();
    const object = page.panel.objects.nameFor(store);
    if (this.looksFor(camera, frame, object)) return;
    const asked = { store, camera, frame, object };
    Object.assign(this, { asked, offered: null });
    page.show();
    await store.last; // so that all that was said counts
    if (this.asked === asked) await this.ask(asked);
    page.show();
  }

  /** @param {string} camera @param {number} frame @param {string} object */
  looksFor(camera, frame, object) {
    const { asked } = this;
    return asked?.camera === camera && asked.frame === frame && asked.object === object;
  }

  /** What is asked later in this window takes its place. @param {Asked} asked */
  async ask(asked) {
    const { store, camera, frame, object } = asked;
    const finder = this.page.labeler.finder?.name ?? "";
    const request = {
      action: "find",
      take: store.take,
      author: author.name,
      camera,
      frame,
      object,
    };
    const patch = await connection.ask("label", { ...request, finder }).catch(complain);
    if (this.asked !== asked) return;
    this.asked = null;
    if (patch?.finding) this.answered(store, patch.finding); // else it was given up
  }

  /** @param {LabelStore} store @param {Found} found */
  answered(store, found) {
    const { camera, frame, object } = found;
    if (found.found.length) {
      const before = store.mask(camera, frame, object)?.rle.counts;
      this.offered = { found, chosen: 0, before, taken: false };
    } else if (this.page.frameOf(camera) === frame) {
      notify(`No “${object}” seen here.`);
    }
  }

  /** The next of the masks; after the last one comes the first. */
  next() {
    const { here } = this;
    if (here) here.chosen = (here.chosen + 1) % here.found.found.length;
    this.page.show();
  }

  /** It is shown until the object has it. */
  async take() {
    const { here } = this;
    if (!here || here.taken) return;
    here.taken = true;
    const { object, known_by } = here.found;
    await this.page.act("take_found", { object, finding: known_by, choice: here.chosen });
    if (this.offered === here) this.offered = null;
    this.page.show();
  }

  /** Nothing more of it is wanted. */
  leave() {
    this.forget();
    this.page.show();
  }

  forget() {
    const { asked } = this;
    this.asked = null;
    this.offered = null;
    if (!asked) return;
    const over = { action: "stop_finding", take: asked.store.take, author: author.name };
    connection.ask("label", over).catch(() => {}); // then it ends by itself
  }

  /** What goes on in a picture, in words. @param {string} camera @param {number} frame */
  words(camera, frame) {
    const { asked } = this;
    if (asked?.camera === camera && asked.frame === frame) return ` · ${looking(asked)}`;
    return inWords(this.at(camera, frame));
  }

  /** What goes on, wherever it is; "" where nothing does. */
  get state() {
    return this.asked ? `${looking(this.asked)} Esc stops it.` : "";
  }

  show() {
    this.button.setAttribute("aria-busy", String(this.asked !== null));
  }
}

/** @param {Asked} asked */
const looking = ({ object }) => `Looking for “${object}” …`;

/** @param {Offered | null} offered */
function inWords(offered) {
  if (!offered) return "";
  const { found, chosen } = offered;
  const { score } = found.found[chosen];
  const several = found.found.length > 1 ? `, ${chosen + 1} of ${found.found.length}` : "";
  const more = several && "I: another; ";
  return ` · found “${found.words}”${several}, ${Math.round(100 * score)} % sure; ${more}⏎ takes it, Esc leaves it`;
}

function needs() {
  /** @param {Event} event */
  const onclick = (event) => {
    event.preventDefault();
    notice.remove();
    openTab("setup", { model: "sam3" });
  };
  const notice = notify(NEEDS, "amber");
  notice.append(" ", make("a", { href: "#models", onclick }, "Set-up, Models"), ".");
}
