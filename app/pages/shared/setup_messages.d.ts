// A station's settings, as the server's models have them.

/** A value of JSON. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** What a driver can be told, as a JSON schema. */
export interface Schema {
  title?: string;
  description?: string;
  type?: string;
  default?: Json;
  enum?: Json[];
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
}

/** A driver that can be chosen; ``error``: why it cannot be loaded here. */
export interface Driver {
  name: string;
  text: string;
  settings_schema: Schema;
  error: string;
}

export type DeviceKind = "robot" | "gripper" | "camera" | "input";

/** Where a tool's centre point is, in the flange's frame; matrices row by row. */
export interface Tool {
  position_m: number[];
  rotation: number[][];
}

/** What the arm carries beside the end effector that Desk knows of; in the flange's frame. */
export interface Payload {
  mass_kg: number;
  centre_m: number[];
  inertia_kg_m2: number[][];
}

/** What is mounted at the arm; no gripper where there is none. */
export interface Embodiment {
  arm: "panda" | "fr3";
  tool: Tool;
  gripper: { driver: string; opening_m: number } | null;
}

/** What Franka publishes of an arm, for each joint. */
export interface ArmLimits {
  lower_rad: number[];
  upper_rad: number[];
  speed_rad_s: number[];
  slower_at_ends: boolean;
}

/** One device of a station; the numbers are a camera's, tool and payload a robot's. */
export interface Device {
  driver: string;
  process?: string;
  settings: Record<string, Json>;
  width?: number;
  height?: number;
  fps?: number;
  depth?: boolean;
  jpeg?: boolean;
  tool?: Tool | null;
  payload?: Payload | null;
}

/** Where a camera is; matrices row by row, the pose in the frame of its mount. */
export interface Calibration {
  name: string;
  width: number;
  height: number;
  intrinsics: number[][];
  mount: "base" | "end_effector";
  pose: number[][];
  measures_depth: boolean;
  calibrated: boolean;
}

/** A ChArUco board. */
export interface Board {
  columns: number;
  rows: number;
  square_mm: number;
  marker_mm: number;
}

/** ``base``: the camera stands still, the board is in the hand. */
export interface CalibrationPlan {
  board: Board;
  mount: Calibration["mount"];
}

/** What a camera sees of the board now; ``hint``: why that would be no view. */
export interface SeenBoard {
  corners: [x: number, y: number][];
  of: number;
  width: number;
  height: number;
  hint: string;
}

/** Where the camera is, and how well that is known. */
export interface CalibrationResult {
  position_m: number[];
  residual_px: number;
  residual_mm: number;
  uncertain_mm: number;
  uncertain_deg: number;
  outliers: number[];
  remarks: string[];
}

/** How much later than the robot's state a camera's pictures arrive. */
export interface CameraDelay {
  camera: string;
  delay_ms: number;
  uncertain_ms: number;
  takes: number;
}

/** A camera that is being calibrated. */
export interface CalibrationState {
  camera: string;
  plan: CalibrationPlan;
  measures_lens: boolean;
  views: { number: number; corners: number; residual_px: number | null }[];
  coverage: { views: number; spread_m: number; turned_deg: number[]; missing: string[] };
  result: CalibrationResult | null;
}

/** When and how well a camera's place was measured, as its settings have it. */
export interface Measured {
  date: string;
  views: number;
  residual_px: number;
  residual_mm: number;
  uncertain_mm: number;
  uncertain_deg: number;
}

/** What every action is held to: metres, radians, seconds. */
export interface Limits {
  arm: "panda" | "fr3";
  workspace_low_m: number[];
  workspace_high_m: number[];
  speed_m_s: number;
  rotation_speed_rad_s: number;
  tilt_rad: number;
  joint_margin_rad: number;
  joint_share: number;
  press_m: number;
}

export interface StationSettings {
  control_rate_hz: number;
  robot: Device;
  gripper: Device;
  cameras: Record<string, Device>;
  inputs: Record<string, Device>;
  limits: Limits;
  buttons: Record<string, string>;
  push_nm: number;
}

export interface DeviceStatus {
  kind: DeviceKind;
  name: string;
  driver: string;
  connected: boolean;
  text: string;
}

/** What is known of a station, and of what it could be made of. */
export interface StationDescription {
  settings: StationSettings;
  arms: Record<Limits["arm"], ArmLimits>;
  tools: Record<string, Tool>;
  file: string;
  saved: boolean;
  presets: Record<string, StationSettings>;
  drivers: { robots: Driver[]; grippers: Driver[]; cameras: Driver[]; inputs: Driver[] };
  devices: DeviceStatus[];
  restart_needed: boolean;
}

/** Weights that can be fetched, or were: bytes of all of it, and those that are here. */
export interface PublishedWeights {
  name: string;
  about: string;
  size: number;
  licence: string;
  source: string;
  here: number;
  whole: boolean;
  path: string;
}

/** A way to segment, to propagate, to find by name or to paraphrase, and its weights. */
export interface MethodWeights {
  name: string;
  segments: boolean;
  propagates: boolean;
  finds: boolean;
  paraphrases: boolean;
  needs: string;
  costs: string;
  takes_weights: boolean;
  variable: string;
  weights: string;
  named_in: string;
  size: number;
  published: PublishedWeights[];
}

export interface ModelList {
  methods: MethodWeights[];
  folder: string;
  settings: string;
}
