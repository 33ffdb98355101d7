// The inputs that a page has, by their drivers' names at the station.

import { GamepadInput } from "./gamepad.js";
import { Keyboard } from "./keyboard.js";
import { SpaceMouse } from "./spacemouse.js";
import { XrInput } from "./xr.js";

/** @import { InputStatus } from "../messages" */
/** @import { GamepadSettings, Listener, SpaceMouseSettings, TeleopInput, XrSettings } from "./input" */

/** @type {Record<string, (settings: any, listener: Listener) => TeleopInput>} */
const MAKERS = {
  keyboard: (_settings, listener) => new Keyboard(listener),
  gamepad: (/** @type {GamepadSettings} */ told, listener) => new GamepadInput(told, listener),
  browser_spacemouse: (/** @type {SpaceMouseSettings} */ told, listener) =>
    new SpaceMouse(told, listener),
  browser_xr: (/** @type {XrSettings} */ told, listener) => new XrInput(told, listener),
};

/** Whether it is at the computer of whoever has the page open. @param {InputStatus} card */
export const isHere = ({ driver }) => driver in MAKERS;

/** Not opened yet. @param {InputStatus} card @param {Listener} listener */
export const makeInput = ({ driver, settings }, listener) => MAKERS[driver](settings, listener);
