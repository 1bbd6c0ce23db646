// Opens reports from disk in a headless browser, uses them by keyboard and mouse, and checks what they show
// against their data: node browser_test.mjs REPORT.html...
// Where a document.json lies beside the report, the page must hold just that.
// CHROMIUM names the browser; SCREENSHOTS, where it is given, a folder for pictures of each page.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { chromium } from "playwright-core";

const widths = [1280, 400];
const schemes = ["light", "dark"];

async function dataOf(page) {
  return JSON.parse(await page.locator("#data").textContent());
}

async function checkShape(page) {
  const shape = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    room: document.documentElement.clientWidth,
    headings: document.querySelectorAll("h1").length,
    unnamed: [...document.querySelectorAll("button, input, select, [role=region], [role=group]")].filter(
      (each) => !each.getAttribute("aria-label") && !each.textContent.trim() && !each.labels?.length,
    ).length,
    markup: document.querySelectorAll("#page script, #page img, #page iframe, #page b[onclick]").length,
  }));
  assert.ok(shape.wide <= shape.room, `the page is ${shape.wide} wide in a window of ${shape.room}`);
  assert.equal(shape.headings, 1);
  assert.equal(shape.unnamed, 0, "everything that can be used has a name");
  assert.equal(shape.markup, 0, "data became markup");
}

const clipped = (text, most) =>
  [...text].length <= most ? text : [...text].slice(0, most - 1).join("") + "…";

async function checkInstant(race, picture, told, step) {
  const moment = picture.moments[told[step]];
  const now = await race.locator(".now").textContent();
  assert.ok(
    now.includes(clipped(moment.words.replaceAll(" -> ", " → "), 160)),
    `"${now}" tells "${moment.words}"`,
  );
  const cards = await race
    .locator(".card")
    .evaluateAll((all) =>
      all.map((card) => [...card.querySelectorAll("dd")].map((line) => line.textContent)),
    );
  const shown = (of) =>
    moment.contents.map(
      (held) => (moment.contents.length > 1 ? `${held.key} = ` : "") + (of(held) || "nothing"),
    );
  const stores = [
    shown((held) => held.redis),
    shown((held) => held.primary),
    ...moment.contents[0].replicas.map((_, i) => shown((held) => held.replicas[i])),
  ];
  if (picture.lanes.some((lane) => lane.kind === "queue")) stores.push(shown((held) => held.queue));
  assert.deepEqual(cards, stores);
  assert.equal(
    (await race.locator(".card.redis.bad").count()) > 0,
    moment.contents.some((held) => held.differs),
  );
}

async function checkRace(page, picture) {
  const race = page.locator("figure.race");
  const told = picture.moments.flatMap((moment, i) => (moment.words ? [i] : []));
  assert.ok(
    (await race.locator(".reason").textContent()).startsWith(clipped(picture.reason, 600).slice(0, 400)),
  );
  await race.locator("svg.spacetime").waitFor();
  assert.equal(await race.locator(".label").count(), told.length, "every step has its label");
  assert.equal(await race.locator(".arrow").count(), picture.passages.length, "every message its arrow");
  assert.equal(await race.locator("details.steps tbody tr").count(), told.length);
  const slider = race.locator("input[type=range]");
  await checkInstant(race, picture, told, told.length - 1);
  await slider.focus();
  await page.keyboard.press("Home");
  await checkInstant(race, picture, told, 0);
  for (let step = 1; step < Math.min(told.length, 12); ++step) {
    await page.keyboard.press("ArrowRight");
    await checkInstant(race, picture, told, step);
  }
  const box = await slider.boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await checkInstant(race, picture, told, Number(await slider.inputValue()));
  const decider = told.findIndex((i) => picture.moments[i].decides);
  if (decider >= 0) {
    await race.getByRole("button", { name: "To the step that decides" }).click();
    await checkInstant(race, picture, told, decider);
    assert.equal(await race.locator(".now .badge.decides").count(), 1);
  }
  await checkOverlaps(race);
  await slider.focus();
  await page.keyboard.press("End");
}

// No label lies over another one.
async function checkOverlaps(race) {
  const overlaps = await race.locator(".label rect").evaluateAll((all) => {
    const boxes = all.map((each) => each.getBBox());
    return boxes.flatMap((a, i) =>
      boxes
        .slice(i + 1)
        .filter(
          (b) =>
            a.x < b.x + b.width &&
            b.x < a.x + a.width &&
            a.y + 1 < b.y + b.height &&
            b.y + 1 < a.y + a.height,
        ),
    ).length;
  });
  assert.equal(overlaps, 0, "labels overlap");
}

const share = (value) =>
  (value >= 0.9995 && value < 1
    ? "99.9"
    : String(Number((100 * value).toPrecision(100 * value >= 10 ? 3 : 2)))) + " %";

async function checkExpectations(page, strategies) {
  const all = strategies
    .flatMap((strategy) => strategy.expectations)
    .filter((each) => each.verdict !== "not evaluated");
  const words = await page.locator("td.word").allTextContents();
  assert.deepEqual(words.sort(), all.map((each) => each.verdict.replaceAll("_", " ")).sort());
}

async function checkRun(page, { document }) {
  await checkExpectations(page, document.strategies);
  const rows = page.getByRole("region", { name: "Comparison of the strategies" }).locator("tbody tr");
  assert.equal(await rows.count(), document.strategies.length);
  for (const [i, strategy] of document.strategies.entries()) {
    const cells = await rows.nth(i).locator("td").allTextContents();
    const shares = [
      strategy.stuck.probability,
      strategy.reads.stale_share,
      strategy.linearizability.probability,
    ];
    shares.forEach(({ estimate }, column) =>
      assert.ok(
        cells[column].startsWith(estimate === null ? "–" : estimate === 0 ? "none seen" : share(estimate)),
        cells[column],
      ),
    );
    assert.ok((await rows.nth(i).textContent()).includes(strategy.strategy));
  }
}

async function checkExplore(page, { document }) {
  await checkExpectations(page, document.strategies);
  const rows = page.getByRole("region", { name: "What can happen" }).locator("tbody tr");
  for (const [i, strategy] of document.strategies.entries()) {
    const cells = await rows.nth(i).locator("td").allTextContents();
    Object.entries(strategy.reachable).forEach(([property, reachable], column) => {
      const steps = strategy.witnesses[property]?.steps.length;
      const words =
        reachable && steps !== undefined ? `${steps} step` : strategy.complete ? "never" : "not seen";
      assert.ok(cells[column].startsWith(words), `${strategy.strategy}, ${property}: ${cells[column]}`);
    });
  }
}

async function checkTune(page, { document }) {
  await checkExpectations(page, [document]);
  const slider = page.locator("#points");
  await slider.focus();
  await page.keyboard.press("Home");
  const values = new Set();
  for (const [i, point] of document.points.entries()) {
    assert.equal(Number(await slider.inputValue()), i);
    const cards = await page.locator("#point dd:not(.more)").allTextContents();
    values.add(cards[0]);
    assert.ok(!/NaN|undefined|null/.test(cards.join()), cards.join());
    if (point.safe !== undefined) assert.equal(cards[1], point.safe ? "safe" : "unsafe");
    await page.keyboard.press("ArrowRight");
  }
  assert.equal(values.size, document.points.length, "each value is told apart");
  const box = await slider.boundingBox();
  await page.mouse.click(box.x + 2, box.y + box.height / 2);
  assert.equal(Number(await slider.inputValue()), 0, "a click at the left end");
  const terms = Array.isArray(document.covers) ? document.covers : document.covers.terms;
  assert.equal(await page.locator(".term").count(), terms.length === 0 ? 0 : terms.length + 1);
}

async function checkMatrix(page, data) {
  const rows = page.locator("table.matrix tbody tr");
  assert.equal(await rows.count(), data.document.strategies.length);
  for (const [i, strategy] of data.document.strategies.entries()) {
    const cells = await rows.nth(i).locator("td").allTextContents();
    strategy.cells.forEach((cell, column) => {
      if (cell.length) assert.ok(cells[column].endsWith(` ${cell.length}`), cells[column]);
      if (cell.verdict === "safe") assert.equal(cells[column], "safe");
      if (cell.verdict === "not_applicable") assert.equal(cells[column], "-");
    });
  }
  const open = data.rows.flatMap((row) => row.cells).filter((cell) => cell.picture !== null);
  assert.equal(await page.locator("table.matrix button").count(), open.length);
  await page.locator("table.matrix button[tabindex='0']").focus();
  await page.keyboard.press("Enter");
  await checkRace(page, data.pictures[open[0].picture]);
  await page
    .locator("table.matrix button")
    .nth(open.length - 1)
    .click();
  await checkRace(page, data.pictures[open[open.length - 1].picture]);
}

async function checkCheck(page, data) {
  const wrong = data.document.histories.some((each) => each.linearizable === false);
  assert.equal(
    (await page.locator("#verdict").textContent()).toLowerCase().includes("not linearizable"),
    wrong,
  );
  const bars = data.histories.flatMap((history) => history.contradiction?.bars ?? []);
  await page.waitForFunction(
    (count) => document.querySelectorAll(".operation-bar").length === count,
    bars.length,
  );
  assert.equal(
    await page.locator(".operation-bar.part").count(),
    bars.filter((bar) => bar.contradicts).length,
  );
}

const durationUnits = [
  [86400e9, "d"],
  [3600e9, "h"],
  [60e9, "min"],
  [1e9, "s"],
  [1e6, "ms"],
  [1e3, "µs"],
];

function valueWords(kind, value) {
  if (value === null) return "–";
  if (kind === "share") return share(value);
  if (kind === "number") {
    return Number.isInteger(value) ? value.toLocaleString("en-US") : String(Number(value.toPrecision(3)));
  }
  const [size, unit] = durationUnits.find(([ns]) => value >= ns) ?? [1, "ns"];
  return size === 1 ? `${value} ns` : `${Number((value / size).toPrecision(3))} ${unit}`;
}

// The contrast of two colours, as WCAG has it.
const contrastOf = (element) => {
  const light = (colour) => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => {
      const one = part / 255;
      return one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const style = getComputedStyle(element);
  const [a, b] = [light(style.color), light(style.backgroundColor)].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
};

// `whole`: what --format json printed of the same sweep; the page must show its figures.
async function checkSweep(page, data, whole) {
  const axes = data.document.axes;
  assert.deepEqual(axes, whole.axes);
  assert.equal(data.points, whole.points.length);
  const inResult = (point, strategy, path) =>
    path.split(".").reduce((part, name) => part?.[name], point.result.strategies[strategy]) ?? null;
  const strides = axes.map((_, i) =>
    axes.slice(i + 1).reduce((product, axis) => product * axis.values.length, 1),
  );
  const options = await page.locator("#figure option").count();
  assert.equal(options, data.figures.length);
  for (const [i, figure] of data.figures.entries()) {
    await page.locator("#figure").selectOption({ index: i });
    const valueAt = (strategy, point) => {
      const found = inResult(whole.points[point], strategy, figure.path);
      return found !== null && typeof found === "object" ? found.estimate : found;
    };
    const expected = [];
    if (axes.length === 1) {
      axes[0].values.forEach((_, point) =>
        data.strategies.forEach((__, strategy) => expected.push(valueAt(strategy, point))),
      );
      const dots = await page
        .locator(".sweep-plot")
        .evaluateAll((all) => all.map((each) => each.querySelectorAll("circle").length));
      assert.deepEqual(
        dots,
        data.strategies.map(
          (_, strategy) => axes[0].values.filter((__, point) => valueAt(strategy, point) !== null).length,
        ),
      );
    } else {
      data.strategies.forEach((_, strategy) =>
        axes[0].values.forEach((__, down) =>
          axes[1].values.forEach((___, across) =>
            expected.push(valueAt(strategy, down * strides[0] + across * strides[1])),
          ),
        ),
      );
      const contrasts = await page.locator("td.heat").evaluateAll((all, source) => {
        const contrast = new Function(`return ${source}`)();
        return all.map((each) => contrast(each));
      }, contrastOf.toString());
      assert.ok(Math.min(...contrasts) >= 4.5, `contrast ${Math.min(...contrasts)} of ${figure.path}`);
    }
    const cells = await page.locator("#shown td b").allTextContents();
    assert.deepEqual(
      cells,
      expected.map((value) => valueWords(figure.kind, value)),
      figure.path,
    );
    await checkShape(page);
  }
  for (const [i, axis] of axes.slice(2).entries()) {
    const before = await page.locator("#shown").textContent();
    await page.locator(`#axis-${i + 2}`).selectOption({ index: axis.values.length - 1 });
    assert.notEqual(await page.locator("#shown").textContent(), before, "another value shows another map");
  }
  await page.locator("#figure").selectOption({ index: 0 });
}

const checks = {
  run: checkRun,
  explore: checkExplore,
  tune: checkTune,
  matrix: checkMatrix,
  check: checkCheck,
  sweep: checkSweep,
};

async function checkPage(page, name, whole) {
  const data = await dataOf(page);
  await checkShape(page);
  assert.ok(
    (await page.locator("h1").textContent()).startsWith(
      clipped(data.document.scenario ?? "", 120).slice(0, 100),
    ),
  );
  await checks[data.command](page, data, whole);
  for (const { why } of data.undrawn ?? [])
    assert.ok((await page.locator("#page").textContent()).includes(why));
  for (let i = 0; data.command !== "matrix" && i < (data.pictures ?? []).length; ++i) {
    if (data.pictures.length > 1) await page.locator("#race").selectOption(String(i));
    await checkRace(page, data.pictures[i]);
    await checkShape(page);
  }
  console.log(`${name}: ${(data.pictures ?? []).length} pictures`);
}

// On paper: dark words on white whatever the scheme, and no table that is cut off where one would scroll.
async function checkPaper(page) {
  await page.emulateMedia({ media: "print" });
  const paper = await page.evaluate(() => ({
    ink: getComputedStyle(document.body).color,
    ground: getComputedStyle(document.body).backgroundColor,
    cut: [...document.querySelectorAll(".scroll")].filter(
      (each) => getComputedStyle(each).overflowX !== "visible",
    ).length,
  }));
  assert.deepEqual(paper, { ink: "rgb(27, 32, 48)", ground: "rgb(255, 255, 255)", cut: 0 });
  await page.emulateMedia({ media: "screen" });
}

// What axe knows of the Web Content Accessibility Guidelines (A and AA) and of good practice for screen
// readers: names, roles, headings, landmarks, contrast.
async function checkAccess(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run());
  const told = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 200)}: ${node.failureSummary}`),
  );
  assert.deepEqual(told, []);
}

async function checkReport(browser, file, width, scheme) {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    offline: true,
  });
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => wrong.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => wrong.push(`dialog: ${dialog.message()}`));
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) wrong.push(`request: ${request.url()}`);
  });
  await page.goto(pathToFileURL(resolve(file)).href);
  const name = `${basename(dirname(resolve(file)))}-${width}-${scheme}`;
  const document = join(dirname(resolve(file)), "document.json");
  const whole = existsSync(document) ? JSON.parse(readFileSync(document, "utf8")) : null;
  if (whole && whole.command !== "sweep") assert.deepEqual((await dataOf(page)).document, whole);
  await checkPage(page, name, whole);
  if ((width === widths[0]) === (scheme === schemes[0])) await checkAccess(page);
  if (process.env.SCREENSHOTS) {
    await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`), fullPage: true });
  }
  await checkPaper(page);
  assert.deepEqual(wrong, []);
  await context.close();
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  for (const file of process.argv.slice(2)) {
    for (const width of widths) {
      for (const scheme of schemes) await checkReport(browser, file, width, scheme);
    }
  }
} finally {
  await browser.close();
}
