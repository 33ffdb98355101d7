// What an input of the page is, whatever a hand holds.

/** Along, or about, three axes. */
export type Triple = [x: number, y: number, z: number];

/** Shares of full scale, −1 … 1, along x, y, z of the robot's base, then about them; where its frame
 * is the hand's, as the hand would go that points straight down, unturned. */
export type Twist = [x: number, y: number, z: number, roll: number, pitch: number, yaw: number];

/** How a device is held: shares of full scale along, and about by the right-hand rule, axes to the
 * right, towards its user, and down. */
export interface Pushed {
  translation: Triple;
  rotation: Triple;
}

/** What the station's settings say of an input with axes. */
export interface TeleopSettings {
  speed_m_s: number;
  turn_rad_s: number;
  side: "front" | "back" | "left" | "right";
  /** Of those that are pushed. */
  frame?: "base" | "camera" | "hand";
  deadband: number;
  curve: number;
  locked: string[];
  reversed: string[];
}

export interface GamepadSettings extends TeleopSettings {
  a_button: string;
  b_button: string;
  x_button: string;
  y_button: string;
  start_button: string;
}

export interface SpaceMouseSettings extends TeleopSettings {
  left_button: string;
  right_button: string;
  product: string;
}

export interface XrSettings extends TeleopSettings {
  scale: number;
  hand: "right" | "left";
  trigger: string;
  a_button: string;
  b_button: string;
  stick_button: string;
}

/** Who is told what an input hears. */
export interface Listener {
  /** It asks for something else than before, or may. */
  changed(): void;
  /** A button went down, and that is what it does: close, record, … */
  pressed(does: string): void;
}

/** What a hand holds, as a TeleopDevice of the station. */
export interface TeleopInput {
  /** What the station says of it; the keyboard has none. */
  readonly settings?: TeleopSettings;
  /** m/s, and rad/s, at full scale. */
  readonly speeds: [linear: number, angular: number];
  /** Why it cannot be used, in a sentence; "" where it can. */
  readonly problem: string;
  /** Its buttons, by their names, and whether each is down. */
  readonly buttons: Record<string, boolean>;
  /** What it asks for now; null where nobody knows. */
  twist(): Twist | null;
  /** Begin to listen. */
  open(): void;
  close(): void;
  /** Ask the browser for the device, from a click; only of inputs that need it. */
  connect?(): Promise<void>;
  /** Whether this browser can be asked. */
  readonly askable?: boolean;
  /** Whether its user sees nothing but what it shows, so that no other window is meant. */
  readonly worn?: boolean;
}
