// Other wordings that a paraphraser proposes: each taken by a click or Enter, all by one button, or
// left. Nothing is saved before it is taken.

import { author } from "../shared/author.js";
import { connection } from "../shared/connection.js";
import {
  button,
  controls,
  find,
  make,
  refill,
  setDisabled,
  setText,
  toggleHidden,
} from "../shared/dom.js";
import { bind, bindButton } from "../shared/keys.js";
import { complain } from "../shared/notices.js";
import { reach } from "./reach.js";

/** @import { Proposed } from "../shared/messages" */
/** @import { Page } from "./panel.js" */
/** @import { LabelStore } from "./store.js" */
/** What is proposed for a take, of the instruction that it had.
 * @typedef {{store: LabelStore, instruction: string, texts: string[], words: string}} Found */

export class Proposals {
  /** @param {Page} page @param {HTMLElement} panel
   * @param {(texts: string[]) => Promise<unknown>} take told which ones are wanted */
  constructor(page, panel, take) {
    this.page = page;
    this.take = take;
    this.area = find(panel, ".proposals");
    this.list = find(this.area, "ul");
    this.progress = find(this.area, "progress", HTMLProgressElement);
    this.window = "";
    /** The take that is being asked about. @type {LabelStore | null} */
    this.asked = null;
    /** @type {Found | null} */
    this.found = null;
    connection.follow("hello", (message) => this.reconnected(message.window));
    connection.on("label_proposals", (message) => this.hear(message));
    this.start = button(panel, ".propose");
    this.bindKeys();
  }

  bindKeys() {
    bindButton("label", this.start, () => this.propose());
    const all = button(this.area, ".all");
    all.addEventListener("click", () => this.take(this.texts));
    for (const name of [".cancel", ".none"]) {
      button(this.area, name).addEventListener("click", () => this.leave());
    }
    bind(
      "label",
      "Escape",
      () => this.leave(),
      () => !this.area.hidden,
    );
  }

  /** Those that nobody took or left yet, where the instruction is still what they were made of. */
  get texts() {
    const { found } = this;
    const said = this.page.store?.said;
    if (!found || found.store !== this.page.store || said?.instruction !== found.instruction)
      return [];
    return found.texts.filter((text) => !said.paraphrases.includes(text));
  }

  /** First asks for some, then leads to them. */
  propose() {
    const first = this.list.querySelector("button");
    return first && this.texts.length ? first.focus() : this.ask();
  }

  async ask() {
    const { store } = this.page;
    if (!store || this.asked === store) return;
    this.asked = store;
    this.found = null;
    this.page.show();
    await store.last; // so that all that was said counts
    if (this.asked !== store) return;
    const { revision, instruction } = store.said;
    this.found = { store, instruction, texts: [], words: "" };
    const asked = { take: store.take, author: author.name, base_revision: revision };
    const { paraphraser } = this.page.labeler;
    await connection
      .ask("label", { action: "propose", paraphraser, ...asked })
      .catch((error) => this.fail(error));
  }

  /** @param {unknown} error */
  fail(error) {
    complain(error);
    this.forget();
    this.page.show();
  }

  /** What another take or window asked for, or what was left meanwhile, is nothing to us.
   * @param {Proposed} message */
  hear({ take, window, source, state, progress, proposals, message }) {
    const { asked, found } = this;
    if (window !== this.window || !asked || asked !== this.page.store || !found) return;
    if (take !== asked.take) return;
    if (state === "running") {
      found.words = `${source} looks for other wordings.`;
      this.progress.value = progress ?? 0;
    } else {
      this.asked = null;
      found.texts = proposals;
      found.words = message || `Proposed by ${source}`;
    }
    this.page.show();
  }

  /** Nothing more of it is wanted. */
  leave() {
    const { asked } = this;
    this.forget();
    if (asked) {
      const over = { action: "stop_proposing", take: asked.take, author: author.name };
      connection.ask("label", over).catch(() => {}); // then it ends by itself
    }
    this.page.show();
  }

  forget() {
    this.asked = null;
    this.found = null;
  }

  /** Whoever was asked does not know this window any more. @param {string} window */
  reconnected(window) {
    this.window = window;
    if (this.asked) this.forget();
  }

  /** Of an open take. @param {LabelStore} store */
  show(store) {
    if (this.asked && (!reach.ok || this.asked !== store)) this.leave();
    const { texts, asked } = this;
    const found = this.found?.store === store ? this.found : null;
    const none = found !== null && !found.texts.length;
    toggleHidden(this.area, !asked && !none && !texts.length);
    setText(find(this.area, ".source"), found?.words || "Looking for other wordings.");
    toggleHidden(find(this.area, ".working"), !asked);
    toggleHidden(find(this.area, ".deciding"), asked);
    refill(this.list, JSON.stringify(texts), () => texts.map((text) => this.row(text)));
    this.showButtons(texts.length);
  }

  /** @param {number} count of proposals */
  showButtons(count) {
    const all = button(this.area, ".all");
    toggleHidden(all, count < 2);
    setText(all, `Take all ${count}`);
    setText(button(this.area, ".none"), count ? "Leave them" : "Close");
    for (const each of [this.start, all, ...controls(this.list, "button")]) {
      setDisabled(each, !reach.ok);
    }
  }

  /** @param {string} text */
  row(text) {
    const take = { class: "quiet", title: "Take it", onclick: () => this.take([text]) };
    const drop = { class: "quiet icon", "aria-label": `Leave “${text}”`, title: "Leave it" };
    return make(
      "li",
      {},
      make("button", take, "+ ", make("span", {}, text)),
      make("button", { ...drop, onclick: () => this.drop(text) }, "×"),
    );
  }

  /** @param {string} text */
  drop(text) {
    if (this.found) this.found.texts = this.found.texts.filter((each) => each !== text);
    if (!this.found?.texts.length) this.forget();
    this.page.show();
  }
}
