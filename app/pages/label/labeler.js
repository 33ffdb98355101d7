// The labeler's process: whether it runs, and which of its segmenters answers the next click.

import { connection } from "../shared/connection.js";
import { button, find, select, setChoices, setText, toggleHidden } from "../shared/dom.js";
import { bind, kbd } from "../shared/keys.js";
import { saying } from "../shared/notices.js";

/** @import { LabelerState } from "../shared/messages" */

const CHOSEN = "teachloop-segmenter"; // in this window
const NEXT = "m";

export class Labeler {
  /** @param {HTMLElement} panel @param {() => void} runs told when it runs, also anew */
  constructor(panel, runs) {
    this.away = find(panel, ".away");
    this.choice = find(panel, ".segmenter");
    this.segmenters = select(this.choice, "select");
    this.runs = runs;
    this.choice.append(kbd(NEXT));
    this.segmenters.addEventListener("change", () => this.keep());
    bind(
      "label",
      NEXT,
      "Next segmenter",
      () => this.next(),
      () => !this.choice.hidden,
    );
    button(this.away, "button").addEventListener("click", () =>
      saying(() => connection.ask("start_labeler")),
    );
    connection.follow("hello", (message) => this.show(message.labeler));
    connection.follow("labeler", (message) => this.show(message));
  }

  /** Name of the chosen one; "": the labeler's own choice. */
  get segmenter() {
    return this.segmenters.value;
  }

  /** @param {LabelerState} state */
  show(state) {
    toggleHidden(this.away, state.running);
    setText(find(this.away, "span"), state.message);
    if (!state.running) return;
    this.showSegmenters(state);
    this.runs();
  }

  /** @param {LabelerState} state */
  showSegmenters({ segmenters, segmenter }) {
    const choices = segmenters.map(({ name, needs, costs }) => ({
      value: name,
      text: name,
      title: [costs, needs && `needs ${needs}`].filter(Boolean).join("; "),
    }));
    setChoices(this.segmenters, choices);
    const kept = sessionStorage.getItem(CHOSEN);
    const known = choices.some(({ value }) => value === kept);
    this.segmenters.value = (known && kept) || segmenter;
    toggleHidden(this.choice, choices.length < 2);
  }

  keep() {
    sessionStorage.setItem(CHOSEN, this.segmenter);
  }

  next() {
    const { options, selectedIndex } = this.segmenters;
    this.segmenters.selectedIndex = (selectedIndex + 1) % options.length;
    this.keep();
  }
}
