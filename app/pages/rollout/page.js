// Roll out: a policy drives; hold a driving key to take over, let go to give back.

import { api } from "../shared/api.js";
import { connection } from "../shared/connection.js";
import { find, make, refill, setDisabled, setText, toggleClass } from "../shared/dom.js";
import { bindButton } from "../shared/keys.js";
import { complain, saying } from "../shared/notices.js";
import { Runner } from "../shared/session.js";
import { station } from "../shared/station.js";
import { onOpen, wishes } from "../shared/tabs.js";
import { drawAttention } from "./attention.js";
import { Batch } from "./batch.js";

export function mount(element) {
  return new RolloutPage(element);
}

class RolloutPage {
  constructor(element) {
    this.element = element;
    this.runner = new Runner(element, "rollout");
    this.adapter = find(element, "#rollout-adapter");
    this.task = find(element, "#rollout-task");
    this.seed = find(element, "#rollout-seed");
    this.instruction = find(element, "#rollout-instruction");
    this.looks = find(element, "#rollout-attention");
    this.policy = { state: "away" };
    bindButton("rollout", find(element, "button.record"), () => this.run());
    bindButton("rollout", find(element, "button.reset"), () => this.reset());
    this.batch = new Batch(element, () => this.subject);
    connection.on("policy", (message) => this.heard(message));
    connection.on("attention", (message) => this.lookedAt(message));
    station.listeners.add({ update: () => this.update() });
    onOpen("rollout", element, () => this.opened());
  }

  async opened() {
    const [adapters, tasks] = await Promise.all([
      saying(() => api.get("/api/adapters")),
      saying(() => api.get("/api/tasks")),
    ]);
    if (!adapters || !tasks) return;
    const { value } = this.adapter;
    const list = [
      ...adapters.adapters.map(({ id, name }) => [id, name]),
      ...adapters.bases.map(({ name, label, family }) => [
        `base:${name}`,
        `${label} (${family === "server" ? "server" : "base"})`,
      ]),
    ];
    refill(this.adapter, JSON.stringify(list), () =>
      list.map(([id, name]) => make("option", { value: id }, name)),
    );
    const wish = wishes.rollout?.adapter;
    if (wish) delete wishes.rollout.adapter;
    const chosen = wish ?? value;
    if (list.some(([id]) => id === chosen)) this.adapter.value = chosen;
    this.tasks = tasks.tasks.filter((task) => task.verb);
    const before = this.task.value;
    refill(this.task, JSON.stringify(this.tasks), () =>
      this.tasks.map((task) => make("option", { value: task.name }, task.label)),
    );
    this.task.value = before || "push-novel";
    this.none = !list.length;
    this.update();
  }

  /** Which policy, on which kind of scene. */
  get subject() {
    const { value } = this.adapter;
    const policy = value.startsWith("base:") ? { base: value.slice(5) } : { adapter: value };
    const task = this.tasks?.find((each) => each.name === this.task.value);
    return {
      ...policy,
      verb: task?.verb,
      split: task?.split,
      name: this.adapter.selectedOptions[0]?.textContent,
    };
  }

  async reset() {
    const { verb, split } = this.subject;
    await station.command("reset", { seed: Number(this.seed.value), verb, split });
    this.seed.value = String(Number(this.seed.value) + 1);
  }

  async run() {
    if (["recording", "countdown"].includes(station.phase)) return station.command("stop");
    const { adapter, base } = this.subject;
    try {
      await connection.ask("roll_out", {
        adapter: adapter ?? "",
        base: base ?? "",
        instruction: this.instruction.value.trim(),
      });
    } catch (error) {
      complain(error);
    }
  }

  heard(message) {
    this.policy = message;
    if (message.state === "failed") complain(new Error(message.message));
    this.update();
  }

  lookedAt(message) {
    this.attention = message.maps;
    this.thoughtMs = message.thought_ms;
    this.showAttention();
  }

  showAttention() {
    const running =
      this.looks.checked && station.phase === "recording" && station.state?.agent === "policy";
    for (const view of this.runner.views) {
      drawAttention(
        find(view.figure, ".over"),
        view.canvas,
        running ? this.attention?.[view.camera] : null,
      );
    }
  }

  update() {
    if (!this.runner.shown) return;
    const { phase, driving, state } = station;
    const running = ["recording", "countdown"].includes(phase);
    const loading = this.policy.state === "loading";
    const button = find(this.element, "button.record");
    toggleClass(button, "on", running);
    setText(find(button, "span"), running ? "Stop" : loading ? "Loading …" : "Run");
    setDisabled(
      button,
      !driving || phase === "review" || loading || this.none || !this.instruction.value.trim(),
    );
    for (const field of [this.adapter, this.task, this.seed])
      setDisabled(field, !driving || phase !== "idle");
    setText(find(this.element, ".hint"), this.hint(phase, state));
    const scene = state?.scene?.instruction;
    if (scene && scene !== this.sceneInstruction && document.activeElement !== this.instruction) {
      this.sceneInstruction = scene;
      this.instruction.value = scene;
    }
    if (phase !== "recording") this.attention = null;
    this.showAttention();
  }

  hint(phase, state) {
    if (this.none) return "No policies yet. Fine-tune one first.";
    if (station.live && !station.driving) return "This window looks on. C takes control.";
    if (phase === "recording") {
      if (state?.decided_by === "operator") return "You are driving; let go to give back.";
      const thought =
        this.thoughtMs === undefined ? "" : ` It thinks ${Math.round(this.thoughtMs)} ms.`;
      return (
        (state?.scene?.success
          ? "Done, as far as the simulator sees."
          : "Hold a driving key to take over.") + thought
      );
    }
    if (phase === "review") return "Keep it as a take, or discard it.";
    return this.policy.state === "loading"
      ? "The policy is being loaded."
      : "X sets up a new scene, R lets the policy run.";
  }
}
