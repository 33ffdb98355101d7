// A take whose labels have a damaged line: said in its place, with the way back to the whole lines.

import { api, Refused } from "../shared/api.js";
import { button, find, setText, toggleHidden } from "../shared/dom.js";
import { notify, saying } from "../shared/notices.js";
import { takes } from "../shared/takes.js";

const DAMAGED = 409; // the status of such an answer

export class Damage {
  /** @param {HTMLElement} element @param {(take: string) => void} open */
  constructor(element, open) {
    this.element = element;
    this.open = open;
    this.take = "";
    button(element, "button").addEventListener("click", () => saying(() => this.mend()));
  }

  /** Say it, where this is what keeps a take from being opened.
   * @param {string} take @param {unknown} error */
  tells(take, error) {
    if (!(error instanceof Refused) || error.status !== DAMAGED) return false;
    this.take = take;
    setText(find(this.element, "span"), `Take ${takes.find(take)?.number ?? ""}: ${error.message}`);
    toggleHidden(this.element, false);
    return true;
  }

  hide() {
    toggleHidden(this.element, true);
  }

  async mend() {
    const { message } = await api.post(`/api/labels/${this.take}/mend`);
    notify(message);
    await takes.refresh();
    this.open(this.take);
  }
}
