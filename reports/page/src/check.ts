// Histories that were judged: the verdicts, and of the bad ones what contradicts what, in time.
import { clipped, command, h, named, s, type Child } from "./dom";
import { count, counted } from "./format";

interface Bar {
  lane: number;
  from: number;
  to: number | null;
  short: string;
  words: string;
  when: string;
  contradicts: boolean;
  first_bad: boolean;
  place: number | null;
}
interface Contradiction {
  key: string;
  why: string;
  timed: boolean;
  clients: string[];
  instants: number;
  bars: Bar[];
}
interface History {
  title: string;
  linearizable: boolean | null;
  operations: number;
  keys: number;
  why: string;
  next: string;
  measures: { name: string; words: string }[];
  contradiction: Contradiction | null;
}
export interface CheckData {
  command: "check";
  document: { cacherace: string; command: "check"; scenario: null; complete: boolean; histories: unknown[] };
  histories: History[];
}

function verdictOf(history: History): { words: string; kind: string } {
  if (history.linearizable === null) return { words: "unknown", kind: "unsure" };
  return history.linearizable
    ? { words: "linearizable", kind: "good" }
    : { words: "not linearizable", kind: "bad" };
}

export function checkVerdict(data: CheckData): HTMLElement {
  const bad = data.histories.filter((history) => history.linearizable === false).length;
  const unknown = data.histories.some((history) => history.linearizable === null) || !data.document.complete;
  const one = data.document.histories.length === 1;
  const kind = bad > 0 ? "bad" : unknown ? "unsure" : "good";
  const many = data.document.histories.length;
  const words =
    bad > 0
      ? one
        ? "Not linearizable"
        : `${count(bad)}${bad === data.histories.length && many > bad ? " or more" : ""} of ` +
          `${count(many)} histories are not linearizable`
      : unknown
        ? "Unknown: a limit came before the answer"
        : one
          ? "Linearizable"
          : `All ${count(many)} histories are linearizable`;
  return h(
    "section",
    { "aria-labelledby": "verdict" },
    h("h2", { id: "verdict", class: `verdict ${kind}` }, words),
    data.document.complete || bad === 0
      ? null
      : h(
          "p",
          { class: "muted" },
          "Not complete: a limit or an interruption came before the answer to some.",
        ),
  );
}

const lane_height = 46;

function bars(drawn: Contradiction, width: number): SVGSVGElement {
  const gutter = width < 560 ? 74 : 120;
  const step = Math.max(width < 560 ? 56 : 22, (width - gutter - 24) / Math.max(2, drawn.instants));
  const full = Math.max(width, gutter + step * drawn.instants + 24);
  const x = (place: number) => gutter + 10 + step * place;
  const y = (lane: number) => 8 + lane_height * lane;
  const height = y(drawn.clients.length) + 4;
  const svg = s("svg", {
    width: full,
    height,
    viewBox: `0 0 ${full} ${height}`,
    class: "bars",
    "aria-hidden": "true",
  });
  drawn.clients.forEach((client, lane) =>
    svg.append(
      s("line", { class: "row", x1: gutter, x2: full, y1: y(lane) + 15, y2: y(lane) + 15 }),
      s(
        "text",
        { x: 0, y: y(lane) + 20 },
        `\u2068${clipped(/^\d+$/.test(client) ? `client ${client}` : client, width < 560 ? 9 : 15)}\u2069`,
      ),
    ),
  );
  for (const bar of drawn.bars) {
    const left = x(bar.from);
    const right = bar.to === null ? full - 4 : Math.max(x(bar.to), left + 8);
    const mark = bar.first_bad ? "✗" : bar.place === null ? "" : String(bar.place);
    const group = s(
      "g",
      {
        class: [
          "operation-bar",
          bar.contradicts ? " part" : "",
          bar.first_bad ? " first" : "",
          bar.to === null ? " open" : "",
        ].join(""),
      },
      s("title", {}, `${bar.words}, ${bar.when}`),
      s("rect", { x: left, y: y(bar.lane), width: right - left, height: 30, rx: 6 }),
    );
    if (mark) group.append(s("text", { class: "place", x: left + 7, y: y(bar.lane) + 20 }, mark));
    const room = Math.max(2, Math.floor((right - left - (mark ? 26 : 11)) / 7.6));
    group.append(
      s(
        "text",
        { x: left + (mark ? 22 : 7), y: y(bar.lane) + 20 },
        `\u2068${clipped(bar.short, room)}\u2069`,
      ),
    );
    svg.append(group);
  }
  return svg;
}

function contradiction(drawn: Contradiction): HTMLElement {
  const place = h("div", {
    class: "scroll",
    tabindex: 0,
    role: "region",
    "aria-label": "Operations in time; the table below has them",
  });
  let width = 0;
  new ResizeObserver(() => {
    if (place.clientWidth === 0 || place.clientWidth === width) return;
    width = place.clientWidth;
    place.replaceChildren(bars(drawn, width));
  }).observe(place);
  const item = (kind: string, text: string) =>
    h("li", {}, h("span", { class: `key ${kind}`, "aria-hidden": "true" }), text);
  return h(
    "figure",
    {},
    place,
    h(
      "ul",
      { class: "legend" },
      item("part", "these contradict each other"),
      drawn.bars.some((bar) => bar.first_bad)
        ? h("li", {}, h("b", { class: "bad" }, "✗ "), "the first that nothing explains")
        : null,
      drawn.bars.some((bar) => bar.place !== null)
        ? h("li", {}, "numbers: an order that explains them, as long as there is one")
        : null,
      h("li", {}, "r: read, w: write; time goes to the right, not to scale"),
    ),
    h(
      "details",
      {},
      h("summary", {}, "The same as a table"),
      h(
        "div",
        { class: "scroll", tabindex: 0, role: "region", "aria-label": "Operations" },
        h(
          "table",
          {},
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              ...["client", "operation", "when", "place", ""].map((name) => h("th", { scope: "col" }, name)),
            ),
          ),
          h(
            "tbody",
            {},
            ...drawn.bars.map((bar) =>
              h(
                "tr",
                { class: bar.contradicts ? "decides" : null },
                h("td", {}, named(drawn.clients[bar.lane] ?? "", 40)),
                h("td", {}, named(bar.words, 80)),
                h("td", {}, bar.when),
                h("td", { class: "number" }, bar.place === null ? "–" : String(bar.place)),
                h("td", {}, bar.first_bad ? "nothing explains it" : bar.contradicts ? "contradicts" : ""),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

export function checkHistories(data: CheckData): Child[] {
  return data.histories
    .filter(
      (history) =>
        history.contradiction !== null || history.linearizable === null || data.histories.length === 1,
    )
    .map((history, i) => {
      const { words, kind } = verdictOf(history);
      return h(
        "section",
        { "aria-labelledby": `history-${i}` },
        data.histories.length === 1
          ? h(
              "h2",
              { id: `history-${i}` },
              history.contradiction ? "What contradicts what" : "What was found",
            )
          : h(
              "h2",
              { id: `history-${i}` },
              named(history.title, 120),
              h("span", { class: `badge ${kind}` }, words),
            ),
        h(
          "p",
          { class: "muted" },
          `${counted(history.operations, "operation")}, ${counted(history.keys, "key")}`,
        ),
        history.why ? h("p", { class: "reason" }, clipped(history.why, 800)) : null,
        history.contradiction ? contradiction(history.contradiction) : null,
        history.measures.length > 0
          ? h(
              "dl",
              { class: "meanings" },
              ...history.measures.flatMap((measure) => [
                h("dt", {}, measure.name),
                h("dd", {}, named(measure.words, 400)),
              ]),
            )
          : null,
        history.next
          ? h("div", {}, h("p", { class: "muted" }, "Next, in a terminal:"), command(history.next))
          : null,
      );
    });
}

export function checkList(data: CheckData): HTMLElement | null {
  if (data.histories.length < 2) return null;
  return h(
    "section",
    { "aria-labelledby": "histories" },
    h("h2", { id: "histories" }, "Histories, the worst first"),
    h(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "Histories" },
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ...["history", "verdict", "operations", "keys"].map((name) => h("th", { scope: "col" }, name)),
          ),
        ),
        h(
          "tbody",
          {},
          ...data.histories.map((history) => {
            const { words, kind } = verdictOf(history);
            return h(
              "tr",
              {},
              h("th", { scope: "row" }, named(history.title, 80)),
              h("td", { class: `word ${kind}` }, words),
              h("td", { class: "number" }, count(history.operations)),
              h("td", { class: "number" }, count(history.keys)),
            );
          }),
        ),
      ),
    ),
    data.document.histories.length > data.histories.length
      ? h(
          "p",
          { class: "muted" },
          `${count(data.document.histories.length - data.histories.length)} more are in the document that ` +
            "--format json writes.",
        )
      : null,
  );
}
