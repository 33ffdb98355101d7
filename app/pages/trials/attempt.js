// One attempt by itself: its take, another verdict, or why it does not count.

import { openDialog } from "../shared/dialogs.js";
import { make } from "../shared/dom.js";
import { openTab } from "../shared/tabs.js";
import { told } from "./results.js";

/** @import { Study } from "../shared/messages" */

const REASONS = ["the scene was not as it should be", "somebody touched it", "the robot stopped"];
const SCORES = [
  [0, "Failed"],
  [0.25, "¼"],
  [0.5, "½"],
  [0.75, "¾"],
  [1, "Success"],
];

/**
 * @param {Study} study
 * @param {number} number counted from 0
 * @param {{judge: (score: number) => unknown, void: () => unknown}} change
 */
export function showAttempt(study, number, change) {
  const attempt = study.attempts[number];
  /** @param {() => unknown} run */
  const closing = (run) => () => {
    dialog.close();
    run();
  };
  const open = closing(() => openTab("label", { take: attempt.take }));
  const scores = SCORES.map(([score, text]) =>
    make("button", { onclick: closing(() => change.judge(Number(score))) }, String(text)),
  );
  const changes = [
    make("p", { class: "text" }, "It ended otherwise:"),
    make("div", { class: "trial-scores" }, ...scores),
    make("button", { onclick: closing(change.void) }, "It does not count …"),
  ];
  const dialog = openDialog(
    `Attempt ${number + 1}`,
    make("h2", {}, `Attempt ${number + 1}`),
    make("p", { class: "text" }, told(study, attempt)),
    ...(attempt.void ? [] : changes),
    make(
      "div",
      { class: "closing" },
      make("button", { onclick: () => dialog.close() }, "Close"),
      make("button", { class: "primary", onclick: open, autofocus: true }, "Open its take"),
    ),
  );
}

/** Ask why an attempt does not count. @param {(reason: string) => unknown} done */
export function askReason(done) {
  const reasons = REASONS.map((text) => make("option", { value: text }));
  const field = make("input", { list: "trial-reasons", required: true, autofocus: true });
  const form = make(
    "form",
    { class: "trial-form" },
    make("h2", {}, "Why does the attempt not count?"),
    make("label", {}, "Reason", field),
    make("datalist", { id: "trial-reasons" }, ...reasons),
    make(
      "div",
      { class: "closing" },
      make("button", { type: "button", onclick: () => dialog.close() }, "It counts"),
      make("button", { class: "primary" }, "Void, and try again"),
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    dialog.close();
    done(field.value);
  });
  const dialog = openDialog("Void", form);
}
