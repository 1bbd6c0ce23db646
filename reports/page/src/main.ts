// Puts the page together from the data that the command wrote into it.
import type { Data, ExploreDocument, Picture, RunDocument, Undrawn } from "./data";
import { checkHistories, checkList, checkVerdict, type CheckData } from "./check";
import { command, h, named, type Child } from "./dom";
import { verdict } from "./expectations";
import { count, spaced } from "./format";
import { matrix, type MatrixData } from "./matrix";
import { quantiles } from "./quantiles";
import { race } from "./race";
import { exploreTable, nameOf, runTable } from "./tables";
import { sweep, sweepVerdict, type SweepData } from "./sweep";
import { tuneCovers, tunePoints, type TuneData } from "./tune";

function header(about: string, document: { scenario: string }): HTMLElement {
  return h("header", {}, h("p", { class: "kicker" }, about), h("h1", {}, named(document.scenario, 120)));
}

function section(title: string, ...children: Child[]): HTMLElement {
  const id = title.toLowerCase().replaceAll(/[^a-z]+/g, "-");
  return h("section", { "aria-labelledby": id }, h("h2", { id }, title), ...children);
}

function races(title: string, pictures: Picture[]): HTMLElement | null {
  if (pictures.length === 0) return null;
  if (pictures.length === 1) return section(title, race(pictures[0]!, "race-0"));
  const choice = h("select", { id: "race" });
  pictures.forEach((picture, i) =>
    choice.append(
      h(
        "option",
        { value: i },
        `${picture.strategy.slice(0, 80)}: ${picture.properties.join(", ").replaceAll("_", " ")}`,
      ),
    ),
  );
  const shown = h("div", {});
  const show = () =>
    shown.replaceChildren(race(pictures[Number(choice.value)]!, `race-${choice.value}`));
  choice.addEventListener("change", show);
  show();
  return section(
    title,
    h("p", { class: "choose" }, h("label", { for: "race" }, `Which of ${pictures.length}`), choice),
    shown,
  );
}

// Violations that are told, but not drawn.
function undrawn(all: Undrawn[]): HTMLElement | null {
  if (all.length === 0) return null;
  return section(
    "Not drawn",
    ...all.flatMap(({ strategy, heading, why, repeat }) => [
      h(
        "p",
        {},
        h("b", {}, named(strategy, 80)),
        `, ${heading}: ${why}. In a terminal it is told step by step:`,
      ),
      command(repeat),
    ]),
  );
}

function runPage(document: RunDocument, data: Extract<Data, { command: "run" }>): Child[] {
  const name = (strategy: RunDocument["strategies"][number]) => nameOf(strategy, document.strategies);
  const rows = <T>(of: (strategy: RunDocument["strategies"][number]) => T) =>
    document.strategies.map((strategy) => ({ name: name(strategy), of: of(strategy) }));
  return [
    header(`${count(document.runs)} runs of each strategy, seed ${document.seed}`, document),
    verdict(
      document.verdict,
      document.complete,
      document.strategies.map((each) => ({ strategy: name(each), expectations: each.expectations })),
    ),
    section(
      "Comparison",
      h("p", { class: "advice" }, data.advice),
      runTable(document),
      h(
        "p",
        { class: "muted" },
        "Below each share stands its interval at 99 % confidence; the pale bar shows it.",
      ),
      h("p", { class: "muted" }, "Next, in a terminal:"),
      command(data.next),
    ),
    races("How it goes wrong", data.pictures),
    undrawn(data.undrawn),
    section(
      "How long",
      quantiles(
        "The cache was wrong for",
        "From the instant at which Redis and MySQL differ to the instant at which they agree again.",
        rows((strategy) => strategy.windows.state).map((row) => ({
          ...row,
          remark: row.of.count === 0 ? "never wrong" : "never right again",
        })),
      ),
      quantiles(
        "Age of what stale reads returned",
        "How long before the read began the newer write had returned.",
        rows((strategy) => strategy.staleness).map((row) => ({ ...row, remark: "no stale read" })),
      ),
      quantiles(
        "Writes took",
        "From call to return, as the service sees it.",
        rows((strategy) => strategy.latency.write),
      ),
      quantiles(
        "Reads took",
        "From call to return, as the service sees it.",
        rows((strategy) => strategy.latency.read),
      ),
    ),
  ];
}

function explorePage(document: ExploreDocument, pictures: Picture[]): Child[] {
  const timed = document.strategies.some((strategy) => strategy.mode === "timed");
  return [
    header(
      timed ? "Every order that the latencies allow" : "Every order of the commands, whatever they take",
      document,
    ),
    verdict(
      document.verdict,
      document.complete,
      document.strategies.map((each) => ({
        strategy: nameOf(each, document.strategies),
        expectations: each.expectations,
      })),
    ),
    section(
      "What can happen",
      exploreTable(document),
      h(
        "p",
        { class: "muted" },
        "A number is the length of the shortest way to it; “never” is proved for these clients.",
      ),
    ),
    races("The shortest ways", pictures),
  ];
}

function tunePage(data: TuneData): Child[] {
  const { document } = data;
  const covers = tuneCovers(document);
  return [
    header(`${document.parameter} of ${document.strategy}, against “${spaced(document.property)}”`, document),
    section(
      "Answer",
      ...data.answer.map((text, i) => h("p", { class: i === 0 ? "answer" : null }, text)),
      ...tunePoints(document),
    ),
    document.expectations.length > 0
      ? verdict(document.verdict, document.complete, [
          { strategy: document.strategy, expectations: document.expectations },
        ])
      : null,
    covers ? section(`What ${document.parameter} must cover`, covers) : null,
    races("How it goes wrong just below", data.pictures),
  ];
}

function matrixPage(data: MatrixData): Child[] {
  const { table, way } = matrix(data);
  return [
    header(`Strategies and faults: ${data.document.clients}, every order of their commands`, data.document),
    section(
      "What each fault lets happen",
      data.document.complete
        ? null
        : h("p", { class: "bad" }, "Not complete: a limit or an interruption came first."),
      table,
    ),
    data.pictures.length > 0 ? section("How it goes wrong", way) : null,
  ];
}

function checkPage(data: CheckData): Child[] {
  const one =
    data.histories.length === 1
      ? data.histories[0]!.title
      : `${count(data.document.histories.length)} histories`;
  return [
    header("Could these reads and writes be those of one correct copy?", { scenario: one }),
    checkVerdict(data),
    checkList(data),
    ...checkHistories(data),
  ];
}

function sweepPage(data: SweepData): Child[] {
  const { document } = data;
  const verdictOfPoints = sweepVerdict(data);
  return [
    header(
      `${count(document.runs)} runs of each strategy at each of ${count(data.points)} points, ` +
        `seed ${document.seed}`,
      document,
    ),
    verdictOfPoints ? section("Expectations", verdictOfPoints) : null,
    data.points > 0 ? section("Point by point", ...sweep(data)) : null,
  ];
}

function pageOf(data: Data): Child[] {
  switch (data.command) {
    case "run":
      return runPage(data.document, data);
    case "explore":
      return explorePage(data.document, data.pictures);
    case "tune":
      return tunePage(data);
    case "matrix":
      return matrixPage(data);
    case "sweep":
      return sweepPage(data);
    case "check":
      return checkPage(data);
  }
}

const data = JSON.parse(document.getElementById("data")?.textContent ?? "") as Data;
const page = document.getElementById("page")!;
document.title = `${(data.document.scenario ?? "histories").slice(0, 80)} – cacherace ${data.command}`;
page.replaceChildren(
  ...pageOf(data).filter((part): part is Node | string => Boolean(part)),
  h("footer", { class: "muted" }, `cacherace ${data.document.cacherace}`),
);
