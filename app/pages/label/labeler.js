// The labeler's process: whether it runs, and which of its methods answer.

import { connection } from "../shared/connection.js";
import { button, find, setText, toggleClass, toggleHidden } from "../shared/dom.js";
import { saying } from "../shared/notices.js";
import { paraphrasers, propagators, segmenters } from "./methods.js";
import { reach } from "./reach.js";

/** @import { LabelerState, MethodChoice } from "../shared/messages" */

export class Labeler {
  /** @param {HTMLElement} panel @param {() => void} changed told when it runs or no longer does
   * @param {() => void} chosen told when another method is chosen */
  constructor(panel, changed, chosen) {
    this.away = find(panel, ".away");
    this.segmenters = segmenters(panel, chosen);
    this.propagators = propagators(panel, chosen);
    this.find = button(panel, ".find");
    /** @type {MethodChoice[]} */
    this.finders = [];
    this.usualFinder = "";
    this.showFinder();
    this.paraphrasers = paraphrasers(panel, chosen);
    this.start = button(this.away, "button");
    this.start.addEventListener("click", () => saying(() => connection.ask("start_labeler")));
    connection.follow("hello", (message) => this.offer(message.labeler));
    connection.follow("labeler", (message) => this.offer(message));
    reach.watch(() => {
      this.show();
      changed();
    });
  }

  /** Names of the chosen methods; "": the labeler's own choice. */
  get segmenter() {
    return this.segmenters.chosen;
  }

  get propagator() {
    return this.propagators.chosen;
  }

  /** What finds objects by their names; null where nothing does yet. */
  get finder() {
    return this.finders.find(({ name }) => name === this.usualFinder) ?? this.finders[0] ?? null;
  }

  get paraphraser() {
    return this.paraphrasers.chosen;
  }

  /** Whether something can find, and what a look costs. */
  showFinder() {
    const { finder } = this;
    toggleClass(this.find, "unready", !finder);
    this.find.title = finder
      ? `Look for the object by its name in the picture that the pointer is at; ${finder.costs}`
      : "Finding an object by its name needs SAM 3; its weights are named or fetched on Set-up";
  }

  show() {
    toggleHidden(this.away, reach.ok);
    toggleHidden(this.start, reach.offline);
    setText(find(this.away, "span"), reach.words);
  }

  /** @param {LabelerState} state */
  offer({ running, ...offered }) {
    if (!running) return;
    this.segmenters.show(offered.segmenters, offered.segmenter);
    this.propagators.show(offered.propagators, offered.propagator);
    this.finders = offered.finders;
    this.usualFinder = offered.finder;
    this.showFinder();
    this.paraphrasers.show(offered.paraphrasers, offered.paraphraser);
  }
}
