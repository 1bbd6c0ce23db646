// Curves by uPlot. Its colours are those of the style sheet, so a change of scheme draws it anew.
import uPlot from "uplot";
import type { TunePoint } from "./tune";
import { h } from "./dom";
import { duration, power } from "./format";

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const schemes = matchMedia("(prefers-color-scheme: dark)");

// Keeps a plot as wide as its place.
function inPlace(place: HTMLElement, make: (width: number) => uPlot, drawn: (plot: uPlot) => void): void {
  let plot: uPlot | null = null;
  const again = () => {
    if (place.clientWidth === 0) return;
    plot?.destroy();
    plot = make(place.clientWidth);
    drawn(plot);
  };
  let width = 0;
  new ResizeObserver(() => {
    if (place.clientWidth !== width) again();
    width = place.clientWidth;
  }).observe(place);
  schemes.addEventListener("change", again);
}

function axis(size: number, words: (value: number) => string, more: uPlot.Axis = {}): uPlot.Axis {
  return {
    stroke: colour("--muted"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { stroke: colour("--line"), width: 1 },
    size,
    font: "13px system-ui, sans-serif",
    values: (_, splits) => splits.map((value) => (value === null ? "" : words(value))),
    ...more,
  };
}

// Where a logarithmic axis has its marks: powers of ten, of many some; within two of them also 2 and 5 times
// these.
function decades(from: number, to: number): number[] {
  const first = Math.floor(Math.log10(from));
  const last = Math.ceil(Math.log10(to));
  const step = Math.ceil((last - first) / 8);
  const digits = last - first > 2 ? [1] : [1, 2, 5];
  const marks: number[] = [];
  for (let exponent = first; exponent <= last; exponent += step) {
    marks.push(...digits.map((digit) => Number(`${digit}e${exponent}`)));
  }
  return marks.filter((mark) => mark >= from && mark <= to);
}

// Risk against the value, with its interval and the risk that was asked for; a needle at the chosen value.
export function curve(
  parameter: string,
  points: TunePoint[],
  asked: number | null,
): { picture: HTMLElement; show: (ns: number) => void } {
  const positive = (value: number | null | undefined) =>
    value !== null && value !== undefined && value > 0 ? value : null;
  const all = points.map((point) => point.risk);
  const least = Math.min(
    ...[asked, ...all.flatMap((each) => [each?.low, each?.estimate, each?.high])].flatMap(
      (value) => positive(value) ?? [],
    ),
  );
  const x = points.map((point) => point.value_ns);
  const high = all.map((each) => positive(each?.high));
  const low = all.map((each) => (each ? (positive(each.low) ?? least / 3) : null));
  const estimate = all.map((each) => positive(each?.estimate));
  const limit = points.map(() => asked);
  const needle = h("div", { class: "needle-line" });
  const place = h("div", {
    class: "curve",
    role: "img",
    "aria-label": `Risk against ${parameter}; the table below has its values`,
  });
  // What lies far beyond the last bad run would press the rest together.
  const seen = x.filter((_, i) => estimate[i] !== null).at(-1) ?? x.at(-1) ?? 0;
  const end = Math.max(x.filter((value) => value <= 1.3 * seen).at(-1) ?? seen, x[1] ?? 0);
  const beyond = x.filter((value) => value > end);
  let chosen = x[0] ?? 0;
  let shown: uPlot | null = null;
  const point = () => {
    if (shown) needle.style.left = `${shown.valToPos(Math.min(chosen, end), "x")}px`;
  };
  inPlace(
    place,
    (width) =>
      new uPlot(
        {
          width,
          height: width < 560 ? 240 : 320,
          legend: { show: false },
          cursor: { show: false },
          padding: [12, 28, 0, 0],
          scales: {
            x: { time: false, range: [x[0] ?? 0, end] },
            y: {
              distr: 3,
              range: [least / 3, Math.min(1, 2 * Math.max(...high.map((value) => value ?? 0), asked ?? 0))],
            },
          },
          axes: [
            axis(36, duration, { space: 90 }),
            axis(64, power, { splits: (_, _axis, from, to) => decades(from, to) }),
          ],
          series: [
            {},
            { stroke: "transparent", points: { show: false } },
            { stroke: "transparent", points: { show: false } },
            {
              stroke: colour("--client"),
              width: 2.5,
              points: { show: true, size: 7, fill: colour("--client") },
            },
            { stroke: colour("--decides"), width: 2, dash: [6, 4], points: { show: false } },
          ],
          bands: [{ series: [1, 2], fill: colour("--between") }],
          hooks: { draw: [point] },
        },
        [x, high, low, estimate, limit],
        place,
      ),
    (plot) => {
      shown = plot;
      plot.over.append(needle);
      point();
    },
  );
  return {
    picture: h(
      "div",
      {},
      place,
      h(
        "ul",
        { class: "legend" },
        h("li", {}, h("span", { class: "key estimate", "aria-hidden": "true" }), "share of bad runs"),
        h("li", {}, h("span", { class: "key between", "aria-hidden": "true" }), "its interval"),
        asked === null
          ? null
          : h("li", {}, h("span", { class: "key asked", "aria-hidden": "true" }), "what was allowed"),
      ),
      beyond.length === 0
        ? null
        : h(
            "p",
            { class: "muted" },
            `Further to the right no run was bad, at ${beyond.map(duration).join(", ")}.`,
          ),
    ),
    show: (ns) => {
      chosen = ns;
      point();
    },
  };
}
