// What a new study is asked for.

import { api } from "../shared/api.js";
import { openDialog } from "../shared/dialogs.js";
import { make } from "../shared/dom.js";
import { takes } from "../shared/takes.js";

/** @import { Study, Task } from "../shared/messages" */
/** @typedef {{value: string, text: string}} Choice a policy; ``base:`` comes before a base */

const UNSEEN = 1_000_000; // layouts that nobody trains on begin here
const SHOWN_TAKES = 40;

/**
 * Ask for a new study, until one was planned.
 * @param {Choice[]} policies
 * @param {string} chosen
 * @param {Task[]} tasks of the simulator; none on a robot
 * @param {(study: Study) => void} planned
 */
export function askForStudy(policies, chosen, tasks, planned) {
  const problem = make("p", { class: "problem", role: "alert" });
  const form = make(
    "form",
    { class: "trial-form" },
    make("h2", {}, "New trials"),
    ...fields(policies, chosen, tasks),
    problem,
    closing(() => dialog.close()),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      planned(await api.post("/api/trials", wishOf(new FormData(form), tasks)));
      dialog.close();
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
  });
  const dialog = openDialog("New trials", form);
}

/** @param {Choice[]} policies @param {string} chosen @param {Task[]} tasks */
function fields(policies, chosen, tasks) {
  const simulated = tasks.length > 0;
  return [
    field("Name", make("input", { name: "name", autofocus: true, maxlength: 80 })),
    group("Policies: two or more are compared under hidden names", policies, "policy", chosen),
    simulated
      ? field("Scenes", select("task", tasks))
      : field("Instruction", make("input", { name: "instruction", maxlength: 300 })),
    make(
      "div",
      { class: "row three" },
      field("How many scenes", number("count", 10, 1, 500)),
      field("Times each", number("rounds", 1, 1, 50)),
      simulated ? field("First layout", number("first_seed", UNSEEN, 0, 2 ** 31 - 1)) : null,
    ),
    group("Or scenes as in these takes", takeChoices(), "take", ""),
    field(
      "Steps of the task, one a line (none: 0, ¼, ½, ¾, 1)",
      make("textarea", { name: "steps", rows: 3 }),
    ),
    field("Seed of the order (empty: drawn)", make("input", { name: "seed", type: "number" })),
  ];
}

const takeChoices = () =>
  takes.kept.slice(0, SHOWN_TAKES).map(({ id, number: count, instruction }) => ({
    value: id,
    text: `Take ${count} · ${instruction || "no instruction"}`,
  }));

/** @param {string} text @param {HTMLElement} control */
const field = (text, control) => make("label", {}, text, control);

/** @param {string} name @param {number} value @param {number} min @param {number} max */
const number = (name, value, min, max) => make("input", { name, type: "number", value, min, max });

/** @param {string} name @param {Task[]} tasks */
const select = (name, tasks) =>
  make(
    "select",
    { name },
    ...tasks.map((task) => make("option", { value: task.name }, task.label)),
  );

/** @param {string} text @param {Choice[]} choices @param {string} name @param {string} chosen */
function group(text, choices, name, chosen) {
  if (!choices.length) return null;
  const each = choices.map(({ value, text: label }) =>
    make(
      "label",
      { class: "check" },
      make("input", { type: "checkbox", name, value, checked: value === chosen }),
      label,
    ),
  );
  return make(
    "fieldset",
    {},
    make("legend", {}, text),
    make("div", { class: "trial-choices" }, ...each),
  );
}

/** @param {() => void} close */
const closing = (close) =>
  make(
    "div",
    { class: "closing" },
    make("button", { type: "button", onclick: close }, "Not now"),
    make("button", { class: "primary" }, "Begin"),
  );

/** @param {FormData} data @param {Task[]} tasks */
function wishOf(data, tasks) {
  const text = (/** @type {string} */ name) => String(data.get(name) ?? "");
  const task = tasks.find(({ name }) => name === text("task"));
  const laidOut = task && { verb: task.verb, split: task.split };
  const first = task ? { first_seed: Number(text("first_seed")) } : {};
  const seed = text("seed") ? { seed: Number(text("seed")) } : {};
  return {
    name: text("name"),
    policies: data.getAll("policy").map((value) => policyOf(String(value))),
    scenes: {
      ...laidOut,
      ...first,
      takes: data.getAll("take"),
      count: Number(text("count")),
      instruction: text("instruction"),
    },
    rounds: Number(text("rounds")),
    steps: text("steps").split("\n"),
    ...seed,
  };
}

/** @param {string} value */
const policyOf = (value) =>
  value.startsWith("base:") ? { base: value.slice(5) } : { adapter: value };
