// The answer of `tune`: its points with a slider over them, and what the value has to cover.
import type { Expectation, Picture } from "./data";
import { h, named, s, type Child } from "./dom";
import { duration, percent, risk, unrounded, type Probability } from "./format";
import { curve } from "./plot";

export interface TunePoint {
  value_ns: number;
  safe?: boolean;
  risk?: Probability;
  latency?: { write: { p50_ns: number | null; p99_ns: number | null } } | null;
  state_time_share?: number | null;
}
interface Term {
  leg: string;
  bound?: string;
  ns?: number;
  median_ns?: number;
}
export interface TuneDocument {
  cacherace: string;
  command: "tune";
  scenario: string;
  complete: boolean;
  strategy: string;
  parameter: string;
  method: string;
  property: string;
  risk?: number;
  range: { from_ns: number; to_ns: number };
  safe_ns: number | null;
  unsafe_ns: number | null;
  unsafe_intervals: { from_ns: number; to_ns: number }[];
  covers: Term[] | { runs: number; terms: Term[] };
  points: TunePoint[];
  expectations: Expectation[];
  verdict: string;
}
export interface TuneData {
  command: "tune";
  document: TuneDocument;
  answer: string[];
  pictures: Picture[];
}

function isSafe(document: TuneDocument, point: TunePoint): boolean | null {
  if (point.safe !== undefined) return point.safe;
  if (point.risk === undefined || document.risk === undefined) return null;
  if (point.risk.high !== null && point.risk.high <= document.risk) return true;
  return point.risk.low !== null && point.risk.low > document.risk ? false : null;
}

function verdictOf(safe: boolean | null): { words: string; kind: string } {
  if (safe === null) return { words: "not decided", kind: "unsure" };
  return safe ? { words: "safe", kind: "good" } : { words: "unsafe", kind: "bad" };
}

// One line from 0 on: red where an order violates the property, green where none can.
function line(document: TuneDocument): { picture: HTMLElement; show: (ns: number) => void } {
  const edge = document.unsafe_ns;
  const most = edge === null ? document.range.to_ns : Math.min(document.range.to_ns, Math.max(1, 1.6 * edge));
  const least = document.range.from_ns;
  const place = (ns: number) =>
    2 + (96 * (Math.min(most, Math.max(least, ns)) - least)) / Math.max(1, most - least);
  const svg = s(
    "svg",
    { class: "tune-line", width: "100%", height: 78, "aria-hidden": "true" },
    s("rect", {
      class: "safe",
      x: `${place(least)}%`,
      y: 24,
      width: `${place(most) - place(least)}%`,
      height: 26,
      rx: 5,
    }),
  );
  for (const each of document.unsafe_intervals) {
    svg.append(
      s("rect", {
        class: "unsafe",
        x: `${place(each.from_ns)}%`,
        y: 24,
        rx: 5,
        height: 26,
        width: `${Math.max(0.4, place(each.to_ns) - place(each.from_ns))}%`,
      }),
    );
  }
  const text = (ns: number, words: string, anchor: string, y: number) =>
    svg.append(s("text", { x: `${place(ns)}%`, y, "text-anchor": anchor }, words));
  text(least, duration(least), "start", 70);
  text(most, duration(most), "end", 70);
  if (edge !== null && edge > least && edge < most) text(edge, duration(edge), "middle", 70);
  const needle = s("g", { class: "needle" }, s("line", { y1: 12, y2: 56 }), s("circle", { cy: 12, r: 6 }));
  svg.append(needle);
  const show = (ns: number) => {
    const x = `${place(ns)}%`;
    needle.firstElementChild?.setAttribute("x1", x);
    needle.firstElementChild?.setAttribute("x2", x);
    needle.lastElementChild?.setAttribute("cx", x);
  };
  return {
    picture: h(
      "div",
      {},
      svg,
      h(
        "ul",
        { class: "legend" },
        document.unsafe_intervals.length > 0
          ? h("li", {}, h("span", { class: "key unsafe", "aria-hidden": "true" }), "an order goes wrong")
          : null,
        h("li", {}, h("span", { class: "key safe", "aria-hidden": "true" }), "proved safe"),
      ),
    ),
    show,
  };
}

export function tunePoints(document: TuneDocument): Child[] {
  const { points } = document;
  if (points.length === 0) return [];
  const sampled = points.some((point) => point.risk !== undefined);
  const plot = sampled ? curve(document.parameter, points, document.risk ?? null) : line(document);
  const first = Math.max(
    0,
    points.findIndex((point) => isSafe(document, point)),
  );
  const slider = h("input", {
    type: "range",
    id: "points",
    min: 0,
    max: points.length - 1,
    step: 1,
    value: first,
    "aria-describedby": "point",
  });
  const now = h("dl", { class: "cards point", id: "point" });
  const card = (kind: string, name: string, value: string, more = "") =>
    h(
      "div",
      { class: `card ${kind}` },
      h("dt", {}, name),
      h("dd", {}, value),
      more ? h("dd", { class: "more" }, more) : null,
    );
  const show = () => {
    const point = points[Number(slider.value)]!;
    const { words, kind } = verdictOf(isSafe(document, point));
    slider.setAttribute("aria-valuetext", `${document.parameter} ${unrounded(point.value_ns)}: ${words}`);
    const bounds = point.risk === undefined ? null : risk(point.risk);
    now.replaceChildren(
      card(
        "",
        document.parameter,
        unrounded(point.value_ns),
        point.value_ns % 1000 !== 0 && point.value_ns > 1000
          ? `${point.value_ns.toLocaleString("en-US")} ns`
          : "",
      ),
      card(kind, "it is", words),
      ...(bounds
        ? [card(kind, `risk: ${document.property.replaceAll("_", " ")}`, bounds.value, bounds.interval)]
        : []),
      ...(point.latency
        ? [card("", "a write takes", duration(point.latency.write.p99_ns), "or less in 99 of 100")]
        : []),
      ...(point.state_time_share === null || point.state_time_share === undefined
        ? []
        : [card("", "time the cache is wrong", percent(point.state_time_share))]),
    );
    plot.show(point.value_ns);
  };
  slider.addEventListener("input", show);
  show();
  return [
    plot.picture,
    h(
      "p",
      { class: "slide" },
      h(
        "label",
        { for: "points" },
        points.length === 1
          ? `The value of ${document.parameter} that was computed`
          : `Move over the ${points.length} values of ${document.parameter} that were computed`,
      ),
      slider,
    ),
    now,
    pointsTable(document, sampled),
  ];
}

function pointsTable(document: TuneDocument, sampled: boolean): HTMLElement {
  const columns = [
    document.parameter,
    "it is",
    ...(sampled ? ["risk", "between", "write, 99 %", "time wrong"] : []),
  ];
  return h(
    "details",
    {},
    h("summary", {}, "As a table"),
    h(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "Points" },
      h(
        "table",
        {},
        h("thead", {}, h("tr", {}, ...columns.map((name) => h("th", { scope: "col" }, name)))),
        h(
          "tbody",
          {},
          ...document.points.map((point) => {
            const { words, kind } = verdictOf(isSafe(document, point));
            const bounds = point.risk === undefined ? null : risk(point.risk);
            return h(
              "tr",
              {},
              h("th", { scope: "row" }, unrounded(point.value_ns)),
              h("td", { class: kind }, words),
              ...(bounds
                ? [
                    bounds.value,
                    bounds.interval,
                    duration(point.latency?.write.p99_ns),
                    percent(point.state_time_share),
                  ].map((text) => h("td", { class: "number" }, text))
                : []),
            );
          }),
        ),
      ),
    ),
  );
}

// What adds up to the value, each term where the one before it ends.
export function tuneCovers(document: TuneDocument): HTMLElement | null {
  const terms = Array.isArray(document.covers) ? document.covers : document.covers.terms;
  const values = terms.map((term) => term.ns ?? term.median_ns ?? 0);
  if (values.length === 0) return null;
  let sum = 0;
  const spans = values.map((ns) => {
    const from = sum;
    sum += ns;
    return { from: Math.min(from, sum), to: Math.max(from, sum), adds: ns >= 0 };
  });
  const most = Math.max(1, ...spans.map((span) => span.to));
  const least = Math.min(0, ...spans.map((span) => span.from));
  const share = (ns: number) => (100 * ns) / (most - least);
  const row = (what: Child[], ns: string, bar: HTMLElement) =>
    h("div", { class: "term" }, h("div", {}, ...what), h("div", { class: "number" }, ns), bar);
  const bar = (from: number, to: number, kind: string) =>
    h(
      "div",
      { class: "track", "aria-hidden": "true" },
      h("span", {
        class: kind,
        style: `left:${share(from - least).toFixed(3)}%;width:${Math.max(0.3, share(to - from)).toFixed(3)}%`,
      }),
    );
  return h(
    "div",
    { class: "terms" },
    ...terms.map((term, i) => {
      const ns = values[i]!;
      const span = spans[i]!;
      return row(
        [named(term.leg, 120), term.bound ? h("small", {}, term.bound) : null],
        `${ns < 0 ? "−" : "+"} ${duration(Math.abs(ns))}`,
        bar(span.from, span.to, span.adds ? "adds" : "takes"),
      );
    }),
    row([h("b", {}, "together")], `= ${duration(sum)}`, bar(0, sum, "sum")),
  );
}
