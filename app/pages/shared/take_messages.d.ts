// Takes and their labels, as the server's models have them.

/** A row of the list of takes. */
export interface TakeRow {
  id: string;
  number: number;
  pictures: boolean;
  task: string;
  instruction: string;
  operator: string;
  taught_by: string;
  replay_of: string;
  source: string;
  assumed: string[];
  created: string;
  duration_s: number;
  dropped: number;
  interrupted: string;
  damaged: string;
  success: boolean | null;
  /** It failed, and did a part of its task. */
  partly: boolean;
  review: string;
  reviewed_by: string;
  reviewed: string;
  comment: string;
  simulated: boolean;
  cameras: string[];
  masks: number;
  labelled: number;
  confidence: number | null;
  targets: string[];
  subtasks: string[];
  deleted: boolean;
  trimmed: boolean;
  tags: string[];
  note: string;
  findings: string[];
}

/** One edit of several takes; of what is not given, everything stays. */
export interface BulkEdit {
  success?: boolean | null;
  instruction?: string | null;
  tags?: string[];
  add_tag?: string;
  note?: string;
  deleted?: boolean;
}

/** The path of a hand through a take; millimetres in the base frame. */
export interface HandPath {
  points_mm: number[][];
  closed_mm: number[] | null;
}

/** What is needed to play a take: for each tick, which frame of each camera. */
export interface TakeDetail {
  id: string;
  rate_hz: number;
  ticks: number;
  cameras: Record<string, { width: number; height: number }>;
  frame_index: Record<string, number[]>;
  cuts: number[];
  gripper_width_m: number[] | null;
  gripper_opening_m: number | null;
  speed_m_s: number[];
  decided_by: number[];
  rest_start_s: number;
  rest_end_s: number;
}

/** Where the arm is seen by one camera, from where its calibration puts it. */
export interface CameraStanding {
  camera: string;
  right_px: number;
  down_px: number;
  moved: boolean;
  words: string;
}

/** How near a take came to the one that it went along. */
export interface ReplayCheck {
  of: string;
  position_mm: number;
  rotation_deg: number;
  near: boolean;
}

export interface Task {
  name: string;
  label: string;
  verb?: string;
  split?: string;
  instruction?: string;
  goal?: number;
  between?: string;
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
  /** What found it, and by which words, where somebody took what was found. */
  origin: { finder: string; words: string } | null;
}

export interface Prompt {
  camera: string;
  frame: number;
  object: string;
  kind: string;
  values: number[];
  positive: boolean;
}

/** What a lone click may mean, the surest mask first. */
export interface Choice {
  camera: string;
  frame: number;
  object: string;
  chosen: number;
  masks: Rle[];
}

export interface ObjectLabel {
  name: string;
  target: boolean;
  /** What else it is called. */
  synonyms: string[];
}

/** A part of a take with a sub-task of its own: ticks, the end not included. */
export interface Part {
  start: number;
  end: number;
  text: string;
}

/** One step of the review of a take, with what was said then. */
export interface Comment {
  author: string;
  time: string;
  review: string;
  text: string;
}

/** What is said about a take. */
export interface LabelFields {
  revision: number;
  instruction: string;
  paraphrases: string[];
  objects: ObjectLabel[];
  prompts: Prompt[];
  segments: Part[];
  success: boolean | null;
  partly: boolean;
  review: string;
  comments: Comment[];
  can_undo: boolean;
  can_redo: boolean;
  propagating: boolean;
  /** Camera, frame and object of masks that others will follow. */
  provisional: [string, number, string][];
}

/** What a change made different from an earlier revision. */
export interface LabelPatch extends Partial<LabelFields> {
  base_revision?: number;
  masks?: Mask[];
  removed?: [string, number, string][];
  segmenter_ms?: number;
  choice?: Choice | null;
  suggestions?: Suggestion[];
  finding?: Finding | null;
}

/** What was found of an object in one frame, the surest mask first, and by which words. */
export interface Finding {
  /** How a request names it that takes one of its masks. */
  known_by: string;
  camera: string;
  frame: number;
  object: string;
  finder: string;
  words: string;
  found: { rle: Rle; score: number }[];
}

/** A click that nobody made yet; without one, the object is not to be seen there. */
export interface Suggestion {
  camera: string;
  frame: number;
  object: string;
  source: string;
  why: string;
  click: { x: number; y: number; positive: boolean } | null;
}

export interface LabelProgress {
  take: string;
  author?: string;
  state: string;
  progress?: number;
  message?: string;
  patch?: LabelPatch;
}

/** Wordings that nobody took yet, or how far the search for them is. */
export interface Proposed {
  take: string;
  window: string;
  source: string;
  state: "running" | "done" | "failed";
  progress: number | null;
  proposals: string[];
  message: string;
}

/** Somebody who is at a take, in which windows, and since how many seconds. */
export interface Person {
  take: string;
  author: string;
  windows: string[];
  since_s: number;
}

/** Words of some takes that do not go together, and what puts them right. */
export interface Finding {
  text: string;
  takes: string[];
  remedy: object | null;
  does: string;
}

/** Revisions that were made, by take, and why others were not. */
export interface WordChanges {
  revisions: Record<string, number>;
  refused: Record<string, string>;
}

/** What the history of a take's labels tells of the work on them. */
export interface LabelStatistics {
  work: { author: string; seconds: number; changes: number }[];
  agreement: number | null;
  compared: number;
}
