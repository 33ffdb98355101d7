// Buttons at the robot's hand. Each is a key of the page that drives, and does what that does.

import { connection } from "../shared/connection.js";
import { keyName, pressKey, scope } from "../shared/keys.js";
import { notify } from "../shared/notices.js";
import { station } from "../shared/station.js";

const PAGES = ["record", "rollout"];
const SPACE = "Space";
const UNHEARD = "A button at the robot's hand was pressed, and no window drives. C takes control.";

export function followPilot() {
  connection.on("event", ({ kind, text }) => {
    if (kind !== "pressed") return;
    if (station.driving) pressAtHand(text);
    else if (!station.state?.lease) notify(UNHEARD);
  });
}

/** @param {string} name of the key */
function pressAtHand(name) {
  const elsewhere = !PAGES.includes(scope()) && name !== SPACE;
  if (elsewhere) {
    const open = "Open Record or Roll out, without a dialog over it";
    return notify(`A button at the robot's hand is the key ${keyName(name)} here. ${open}.`);
  }
  pressKey(name === SPACE ? " " : name);
}
