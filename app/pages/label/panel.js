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
import { nextEnding, showEnding } from "../shared/ending.js";
import { bindButton } from "../shared/keys.js";
import { notify } from "../shared/notices.js";
import { takes } from "../shared/takes.js";
import { loneClick } from "./choices.js";
import { Objects } from "./objects.js";
import { presence } from "./presence.js";
import { reach } from "./reach.js";
import { Review } from "./review.js";
import { Wordings } from "./wordings.js";

/** @import { Action } from "../shared/keys.js" */
/** @import { LabelPatch, LabelProgress, TakeDetail } from "../shared/messages" */
/** @import { LabelStore, MakeFields } from "./store.js" */
/**
 * What the panel needs of its page.
 * @typedef {object} Page
 * @property {LabelStore | null} store
 * @property {{detail: TakeDetail} | null} take
 * @property {{cameras: string[], pointed: string | undefined}} views
 * @property {{next: (reviews: string[]) => string | undefined}} queue
 * @property {{unsaved: boolean}} subtasks
 * @property {(camera: string) => number | undefined} frameOf
 * @property {(action: string, fields?: object | MakeFields) => Promise<LabelPatch | null>} act
 * @property {import("./labeler.js").Labeler} labeler
 * @property {{remove: () => void}} prompting
 * @property {{state: string}} finding
 * @property {(take: string) => void} open
 * @property {() => void} show
 */

export class LabelPanel {
  /** @param {Page} page @param {HTMLElement} element */
  constructor(page, element) {
    this.page = page;
    this.element = element;
    this.running = false;
    this.wordings = new Wordings(page, element);
    this.objects = new Objects(page, element);
    this.review = new Review(page, element);
    find(element, ".spread .cancel").addEventListener("click", () => page.act("cancel"));
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
    /** @param {string} name @param {Action} run */
    const bound = (name, run) => bindButton("label", this.button(name), run);
    bound("other", () => this.other());
    bound("undo", () => page.act("undo"));
    bound("redo", () => page.act("redo"));
    bound("hide", (event) => this.hide(event?.shiftKey));
    bound("clear", (event) => (event?.shiftKey ? page.prompting.remove() : this.clear()));
    bound("lock", () => this.lock());
    bound("propagate", () => page.act("propagate", { propagator: page.labeler.propagator }));
    bound("success", () => this.judge(true));
    bound("failed", () => this.judge(false));
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

  /** The chosen object is not to be seen in the picture that the pointer was at last.
   * @param {boolean} onward also in the frames that come, up to what a person said next */
  hide(onward = false) {
    const { store, take, views } = this.page;
    const camera = views.pointed ?? "";
    const frame = this.page.frameOf(camera);
    const object = this.objects.chosen;
    if (!store || !take || frame === undefined) return;
    if (!object) return notify("Name the object first that is not to be seen.");
    const end = take.detail.frame_index[camera].at(-1) ?? frame;
    const last = onward ? store.drawnAfter(camera, frame, object, end + 1) - 1 : frame;
    this.page.act("hide", { camera, frame, last, object });
  }

  clear() {
    this.page.act("clear", { places: this.places, object: this.objects.chosen });
  }

  /** Let the only click mean the next mask that it may mean. */
  other() {
    const { store } = this.page;
    const object = this.objects.chosen;
    const place = store && loneClick(store, this.places, object);
    const { segmenter } = this.page.labeler;
    if (place) this.page.act("choose", { ...place, object, segmenter });
  }

  lock() {
    this.page.act("lock", { places: this.places, locked: !this.locked });
  }

  get locked() {
    const summary = this.page.store?.byFrame() ?? {};
    return this.places.some(({ camera, frame }) => summary[camera]?.[frame]?.locked);
  }

  /** Say how the take ended. @param {boolean} pressed */
  judge(pressed) {
    return this.page.act("success", nextEnding(pressed, this.page.store?.said));
  }

  opened() {
    this.objects.opened();
    this.follow();
  }

  /** Whether a propagation runs, as the labels have it. */
  follow() {
    const running = this.page.store?.said.propagating;
    this.progressed({ take: "", state: running ? "running" : "idle" });
  }

  /** @param {LabelProgress} message */
  progressed(message) {
    this.running = message.state === "running";
    toggleClass(find(this.element, ".spread"), "running", this.running);
    find(this.element, ".spread progress", HTMLProgressElement).value = message.progress ?? 0;
    const { store } = this.page;
    if (message.state === "failed" && store) store.refused = message.message ?? "It failed.";
    if (message.state === "done") takes.refresh();
  }

  /** Whether something is written in any take that nobody saved. */
  get drafts() {
    return this.wordings.drafts.size > 0 || [...this.review.drafts.values()].some(Boolean);
  }

  /** Whether something that was typed or done here is not saved. */
  get unsaved() {
    const { store, subtasks } = this.page;
    const typed = this.wordings.unsaved || this.objects.list.unsaved;
    return Boolean(store?.waiting) || typed || subtasks.unsaved || this.review.unsaved;
  }

  /** @param {LabelStore} store */
  showSaved({ waiting, said }) {
    const saved = find(this.element, ".saved");
    const saving = waiting > 0 && reach.ok;
    const text = this.unsaved ? (saving ? "Saving …" : "Not saved yet") : "Saved";
    setText(saved, text);
    saved.dataset.revision = String(said.revision);
    saved.title = `Revision ${said.revision}`;
    toggleClass(saved, "bad", this.unsaved && !saving);
  }

  show() {
    const { store } = this.page;
    setText(
      find(this.element, ".title"),
      store ? `Take ${takes.find(store.take)?.number ?? ""}` : "No take",
    );
    const others = find(this.element, ".others");
    setText(others, store ? presence.words(store.take) : "");
    others.title = store ? presence.since(store.take) : "";
    const usable = ":is(button, input, textarea):not(.away *, .damaged *, .author *)";
    for (const node of controls(this.element, usable)) setDisabled(node, !store);
    if (!store) return;
    this.wordings.show(store.said);
    this.objects.show(store.said);
    this.review.show(store.said);
    this.showTools(store);
    this.showSaved(store);
  }

  /** @param {LabelStore} store */
  showTools(store) {
    const { said } = store;
    for (const tool of controls(this.element, TOOLS)) {
      setDisabled(tool, !reach.ok);
    }
    const settled = !store.waiting; // else what is under way can be taken back after it
    if (!said.can_undo && settled) setDisabled(this.button("undo"), true);
    if (!said.can_redo && settled) setDisabled(this.button("redo"), true);
    const lone = loneClick(store, this.places, this.objects.chosen);
    if (!lone) setDisabled(this.button("other"), true);
    toggleHidden(this.button("other"), !this.page.labeler.segmenters.several);
    if (this.running || !said.objects.length) setDisabled(this.button("propagate"), true);
    this.button("lock").setAttribute("aria-pressed", String(this.locked));
    showEnding(this.element, said);
    const words = find(this.element, ".hint");
    setText(words, this.page.finding.state || store.refused || hint(store));
    toggleClass(words, "bad", store.refused);
  }
}

const TOOLS = ":is(.tools, .spread, .ending, .reviewing) button, button.find"; // of the labeler
const PROVISIONAL = "Provisional: the segmenter's own mask follows; your clicks stay.";

/** @param {LabelStore} store */
function hint({ said, masks }) {
  if (said.provisional.length) return PROVISIONAL;
  const targets = said.objects.filter(({ target }) => target).length;
  if (masks.size && targets !== 1)
    return `${targets ? "Several objects are" : "No object is"} the target: nothing is learned until you say which one is.`;
  if (!said.prompts.length)
    return "Left click on the object, right click on what is not part of it.";
  if (!masks.size) return "Then P spreads the mask over the take.";
  return "N shows where it is least sure; click there, then P again.";
}
