// Jobs, bases and adapters, as the server's models have them.

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
