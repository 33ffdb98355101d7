// Which keys the buttons at a Franka's hand press, on the page that drives.

import { KEYS } from "../bar/key_list.js";
import { make } from "../shared/dom.js";
import { keyName } from "../shared/keys.js";
import { choiceControl, field } from "./fields.js";

/** @typedef {Record<string, string>} Buttons a button's name -> its key */

/** As they lie at the hand. @type {[button: string, title: string][]} */
const BUTTONS = [
  ["check", "✓ Check"],
  ["cross", "✗ Cross"],
  ["circle", "○ Circle"],
  ["up", "▲ Up"],
  ["down", "▼ Down"],
  ["left", "◀ Left"],
  ["right", "▶ Right"],
];
const NOTHING = "";
const DRIVING = ["record", "rollout"]; // the pages whose keys a hand may press
const BESIDE = /** @type {[key: string, does: string][]} */ ([
  ["g", "Open or close the gripper"],
  ["Space", "Stop"],
]);

/** What each key does that a page knows which drives. @type {Map<string, string>} */
const KNOWN = new Map(
  [...DRIVING.flatMap((page) => KEYS[page]), ...BESIDE]
    .map(([key, does]) => /** @type {[string, string]} */ ([key, does]))
    .reverse(), // the first that is said of a key counts
);

/** @param {Buttons} buttons @param {(buttons: Buttons) => void} change @returns {Node[]} */
export function buttonsForm(buttons, change) {
  return [
    make("h3", {}, "Buttons at its hand"),
    make("p", { class: "about" }, "Each presses a key of the page that drives. Needs Desk."),
    ...BUTTONS.map(([button, title]) => row(button, title, buttons, change)),
  ];
}

/** @param {string} button @param {string} title @param {Buttons} buttons
 * @param {(buttons: Buttons) => void} change */
function row(button, title, buttons, change) {
  const { [button]: key = NOTHING, ...others } = buttons;
  const known = [...KNOWN].map(([value, does]) => ({ value, text: `${keyName(value)} · ${does}` }));
  const strange = key && !KNOWN.has(key) ? [{ value: key, text: `${keyName(key)} · ?` }] : [];
  const choices = [{ value: NOTHING, text: "–" }, ...strange, ...known.sort(byText)];
  const control = choiceControl(key, choices, (chosen) =>
    change(chosen ? { ...others, [button]: chosen } : others),
  );
  return field(`buttons.${button}`, title, control);
}

/** @param {{text: string}} one @param {{text: string}} other */
const byText = (one, other) => one.text.localeCompare(other.text);

/** The first button whose key no page knows, and what is wrong with it; null: there is none.
 * @param {Buttons} buttons @returns {{button: string, text: string} | null} */
export function wrongButton(buttons) {
  const wrong = Object.entries(buttons).find(([, key]) => !KNOWN.has(key));
  if (!wrong) return null;
  const [button, key] = wrong;
  return { button, text: `Neither Record nor Roll out has a key ${keyName(key)}. Choose another.` };
}
