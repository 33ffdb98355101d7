// A SpaceMouse at this computer, by WebHID. Once it was allowed, it is found again by itself.

import { heard, LET_GO, ofCap } from "./reports.js";
import { STILL, twistOf } from "./shaping.js";

/** @import { Listener, SpaceMouseSettings, TeleopInput } from "./input" */

const VENDORS = [0x256f, 0x046d]; // 3Dconnexion; Logitech, whose name its older devices bear
const MULTI_AXIS = { usagePage: 0x01, usage: 0x08 };
const FILTERS = VENDORS.map((vendorId) => ({ vendorId, ...MULTI_AXIS }));
/** A cap that is pushed reports every 8 to 16 ms; one of which nothing is heard asks for nothing. */
const SILENCE_MS = 200;
const INSECURE = "A SpaceMouse needs this page on localhost or HTTPS, or to be at the station.";
const NO_WEBHID = "This browser has no WebHID. Use Chrome or Edge, or a SpaceMouse at the station.";
const UNPLUGGED = "No SpaceMouse is connected. Plug it in; Try connects it the first time.";
const REFUSED =
  "The SpaceMouse does not open. On Linux it needs a udev rule; else quit what uses it.";

/** @implements {TeleopInput} */
export class SpaceMouse {
  /** @param {SpaceMouseSettings} settings @param {Listener} listener */
  constructor(settings, listener) {
    this.settings = settings;
    this.listener = listener;
    /** @type {HIDDevice | null} */
    this.device = null;
    this.refused = "";
    this.cap = LET_GO;
    this.heardAt = 0;
    this.listening = false;
    /** @param {HIDReportEvent} event */
    this.hear = ({ reportId, data }) => this.report(reportId, data);
    this.plugged = () => void this.find();
    /** @param {HIDConnectionEvent} event */
    this.unplugged = ({ device }) => device === this.device && this.lose();
  }

  get speeds() {
    return /** @type {[number, number]} */ ([this.settings.speed_m_s, this.settings.turn_rad_s]);
  }

  get problem() {
    if (!navigator.hid) return isSecureContext ? NO_WEBHID : INSECURE;
    return this.device ? "" : this.refused || UNPLUGGED;
  }

  get askable() {
    return Boolean(navigator.hid);
  }

  get buttons() {
    return { left: Boolean(this.cap.buttons & 1), right: Boolean(this.cap.buttons & 2) };
  }

  open() {
    this.listening = true;
    navigator.hid?.addEventListener("connect", this.plugged);
    navigator.hid?.addEventListener("disconnect", this.unplugged);
    void this.find();
  }

  close() {
    this.listening = false;
    navigator.hid?.removeEventListener("connect", this.plugged);
    navigator.hid?.removeEventListener("disconnect", this.unplugged);
    this.device?.removeEventListener("inputreport", this.hear);
    this.device = null;
  }

  async connect() {
    const chosen = (await navigator.hid?.requestDevice({ filters: FILTERS })) ?? [];
    this.refused = chosen.length ? "" : "No SpaceMouse was chosen. Connect asks again.";
    await this.use(chosen);
  }

  /** One that this page was allowed to use. */
  async find() {
    await this.use((await navigator.hid?.getDevices()) ?? []);
  }

  /** @param {HIDDevice[]} devices */
  async use(devices) {
    const device = devices.find((each) => isMouse(each, this.settings.product));
    if (!device || this.device) return;
    try {
      if (!device.opened) await device.open();
    } catch {
      this.refused = REFUSED;
      return;
    }
    if (this.listening && !this.device) this.take(device);
  }

  /** @param {HIDDevice} device */
  take(device) {
    this.device = device;
    this.refused = "";
    this.cap = LET_GO;
    this.heardAt = performance.now();
    device.addEventListener("inputreport", this.hear);
  }

  lose() {
    this.device?.removeEventListener("inputreport", this.hear);
    this.device = null;
    this.cap = LET_GO;
    this.listener.changed();
  }

  /** @param {number} id @param {DataView} data */
  report(id, data) {
    const before = this.cap;
    this.cap = heard(before, id, data);
    if (ofCap(id)) this.heardAt = performance.now();
    this.press(this.cap.buttons & ~before.buttons);
    this.listener.changed();
  }

  /** @param {number} buttons that went down */
  press(buttons) {
    if (buttons & 1) this.listener.pressed(this.settings.left_button);
    if (buttons & 2) this.listener.pressed(this.settings.right_button);
  }

  /** Not known before something was heard, or nothing was for long enough. */
  twist() {
    if (!this.device) return null;
    const silent = performance.now() - this.heardAt >= SILENCE_MS;
    if (silent) return STILL;
    return this.cap === LET_GO ? null : twistOf(this.cap, this.settings);
  }
}

/** @param {HIDDevice} device @param {string} product */
function isMouse({ vendorId, collections, productName }, product) {
  const { usagePage, usage } = MULTI_AXIS;
  const moves = collections.some((each) => each.usagePage === usagePage && each.usage === usage);
  const named = productName.toLowerCase().includes(product.toLowerCase());
  return VENDORS.includes(vendorId) && moves && named;
}
