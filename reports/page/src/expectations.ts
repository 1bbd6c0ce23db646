// The verdict, and each expectation with what was observed.
import type { Expectation } from "./data";
import { h, named } from "./dom";
import { count, duration, percent, spaced } from "./format";

const bounds: [string, string][] = [
  ["equals", "exactly"],
  ["at_most", "at most"],
  ["at_least", "at least"],
];

// A value as its figure has it: durations and probabilities in words.
function figure(expectation: Expectation, value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value !== "number") return String(value);
  if (expectation.figure.endsWith("_ns")) return duration(value);
  return /probability|share|ratio/.test(expectation.figure) ? percent(value) : count(value);
}

function bound(expectation: Expectation): string {
  for (const [name, words] of bounds) {
    if (expectation[name] !== undefined) return `${words} ${figure(expectation, expectation[name])}`;
  }
  return "";
}

interface Row {
  strategy: string;
  expectation: Expectation;
}

const kinds: Record<string, string> = { held: "good", failed: "bad" };

function table(rows: Row[]): HTMLElement {
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": "Expectations" },
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          ...["verdict", "strategy", "figure", "expected", "observed"].map((name) =>
            h("th", { scope: "col" }, name),
          ),
        ),
      ),
      h(
        "tbody",
        {},
        ...rows.map(({ strategy, expectation }) =>
          h(
            "tr",
            {},
            h("td", { class: `word ${kinds[expectation.verdict] ?? "unsure"}` }, spaced(expectation.verdict)),
            h("td", {}, named(strategy, 60)),
            h("td", {}, expectation.figure),
            h("td", {}, bound(expectation)),
            h("td", {}, figure(expectation, expectation.observed)),
          ),
        ),
      ),
    ),
  );
}

// Those that do not hold first; those that hold, where they are many, on demand.
export function verdict(
  word: string,
  complete: boolean,
  all: { strategy: string; expectations: Expectation[] }[],
): HTMLElement {
  const rows = all.flatMap(({ strategy, expectations }) =>
    expectations.map((expectation): Row => ({ strategy, expectation })),
  );
  const here = rows.filter((row) => row.expectation.verdict !== "not evaluated");
  const held = here.filter((row) => row.expectation.verdict === "held");
  const others = here.filter((row) => row.expectation.verdict !== "held");
  const elsewhere = rows.length - here.length;
  const kind = here.length === 0 ? "" : word === "held" ? "good" : word === "failed" ? "bad" : "unsure";
  const words =
    here.length === 0 ? "No expectation was checked" : `${held.length} of ${here.length} expectations hold`;
  const few = held.length <= 6;
  const first = few ? [...others, ...held] : others;
  return h(
    "section",
    { "aria-labelledby": "verdict" },
    h("h2", { id: "verdict", class: `verdict ${kind}` }, words),
    complete ? null : h("p", { class: "bad" }, "Not complete: a limit or an interruption came first."),
    first.length > 0 ? table(first) : null,
    few ? null : h("details", {}, h("summary", {}, `The ${held.length} that hold`), table(held)),
    elsewhere > 0
      ? h("p", { class: "muted" }, `${elsewhere} more ${elsewhere === 1 ? "is" : "are"} for other commands.`)
      : null,
  );
}
