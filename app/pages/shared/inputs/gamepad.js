// A gamepad at this computer. The left stick moves, the right one turns and tilts, the triggers go
// up and down, the buttons above them roll.

import { twistOf } from "./shaping.js";

/** @import { GamepadSettings, Listener, Pushed, TeleopInput } from "./input" */

const UNSEEN = "No gamepad is seen. Plug it in, then press one of its buttons.";
const STRANGE = "How this gamepad's buttons lie is not known. Use one that is like an Xbox pad.";
/** As the standard layout counts them. */
const PLACES = { a: 0, b: 1, x: 2, y: 3, start: 9 };
const [ROLL_LEFT, ROLL_RIGHT, DOWN, UP] = [4, 5, 6, 7];
const NAMES = { A: 0, B: 1, X: 2, Y: 3, LB: 4, RB: 5, LT: 6, RT: 7, Start: 9 };

/** @implements {TeleopInput} */
export class GamepadInput {
  /** @param {GamepadSettings} settings @param {Listener} listener */
  constructor(settings, listener) {
    this.settings = settings;
    this.listener = listener;
    this.listening = false;
    /** What was down at the last look; null before the first one. @type {number[] | null} */
    this.down = null;
    this.asked = "";
    this.gone = () => this.look();
  }

  get speeds() {
    return /** @type {[number, number]} */ ([this.settings.speed_m_s, this.settings.turn_rad_s]);
  }

  get problem() {
    if (this.pad) return "";
    return plugged().length ? STRANGE : UNSEEN;
  }

  get pad() {
    return plugged().find(({ mapping }) => mapping === "standard") ?? null;
  }

  get buttons() {
    const { pad } = this;
    /** @param {number} place */
    const down = (place) => Boolean(pad?.buttons[place]?.pressed);
    return Object.fromEntries(Object.entries(NAMES).map(([name, place]) => [name, down(place)]));
  }

  open() {
    this.listening = true;
    addEventListener("gamepaddisconnected", this.gone);
    const look = () => {
      if (!this.listening) return;
      this.look();
      requestAnimationFrame(look);
    };
    look();
  }

  close() {
    this.listening = false;
    removeEventListener("gamepaddisconnected", this.gone);
  }

  look() {
    this.press();
    const asked = String(this.twist());
    if (asked !== this.asked) this.listener.changed();
    this.asked = asked;
  }

  /** What was down already, when it was first looked at, was not pressed. */
  press() {
    const { pad, settings } = this;
    const down = (pad?.buttons ?? []).flatMap(({ pressed }, place) => (pressed ? [place] : []));
    const pressed = pad && this.down ? down.filter((place) => !this.down?.includes(place)) : [];
    this.down = pad ? down : null;
    for (const [name, place] of Object.entries(PLACES)) {
      const does = settings[/** @type {"a_button"} */ (`${name}_button`)];
      if (pressed.includes(place)) this.listener.pressed(does);
    }
  }

  twist() {
    const { pad } = this;
    return pad && twistOf(pushed(pad), this.settings);
  }
}

const plugged = () => [...navigator.getGamepads()].flatMap((pad) => (pad?.connected ? [pad] : []));

/** @param {Gamepad} pad @returns {Pushed} */
function pushed({ axes, buttons }) {
  /** @param {number} place */
  const share = (place) => buttons[place]?.value ?? 0;
  const [right = 0, back = 0, turn = 0, tilt = 0] = axes;
  return {
    translation: [right, back, share(DOWN) - share(UP)],
    rotation: [tilt, share(ROLL_LEFT) - share(ROLL_RIGHT), turn],
  };
}
