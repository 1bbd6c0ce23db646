// Opens reports from disk in a headless browser, uses them by keyboard and mouse, and checks what they show against
// their data: node browser_test.mjs REPORT.html...
// Where a document.json lies beside the report, the page must hold just that.
// CHROMIUM names the browser; SCREENSHOTS, where it is given, a folder for pictures of each page.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const widths = [1280, 400];
const schemes = ["light", "dark"];

async function dataOf(page) {
  return JSON.parse(await page.locator("#data").textContent());
}

async function checkShape(page) {
  const shape = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth, room: document.documentElement.clientWidth,
    headings: document.querySelectorAll("h1").length,
    unnamed: [...document.querySelectorAll("button, input, select, [role=region], [role=group]")]
      .filter((each) => !each.getAttribute("aria-label") && !each.textContent.trim() && !each.labels?.length).length,
    markup: document.querySelectorAll("#page script, #page img, #page iframe, #page b[onclick]").length,
  }));
  assert.ok(shape.wide <= shape.room, `the page is ${shape.wide} wide in a window of ${shape.room}`);
  assert.equal(shape.headings, 1);
  assert.equal(shape.unnamed, 0, "everything that can be used has a name");
  assert.equal(shape.markup, 0, "data became markup");
}

const clipped = (text, most) => ([...text].length <= most ? text : [...text].slice(0, most - 1).join("") + "…");

async function checkInstant(race, picture, told, step) {
  const moment = picture.moments[told[step]];
  const now = await race.locator(".now").textContent();
  assert.ok(now.includes(clipped(moment.words.replaceAll(" -> ", " → "), 160)), `"${now}" tells "${moment.words}"`);
  const cards = await race.locator(".card").evaluateAll((all) =>
    all.map((card) => [...card.querySelectorAll("dd")].map((line) => line.textContent)));
  const shown = (of) => moment.contents.map((held) =>
    (moment.contents.length > 1 ? `${held.key} = ` : "") + (of(held) || "nothing"));
  const stores = [shown((held) => held.redis), shown((held) => held.primary),
    ...moment.contents[0].replicas.map((_, i) => shown((held) => held.replicas[i]))];
  if (picture.lanes.some((lane) => lane.kind === "queue")) stores.push(shown((held) => held.queue));
  assert.deepEqual(cards, stores);
  assert.equal(await race.locator(".card.redis.bad").count() > 0, moment.contents.some((held) => held.differs));
}

async function checkRace(page, picture) {
  const race = page.locator("figure.race");
  const told = picture.moments.flatMap((moment, i) => (moment.words ? [i] : []));
  assert.ok((await race.locator(".reason").textContent()).startsWith(clipped(picture.reason, 600).slice(0, 400)));
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
    return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) =>
      a.x < b.x + b.width && b.x < a.x + a.width && a.y + 1 < b.y + b.height && b.y + 1 < a.y + a.height)).length;
  });
  assert.equal(overlaps, 0, "labels overlap");
}

const share = (value) => (value >= 0.9995 && value < 1 ? "99.9"
  : String(Number((100 * value).toPrecision(100 * value >= 10 ? 3 : 2)))) + " %";

async function checkExpectations(page, strategies) {
  const all = strategies.flatMap((strategy) => strategy.expectations).filter((each) => each.verdict !== "not evaluated");
  const words = await page.locator("td.word").allTextContents();
  assert.deepEqual(words.sort(), all.map((each) => each.verdict.replaceAll("_", " ")).sort());
}

async function checkRun(page, { document }) {
  await checkExpectations(page, document.strategies);
  const rows = page.getByRole("region", { name: "Comparison of the strategies" }).locator("tbody tr");
  assert.equal(await rows.count(), document.strategies.length);
  for (const [i, strategy] of document.strategies.entries()) {
    const cells = await rows.nth(i).locator("td").allTextContents();
    const shares = [strategy.stuck.probability, strategy.reads.stale_share, strategy.linearizability.probability];
    shares.forEach(({ estimate }, column) => assert.ok(
      cells[column].startsWith(estimate === null ? "–" : estimate === 0 ? "none seen" : share(estimate)), cells[column]));
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
      const words = reachable && steps !== undefined ? `${steps} step` : strategy.complete ? "never" : "not seen";
      assert.ok(cells[column].startsWith(words), `${strategy.strategy}, ${property}: ${cells[column]}`);
    });
  }
}

async function checkTune(page, { document }) {
  await checkExpectations(page, [document]);
  const slider = page.locator("#points");
  await slider.focus();
  await page.keyboard.press("Home");
  for (const [i, point] of document.points.entries()) {
    assert.equal(Number(await slider.inputValue()), i);
    const cards = await page.locator("#point dd:not(.more)").allTextContents();
    if (point.safe !== undefined) assert.equal(cards[1], point.safe ? "safe" : "unsafe");
    await page.keyboard.press("ArrowRight");
  }
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
  await page.locator("table.matrix button").nth(open.length - 1).click();
  await checkRace(page, data.pictures[open[open.length - 1].picture]);
}

async function checkCheck(page, data) {
  const wrong = data.document.histories.some((each) => each.linearizable === false);
  assert.equal((await page.locator("#verdict").textContent()).toLowerCase().includes("not linearizable"), wrong);
  const bars = data.histories.flatMap((history) => history.contradiction?.bars ?? []);
  await page.waitForFunction((count) => document.querySelectorAll(".operation-bar").length === count, bars.length);
  assert.equal(await page.locator(".operation-bar.part").count(), bars.filter((bar) => bar.contradicts).length);
}

const checks = { run: checkRun, explore: checkExplore, tune: checkTune, matrix: checkMatrix, check: checkCheck };

async function checkPage(page, name) {
  const data = await dataOf(page);
  await checkShape(page);
  assert.ok((await page.locator("h1").textContent()).startsWith(clipped(data.document.scenario ?? "", 120).slice(0, 100)));
  await checks[data.command](page, data);
  for (let i = 0; data.command !== "matrix" && i < (data.pictures ?? []).length; ++i) {
    if (data.pictures.length > 1) await page.locator("#race").selectOption(String(i));
    await checkRace(page, data.pictures[i]);
    await checkShape(page);
  }
  console.log(`${name}: ${(data.pictures ?? []).length} pictures`);
}

async function checkReport(browser, file, width, scheme) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, offline: true });
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
  if (existsSync(document)) {
    assert.deepEqual((await dataOf(page)).document, JSON.parse(readFileSync(document, "utf8")));
  }
  await checkPage(page, name);
  if (process.env.SCREENSHOTS) {
    await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`), fullPage: true });
  }
  assert.deepEqual(wrong, []);
  await context.close();
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"],
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
