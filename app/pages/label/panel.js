// The right side of Label: what is said, tools, propagation.

import { author } from "../shared/author.js";
import {
  button,
  controls,
  find,
  input,
  setDisabled,
  setText,
  toggleClass,
  toggleHidden,
} from "../shared/dom.js";
import { bindButton } from "../shared/keys.js";
import { takes } from "../shared/takes.js";
import { Objects } from "./objects.js";
import { Wordings } from "./wordings.js";

/** @import { LabelPatch, LabelProgress, TakeDetail } from "../shared/messages" */
/** @import { LabelStore } from "./store.js" */
/**
 * What the panel needs of its page.
 * @typedef {object} Page
 * @property {LabelStore | null} store
 * @property {{detail: TakeDetail} | null} take
 * @property {{cameras: string[]}} views
 * @property {{next: () => string | undefined}} queue
 * @property {(camera: string) => number | undefined} frameOf
 * @property {(action: string, fields?: object) => Promise<LabelPatch | null>} act
 * @property {(take: string) => void} open
 * @property {() => void} show
 */

export class LabelPanel {
  /** @param {Page} page @param {HTMLElement} element */
  constructor(page, element) {
    this.page = page;
    this.element = element;
    this.boxing = false;
    this.running = false;
    this.wordings = new Wordings(page, element);
    this.objects = new Objects(page, element);
    find(element, ".cancel").addEventListener("click", () => page.act("cancel"));
    this.bindAuthor();
    this.bindTools();
  }

  bindAuthor() {
    const name = input(this.element, ".author input");
    name.addEventListener("focus", () => (name.value = author.name));
    name.addEventListener("change", () => (author.name = name.value));
    name.value = author.name;
  }

  bindTools() {
    const { page } = this;
    /** @param {string} name @param {() => unknown} run */
    const bound = (name, run) => bindButton("label", this.button(name), run);
    bound("box", () => this.box(!this.boxing));
    bound("undo", () => page.act("undo"));
    bound("redo", () => page.act("redo"));
    bound("clear", () => this.clear());
    bound("lock", () => this.lock());
    bound("propagate", () => page.act("propagate"));
    bound("success", () => page.act("success", { success: page.store?.said.success !== true }));
    bound("done", () => this.done());
  }

  /** @param {string} name */
  button(name) {
    return button(this.element, `button.${name}`);
  }

  /** The frame of each camera that is shown. @returns {{camera: string, frame: number}[]} */
  get places() {
    const shown = this.page.views.cameras.map((camera) => ({
      camera,
      frame: this.page.frameOf(camera) ?? -1,
    }));
    return shown.filter(({ frame }) => frame >= 0);
  }

  clear() {
    this.page.act("clear", { places: this.places, object: this.objects.chosen });
  }

  lock() {
    this.page.act("lock", { places: this.places, locked: !this.locked });
  }

  get locked() {
    const summary = this.page.store?.byFrame() ?? {};
    return this.places.some(({ camera, frame }) => summary[camera]?.[frame]?.locked);
  }

  async done() {
    if (!(await this.page.act("review", { review: "done" }))) return;
    await takes.refresh();
    const next = this.page.queue.next();
    if (next) this.page.open(next);
  }

  /** @param {boolean} on */
  box(on) {
    this.boxing = on;
    this.button("box").setAttribute("aria-pressed", String(on));
  }

  opened() {
    this.objects.opened();
    const running = this.page.store?.said.propagating;
    this.progressed({ take: "", state: running ? "running" : "idle" });
  }

  /** @param {LabelProgress} message */
  progressed(message) {
    this.running = message.state === "running";
    toggleHidden(find(this.element, ".progress"), !this.running);
    find(this.element, "progress", HTMLProgressElement).value = message.progress ?? 0;
    const { store } = this.page;
    if (message.state === "failed" && store) store.problem = message.message ?? "It failed.";
    if (message.state === "done") takes.refresh();
  }

  show() {
    const { store } = this.page;
    const saved = find(this.element, ".saved");
    setText(
      find(this.element, ".title"),
      store ? `Take ${takes.find(store.take)?.number ?? ""}` : "No take",
    );
    setText(saved, store?.saved ?? "");
    toggleClass(saved, "bad", store?.problem);
    const usable = ":is(button, input, textarea):not(.away *, .author *)";
    for (const node of controls(this.element, usable)) setDisabled(node, !store);
    if (!store) return;
    this.wordings.show(store.said);
    this.objects.show(store.said);
    this.showTools(store);
  }

  /** @param {LabelStore} store */
  showTools(store) {
    const { said } = store;
    setDisabled(this.button("undo"), !said.can_undo);
    setDisabled(this.button("redo"), !said.can_redo);
    setDisabled(this.button("propagate"), this.running || !said.objects.length);
    this.button("lock").setAttribute("aria-pressed", String(this.locked));
    this.button("success").setAttribute("aria-pressed", String(said.success === true));
    setText(find(this.element, ".hint"), hint(store));
  }
}

/** @param {LabelStore} store */
function hint({ said, masks }) {
  if (!said.prompts.length)
    return "Left click on the object, right click on what is not part of it.";
  if (!masks.size) return "Then P spreads the mask over the take.";
  return "N shows where it is least sure; click there, then P again.";
}
