// The instruction of a take, and the other ways to say it. What is typed is kept until it is saved,
// also where somebody else wrote something meanwhile.

import { button, find, setText, toggleHidden } from "../shared/dom.js";
import { Proposals } from "./proposals.js";
import { leavesWithEnter, TypedList, wordingRow } from "./rows.js";

/** @import { LabelFields } from "../shared/messages" */
/** @import { Page } from "./panel.js" */
/** What is being written: the text, and what was there when it began.
 * @typedef {{text: string, base: number, seen: string}} Draft */

export class Wordings {
  /** @param {Page} page @param {HTMLElement} panel */
  constructor(page, panel) {
    this.page = page;
    /** @type {Map<string, Draft>} */
    this.drafts = new Map(); // by take
    this.instruction = find(panel, "#label-instruction", HTMLTextAreaElement);
    this.instruction.addEventListener("input", () => this.typed());
    this.instruction.addEventListener("blur", () => this.keep());
    leavesWithEnter(this.instruction);
    this.bindConflict(find(panel, ".conflict"));
    const plus = find(panel, ".add-paraphrase");
    /** @param {string} text */
    const add = (text) => this.say((said) => (said.includes(text) ? null : [...said, text]));
    this.list = new TypedList(find(panel, ".paraphrases"), plus, add, () => page.show());
    this.proposals = new Proposals(page, panel, (texts) => this.addAll(texts));
  }

  /** As one change. @param {string[]} texts */
  addAll(texts) {
    return this.say((said) => {
      const added = texts.filter((text) => !said.includes(text));
      return added.length ? [...said, ...added] : null;
    });
  }

  /** @param {HTMLElement} element */
  bindConflict(element) {
    this.conflict = element;
    button(element, ".mine").addEventListener("click", () => this.keepMine());
    button(element, ".theirs").addEventListener("click", () => this.takeTheirs());
  }

  get draft() {
    return this.drafts.get(this.page.store?.take ?? "");
  }

  /** Whether something typed is not saved. */
  get unsaved() {
    return this.draft !== undefined || this.list.unsaved;
  }

  typed() {
    const { store } = this.page;
    if (!store) return;
    const { revision, instruction } = store.said;
    const began = this.draft ?? { base: revision, seen: instruction };
    const text = this.instruction.value;
    if (text === began.seen) this.drafts.delete(store.take);
    else this.drafts.set(store.take, { ...began, text });
    this.page.show();
  }

  /** Save what was typed, unless somebody else wrote something in its place. */
  async keep() {
    const { draft } = this;
    const { store } = this.page;
    if (!draft || !store || this.theirs(draft, store.said)) return;
    const { text } = draft;
    await this.page.act("instruction", { instruction: text, base_revision: draft.base });
    this.saved(store.take, text, store.said);
    this.page.show();
  }

  /** What became of a draft, of which more may have been typed since.
   * @param {string} take @param {string} sent @param {LabelFields} said */
  saved(take, sent, { revision, instruction }) {
    const now = this.drafts.get(take);
    if (!now || instruction !== oneLine(sent || instruction)) return;
    if (now.text === sent) this.drafts.delete(take);
    else this.drafts.set(take, { ...now, base: revision, seen: instruction });
  }

  keepMine() {
    const { draft } = this;
    const { store } = this.page;
    if (!draft || !store) return;
    const { revision, instruction } = store.said;
    this.drafts.set(store.take, { ...draft, base: revision, seen: instruction });
    this.keep();
  }

  takeTheirs() {
    this.drafts.delete(this.page.store?.take ?? "");
    this.page.show();
  }

  /** What somebody else wrote while this was typed; "" where nobody did.
   * @param {Draft | undefined} draft @param {LabelFields} said */
  theirs(draft, { instruction }) {
    if (!draft || instruction === draft.seen || instruction === oneLine(draft.text)) return "";
    return instruction;
  }

  get said() {
    return this.page.store?.said.paraphrases ?? [];
  }

  /** @param {(said: string[]) => string[] | null} change of the wordings that there are then */
  say(change) {
    return this.page.act("paraphrases", (said) => {
      const paraphrases = change(said.paraphrases);
      return paraphrases && { paraphrases, base_revision: said.revision };
    });
  }

  /** @param {LabelFields} said */
  show(said) {
    const { draft, instruction } = this;
    const text = draft?.text ?? said.instruction;
    if (instruction.value !== text) instruction.value = text;
    const theirs = this.theirs(draft, said);
    if (this.conflict) {
      toggleHidden(this.conflict, !theirs);
      setText(find(this.conflict, "q"), theirs);
    }
    this.list.show(JSON.stringify(said.paraphrases), () =>
      said.paraphrases.map((wording, index) => this.row(wording, index)),
    );
    if (this.page.store) this.proposals.show(this.page.store);
  }

  /** @param {string} text @param {number} index */
  row(text, index) {
    return wordingRow(text, index, {
      replace: (value) => this.say((said) => replaced(said, text, value)),
      changed: () => this.page.show(),
    });
  }
}

/** Words apart by one blank, as they are saved. @param {string} text */
export const oneLine = (text) => text.normalize("NFC").trim().split(/\s+/).join(" ");

/** With one wording written anew, or left out; where it is gone meanwhile, the new one is added.
 * @param {string[]} all @param {string} old @param {string} wording */
function replaced(all, old, wording) {
  const at = all.indexOf(old);
  const rest = all.filter((_, index) => index !== at);
  const kept = wording.trim();
  if (!kept) return at < 0 ? null : rest;
  return at < 0 ? [...all, kept] : [...all.slice(0, at), kept, ...all.slice(at + 1)];
}
