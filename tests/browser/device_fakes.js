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

  const FRAME_MS = 14;
  /** What WebXR tells of a place: metres, and a turn about the vertical. */
  const poseOf = ([x, y, z], yaw, emulatedPosition) => {
    const orientation = { x: 0, y: Math.sin(yaw / 2), z: 0, w: Math.cos(yaw / 2) };
    return { transform: { position: { x, y, z }, orientation }, emulatedPosition };
  };
  class XrSession extends EventTarget {
    constructor(mode) {
      super();
      Object.assign(this, { mode, looks: [], inputSources: [], at: performance.now() });
      this.timer = setInterval(() => this.frame(), FRAME_MS);
    }
    async requestReferenceSpace() {
      return new EventTarget();
    }
    requestAnimationFrame(look) {
      return this.looks.push(look);
    }
    updateRenderState({ baseLayer }) {
      this.baseLayer = baseLayer;
    }
    async end() {
      clearInterval(this.timer);
      this.dispatchEvent(new Event("end"));
    }
    frame() {
      const now = performance.now();
      headset.go((now - this.at) / 1000);
      this.at = now;
      if (!this.baseLayer || headset.frozen) return;
      const pose = () => poseOf(headset.place, headset.yaw, headset.unseen);
      for (const look of this.looks.splice(0)) look(now, { getPose: pose, getViewerPose: pose });
    }
  }
  /** A headset with a controller, or without one a phone. */
  const headset = {
    session: null,
    place: [0, 1, 0],
    yaw: 0,
    way: [0, 0, 0],
    turning: 0,
    unseen: false,
    frozen: false,
    go(seconds) {
      this.place = this.place.map((here, axis) => here + this.way[axis] * seconds);
      this.yaw += this.turning * seconds;
    },
    /** Metres a second to its right, up and back; rad/s about the vertical. */
    lead(way, turning = 0) {
      Object.assign(this, { way, turning });
    },
    hold(...places) {
      const down = Object.fromEntries(places.map((place) => [place, 1]));
      const buttons = Array.from({ length: 6 }, (_, place) => button(down[place] ?? 0));
      const [source] = this.session.inputSources;
      this.session.inputSources = [{ ...source, gamepad: { buttons } }];
    },
    giveController() {
      this.session.inputSources = [{ handedness: "right", gripSpace: new EventTarget() }];
      this.hold();
    },
    giveBareHand() {
      this.session.inputSources = [{ handedness: "right", gripSpace: new EventTarget() }];
    },
    touch(down) {
      this.session.dispatchEvent(new Event(down ? "selectstart" : "selectend"));
    },
  };
  const xr = {
    isSessionSupported: async (mode) => mode === "immersive-ar",
    requestSession: async (mode) => {
      if (!navigator.userActivation.isActive) throw new Error("it needs a person's click.");
      headset.session = new XrSession(mode);
      return headset.session;
    },
  };
  Object.defineProperty(navigator, "xr", { value: xr, configurable: true });
  window.XRWebGLLayer = class {
    framebuffer = null;
  };
  const own = HTMLCanvasElement.prototype.getContext;
  const nothing = { bindFramebuffer: () => {}, clear: () => {} };
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    return own.call(this, kind, ...rest) ?? (kind === "webgl" ? nothing : null);
  };
  window.devices = { asked, plugPad, unplugPad, hold, hid, mouse, push, headset };
})();
