// The review of a take: somebody is done with its labels, another one approves or sends them back.

import {
  button,
  find,
  input,
  make,
  refill,
  setText,
  toggleClass,
  toggleHidden,
} from "../shared/dom.js";
import { day } from "../shared/format.js";
import { bindButton } from "../shared/keys.js";
import { notify } from "../shared/notices.js";
import { takes } from "../shared/takes.js";
import { presence } from "./presence.js";
import { composes } from "./rows.js";

/** @import { Comment, LabelFields, LabelPatch } from "../shared/messages" */
/** @import { LabelStore } from "./store.js" */
/**
 * What a review needs of its page.
 * @typedef {object} Page
 * @property {LabelStore | null} store
 * @property {{next: (reviews: string[]) => string | undefined}} queue
 * @property {(action: string, fields?: object) => Promise<LabelPatch | null>} act
 * @property {(take: string) => void} open
 * @property {() => void} show
 */

const TO_LABEL = ["open", "returned"];
const TO_REVIEW = ["done"];
/** @type {Record<string, string>} */
const STEPS = { done: "Done", approved: "Approved", returned: "Sent back", open: "Open again" };

export class Review {
  /** @param {Page} page @param {HTMLElement} panel */
  constructor(page, panel) {
    this.page = page;
    this.verdict = find(panel, ".verdict");
    this.box = find(panel, ".reason");
    this.reason = input(this.box, "input");
    /** What is being written, by take. @type {Map<string, string>} */
    this.drafts = new Map();
    this.reason.addEventListener("input", () => this.keep(this.reason.value));
    this.reason.addEventListener("keydown", (event) => this.key(event));
    this.reason.addEventListener("blur", () => this.reason.value.trim() || this.drop());
    /** @param {string} name @param {() => unknown} run */
    const bound = (name, run) => bindButton("label", button(panel, `button.${name}`), run);
    bound("done", () => this.step("done", TO_LABEL));
    bound("approve", () => this.step("approved", TO_REVIEW));
    bound("return", () => this.ask());
  }

  /** Whether a comment on this take is written that nobody sent. */
  get unsaved() {
    return Boolean(this.drafts.get(this.take)?.trim());
  }

  get take() {
    return this.page.store?.take ?? "";
  }

  /** Say so, and go on to the next take that waits for the same.
   * @param {string} review @param {string[]} reviews of the takes that come next
   * @param {string} comment */
  async step(review, reviews, comment = "") {
    const { take } = this;
    const done = await this.page.act("review", { review, comment });
    if (!done) return null;
    const others = presence.names(take);
    if (others)
      notify(`${STEPS[review]}, while ${others} at take ${takes.find(take)?.number ?? ""}.`);
    await takes.refresh();
    const next = this.page.queue.next(reviews);
    if (next) this.page.open(next);
    return done;
  }

  /** What is to be put right; nothing is sent back before that is said. */
  ask() {
    this.keep(this.drafts.get(this.take) ?? "");
    this.reason.focus();
  }

  /** @param {string} text */
  keep(text) {
    this.drafts.set(this.take, text);
    this.page.show();
  }

  drop() {
    this.drafts.delete(this.take);
    this.page.show();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (composes(event)) return;
    if (event.key === "Escape") this.drop();
    else if (event.key === "Enter") this.send(this.take, this.reason.value.trim());
  }

  /** What was refused stays, to be sent again. @param {string} take @param {string} comment */
  async send(take, comment) {
    if (!comment || !(await this.step("returned", TO_REVIEW, comment))) return;
    this.drafts.delete(take);
    this.page.show();
  }

  /** @param {LabelFields} said */
  show({ comments, review }) {
    const draft = this.drafts.get(this.take);
    toggleHidden(this.box, draft === undefined);
    if (this.reason.value !== (draft ?? "")) this.reason.value = draft ?? "";
    const [last, ...earlier] = [...comments].reverse();
    toggleHidden(this.verdict, !last);
    if (!last) return;
    toggleClass(this.verdict, "returned", review === "returned");
    setText(find(this.verdict, "p"), words(last));
    const list = find(this.verdict, "details", HTMLDetailsElement);
    toggleHidden(list, !earlier.length);
    setText(find(list, "summary"), `${earlier.length} before`);
    refill(find(list, "ol"), JSON.stringify(earlier), () =>
      earlier.map((comment) => make("li", {}, words(comment))),
    );
  }
}

/** Who said it, and when. @param {Comment} comment */
export function words({ author, review, text, time }) {
  const step = `${STEPS[review] ?? review} by ${author || "somebody"}, ${day(Date.parse(time) / 1000)}`;
  return text ? `${step}: ${text}` : step;
}
