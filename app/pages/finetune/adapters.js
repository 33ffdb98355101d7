// Adapters as cards: what they learned from, and what it was good for.

import { api } from "../shared/api.js";
import { find, make, refill, setText } from "../shared/dom.js";
import { day, percent } from "../shared/format.js";
import { notify, saying } from "../shared/notices.js";
import { openTab } from "../shared/tabs.js";

/** @import { Adapter } from "../shared/messages" */

const ROLLOUTS = 20;

export class AdapterCards {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.list = find(element, "ol");
  }

  async refresh() {
    const answer = await saying(() => api.get("/api/adapters"));
    if (answer) this.show(answer.adapters);
  }

  /** @param {Adapter[]} adapters */
  show(adapters) {
    setText(find(this.element, ".total"), adapters.length ? String(adapters.length) : "");
    refill(this.list, JSON.stringify(adapters), () =>
      adapters.length ? adapters.map((adapter) => this.card(adapter)) : [empty()],
    );
  }

  /** @param {Adapter} adapter */
  card(adapter) {
    /** @type {HTMLInputElement} */
    const name = make("input", {
      value: adapter.name,
      maxlength: 80,
      "aria-label": "Name of the adapter",
      onchange: () => this.rename(adapter, name.value),
    });
    const { length } = adapter.takes;
    const takes = `${length} take${length === 1 ? "" : "s"}`;
    const facts = `${adapter.base} · ${takes} · ${adapter.preset} · ${day(adapter.created)}`;
    const rollOut = () => openTab("rollout", { adapter: adapter.id });
    const buttons = make(
      "div",
      { class: "row three" },
      make("button", { class: "primary", onclick: rollOut }, "Roll out"),
      make("button", { onclick: () => evaluate(adapter) }, "Evaluate"),
      make("button", { class: "quiet", onclick: () => this.remove(adapter) }, "To the bin"),
    );
    const card = { class: "card" };
    return make("li", card, name, success(adapter), make("p", { class: "facts" }, facts), buttons);
  }

  /** @param {Adapter} adapter @param {string} name */
  async rename(adapter, name) {
    await saying(() => api.patch(`/api/adapters/${adapter.id}`, { name }));
    await this.refresh();
  }

  /** @param {Adapter} adapter */
  async remove(adapter) {
    const removed = await saying(() => api.remove(`/api/adapters/${adapter.id}`));
    if (removed) notify(`${adapter.name} is in the bin.`);
    await this.refresh();
  }
}

function empty() {
  const how = "A finished fine-tuning leaves one here.";
  return make("li", { class: "empty" }, make("b", {}, "No adapters yet"), how);
}

/** @param {Adapter} adapter */
function success({ evaluation }) {
  if (!evaluation) return make("p", { class: "success none" }, "not evaluated yet");
  const { before, after, rollouts } = evaluation;
  const was = before === null ? "" : `${percent(before)} → `;
  const now = make("b", {}, percent(after));
  return make("p", { class: "success" }, make("span", {}, was), now, ` of ${rollouts} layouts`);
}

/** @param {Adapter} adapter */
async function evaluate(adapter) {
  const config = { adapter: adapter.id, rollouts: ROLLOUTS };
  const job = await saying(() => api.post("/api/jobs", { kind: "compare", config }));
  if (job) notify(`Trying base and adapter on ${ROLLOUTS} unseen layouts.`);
}
