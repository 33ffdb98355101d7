// What the server says and is told, as its own models have it.

import type { Job } from "./job_messages";
import type { Embodiment } from "./setup_messages";
import type { Choice, LabelProgress, Person, Proposed } from "./take_messages";

export type * from "./job_messages";
export type * from "./setup_messages";
export type * from "./take_messages";
export type * from "./trial_messages";

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
  age_ms: number;
  gripper_width_m: number | null;
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
  /** Of recording, until that is full. */
  disk_minutes: number | null;
  /** The step that late ticks waited for; empty where none was late. */
  late_by: string;
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

/** An input of the station: what its driver is told, and what its hand asks for now. */
export interface InputStatus {
  name: string;
  driver: string;
  settings: Record<string, unknown>;
  problem: string;
  asks: number[] | null;
  gripper: number | null;
}

/** The take that is being recorded or reviewed. */
export interface RunningTake {
  id: string;
  seconds: number;
  saved: boolean;
  success: boolean | null;
  partly: boolean;
  silent_s: Record<string, number>;
}

/** The station's state, at every tick. */
export interface State {
  source: string;
  desk: boolean;
  control_rate_hz: number;
  limits: Record<string, Record<string, number | number[]>>;
  embodiment: Embodiment;
  cameras: Camera[];
  agents: string[];
  inputs: InputStatus[];
  ready: boolean;
  phase: Phase;
  armed: boolean;
  resting: boolean;
  countdown_s: number;
  waits_for: "" | "home" | "scene";
  agent: string;
  decided_by: string;
  replaying: string | null;
  take: RunningTake | null;
  kept: { id: string; success: boolean | null; partly: boolean }[];
  /** Of what is practised, that can still be kept. */
  remembered_s: number;
  undoable: string[];
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

export interface MethodChoice {
  name: string;
  needs: string;
  costs: string;
  several: boolean;
}

/** Whether the labeler runs, what it said where it does not, and which methods it offers. */
export interface LabelerState {
  running: boolean;
  message: string;
  segmenters: MethodChoice[];
  segmenter: string;
  propagators: MethodChoice[];
  propagator: string;
  finders: MethodChoice[];
  finder: string;
  paraphrasers: MethodChoice[];
  paraphraser: string;
}

/** Everything that comes over the socket, by its type. */
export interface Messages {
  hello: { window: string; may: string[]; cameras: string[]; link: Link; labeler: LabelerState };
  labeler: LabelerState;
  cameras: { cameras: string[] };
  state: State;
  link: Link;
  event: StationEvent;
  jobs: { jobs: Job[] };
  takes: object;
  trials: object;
  policy: PolicyMessage;
  attention: { maps: Record<string, AttentionMap>; thought_ms?: number; exchanged?: string };
  label_progress: LabelProgress;
  label_changed: { take: string; revision: number; choice?: Choice | null };
  label_proposals: Proposed;
  label_presence: { people: Person[] };
  up: boolean;
  frame: ArrayBuffer;
}
