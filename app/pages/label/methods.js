// A list of methods to choose from, shown where there are several; the choice is the window's own.

import { find, select, setChoices, toggleHidden } from "../shared/dom.js";
import { bind, kbd } from "../shared/keys.js";

/** @import { MethodChoice } from "../shared/messages" */

export class Methods {
  /** @param {HTMLElement} line @param {string} kept its place in the session @param {string} key
   * @param {() => void} changed told when another one is chosen */
  constructor(line, kept, key, changed) {
    this.changed = changed;
    this.line = line;
    this.kept = kept;
    /** @type {MethodChoice[]} */
    this.offered = [];
    this.list = select(line, "select");
    line.append(kbd(key));
    this.list.addEventListener("change", () => this.keep());
    bind(
      "label",
      key,
      () => this.next(),
      () => !line.hidden,
    );
  }

  /** Name of the chosen one; "": the labeler's own choice. */
  get chosen() {
    return this.list.value;
  }

  /** @param {MethodChoice[]} methods @param {string} usual where nobody chose */
  show(methods, usual) {
    this.offered = methods;
    const choices = methods.map(({ name, needs, costs }) => ({
      value: name,
      text: name,
      title: [costs, needs && `needs ${needs}`].filter(Boolean).join("; "),
    }));
    setChoices(this.list, choices);
    const kept = sessionStorage.getItem(this.kept);
    const known = choices.some(({ value }) => value === kept);
    this.list.value = (known && kept) || usual;
    toggleHidden(this.line, choices.length < 2);
  }

  /** Whether a lone click may mean several masks to the chosen one. */
  get several() {
    return Boolean(this.offered.find(({ name }) => name === this.chosen)?.several);
  }

  keep() {
    sessionStorage.setItem(this.kept, this.chosen);
    this.changed();
  }

  next() {
    const { options, selectedIndex } = this.list;
    this.list.selectedIndex = (selectedIndex + 1) % options.length;
    this.keep();
  }
}

/** @param {HTMLElement} panel @param {() => void} changed */
export const segmenters = (panel, changed) =>
  new Methods(find(panel, ".segmenter"), "teachloop-segmenter", "m", changed);

/** @param {HTMLElement} panel @param {() => void} changed */
export const paraphrasers = (panel, changed) =>
  new Methods(find(panel, ".paraphraser"), "teachloop-paraphraser", "&", changed);

/** @param {HTMLElement} panel @param {() => void} changed */
export const propagators = (panel, changed) =>
  new Methods(find(panel, ".propagator"), "teachloop-propagator", "w", changed);
