// A race as a figure: the space-time diagram with a scrubber that says what each store holds at that instant,
// and the same as a table.
import type { Contents, Lane, Picture } from "./data";
import { clipped, command, h, named, s } from "./dom";
import { clock, count, duration, spaced } from "./format";
import { draw, heads, layoutOf, shown, widthFor, type Layout } from "./spacetime";

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

export function race(picture: Picture, id: string): HTMLElement {
  const told = picture.moments.flatMap((moment, i) => (moment.words ? [i] : []));
  const tell = picture.timed ? clock(told.map((i) => picture.moments[i]!.at)) : String;
  const decider = told.findIndex((i) => picture.moments[i]!.decides);
  const kinds = picture.properties.map(spaced).join(", ");

  const canvas = h("div", {
    class: "canvas",
    tabindex: 0,
    role: "region",
    "aria-label": "Space-time diagram",
  });
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
    const width = widthFor(picture, canvas.clientWidth);
    if (canvas.clientWidth === 0 || layout?.width === width) return;
    layout = layoutOf(picture, width);
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
