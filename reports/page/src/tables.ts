// What a result says of each strategy.
import type { ExploreDocument, ExploreStrategy, RunDocument, RunStrategy } from "./data";
import { h, named, type Child } from "./dom";
import { count, duration, estimated, percent, spaced, type Probability } from "./format";

export function nameOf(
  strategy: { strategy: string; parameters: Record<string, unknown> },
  all: { strategy: string }[],
): string {
  if (all.filter((other) => other.strategy === strategy.strategy).length < 2) return strategy.strategy;
  const values = Object.entries(strategy.parameters).map(([name, value]) =>
    name.endsWith("_ns") && typeof value === "number"
      ? `${name.slice(0, -3)} ${duration(value)}`
      : `${name} ${String(value)}`,
  );
  return values.length > 0 ? `${strategy.strategy} (${values.join(", ")})` : strategy.strategy;
}

function table(label: string, columns: [string, string][], rows: Child[][]): HTMLElement {
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": label },
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          ...columns.map(([name, about]) =>
            h("th", { scope: "col" }, name, about ? h("small", {}, about) : null),
          ),
        ),
      ),
      h("tbody", {}, ...rows.map((cells) => h("tr", {}, ...cells))),
    ),
  );
}

function share(p: Probability, bad: string): HTMLElement {
  const { value, interval } = estimated(p);
  const width = p.high === null ? 0 : 100 * p.high;
  const low = p.low === null ? 0 : 100 * p.low;
  return h(
    "td",
    { class: `number ${p.estimate === null ? "" : p.estimate > 0 ? bad : "good"}` },
    h("b", {}, value),
    h("small", {}, interval),
    h(
      "span",
      { class: "bar", "aria-hidden": "true" },
      h("span", { class: "likely", style: `width:${((p.estimate ?? 0) * 100).toFixed(3)}%` }),
      h("span", {
        class: "between",
        style: `left:${low.toFixed(3)}%;width:${Math.max(0, width - low).toFixed(3)}%`,
      }),
    ),
  );
}

function longest(strategy: RunStrategy): string {
  if (strategy.stuck.permanent_runs > 0) return "never ends";
  if (strategy.windows.state.open_at_end > 0) return "until the TTL";
  return duration(strategy.windows.state.max_ns);
}

function causes(strategy: RunStrategy): string {
  const all = Object.entries(strategy.windows.by_cause)
    .filter(([, times]) => times > 0)
    .sort((a, b) => b[1] - a[1]);
  const sum = all.reduce((total, [, times]) => total + times, 0);
  return (
    all
      .slice(0, 3)
      .map(([cause, times]) => `${spaced(cause)} ${percent(times / sum)}`)
      .join(", ") || "–"
  );
}

export function runTable(document: RunDocument): HTMLElement {
  const number = (text: string) => h("td", { class: "number" }, text);
  return table(
    "Comparison of the strategies",
    [
      ["strategy", ""],
      ["stuck", "runs that end with a wrong cache"],
      ["stale", "reads older than a finished write"],
      ["not linearizable", "runs"],
      ["wrong for", "median"],
      ["wrong at most", "longest"],
      ["write", "99 %"],
      ["read", "99 %"],
      ["hits", "of reads"],
      ["why the cache was wrong", "of all windows"],
    ],
    document.strategies.map((strategy) => [
      h(
        "th",
        { scope: "row" },
        named(nameOf(strategy, document.strategies), 60),
        strategy.incomplete.runs > 0
          ? h("small", { class: "bad" }, `${count(strategy.incomplete.runs)} runs met a limit`)
          : null,
      ),
      share(strategy.stuck.probability, "bad"),
      share(strategy.reads.stale_share, "unsure"),
      share(strategy.linearizability.probability, "bad"),
      number(duration(strategy.windows.state.p50_ns)),
      number(longest(strategy)),
      number(duration(strategy.latency.write.p99_ns)),
      number(duration(strategy.latency.read.p99_ns)),
      number(percent(strategy.cache.hit_ratio)),
      h("td", { class: "causes" }, causes(strategy)),
    ]),
  );
}

const properties = [
  "stuck",
  "stale_read",
  "inversion",
  "nonlinearizable",
  "dirty_read",
  "cache_ahead",
  "lost_write",
  "deadlock",
];

function reach(strategy: ExploreStrategy, property: string): HTMLElement {
  const witness = strategy.witnesses[property];
  if (witness) {
    return h(
      "td",
      { class: "number bad" },
      h("b", {}, `${witness.steps.length} step${witness.steps.length === 1 ? "" : "s"}`),
    );
  }
  return strategy.complete
    ? h("td", { class: "number good" }, "never")
    : h("td", { class: "number unsure" }, "not seen");
}

export function exploreTable(document: ExploreDocument): HTMLElement {
  return table(
    "How each strategy can go wrong",
    [
      ["strategy", ""],
      ...properties.map((name): [string, string] => [spaced(name), ""]),
      ["states", ""],
      ["outcomes", ""],
    ],
    document.strategies.map((strategy) => [
      h(
        "th",
        { scope: "row" },
        named(nameOf(strategy, document.strategies), 60),
        strategy.complete ? null : h("small", {}, "not every order was seen"),
      ),
      ...properties.map((property) => reach(strategy, property)),
      h("td", { class: "number" }, strategy.states === null ? "–" : count(strategy.states)),
      h("td", { class: "number" }, strategy.outcomes === null ? "–" : count(strategy.outcomes)),
    ]),
  );
}
