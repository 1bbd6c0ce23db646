// What the command puts into the page.
import type { CheckData } from "./check";
import type { Probability } from "./format";
import type { MatrixData } from "./matrix";
import type { SweepData } from "./sweep";
import type { TuneData } from "./tune";

export interface Lane {
  kind: "client" | "redis" | "primary" | "replica" | "queue" | "consumer";
  name: string;
}
export interface Contents {
  key: string;
  redis: string;
  primary: string;
  replicas: string[];
  queue: string;
  differs: boolean;
}
export interface Moment {
  at: number;
  lane: number;
  actor: number;
  words: string;
  decides: boolean;
  contents: Contents[];
}
export interface Passage {
  from: number;
  to: number | null;
  toward: number;
  reply: boolean;
}
export interface Stretch {
  from: number;
  to: number;
  operation: boolean;
  ends: boolean;
}
export interface Picture {
  strategy: string;
  properties: string[];
  heading: string;
  repeat: string;
  timed: boolean;
  cause: string;
  reason: string;
  left_out: number;
  lanes: Lane[];
  moments: Moment[];
  passages: Passage[];
  stretches: Stretch[];
}

export interface Undrawn {
  strategy: string;
  heading: string;
  why: string;
  repeat: string;
}

export interface Quantiles {
  count: number;
  mean_ns: number | null;
  p50_ns: number | null;
  p90_ns?: number | null;
  p99_ns: number | null;
  p999_ns?: number | null;
  max_ns: number | null;
}
export interface Windows {
  count: number;
  runs: number;
  total_ns: number;
  p50_ns: number | null;
  p99_ns: number | null;
  max_ns: number | null;
  open_at_end: number;
}
export interface Expectation {
  figure: string;
  observed: number | boolean | null;
  verdict: string;
  [bound: string]: unknown;
}
export interface RunStrategy {
  strategy: string;
  parameters: Record<string, unknown>;
  runs: number;
  incomplete: { runs: number };
  linearizability: { violating_runs: number; probability: Probability };
  stuck: { runs: number; probability: Probability; permanent_runs: number; heals_after: Quantiles };
  reads: { total: number; stale: number; stale_share: Probability };
  staleness: Quantiles;
  outdatedness: Quantiles;
  windows: { state: Windows; visible: Windows; post_ack: Windows; by_cause: Record<string, number> };
  latency: { read: Quantiles; write: Quantiles };
  cache: { hit_ratio: number | null };
  first_violation: { run: number; kind: string; replay: string } | null;
  expectations: Expectation[];
}
export interface RunDocument {
  cacherace: string;
  command: "run";
  scenario: string;
  seed: number;
  runs: number;
  complete: boolean;
  strategies: RunStrategy[];
  verdict: string;
}
export interface ExploreStrategy {
  strategy: string;
  parameters: Record<string, unknown>;
  mode: string;
  complete: boolean;
  states: number | null;
  outcomes: number | null;
  reachable: Record<string, boolean>;
  witnesses: Record<string, { steps: unknown[] }>;
  expectations: Expectation[];
}
export interface ExploreDocument {
  cacherace: string;
  command: "explore";
  scenario: string;
  complete: boolean;
  strategies: ExploreStrategy[];
  verdict: string;
}
export type Data =
  | {
      command: "run";
      document: RunDocument;
      advice: string;
      next: string;
      undrawn: Undrawn[];
      pictures: Picture[];
    }
  | { command: "explore"; document: ExploreDocument; pictures: Picture[] }
  | TuneData
  | MatrixData
  | SweepData
  | CheckData;
