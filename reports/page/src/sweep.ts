// A sweep: one figure at each point, as a plot of one axis or as a heat map of two. Of further axes one value
// at a time is shown.
import { h, named, s, type Child } from "./dom";
import { count, duration, percent } from "./format";

// Value, lower and upper end.
type Value = [number | null, number | null, number | null];
interface Axis {
  field: string;
  values: string[];
}
export interface SweepFigure {
  path: string;
  words: string;
  kind: "duration" | "share" | "number";
  values: Value[][]; // by strategy, then by point, the last axis fastest
}
export interface SweepData {
  command: "sweep";
  document: {
    cacherace: string;
    command: "sweep";
    scenario: string;
    complete: boolean;
    seed: number;
    runs: number;
    axes: Axis[];
    verdict: string;
  };
  points: number;
  strategies: string[];
  figure: string;
  figures: SweepFigure[];
  evaluated: number; // expectations, over all points
  failures: string[];
}

function words(figure: SweepFigure, value: number | null): string {
  if (value === null) return "–";
  if (figure.kind === "duration") return duration(value);
  if (figure.kind === "share") return percent(value);
  return Number.isInteger(value) ? count(value) : String(Number(value.toPrecision(3)));
}

// "0.5–0.9 %", or how much it can be where it was never seen.
function between(figure: SweepFigure, [value, low, high]: Value): string {
  if (low === null || high === null) return "";
  return value === 0
    ? `≤ ${words(figure, high)}`
    : `${words(figure, low).replace(" %", "")}–${words(figure, high)}`;
}

const none: Value = [null, null, null];

// The values of one strategy along the first axis, with the others held.
type Lookup = (strategy: number, places: number[]) => Value;

function lookup(data: SweepData, figure: SweepFigure): Lookup {
  return (strategy, places) => {
    const point = data.document.axes.reduce((sum, axis, i) => sum * axis.values.length + places[i]!, 0);
    return figure.values[strategy]?.[point] ?? none;
  };
}

function range(figure: SweepFigure): { least: number; most: number } {
  let least = Infinity;
  let most = -Infinity;
  for (const [value] of figure.values.flat()) {
    if (value === null) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return least > most ? { least: 0, most: 0 } : { least, most };
}

const height = 200;
const [above, below] = [14, 30];

// One strategy: a dot for each value, its interval as a bar. All plots of a figure have one scale, from 0.
function plot(figure: SweepFigure, axis: Axis, values: Value[], top: number): SVGSVGElement {
  const y = (value: number) => above + (height - above - below) * (1 - Math.min(1, value / top));
  const left = 17;
  const x = (i: number) => left + ((96 - left) * (i + 0.5)) / axis.values.length;
  const svg = s("svg", { class: "sweep-plot", width: "100%", height, "aria-hidden": "true" });
  for (const tick of [0, top / 2, top]) {
    svg.append(
      s("line", { class: "grid", x1: `${left}%`, x2: "96%", y1: y(tick), y2: y(tick) }),
      s("text", { x: `${left - 2}%`, y: y(tick) + 4, "text-anchor": "end" }, words(figure, tick)),
    );
  }
  const every = Math.ceil(axis.values.length / 6);
  values.forEach(([value, low, high], i) => {
    if (i % every === 0) {
      const name = [...axis.values[i]!].slice(0, 9).join("");
      svg.append(s("text", { x: `${x(i)}%`, y: height - 8, "text-anchor": "middle" }, name));
    }
    if (value === null) return;
    const [before] = values[i - 1] ?? none;
    if (before !== null) {
      svg.append(
        s("line", { class: "course", x1: `${x(i - 1)}%`, x2: `${x(i)}%`, y1: y(before), y2: y(value) }),
      );
    }
    if (low !== null && high !== null) {
      svg.append(s("line", { class: "range", x1: `${x(i)}%`, x2: `${x(i)}%`, y1: y(low), y2: y(high) }));
    }
    svg.append(s("circle", { class: "q", cx: `${x(i)}%`, cy: y(value), r: 5 }));
  });
  return svg;
}

// A round number that is not less.
function roundUp(value: number): number {
  if (value <= 0) return 1;
  const size = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 5, 8, 10].find((step) => step * size >= value * 0.999) ?? 10) * size;
}

function scrolled(label: string, table: HTMLElement): HTMLElement {
  return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": label }, table);
}

function plots(data: SweepData, figure: SweepFigure, at: Lookup): Child[] {
  const axis = data.document.axes[0]!;
  const rows = data.strategies.map((_, strategy) => axis.values.map((_, i) => at(strategy, [i])));
  const ends = rows.flat().flatMap(([value, , high]) => [value ?? 0, high ?? 0]);
  const most = roundUp(ends.reduce((a, b) => Math.max(a, b), 0));
  const top = figure.kind === "share" ? Math.min(1, most) : most;
  const cell = (value: Value) =>
    h("td", { class: "number" }, h("b", {}, words(figure, value[0])), h("small", {}, between(figure, value)));
  return [
    h(
      "div",
      { class: "plots" },
      ...data.strategies.map((name, i) =>
        h("figure", {}, h("figcaption", {}, named(name, 50)), plot(figure, axis, rows[i]!, top)),
      ),
    ),
    h("p", { class: "muted" }, "A bar is the interval at 99 % confidence; the table has the numbers."),
    scrolled(
      "Values at each point",
      h(
        "table",
        { class: "sweep" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("th", { scope: "col" }, named(axis.field, 60)),
            ...data.strategies.map((name) => h("th", { scope: "col" }, named(name, 40))),
          ),
        ),
        h(
          "tbody",
          {},
          ...axis.values.map((value, i) =>
            h("tr", {}, h("th", { scope: "row" }, named(value, 40)), ...rows.map((row) => cell(row[i]!))),
          ),
        ),
      ),
    ),
  ];
}

// The first axis downwards, the second one across; the deeper, the more of the figure.
function maps(data: SweepData, figure: SweepFigure, at: Lookup, rest: number[]): Child[] {
  const [down, across] = data.document.axes as [Axis, Axis];
  const { least, most } = range(figure);
  const [pale, deepest] = [5, 50]; // percent; deeper than that the words would be hard to read
  const deep = (value: number | null) =>
    value === null
      ? 0
      : Math.round(pale + (most === least ? 0 : ((deepest - pale) * (value - least)) / (most - least)));
  const cell = (value: Value) =>
    h(
      "td",
      { class: "heat", style: `--deep:${deep(value[0])}%` },
      h("b", {}, words(figure, value[0])),
      h("small", {}, between(figure, value)),
    );
  return [
    h(
      "div",
      { class: across.values.length <= 3 ? "maps narrow" : "maps" },
      ...data.strategies.map((name, strategy) =>
        h(
          "figure",
          {},
          h("figcaption", {}, named(name, 80)),
          scrolled(
            `Heat map of strategy ${strategy + 1}`,
            h(
              "table",
              { class: "heats" },
              h(
                "thead",
                {},
                h(
                  "tr",
                  {},
                  h("th", { scope: "col" }, named(down.field, 40)),
                  ...across.values.map((value) => h("th", { scope: "col" }, named(value, 30))),
                ),
              ),
              h(
                "tbody",
                {},
                ...down.values.map((value, i) =>
                  h(
                    "tr",
                    {},
                    h("th", { scope: "row" }, named(value, 30)),
                    ...across.values.map((_, j) => cell(at(strategy, [i, j, ...rest]))),
                  ),
                ),
              ),
            ),
          ),
        ),
      ),
    ),
    h(
      "p",
      { class: "muted" },
      "Downwards: ",
      named(down.field, 60),
      ". Across: ",
      named(across.field, 60),
      most === least
        ? ". There is no difference between points."
        : `. The deepest colour is ${words(figure, most)}, the palest ${words(figure, least)}, in every map.`,
    ),
  ];
}

function choice(
  id: string,
  label: Child,
  options: string[],
  chosen: number,
  act: (i: number) => void,
): HTMLElement {
  const select = h("select", { id });
  options.forEach((text, i) =>
    select.append(h("option", { value: i, selected: i === chosen }, text.slice(0, 80))),
  );
  select.addEventListener("change", () => act(Number(select.value)));
  return h("p", { class: "choose" }, h("label", { for: id }, label), select);
}

export function sweepVerdict(data: SweepData): HTMLElement | null {
  const { verdict, complete } = data.document;
  const said = !complete
    ? "Not complete: it was interrupted, or a point met a limit."
    : verdict === "failed"
      ? "At some points an expectation does not hold."
      : "Every expectation holds at every point.";
  if (complete && data.evaluated === 0) return null;
  const kind = !complete ? "unsure" : verdict === "failed" ? "bad" : "good";
  return h(
    "div",
    { id: "verdict" },
    h("p", { class: `verdict ${kind}` }, said),
    data.failures.length > 0
      ? h("ul", {}, ...data.failures.map((text) => h("li", {}, named(text, 300))))
      : null,
  );
}

export function sweep(data: SweepData): Child[] {
  let figure = Math.max(
    0,
    data.figures.findIndex((each) => each.path === data.figure),
  );
  const rest = data.document.axes.slice(2).map(() => 0);
  const shown = h("div", { id: "shown" });
  const show = () => {
    const of = data.figures[figure]!;
    const at = lookup(data, of);
    const parts = data.document.axes.length === 1 ? plots(data, of, at) : maps(data, of, at, rest);
    const held = data.document.axes.slice(2).map((axis, i) => `${axis.field} = ${axis.values[rest[i]!]!}`);
    shown.replaceChildren(
      h("h3", {}, named([of.words, ...held].join(", "), 200)),
      ...parts.filter((part): part is Node | string => Boolean(part)),
    );
  };
  show();
  return [
    choice(
      "figure",
      "Figure",
      data.figures.map((each) => each.words),
      figure,
      (i) => {
        figure = i;
        show();
      },
    ),
    ...data.document.axes.slice(2).map((axis, i) =>
      choice(`axis-${i + 2}`, named(axis.field, 60), axis.values, 0, (at) => {
        rest[i] = at;
        show();
      }),
    ),
    shown,
  ];
}
