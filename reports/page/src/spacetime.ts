// The space-time diagram: time goes down, a lane for each client and store, commands as arrows between them;
// with a scrubber that says what each store holds at that instant.
import type { Contents, Lane, Moment, Picture } from "./data";
import { clipped, command, h, named, s } from "./dom";
import { clock, count, duration, spaced } from "./format";

// As the command tells it, with a true arrow.
const shown = (words: string) => words.replaceAll(" -> ", " → ");

const told_height = 30;
const arrow_height = 13;
const lane_least = 46;

// Where everything stands. Time is not to scale: what matters would vanish beside a long sleep. Later is
// always further down, and a long wait leaves more room than a short one.
interface Layout {
  width: number;
  height: number;
  gutter: number;
  room: number;
  x: number[];
  y: number[];
}

function layoutOf(picture: Picture, width: number): Layout {
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

function draw(picture: Picture, layout: Layout, tell: (at: number) => string): SVGSVGElement {
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

function heads(picture: Picture, layout: Layout): HTMLElement {
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

function storeNames(lanes: Lane[]): {
  redis: string;
  primary: string;
  replicas: string[];
  queue: string | null;
} {
  const name = (kind: Lane["kind"]) => lanes.find((lane) => lane.kind === kind)?.name ?? null;
  return {
    redis: name("redis") ?? "Redis",
    primary: name("primary") ?? "MySQL",
    replicas: lanes.filter((lane) => lane.kind === "replica").map((lane) => lane.name),
    queue: name("queue"),
  };
}

function held(version: string): string {
  return version || "nothing";
}

// The stores as cards, a line for each key of the picture.
function cards(picture: Picture, contents: Contents[]): HTMLElement {
  const names = storeNames(picture.lanes);
  const card = (
    kind: string,
    name: string,
    of: (held: Contents) => string,
    wrong?: (held: Contents) => boolean,
  ) =>
    h(
      "div",
      { class: `card ${kind}${wrong && contents.some(wrong) ? " bad" : ""}` },
      h("dt", {}, name),
      ...contents.map((each) =>
        h(
          "dd",
          { class: wrong?.(each) ? "bad" : null },
          contents.length > 1 ? `${each.key} = ${held(of(each))}` : held(of(each)),
        ),
      ),
    );
  return h(
    "dl",
    { class: "cards" },
    card(
      "redis",
      names.redis,
      (each) => each.redis,
      (each) => each.differs,
    ),
    card("primary", names.primary, (each) => each.primary),
    ...names.replicas.map((name, i) => card("replica", name, (each) => each.replicas[i] ?? "")),
    names.queue === null ? null : card("queue", names.queue, (each) => each.queue),
  );
}

function stepsTable(picture: Picture, told: number[], tell: (at: number) => string): HTMLElement {
  const names = storeNames(picture.lanes);
  const columns = [
    picture.timed ? "ms" : "step",
    "who",
    "what",
    names.redis,
    names.primary,
    ...names.replicas,
    ...(names.queue === null ? [] : [names.queue]),
  ];
  const rows = told.map((i) => {
    const moment = picture.moments[i]!;
    const many = moment.contents.length > 1;
    const cell = (of: (each: Contents) => string) =>
      h("td", {}, moment.contents.map((each) => (many ? `${each.key}=` : "") + (of(each) || "–")).join(" "));
    return h(
      "tr",
      { class: moment.decides ? "decides" : null },
      h("td", { class: "number" }, tell(moment.at)),
      h("td", {}, named(picture.lanes[moment.actor]?.name ?? "", 40)),
      h("td", {}, clipped(shown(moment.words), 120), moment.decides ? " (this step decides)" : ""),
      cell((each) => each.redis),
      cell((each) => each.primary),
      ...names.replicas.map((_, r) => cell((each) => each.replicas[r] ?? "")),
      names.queue === null ? null : cell((each) => each.queue),
    );
  });
  return h(
    "details",
    { class: "steps" },
    h("summary", {}, "The same as a table"),
    h(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "Steps" },
      h(
        "table",
        {},
        h("thead", {}, h("tr", {}, ...columns.map((name) => h("th", { scope: "col" }, name)))),
        h("tbody", {}, ...rows),
      ),
    ),
  );
}

export function spacetime(picture: Picture, id: string): HTMLElement {
  const told = picture.moments.flatMap((moment, i) => (moment.words ? [i] : []));
  const tell = picture.timed ? clock(told.map((i) => picture.moments[i]!.at)) : String;
  const decider = told.findIndex((i) => picture.moments[i]!.decides);
  const kinds = picture.properties.map(spaced).join(", ");

  const canvas = h("div", { class: "canvas" });
  const slider = h("input", {
    type: "range",
    min: 0,
    max: told.length - 1,
    step: 1,
    value: told.length - 1,
    id: `${id}-scrubber`,
    "aria-describedby": `${id}-now`,
  });
  const now = h("p", { class: "now", id: `${id}-now` });
  const stores = h("div", { class: "stores" });
  const button = (text: string, name: string, act: () => void) => {
    const made = h("button", { type: "button", "aria-label": name, title: name }, text);
    made.addEventListener("click", act);
    return made;
  };
  const go = (to: number) => {
    slider.value = String(Math.max(0, Math.min(told.length - 1, to)));
    show();
  };
  const place = () => Number(slider.value);
  const panel = h(
    "div",
    { class: "panel", role: "group", "aria-label": "What each store holds" },
    h("label", { for: `${id}-scrubber` }, "Move through the steps"),
    h(
      "div",
      { class: "moves" },
      button("|◀", "First step", () => go(0)),
      button("◀", "One step back", () => go(place() - 1)),
      slider,
      button("▶", "One step on", () => go(place() + 1)),
      decider < 0 ? null : button("◆", "To the step that decides", () => go(decider)),
    ),
    now,
    stores,
  );

  let layout: Layout | null = null;
  let cursor: SVGElement | null = null;
  let veil: SVGElement | null = null;

  function show(): void {
    const step = place();
    const moment = picture.moments[told[step] ?? 0];
    if (!moment) return;
    const lane = picture.lanes[moment.actor];
    const when = picture.timed ? `${tell(moment.at)} ms` : `Step ${tell(moment.at)}`;
    const wrong = moment.contents.some((each) => each.differs);
    slider.setAttribute(
      "aria-valuetext",
      clipped(`${when}: ${lane?.name ?? ""}: ${shown(moment.words)}`, 160),
    );
    now.replaceChildren(
      h("span", { class: "when" }, when),
      " ",
      named(lane?.name ?? "", 40),
      ": ",
      h("b", {}, clipped(shown(moment.words), 160)),
      moment.decides ? h("span", { class: "badge decides" }, "this step decides") : "",
      wrong ? h("span", { class: "badge bad" }, "Redis differs from MySQL") : "",
    );
    stores.replaceChildren(cards(picture, moment.contents));
    if (!layout || !cursor || !veil) return;
    const y = (layout.y[told[step] ?? 0] ?? 0) + 13;
    cursor.setAttribute("transform", `translate(0,${y})`);
    veil.setAttribute("y", String(y));
    veil.setAttribute("height", String(step === told.length - 1 ? 0 : Math.max(0, layout.height - y)));
  }

  function redraw(): void {
    const room = canvas.clientWidth;
    if (room === 0 || layout?.width === Math.max(room, 50 + lane_least * picture.lanes.length)) return;
    layout = layoutOf(picture, Math.max(room, 50 + lane_least * picture.lanes.length));
    const svg = draw(picture, layout, tell);
    veil = s("rect", { class: "veil", x: 0, y: 0, width: layout.width, height: 0 });
    cursor = s("g", { class: "cursor" }, s("line", { x1: 0, y1: 0, x2: layout.width, y2: 0 }));
    svg.append(veil, cursor);
    const drawn = layout;
    svg.addEventListener("click", (event) => {
      const y = event.clientY - svg.getBoundingClientRect().top;
      const distance = (step: number) => Math.abs((drawn.y[told[step] ?? 0] ?? 0) - y);
      go(
        told
          .map((_, step) => step)
          .reduce((best, step) => (distance(step) < distance(best) ? step : best), 0),
      );
    });
    canvas.replaceChildren(heads(picture, layout), svg);
    show();
  }

  slider.addEventListener("input", show);
  new ResizeObserver(redraw).observe(canvas);
  show();
  return h(
    "figure",
    { class: "race", "aria-labelledby": `${id}-title` },
    h(
      "figcaption",
      {},
      h("h3", { id: `${id}-title` }, named(picture.strategy, 80), `: ${kinds}`),
      h("p", { class: "reason" }, clipped(picture.reason, 600) + "."),
      h(
        "p",
        { class: "muted" },
        `${picture.heading}, cause: ${spaced(picture.cause)}`,
        picture.left_out > 0 ? `; ${count(picture.left_out)} steps further off are not drawn` : "",
        waits(picture),
      ),
    ),
    h("div", { class: "stage" }, canvas, panel),
    legend(picture),
    stepsTable(picture, told, tell),
    picture.repeat
      ? h("div", {}, h("p", { class: "muted" }, "See it again:"), command(picture.repeat))
      : null,
  );
}

function waits(picture: Picture): string {
  if (!picture.timed || picture.moments.length === 0)
    return picture.timed ? "" : "; steps take any time here";
  const all = (picture.moments.at(-1)?.at ?? 0) - (picture.moments[0]?.at ?? 0);
  return `; ${duration(all)} from top to bottom, not to scale`;
}

function legend(picture: Picture): HTMLElement {
  const item = (kind: string, text: string) =>
    h("li", {}, h("span", { class: `key ${kind}`, "aria-hidden": "true" }), text);
  return h(
    "ul",
    { class: "legend" },
    item("operation", "an operation, from call to return"),
    picture.stretches.some((stretch) => !stretch.operation) ? item("sleep", "a sleep or pause") : null,
    picture.moments.some((moment) => moment.contents.some((each) => each.differs))
      ? item("wrong", "Redis holds another version than MySQL")
      : null,
    picture.moments.some((moment) => moment.decides) ? item("decides", "the step that decides") : null,
  );
}
