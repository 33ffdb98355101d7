// Devices that are not there: a gamepad, and a SpaceMouse as WebHID shows it. Tests hold them.
(() => {
  const asked = { pads: 0 };
  const pads = [];
  Object.defineProperty(navigator, "getGamepads", {
    value: () => {
      asked.pads += 1;
      return pads;
    },
  });
  const button = (value) => ({ value, pressed: value > 0.5, touched: value > 0 });

  /** Plug a gamepad in. */
  const plugPad = (mapping = "standard") => {
    const buttons = Array.from({ length: 17 }, () => button(0));
    pads[0] = { id: "pad", index: 0, connected: true, mapping, axes: [0, 0, 0, 0], buttons };
    dispatchEvent(new Event("gamepadconnected"));
  };
  const unplugPad = () => {
    pads[0] = null;
    dispatchEvent(new Event("gamepaddisconnected"));
  };
  /** How far its sticks are pushed; and how far which of its buttons. */
  const hold = (axes, down = {}) => {
    const buttons = pads[0].buttons.map((_, place) => button(down[place] ?? 0));
    pads[0] = { ...pads[0], axes, buttons };
  };

  class Mouse extends EventTarget {
    constructor(productName) {
      super();
      Object.assign(this, { productName, vendorId: 0x256f, productId: 0xc635, opened: false });
      this.collections = [{ usagePage: 1, usage: 8 }];
    }
    async open() {
      this.opened = true;
    }
    /** A report of numbers of 16 bits, or of one byte of buttons. */
    say(reportId, numbers, bytes = 2) {
      const data = new DataView(new ArrayBuffer(numbers.length * bytes));
      for (const [place, number] of numbers.entries()) {
        if (bytes === 2) data.setInt16(2 * place, number, true);
        else data.setUint8(place, number);
      }
      this.dispatchEvent(Object.assign(new Event("inputreport"), { device: this, reportId, data }));
    }
  }
  class Hid extends EventTarget {
    constructor() {
      super();
      this.plugged = [];
      this.allowed = new Set();
      this.filters = null;
    }
    async getDevices() {
      return this.plugged.filter((each) => this.allowed.has(each));
    }
    async requestDevice({ filters }) {
      if (!navigator.userActivation.isActive) throw new Error("needs a person's click");
      this.filters = filters;
      for (const each of this.plugged) this.allowed.add(each);
      return this.plugged;
    }
    tell(type, device) {
      this.dispatchEvent(Object.assign(new Event(type), { device }));
    }
    plug(mouse) {
      this.plugged.push(mouse);
      if (this.allowed.has(mouse)) this.tell("connect", mouse);
    }
    unplug(mouse) {
      this.plugged = this.plugged.filter((each) => each !== mouse);
      clearInterval(mouse.timer);
      mouse.opened = false;
      this.tell("disconnect", mouse);
    }
  }
  const hid = new Hid();
  Object.defineProperty(navigator, "hid", { value: hid, configurable: true });
  const mouse = new Mouse("SpaceMouse Compact");
  /** Report again and again, as a cap that is pushed does. */
  const push = (...reports) => {
    clearInterval(mouse.timer);
    const say = () => {
      for (const report of reports) mouse.say(...report);
    };
    say();
    mouse.timer = setInterval(say, 16);
  };
  window.devices = { asked, plugPad, unplugPad, hold, hid, mouse, push };
})();
