// A foot pedal types a key. Which of its keys does what is learned here, and kept in this browser.

import { make, setText } from "../dom.js";
import { hearNext, keyName, standIn } from "../keys.js";
import { MOVES } from "./keyboard.js";
import { KEY_OF } from "./teleop.js";

const KEPT = "teachloop-pedal";
/** What a pedal may do, as a key. @type {[key: string, does: string][]} */
const ACTIONS = [
  [KEY_OF.record, "Record or stop"],
  [KEY_OF.keep, "Keep"],
  [KEY_OF.discard, "Discard"],
  ["g", "Gripper"],
];
const ALONE = /^(Control|Shift|Alt|Meta|CapsLock|Fn)/; // pressed for what comes with them
const NEEDED = ["Space", "Escape", "Tab"];
const DRIVES = Object.values(MOVES).map(([, , place]) => place);
const ABOUT = "Each of its pedals types a key. On Record and Roll out, that key does here:";

/** Place of a pedal's key -> the key that it is. @type {Map<string, string>} */
const pedals = new Map(kept());
standIn(pedals);

/** @returns {[string, string][]} */
function kept() {
  try {
    const found = Object.entries(JSON.parse(localStorage.getItem(KEPT) ?? "{}"));
    return found.filter(([place, key]) => place && ACTIONS.some(([known]) => known === key));
  } catch {
    return []; // not ours
  }
}

/** @param {string} place @param {string} key */
function learn(place, key) {
  forget(key);
  pedals.set(place, key);
  keep();
}

/** @param {string} key */
function forget(key) {
  for (const [place, known] of pedals) if (known === key) pedals.delete(place);
  keep();
}

function keep() {
  localStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(pedals)));
  standIn(pedals);
}

/** What is wrong with a key for a pedal; "" where nothing is. @param {KeyboardEvent} event */
function wrong({ code, key, altKey, ctrlKey, metaKey }) {
  const other = "Set the pedal to another key, such as F9 (its maker has a program for that).";
  if (!code) return `The browser does not say which key that is. ${other}`;
  if (altKey || ctrlKey || metaKey) return `That pedal types several keys at once. ${other}`;
  if (NEEDED.includes(code)) return `${keyName(key)} is needed for something else. ${other}`;
  if (DRIVES.includes(code)) return `${keyName(key)} moves the arm. ${other}`;
  return "";
}

/** A key as it is written on a keyboard. @param {string} place */
const placeName = (place) => place.replace(/^(Key|Digit)/, "");

/** What shows the pedals, and learns them. */
export function pedalSection() {
  const said = make("p", { class: "said", role: "status" });
  const rows = make("ul", {});
  const show = () => rows.replaceChildren(...ACTIONS.map(([key, does]) => row(key, does)));
  /** @param {string} key @param {string} does */
  const row = (key, does) => {
    const place = [...pedals].find(([, known]) => known === key)?.[0];
    const set = make("button", { "aria-label": `${does}: set the pedal` }, "Set");
    const clear = make("button", { class: "quiet", "aria-label": `${does}: no pedal` }, "Clear");
    set.onclick = () => listen(key, does);
    clear.onclick = () => {
      forget(key);
      show();
    };
    const cap = place ? make("kbd", {}, placeName(place)) : make("span", {}, "–");
    const dataset = { key };
    return make("li", { dataset }, make("span", {}, does), cap, set, place ? clear : null);
  };
  /** @param {string} key @param {string} does */
  const listen = (key, does) => {
    setText(said, `${does}: press the pedal now. Escape leaves it as it is.`);
    hearNext((event) => {
      if (event.key === "Escape") return done("");
      if (ALONE.test(event.key)) return;
      const problem = wrong(event);
      if (problem) return setText(said, problem);
      learn(event.code, key);
      done(`${placeName(event.code)} is: ${does}.`);
    });
  };
  /** @param {string} words */
  const done = (words) => {
    hearNext(null);
    setText(said, words);
    show();
  };
  show();
  const about = make("p", { class: "about" }, ABOUT);
  return make("section", { class: "pedals" }, make("h3", {}, "Foot pedal"), about, rows, said);
}
