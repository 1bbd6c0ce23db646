// Strategies × faults: words in colour, and behind each the shortest way to it.
import type { Picture } from "./data";
import { h, named } from "./dom";
import { race } from "./race";

interface Cell {
  words: string;
  shade: string;
  picture: number | null;
}
export interface MatrixDocument {
  cacherace: string;
  command: "matrix";
  scenario: string;
  complete: boolean;
  clients: string;
  faults: { name: string; meaning: string; mode: string }[];
}
export interface MatrixData {
  command: "matrix";
  document: MatrixDocument;
  rows: { strategy: string; cells: Cell[] }[];
  pictures: Picture[];
}

const meanings: [string, string][] = [
  ["good", "nothing wrong in any order, or in any run of a fault that only runs have"],
  ["unsure", "a read may be wrong; the cache is right in the end"],
  ["bad", "the cache may stay wrong, a write may be lost, or somebody may wait for ever"],
  ["unknown", "not every order was looked at, and none was wrong so far"],
  ["none", "the strategy cannot meet the fault"],
];

// One stop for the keyboard; from there the arrows move.
function moveByArrows(table: HTMLElement): void {
  const cells = [...table.querySelectorAll<HTMLTableRowElement>("tbody tr")].map((row) =>
    [...row.cells].map((cell) => cell.querySelector("button")),
  );
  const first = cells.flat().find((button) => button);
  if (first) first.tabIndex = 0;
  table.addEventListener("keydown", (event) => {
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    if (!step) return;
    let row = cells.findIndex((each) => each.includes(event.target as HTMLButtonElement));
    let column = cells[row]?.indexOf(event.target as HTMLButtonElement) ?? -1;
    if (column < 0) return;
    event.preventDefault();
    do {
      row += step[0]!;
      column += step[1]!;
    } while (cells[row]?.[column] === null);
    const next = cells[row]?.[column];
    if (!next) return;
    (event.target as HTMLButtonElement).tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
}

export function matrix(data: MatrixData): { table: HTMLElement; way: HTMLElement } {
  const way = h(
    "div",
    { class: "way", tabindex: -1 },
    h(
      "p",
      { class: "muted" },
      "Choose a coloured cell of the table: the shortest way to what is worst in it is drawn here.",
    ),
  );
  let chosen: HTMLButtonElement | null = null;
  const open = (cell: Cell, button: HTMLButtonElement) => {
    chosen?.removeAttribute("aria-pressed");
    chosen = button;
    button.setAttribute("aria-pressed", "true");
    way.replaceChildren(race(data.pictures[cell.picture!]!, "cell"));
    way.focus({ preventScroll: true });
    way.scrollIntoView({
      block: "start",
      behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
    });
  };
  const cellOf = (cell: Cell, strategy: string, fault: string) => {
    if (cell.picture === null) return h("td", { class: `shade ${cell.shade}` }, cell.words);
    const button = h(
      "button",
      {
        type: "button",
        tabindex: -1,
        "aria-label": `${strategy.slice(0, 80)}, ${fault}: ${cell.words}. Show how`,
      },
      cell.words,
    );
    button.addEventListener("click", () => open(cell, button));
    return h("td", { class: `shade ${cell.shade}` }, button);
  };
  const grid = h(
    "table",
    { class: "matrix" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "col" }, "strategy"),
        ...data.document.faults.map((fault) => h("th", { scope: "col", title: fault.meaning }, fault.name)),
      ),
    ),
    h(
      "tbody",
      {},
      ...data.rows.map((row) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, named(row.strategy, 40)),
          ...row.cells.map((cell, i) => cellOf(cell, row.strategy, data.document.faults[i]?.name ?? "")),
        ),
      ),
    ),
  );
  moveByArrows(grid);
  const used = new Set(data.rows.flatMap((row) => row.cells.map((cell) => cell.shade)));
  const table = h(
    "div",
    {},
    h("div", { class: "scroll", role: "region", "aria-label": "Strategies and faults", tabindex: 0 }, grid),
    h(
      "ul",
      { class: "legend" },
      ...meanings
        .filter(([shade]) => used.has(shade))
        .map(([shade, text]) =>
          h("li", {}, h("span", { class: `key shade ${shade}`, "aria-hidden": "true" }), text),
        ),
    ),
    h(
      "p",
      { class: "muted" },
      "A number is the length of the shortest way, in steps; a share is of runs by the scenario's latencies.",
    ),
    h(
      "details",
      {},
      h("summary", {}, "What the faults are"),
      h(
        "dl",
        { class: "meanings" },
        ...data.document.faults.flatMap((fault) => [h("dt", {}, fault.name), h("dd", {}, fault.meaning)]),
      ),
    ),
  );
  return { table, way };
}
