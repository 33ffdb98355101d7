// WebXR, as far as it is used here: the library of types that comes along does not have it.

type XRMode = "immersive-ar" | "immersive-vr";
type XRSpace = EventTarget;

interface XRPose {
  readonly transform: { readonly position: DOMPointReadOnly; readonly orientation: DOMPointReadOnly };
  /** Guessed, since the device is not seen. */
  readonly emulatedPosition: boolean;
}

interface XRFrame {
  getPose(space: XRSpace, base: XRSpace): XRPose | undefined;
  getViewerPose(base: XRSpace): XRPose | undefined;
}

interface XRInputSource {
  readonly handedness: "none" | "left" | "right";
  readonly gripSpace?: XRSpace;
  readonly gamepad?: Gamepad;
}

interface XRSession extends EventTarget {
  readonly inputSources: Iterable<XRInputSource>;
  requestReferenceSpace(type: "local"): Promise<XRSpace>;
  requestAnimationFrame(look: (time: number, frame: XRFrame) => void): number;
  updateRenderState(state: { baseLayer: XRWebGLLayer }): void;
  end(): Promise<void>;
}

declare class XRWebGLLayer {
  constructor(session: XRSession, context: WebGLRenderingContext);
  readonly framebuffer: WebGLFramebuffer | null;
}

interface XRSystem {
  isSessionSupported(mode: XRMode): Promise<boolean>;
  requestSession(mode: XRMode): Promise<XRSession>;
}

interface Navigator {
  /** Browsers of headsets and of Android phones have it, on localhost and over HTTPS. */
  readonly xr?: XRSystem;
}
