// Jobs, bases and adapters, as the server's models have them.

export interface Job {
  id: string;
  kind: string;
  title: string;
  created: number;
  asked: Asked;
  state: string;
  stopping: boolean;
  started: number | null;
  stage: string;
  message: string;
  progress: number;
  eta_s: number | null;
  result: {
    adapter?: string;
    stopped?: boolean;
    takes?: number;
    left_out?: Record<string, string>;
    folder?: string;
    episodes?: number;
    bytes?: number;
    bytes_before?: number;
    bytes_after?: number;
    frames?: number;
    masks?: number;
    incomplete?: number;
    format?: string;
    there?: number;
    pictures?: number;
    success?: number;
    rollouts?: number;
  };
}

/** What a job was asked for, as far as pages want to know. */
export interface Asked {
  adapter?: string;
  base?: string;
  name?: string;
  verb?: string;
  split?: string;
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
  loading_s: number | null;
  layout_s: number | null;
}

export interface Scores {
  before: number | null;
  after: number;
  replay: number | null;
  rollouts: number;
  verb: string;
  split: string;
  created: number | null;
}

/** What a policy makes of recorded ticks; null where there is nothing to measure it on. */
export interface OfflineMetrics {
  retrieval: number | null;
  pointing: number | null;
  pointing_untold?: number | null;
  seen_in_dark?: number | null;
  absence: number | null;
  iou: number | null;
  action_error_mm: number | null;
  still_error_mm: number | null;
}

/** A job's figures after a stage. */
export interface OfflineRow extends OfflineMetrics {
  stage: string;
  held_out: boolean;
  takes: number;
}

/** Of base and adapter, on the same ticks. */
export interface Offline {
  held_out: boolean;
  takes: string[];
  ticks: number;
  names: number;
  before: OfflineMetrics;
  after: OfflineMetrics;
}

export interface Adapter {
  id: string;
  name: string;
  base: string;
  takes: string[];
  created: number;
  preset: string;
  stopped: string;
  offline: Offline | null;
  evaluation: Scores | null;
  earlier: Scores[];
}

/** An adapter whose card cannot be read. */
export interface DamagedAdapter {
  id: string;
  reason: string;
}
