// Adapters as cards: what they learned from, and what it was good for.

import { api } from "../shared/api.js";
import { find, make, refill, setText } from "../shared/dom.js";
import { day, percent } from "../shared/format.js";
import { notify, saying } from "../shared/notices.js";
import { openTab } from "../shared/tabs.js";

const ROLLOUTS = 20;

export class AdapterCards {
  constructor(element) {
    this.element = element;
    this.list = find(element, "ol");
  }

  async refresh() {
    const answer = await saying(() => api.get("/api/adapters"));
    if (answer) this.show(answer.adapters);
  }

  show(adapters) {
    setText(find(this.element, ".total"), adapters.length ? String(adapters.length) : "");
    const empty = make(
      "li",
      { class: "empty" },
      make("b", {}, "No adapters yet"),
      "A finished fine-tuning leaves one here.",
    );
    refill(this.list, JSON.stringify(adapters), () =>
      adapters.length ? adapters.map((adapter) => this.card(adapter)) : [empty],
    );
  }

  card(adapter) {
    const name = make("input", {
      value: adapter.name,
      maxlength: 80,
      "aria-label": "Name of the adapter",
      onchange: () => this.rename(adapter, name.value),
    });
    return make(
      "li",
      { class: "card" },
      name,
      this.success(adapter),
      make(
        "p",
        { class: "facts" },
        `${adapter.base} · ${adapter.takes.length} take${adapter.takes.length === 1 ? "" : "s"} · ${adapter.preset} · ${day(adapter.created)}`,
      ),
      make(
        "div",
        { class: "row three" },
        make(
          "button",
          { class: "primary", onclick: () => openTab("rollout", { adapter: adapter.id }) },
          "Roll out",
        ),
        make("button", { onclick: () => this.evaluate(adapter) }, "Evaluate"),
        make("button", { class: "quiet", onclick: () => this.remove(adapter) }, "To the bin"),
      ),
    );
  }

  success({ evaluation }) {
    if (!evaluation) return make("p", { class: "success none" }, "not evaluated yet");
    const { before, after, rollouts } = evaluation;
    return make(
      "p",
      { class: "success" },
      make("span", {}, before === null ? "" : `${percent(before)} → `),
      make("b", {}, percent(after)),
      ` of ${rollouts} layouts`,
    );
  }

  async rename(adapter, name) {
    await saying(() => api.patch(`/api/adapters/${adapter.id}`, { name }));
    await this.refresh();
  }

  async evaluate(adapter) {
    const config = { adapter: adapter.id, rollouts: ROLLOUTS };
    if (await saying(() => api.post("/api/jobs", { kind: "compare", config })))
      notify(`Trying base and adapter on ${ROLLOUTS} unseen layouts.`);
  }

  async remove(adapter) {
    if (await saying(() => api.remove(`/api/adapters/${adapter.id}`)))
      notify(`${adapter.name} is in the bin.`);
    await this.refresh();
  }
}
