// Studies of policies, as the server's models have them.

export interface StudySummary {
  id: string;
  name: string;
  created: number;
  planned: number;
  judged: number;
  paused: boolean;
}

/** One policy's attempts that count; shares and scores are 0 … 1. */
export interface Rate {
  policy: number;
  attempts: number;
  successes: number;
  success: number | null;
  low: number;
  high: number;
  score: number | null;
  score_low: number;
  score_high: number;
}

/** Two policies on the same scenes. */
export interface Pair {
  first: number;
  second: number;
  pairs: number;
  only_first: number;
  only_second: number;
  p: number;
  difference: number | null;
  difference_low: number;
  difference_high: number;
}

export interface StartScene {
  name: string;
  instruction: string;
  seed: number | null;
  picture: string;
}

export interface Attempt {
  scene: number;
  round: number;
  policy: number;
  take: string;
  score: number | null;
  success: boolean | null;
  steps: boolean[];
  void: string;
}

export interface Study extends StudySummary {
  compared: string[];
  revealed: boolean;
  early: { at: number; judged: number } | null;
  policies: { letter: string; name: string }[];
  scenes: StartScene[];
  steps: string[];
  attempts: Attempt[];
  waiting: number | null;
  due: { slot: number; scene: number; policy: number } | null;
  results: { rates: Rate[]; pairs: Pair[] };
}
