// The instruction of a take, and the other ways to say it.

import { find } from "../shared/dom.js";
import { TypedList, wordingRow } from "./rows.js";

/** @import { LabelFields } from "../shared/messages" */
/** @import { Page } from "./panel.js" */

export class Wordings {
  /** @param {Page} page @param {HTMLElement} panel */
  constructor(page, panel) {
    this.page = page;
    this.instruction = find(panel, "#label-instruction", HTMLTextAreaElement);
    this.instruction.addEventListener("change", () =>
      page.act("instruction", { instruction: this.instruction.value }),
    );
    const plus = find(panel, ".add-paraphrase");
    /** @param {string} text */
    const add = (text) => this.say([...this.said, text]);
    this.list = new TypedList(find(panel, ".paraphrases"), plus, add, () => page.show());
  }

  get said() {
    return this.page.store?.said.paraphrases ?? [];
  }

  /** @param {string[]} paraphrases */
  say(paraphrases) {
    return this.page.act("paraphrases", { paraphrases });
  }

  /** @param {LabelFields} said */
  show({ instruction, paraphrases }) {
    if (document.activeElement !== this.instruction) this.instruction.value = instruction;
    this.list.show(JSON.stringify(paraphrases), () =>
      paraphrases.map((text, index) => this.row(text, index)),
    );
  }

  /** @param {string} text @param {number} index */
  row(text, index) {
    return wordingRow(text, index, (value) => {
      const all = this.said.map((old, at) => (at === index ? value : old));
      this.say(all.filter((each) => each.trim()));
    });
  }
}
