// The dialog that lists every key.

import { api } from "../shared/api.js";
import { openDialog } from "../shared/dialogs.js";
import { find, make } from "../shared/dom.js";
import { printedAt } from "../shared/inputs/layout.js";
import { pedalSection } from "../shared/inputs/pedals.js";
import { bind, hearNext, keyName } from "../shared/keys.js";
import { station } from "../shared/station.js";
import { KEYS } from "./key_list.js";

const TITLE = "All keys";
/** What the pages are called, as listed. @type {Record<string, string>} */
export const PAGES = {
  any: "Everywhere",
  record: "Record",
  label: "Label",
  finetune: "Fine-tune",
  rollout: "Roll out",
  data: "Data",
  setup: "Set-up",
  calibrate: "Set-up: calibrate a camera",
};
const GRIPPER = ["G", "Gripper"];
/** @param {string} keys */
const printed = (keys) => [...keys].map(printedAt).join(" ");
const DRIVING = [["← →", "Turn"], ["↑ ↓", "Tilt"], GRIPPER, ["Shift", "Slowly"]];
const STOP = ["Space", "Stop, while anything moves (Escape in a text field)"];

bind("dialog", "?", showKeys);

export function showKeys() {
  const open = shown();
  if (open) return open.close();
  const sections = Object.entries(PAGES).map(([name, title]) => section(title, linesOf(name)));
  const dialog = openDialog(
    TITLE,
    make("h2", {}, "Keys"),
    make("div", { class: "columns" }, section("Driving (hold)", driving()), ...sections),
    pedalSection(),
    make("div", { class: "closing" }, make("button", { onclick: () => shown()?.close() }, "Close")),
  );
  dialog.addEventListener("close", () => hearNext(null));
  showLogOut(find(dialog, ".closing"));
}

/** What the password lets one do, and the way out; nothing where none was asked for.
 * @param {HTMLElement} closing */
async function showLogOut(closing) {
  const { guarded } = await api.get("/api/session");
  if (!guarded) return;
  const may = `You may ${station.may.join(", ")}.`;
  closing.prepend(make("span", { class: "may" }, may), make("a", { href: "/logout" }, "Log out"));
}

/** @returns {HTMLDialogElement | null} */
const shown = () => document.querySelector(`dialog[aria-label="${TITLE}"]`);

/** Without a gripper there is no key for it. Letters are those that the layout has there. */
const driving = () => [
  [printed("wasd"), "Move, as seen from in front of the robot"],
  [printed("qe"), "Up, down"],
  ...DRIVING.filter((line) => line !== GRIPPER || station.state?.embodiment.gripper),
];

/** @param {string} scope */
function linesOf(scope) {
  const lines = KEYS[scope].map(([key, does]) => [keyName(key), does]);
  return scope === "any" ? [STOP, ...lines] : lines;
}

/** @param {string} title @param {string[][]} lines */
function section(title, lines) {
  const rows = lines.map(([key, label]) =>
    make("li", {}, make("span", {}, label), make("kbd", {}, key)),
  );
  return rows.length ? make("section", {}, make("h3", {}, title), make("ul", {}, ...rows)) : null;
}
