// What a headset or a phone tells of its own place and of its controllers', by WebXR: one session
// of the page, which goes on from one input to the next.

/** Hears of each frame. @typedef {(time: number, frame: XRFrame) => void} Look */

class Tracking {
  constructor() {
    /** @type {XRSession | null} */
    this.session = null;
    /** @type {XRSpace | null} */
    this.space = null;
    this.selected = false; // a phone's screen is touched, a bare hand pinches
    /** @type {Set<Look>} */
    this.listeners = new Set();
  }

  /** From a click. What the real room can be seen through comes first. */
  async begin() {
    const { xr } = navigator;
    if (!xr || this.session) return;
    const seen = await xr.isSessionSupported("immersive-ar");
    const session = await xr.requestSession(seen ? "immersive-ar" : "immersive-vr");
    try {
      const space = await session.requestReferenceSpace("local");
      this.draw(session);
      this.space = space;
      this.session = session;
    } catch (error) {
      await session.end();
      throw error;
    }
    session.addEventListener("end", () => this.end());
    session.addEventListener("selectstart", () => (this.selected = true));
    session.addEventListener("selectend", () => (this.selected = false));
  }

  end() {
    this.session = null;
    this.space = null;
    this.selected = false;
  }

  /** Without something to draw, a session tells of nothing. @param {XRSession} session */
  draw(session) {
    const gl = document.createElement("canvas").getContext("webgl", { xrCompatible: true });
    if (!gl) throw new Error("this browser has no WebGL.");
    const baseLayer = new XRWebGLLayer(session, gl);
    session.updateRenderState({ baseLayer });
    /** @type {Look} */
    const look = (time, frame) => {
      session.requestAnimationFrame(look);
      gl.bindFramebuffer(gl.FRAMEBUFFER, baseLayer.framebuffer);
      gl.clear(gl.COLOR_BUFFER_BIT);
      for (const hear of this.listeners) hear(time, frame);
    };
    session.requestAnimationFrame(look);
  }

  /** A controller of a hand; undefined of a phone. @param {string} hand */
  controller(hand) {
    const held = [...(this.session?.inputSources ?? [])].filter(({ gripSpace }) => gripSpace);
    return held.find(({ handedness }) => handedness === hand) ?? held[0];
  }
}

export const tracking = new Tracking();
