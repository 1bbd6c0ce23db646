// Quantiles of several strategies on one logarithmic line of time.
import type { Quantiles } from "./data";
import { clipped, h, named, s } from "./dom";
import { count, duration } from "./format";

export interface Row {
  name: string;
  of: Partial<Quantiles> & { count: number };
  remark?: string;
}

const marks: [keyof Quantiles, string][] = [
  ["p50_ns", "median"],
  ["p90_ns", "90 %"],
  ["p99_ns", "99 %"],
  ["p999_ns", "99.9 %"],
  ["max_ns", "longest"],
];

// Round durations between two powers of ten: few enough to stand side by side in a narrow window.
function ticksBetween(low: number, high: number): number[] {
  const steps = high - low > 1.6 ? [1] : high - low > 0.7 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 8];
  const all: number[] = [];
  for (let decade = Math.floor(low); decade <= high; ++decade) {
    for (const step of steps) {
      const at = Math.log10(step) + decade;
      if (at >= low && at <= high) all.push(step * 10 ** decade);
    }
  }
  const every = Math.ceil(all.length / 5);
  return all.filter((_, i) => i % every === 0);
}

export function quantiles(title: string, about: string, rows: Row[]): HTMLElement | null {
  const measured = rows.filter((row) => row.of.max_ns !== null && row.of.max_ns !== undefined);
  if (measured.length === 0) return null;
  const values = measured
    .flatMap((row) => marks.flatMap(([name]) => row.of[name] ?? []))
    .map((ns) => Math.max(1, ns));
  const low = Math.log10(Math.min(...values)) - 0.05;
  const high = Math.max(low + 0.4, Math.log10(Math.max(...values)) + 0.05);
  const place = (ns: number) => 4 + (92 * (Math.log10(Math.max(1, ns)) - low)) / (high - low);
  const ticks = ticksBetween(low, high);
  const used = marks.filter(([name]) =>
    measured.some((row) => row.of[name] !== null && row.of[name] !== undefined),
  );
  const line = (row: Row) => {
    const known = used.flatMap(([name]) =>
      row.of[name] === null || row.of[name] === undefined ? [] : [{ name, ns: row.of[name]! }],
    );
    const svg = s("svg", { class: "quantile", width: "100%", height: 26, "aria-hidden": "true" });
    for (const tick of ticks) {
      const x = `${place(tick)}%`;
      svg.append(s("line", { class: "grid", x1: x, x2: x, y1: 0, y2: 26 }));
    }
    if (known.length > 0) {
      svg.append(
        s("line", {
          class: "range",
          x1: `${place(known[0]!.ns)}%`,
          x2: `${place(known.at(-1)!.ns)}%`,
          y1: 13,
          y2: 13,
        }),
      );
    }
    known.forEach(({ name, ns }) =>
      svg.append(
        s("circle", { class: `q ${name}`, cx: `${place(ns)}%`, cy: 13, r: name === "p50_ns" ? 6 : 4.5 }),
      ),
    );
    return svg;
  };
  const axis = s("svg", { class: "quantile", width: "100%", height: 20, "aria-hidden": "true" });
  for (const tick of ticks) {
    axis.append(s("text", { x: `${place(tick)}%`, y: 14, "text-anchor": "middle" }, duration(tick)));
  }
  const cell = (row: Row, name: keyof Quantiles) =>
    h("td", { class: "number" }, duration(row.of[name] as number | null));
  return h(
    "section",
    { class: "plot" },
    h("h3", {}, title),
    h("p", { class: "muted" }, about),
    h(
      "div",
      { class: "quantiles" },
      ...rows.flatMap((row) => [
        h("div", { class: "who" }, named(row.name, 40)),
        row.of.max_ns === null || row.of.max_ns === undefined
          ? h("div", { class: "none muted" }, row.remark ?? "none")
          : h("div", {}, line(row)),
      ]),
      h("div", {}),
      h("div", {}, axis),
    ),
    h(
      "ul",
      { class: "legend" },
      ...used.map(([name, text]) =>
        h("li", {}, h("span", { class: `key q ${name}`, "aria-hidden": "true" }), text),
      ),
    ),
    h(
      "details",
      {},
      h("summary", {}, "As a table"),
      h(
        "div",
        { class: "scroll", tabindex: 0, role: "region", "aria-label": clipped(title, 80) },
        h(
          "table",
          {},
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              h("th", { scope: "col" }, "strategy"),
              h("th", { scope: "col" }, "how many"),
              ...used.map(([, text]) => h("th", { scope: "col" }, text)),
            ),
          ),
          h(
            "tbody",
            {},
            ...rows.map((row) =>
              h(
                "tr",
                {},
                h("th", { scope: "row" }, named(row.name, 40)),
                h("td", { class: "number" }, count(row.of.count)),
                ...used.map(([name]) => cell(row, name)),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}
