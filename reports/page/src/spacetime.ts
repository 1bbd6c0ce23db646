// The space-time diagram: time goes down, a lane for each client and store, commands as arrows between them.
import type { Moment, Picture } from "./data";
import { clipped, h, s } from "./dom";

// As the command tells it, with a true arrow.
export const shown = (words: string) => words.replaceAll(" -> ", " → ");

const told_height = 30;
const arrow_height = 13;
const lane_least = 46;

// How wide it is drawn where there is so much room; wider where its lanes need more.
export function widthFor(picture: Picture, room: number): number {
  return Math.max(room, 50 + lane_least * picture.lanes.length);
}

// Where everything stands. Time is not to scale: what matters would vanish beside a long sleep. Later is
// always further down, and a long wait leaves more room than a short one.
export interface Layout {
  width: number;
  height: number;
  gutter: number;
  room: number;
  x: number[];
  y: number[];
}

export function layoutOf(picture: Picture, width: number): Layout {
  const gutter = width < 560 ? 50 : 78;
  const margin = marginOf(picture, width);
  const room = (width - gutter - margin) / picture.lanes.length;
  const x = picture.lanes.map((_, lane) => gutter + room * (lane + 0.5));
  const first = picture.moments[0]?.at ?? 0;
  const total = Math.max(1, (picture.moments.at(-1)?.at ?? 0) - first);
  let at = 6;
  const y = picture.moments.map((moment, i) => {
    const passed = picture.timed && i > 0 ? moment.at - (picture.moments[i - 1]?.at ?? 0) : 0;
    const above = moment.words !== "" && !spotOf(moment, x[moment.lane] ?? 0, width, gutter).aside;
    at +=
      (moment.words ? told_height : arrow_height) +
      (above ? 10 : 0) +
      15 * Math.log10(1 + (200 * passed) / total);
    return at;
  });
  return { width, height: at + 26, gutter, room, x, y };
}

// Labels stand to the right of what they tell of: the last lane needs room for its own.
function marginOf(picture: Picture, width: number): number {
  if (width < 560) return 0;
  const last = picture.lanes.length - 1;
  const own = picture.moments
    .filter((moment) => moment.lane === last)
    .map((moment) => widthOf(shown(moment.words), 14));
  const beside = (width - 78) / picture.lanes.length / 2;
  return Math.max(0, Math.min(Math.max(0, ...own) * 1.08 + 24, 240) - beside);
}

const ruler = document.createElement("canvas").getContext("2d");

function widthOf(text: string, size: number): number {
  if (!ruler) return text.length * size * 0.6;
  ruler.font = `${size}px system-ui, sans-serif`;
  return ruler.measureText(text).width;
}

function fitting(text: string, size: number, width: number): string {
  let letters = [...text.slice(0, 400)];
  if (letters.length === text.length && widthOf(text, size) <= width) return text;
  while (letters.length > 1 && widthOf(letters.join("") + "…", size) > width) {
    letters = letters.slice(0, Math.max(1, Math.floor(letters.length * 0.9)));
  }
  return letters.join("") + "…";
}

// Isolated, so that a name from right to left does not turn the words around it.
const isolated = (text: string) => `\u2068${text}\u2069`;

// Where a label stands: beside its lane where there is room, else above its dot.
function spotOf(moment: Moment, x: number, whole: number, gutter: number) {
  const size = whole < 560 ? 12 : 14;
  const text = fitting(shown(moment.words), size, whole - gutter - 16);
  const width = widthOf(text, size) * (moment.decides ? 1.08 : 1) + 10;
  const right = x + 9;
  let left = right + width <= whole ? right : x - 9 - width;
  left = Math.max(gutter, Math.min(left, whole - width));
  return { size, text, width, left, aside: left + width < x || left > x };
}

function label(layout: Layout, moment: Moment, index: number): SVGGElement {
  const y = layout.y[index] ?? 0;
  const { size, text, width, left, aside } = spotOf(
    moment,
    layout.x[moment.lane] ?? 0,
    layout.width,
    layout.gutter,
  );
  const top = aside ? y - 10 : y - 26;
  return s(
    "g",
    { class: moment.decides ? "label decides" : "label" },
    s("rect", { x: left, y: top, width, height: 20, rx: 4 }),
    s("text", { x: left + 5, y: top + 14.5, "font-size": size }, isolated(text)),
  );
}

function arrow(layout: Layout, picture: Picture, index: number): SVGGElement {
  const passage = picture.passages[index]!;
  const from = picture.moments[passage.from]!;
  const x1 = layout.x[from.lane] ?? 0;
  const y1 = layout.y[passage.from] ?? 0;
  const lost = passage.to === null;
  const full = layout.x[passage.toward] ?? x1;
  const x2 = lost ? x1 + (full - x1) * 0.6 : full;
  const y2 = lost ? y1 + 9 : (layout.y[passage.to ?? 0] ?? y1);
  const kind = passage.reply ? "reply" : picture.lanes[from.lane]?.kind === "client" ? "request" : "news";
  const group = s("g", { class: `arrow ${kind}${lost ? " lost" : ""}` }, s("line", { x1, y1, x2, y2 }));
  if (lost) {
    group.append(s("path", { d: `M${x2 - 5},${y2 - 5}l10,10m0,-10l-10,10` }));
  } else {
    const angle = Math.atan2(y2 - y1, x2 - x1);
    const tip = (turn: number) => {
      const x = x2 - 4 * Math.cos(angle) - 9 * Math.cos(angle + turn);
      return `${x},${y2 - 4 * Math.sin(angle) - 9 * Math.sin(angle + turn)}`;
    };
    group.append(
      s("polygon", {
        points: `${x2 - 4 * Math.cos(angle)},${y2 - 4 * Math.sin(angle)} ${tip(0.4)} ${tip(-0.4)}`,
      }),
    );
  }
  return group;
}

// From each moment at which Redis begins to hold another version than the primary to where it ends.
export function wrongSpans(moments: Moment[]): { from: number; to: number; open: boolean }[] {
  const spans: { from: number; to: number; open: boolean }[] = [];
  let since: number | null = null;
  moments.forEach((moment, i) => {
    const wrong = moment.contents.some((held) => held.differs);
    if (wrong && since === null) since = i;
    if (!wrong && since !== null) {
      spans.push({ from: since, to: i, open: false });
      since = null;
    }
  });
  if (since !== null) spans.push({ from: since, to: moments.length - 1, open: true });
  return spans;
}

export function draw(picture: Picture, layout: Layout, tell: (at: number) => string): SVGSVGElement {
  const { width, height, gutter, x, y } = layout;
  const svg = s("svg", {
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    class: "spacetime",
    "aria-hidden": "true",
  });
  const redis = picture.lanes.findIndex((lane) => lane.kind === "redis");
  for (const span of wrongSpans(picture.moments)) {
    const top = y[span.from] ?? 0;
    const bottom = span.open ? height : (y[span.to] ?? height);
    svg.append(s("rect", { class: "wrong", x: gutter, y: top, width: width - gutter, height: bottom - top }));
    svg.append(
      s("rect", {
        class: "wrong-lane",
        x: (x[redis] ?? 0) - 9,
        y: top,
        width: 18,
        height: bottom - top,
        rx: 4,
      }),
    );
  }
  picture.lanes.forEach((lane, i) => {
    svg.append(s("line", { class: `lane ${lane.kind}`, x1: x[i], y1: 0, x2: x[i], y2: height }));
  });
  for (const stretch of picture.stretches) {
    const lane = picture.moments[stretch.from]?.lane ?? 0;
    const half = stretch.operation ? 5 : 3;
    const top = y[stretch.from] ?? 0;
    const bottom = stretch.ends ? (y[stretch.to] ?? height) : height;
    svg.append(
      s("rect", {
        class: stretch.operation ? "operation" : "sleep",
        x: (x[lane] ?? 0) - half,
        y: top,
        width: 2 * half,
        height: Math.max(2, bottom - top),
        rx: 3,
      }),
    );
  }
  picture.passages.forEach((_, i) => svg.append(arrow(layout, picture, i)));
  let last = NaN;
  picture.moments.forEach((moment, i) => {
    if (!moment.words) return;
    const dot = s("circle", {
      class: `dot ${picture.lanes[moment.lane]?.kind}`,
      cx: x[moment.lane],
      cy: y[i],
      r: 4.5,
    });
    svg.append(dot);
    if (moment.at !== last) {
      svg.append(
        s(
          "text",
          { class: "time", x: gutter - 8, y: (y[i] ?? 0) + 4, "text-anchor": "end" },
          tell(moment.at),
        ),
      );
    }
    last = moment.at;
    if (moment.decides) {
      svg.append(s("circle", { class: "ring", cx: x[moment.lane], cy: y[i], r: 9 }));
      svg.append(
        s("polygon", { class: "mark", points: `0,${(y[i] ?? 0) - 6} 9,${y[i]} 0,${(y[i] ?? 0) + 6}` }),
      );
    }
  });
  picture.moments.forEach((moment, i) => {
    if (moment.words) svg.append(label(layout, moment, i));
  });
  return svg;
}

export function heads(picture: Picture, layout: Layout): HTMLElement {
  const { room } = layout;
  const row = h("div", { class: "heads", style: `width:${layout.width}px` });
  row.append(h("span", { class: "unit", style: `width:${layout.gutter}px` }, picture.timed ? "ms" : "step"));
  picture.lanes.forEach((lane, i) => {
    row.append(
      h(
        "span",
        {
          class: `head ${lane.kind}`,
          style: `left:${(layout.x[i] ?? 0) - room / 2 + 2}px;width:${room - 4}px`,
          title: lane.name.length > 12 ? clipped(lane.name, 300) : null,
        },
        h("bdi", {}, clipped(lane.name, 24)),
      ),
    );
  });
  return row;
}
