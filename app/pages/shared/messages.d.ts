// What the server says and is told, as its own models have it.

export type Phase = "away" | "idle" | "countdown" | "practising" | "recording" | "review";

/** One camera of a station or a take; pixels, frames a second. */
export interface Camera {
  name: string;
  width: number;
  height: number;
  fps?: number;
  depth?: boolean;
}

export interface Robot {
  gripper_width_m: number;
  gripper_target: number | null;
  speed_m_s: number;
  clipped: string[];
}

export interface Health {
  rate_hz: number;
  late: number;
  p99_lateness_ms: number;
  frame_age_ms: Record<string, number>;
  skew_ms: number;
  drops: Record<string, number>;
  recent_drops: number;
  disk_free_gb: number | null;
}

export interface Scene {
  verb: string;
  split: string;
  seed: number;
  instruction: string;
  success: boolean;
}

export interface Fault {
  text: string;
  source: string;
  remedy: string;
}

/** The take that is being recorded or reviewed. */
export interface RunningTake {
  id: string;
  seconds: number;
  saved: boolean;
  success: boolean | null;
}

/** The station's state, at every tick. */
export interface State {
  source: string;
  control_rate_hz: number;
  limits: Record<string, Record<string, number | number[]>>;
  cameras: Camera[];
  agents: string[];
  ready: boolean;
  phase: Phase;
  countdown_s: number;
  agent: string;
  decided_by: string;
  take: RunningTake | null;
  kept: { id: string; success: boolean | null }[];
  robot: Robot | null;
  health: Health;
  lease: { client: string } | null;
  driver?: string | null;
  scene: Scene | null;
  fault: Fault | null;
}

export interface Link {
  running: boolean;
  offline?: boolean;
  message?: string;
  last_words?: string;
}

export interface StationEvent {
  kind: string;
  text: string;
}

export interface AttentionMap {
  height: number;
  width: number;
  values: string;
}

export interface PolicyMessage {
  state: string;
  message?: string;
}

/** Whether the labeler runs, what it said where it does not, and what can segment. */
export interface LabelerState {
  running: boolean;
  message: string;
  segmenters: { name: string; needs: string; costs: string }[];
  segmenter: string;
}

/** Everything that comes over the socket, by its type. */
export interface Messages {
  hello: { window: string; cameras: string[]; link: Link; labeler: LabelerState };
  labeler: LabelerState;
  cameras: { cameras: string[] };
  state: State;
  link: Link;
  event: StationEvent;
  jobs: { jobs: Job[] };
  takes: object;
  policy: PolicyMessage;
  attention: { maps: Record<string, AttentionMap>; thought_ms?: number };
  label_progress: LabelProgress;
  label_changed: { take: string; revision: number };
  up: boolean;
  frame: ArrayBuffer;
}

/** A row of the list of takes. */
export interface TakeRow {
  id: string;
  number: number;
  task: string;
  instruction: string;
  operator: string;
  created: string;
  duration_s: number;
  dropped: number;
  interrupted: string;
  damaged: string;
  success: boolean | null;
  review: string;
  simulated: boolean;
  cameras: string[];
  masks: number;
  labelled: number;
  confidence: number | null;
  targets: string[];
  deleted: boolean;
}

/** What is needed to play a take: for each tick, which frame of each camera. */
export interface TakeDetail {
  id: string;
  rate_hz: number;
  ticks: number;
  cameras: Record<string, { width: number; height: number }>;
  frame_index: Record<string, number[]>;
  gripper_width_m: number[];
}

export interface Task {
  name: string;
  label: string;
  verb?: string;
  split?: string;
  instruction?: string;
}

/** COCO's run lengths. */
export interface Rle {
  height: number;
  width: number;
  counts: string;
}

export interface Mask {
  camera: string;
  frame: number;
  object: string;
  rle: Rle;
  source: string;
  confidence: number;
  locked: boolean;
}

export interface Prompt {
  camera: string;
  frame: number;
  object: string;
  kind: string;
  values: number[];
  positive: boolean;
}

export interface ObjectLabel {
  name: string;
  target: boolean;
}

/** What is said about a take. */
export interface LabelFields {
  revision: number;
  instruction: string;
  paraphrases: string[];
  objects: ObjectLabel[];
  prompts: Prompt[];
  success: boolean | null;
  review: string;
  can_undo: boolean;
  can_redo: boolean;
  propagating: boolean;
}

/** What a change made different. */
export interface LabelPatch extends Partial<LabelFields> {
  masks?: Mask[];
  removed?: [string, number, string][];
  segmenter_ms?: number;
}

export interface LabelProgress {
  take: string;
  state: string;
  progress?: number;
  message?: string;
  patch?: LabelPatch;
}

export interface Job {
  id: string;
  kind: string;
  title: string;
  created: number;
  state: string;
  stage: string;
  message: string;
  progress: number;
  eta_s: number | null;
  result: { takes?: number; left_out?: Record<string, string> };
}

export type Metrics = Record<string, unknown>;

export interface Trial {
  seed: number;
  instruction: string;
  success: boolean;
  reason?: string;
}

export interface JobDetail extends Job {
  config: { verb?: string; split?: string };
  metrics: Metrics[];
  pictures: { name: string; changed: number }[];
}

export interface Base {
  name: string;
  label: string;
  family: string;
  trains: string;
  disk: string;
  presets: Record<string, [string, string]>;
}

export interface Adapter {
  id: string;
  name: string;
  base: string;
  takes: string[];
  created: number;
  preset: string;
  evaluation: { before: number | null; after: number; rollouts: number } | null;
}

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
  properties?: Record<string, Schema>;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
}

/** A driver that can be chosen; ``error``: why it cannot be loaded here. */
export interface Driver {
  name: string;
  text: string;
  schema: Schema;
  error: string;
}

export type DeviceKind = "robot" | "camera" | "input";

/** One device of a station; the numbers are a camera's. */
export interface Device {
  driver: string;
  process?: string;
  settings: Record<string, Json>;
  width?: number;
  height?: number;
  fps?: number;
  depth?: boolean;
}

/** What every action is held to: metres, radians, seconds. */
export interface Limits {
  workspace_low_m: number[];
  workspace_high_m: number[];
  speed_m_s: number;
  rotation_speed_rad_s: number;
  tilt_rad: number;
  joint_margin_rad: number;
}

export interface StationSettings {
  control_rate_hz: number;
  robot: Device;
  cameras: Record<string, Device>;
  inputs: Record<string, Device>;
  limits: Limits;
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
  file: string;
  saved: boolean;
  presets: Record<string, StationSettings>;
  drivers: { robots: Driver[]; cameras: Driver[]; inputs: Driver[] };
  devices: DeviceStatus[];
  restart_needed: boolean;
}
