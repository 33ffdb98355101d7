// The labeler's models: whose weights are here, and fetching and naming others.

import { api } from "../shared/api.js";
import { connection } from "../shared/connection.js";
import { button, find, refill, setText, toggleHidden } from "../shared/dom.js";
import { jobs } from "../shared/jobs.js";
import { bind, kbd } from "../shared/keys.js";
import { saying } from "../shared/notices.js";
import { ModelRow } from "./model_row.js";

/** @import { Job, LabelerState, MethodWeights, ModelList } from "../shared/messages" */

const CONTROLS = "button, input, select";

export class ModelsCard {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.list = find(element, "ul");
    /** @type {ModelList | null} */
    this.known = null;
    /** @type {Map<string, ModelRow>} */
    this.rows = new Map();
    this.heard = "";
    this.away = find(element, ".away");
    const start = () => saying(() => connection.ask("start_labeler"));
    button(this.away, "button").addEventListener("click", start);
    connection.follow("hello", ({ labeler }) => this.showLabeler(labeler));
    connection.follow("labeler", (labeler) => this.showLabeler(labeler));
    jobs.watch(() => this.showJobs());
    find(element, "h2").append(" ", kbd("m"));
    bind("setup", "m", () => this.enter());
  }

  /** Go to the first of the controls that can be used, of the card or of one of its rows.
   * @param {string} [model] */
  enter(model) {
    const row = model && this.rows.get(model)?.element;
    const all = [...(row || this.list).querySelectorAll(CONTROLS)];
    const usable = all.filter((each) => !each.matches(":disabled"));
    const first = usable.find((each) => each instanceof HTMLElement && each.offsetParent);
    if (first instanceof HTMLElement) first.focus();
  }

  async look() {
    try {
      this.show(await api.get("/api/models"));
    } catch (error) {
      setText(find(this.element, ".problem"), error instanceof Error ? error.message : "");
    }
  }

  /** The labeler says so when other methods can be chosen. @param {LabelerState} labeler */
  showLabeler({ running, message }) {
    toggleHidden(this.away, running);
    setText(find(this.away, "span"), message);
    if (this.known) this.look();
  }

  /** What is here changed when a job began or ended. */
  showJobs() {
    const ours = jobs.all.filter(({ kind }) => kind === "fetch");
    const heard = JSON.stringify(ours.map(({ id, state }) => [id, state]));
    if (this.known && heard !== this.heard) this.look();
    this.heard = heard;
    for (const row of this.rows.values()) row.follow(ours);
  }

  /** @param {ModelList} known */
  show(known) {
    this.known = known;
    setText(find(this.element, ".problem"), "");
    setText(find(this.element, ".total"), `What is fetched lies in ${known.folder}`);
    const names = known.methods.map(({ name }) => name);
    const rows = known.methods.map((method) => this.row(method));
    refill(this.list, JSON.stringify(names), () => rows.map(({ element }) => element));
    for (const [index, method] of known.methods.entries()) rows[index].show(method);
    this.showJobs();
  }

  /** @param {MethodWeights} method */
  row(method) {
    const { name } = method;
    const row = this.rows.get(name) ?? new ModelRow(method, (list) => this.show(list));
    this.rows.set(name, row);
    return row;
  }
}
