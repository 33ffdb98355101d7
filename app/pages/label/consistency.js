// Words of all takes that do not go together: a list, each with what puts it right by one click.

import { api } from "../shared/api.js";
import { author } from "../shared/author.js";
import { counted } from "../shared/counted.js";
import { openDialog } from "../shared/dialogs.js";
import { button, make, refill, setText, toggleHidden } from "../shared/dom.js";
import { bind, bindButton, kbd } from "../shared/keys.js";
import { saying } from "../shared/notices.js";
import { takes } from "../shared/takes.js";

/** @import { Finding, WordChanges } from "../shared/messages" */

const LEFT = "teachloop-wording-left"; // findings that somebody left as they are, in this browser
const SHOWN = 6; // numbers of takes

export class Consistency {
  /** @param {HTMLElement} element @param {(take: string) => void} open */
  constructor(element, open) {
    this.element = element;
    this.open = open;
    this.button = button(element, ".wording");
    /** @type {Finding[]} */
    this.findings = [];
    /** What was put right last, by take. @type {Record<string, number> | null} */
    this.done = null;
    this.told = "";
    /** @type {HTMLDialogElement | null} */
    this.dialog = null;
    this.left = new Set(JSON.parse(localStorage.getItem(LEFT) ?? "[]"));
    bindButton("label", this.button, () => this.show());
    bind(
      "dialog",
      "z",
      () => this.takeBack(),
      () => Boolean(this.dialog?.open && this.done),
    );
    takes.watch(() => element.offsetParent && this.look());
  }

  /** Look at the words of all takes. */
  async look() {
    const answer = await saying(() => api.get("/api/wording"));
    if (!answer) return;
    this.findings = answer.findings;
    const { length } = this.list;
    setText(this.button.firstChild, length ? `Wording: ${length} to look at ` : "Wording ");
    this.fill();
  }

  get list() {
    return this.findings.filter((each) => !this.left.has(sign(each)));
  }

  async show() {
    this.done = null;
    this.told = "";
    this.rows = make("ul", {});
    this.status = make("p", { class: "told", role: "status" });
    const undo = { class: "undo", onclick: () => this.takeBack() };
    this.back = make("button", undo, "Undo ", kbd("z"));
    this.dialog = openDialog(
      "Wording",
      make("h2", {}, "Words that do not go together"),
      this.rows,
      make("div", { class: "closing" }, this.status, this.back),
    );
    this.dialog.classList.add("tl-wording");
    await this.look();
  }

  /** Who put one right is at the next one. */
  fill() {
    const { dialog, rows, status, back, list } = this;
    if (!dialog?.open || !rows || !status || !back) return;
    const none = make("li", { class: "empty" }, "All takes are spoken of in the same words.");
    refill(rows, JSON.stringify(list), () =>
      list.length ? list.map((finding) => this.row(finding)) : [none],
    );
    setText(status, this.told);
    toggleHidden(back, !this.done);
    const lost = document.activeElement === dialog || !dialog.contains(document.activeElement);
    if (lost) (rows.querySelector("button") ?? dialog).focus();
  }

  /** @param {Finding} finding */
  row(finding) {
    const { text, remedy, does } = finding;
    const right = { class: "primary", onclick: () => this.putRight(finding) };
    const open = () => this.openTake(finding.takes[0]);
    const leave = {
      class: "quiet",
      title: "It is right as it is",
      onclick: () => this.leave(finding),
    };
    return make(
      "li",
      {},
      make("p", {}, text, make("small", {}, numbers(finding.takes))),
      make(
        "div",
        { class: "row" },
        remedy ? make("button", right, does) : null,
        make("button", { onclick: open }, `Open take ${numberOf(finding.takes[0])}`),
        make("button", leave, "Leave it"),
      ),
    );
  }

  /** @param {string} take */
  openTake(take) {
    this.dialog?.close();
    this.open(take);
  }

  /** @param {Finding} finding */
  async putRight({ remedy, takes: asked }) {
    const wanted = { remedy, takes: asked, author: author.name };
    const changes = await saying(() => api.post("/api/wording", wanted));
    if (!changes) return;
    this.done = Object.keys(changes.revisions).length ? changes.revisions : null;
    await this.changed("Put right in", changes);
  }

  async takeBack() {
    const wanted = { revisions: this.done, author: author.name };
    const changes = await saying(() => api.post("/api/wording/revert", wanted));
    if (!changes) return;
    this.done = null;
    await this.changed("Taken back in", changes);
  }

  /** @param {string} what @param {WordChanges} changes */
  async changed(what, { revisions, refused }) {
    const { length } = Object.keys(revisions);
    const said = `${what} ${counted(length, "take")}.`;
    this.told = [said, ...takes.leftOut(refused)].join(" ");
    await this.look();
  }

  /** @param {Finding} finding */
  leave(finding) {
    this.left.add(sign(finding));
    localStorage.setItem(LEFT, JSON.stringify([...this.left]));
    this.look();
  }
}

/** The same finding of other takes is another one. @param {Finding} finding */
const sign = ({ text, takes: found }) => `${text} ${found.join(" ")}`;

/** @param {string} id */
const numberOf = (id) => takes.find(id)?.number ?? id;

/** @param {string[]} ids */
function numbers(ids) {
  const shown = ids.slice(0, SHOWN).map(numberOf).join(", ");
  const more = ids.length - SHOWN;
  return `Take${ids.length === 1 ? "" : "s"} ${shown}${more > 0 ? ` and ${more} more` : ""}`;
}
