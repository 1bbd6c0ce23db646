// Figures as people read them; the same words as the tables on a terminal.
export interface Probability {
  estimate: number | null;
  low: number | null;
  high: number | null;
}

const units: [number, string][] = [
  [86400e9, "d"],
  [3600e9, "h"],
  [60e9, "min"],
  [1e9, "s"],
  [1e6, "ms"],
  [1e3, "µs"],
];

function significant(value: number, digits = 3): string {
  return String(Number(value.toPrecision(digits)));
}

export function duration(ns: number | null | undefined): string {
  if (ns === null || ns === undefined) return "–";
  for (const [size, name] of units) {
    if (Math.abs(ns) >= size) return `${significant(ns / size)} ${name}`;
  }
  return `${ns} ns`;
}

// With every digit that it has, so that neighbours are told apart.
export function unrounded(ns: number): string {
  const [size, name] = units.find(([each]) => Math.abs(ns) >= each) ?? [1, "ns"];
  return `${significant(ns / size, 15)} ${name}`;
}

export function count(value: number): string {
  return value.toLocaleString("en-US");
}

export function counted(value: number, what: string): string {
  return `${count(value)} ${what}${value === 1 ? "" : "s"}`;
}

function percentNumber(share: number): string {
  const percent = 100 * share;
  return percent >= 99.95 && percent < 100 ? "99.9" : significant(percent, percent >= 10 ? 3 : 2);
}

export function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? "–" : `${percentNumber(share)} %`;
}

// "3.7 %", and below it the interval; of what was never seen only how much it can be.
export function estimated(p: Probability): { value: string; interval: string } {
  if (p.estimate === null) return { value: "–", interval: "" };
  if (p.low === null || p.high === null) return { value: percent(p.estimate), interval: "" };
  if (p.estimate === 0) return { value: "none seen", interval: `at most ${percent(p.high)}` };
  return { value: percent(p.estimate), interval: `${percentNumber(p.low)}–${percentNumber(p.high)}` };
}

// A power of ten in words of its own: what is rarer than one in a thousand is no percentage to read.
export function power(share: number): string {
  if (share === 0) return "0";
  if (share >= 1e-3) return percent(share);
  const [digits, exponent] = share.toExponential(1).split("e-") as [string, string];
  const raised = [...exponent].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("");
  return `${digits === "1.0" ? "" : `${digits}·`}10⁻${raised}`;
}

// A risk, which may be very small, with its interval.
export function risk(p: Probability): { value: string; interval: string } {
  if (p.estimate === null || p.high === null || p.low === null) return { value: "–", interval: "" };
  if (p.estimate === 0) return { value: "none seen", interval: `at most ${power(p.high)}` };
  return { value: power(p.estimate), interval: `${power(p.low)} to ${power(p.high)}` };
}

export function spaced(word: string): string {
  return word.replaceAll("_", " ");
}

// Milliseconds of instants: as many decimals as keep them apart, at least one.
export function clock(instants: number[]): (ns: number) => string {
  let decimals = 1;
  const distinct = [...new Set(instants)].sort((a, b) => a - b);
  const repeats = (places: number) =>
    distinct.some(
      (at, i) => i > 0 && (at / 1e6).toFixed(places) === ((distinct[i - 1] ?? 0) / 1e6).toFixed(places),
    );
  while (decimals < 6 && repeats(decimals)) ++decimals;
  return (ns) => (ns / 1e6).toFixed(decimals);
}
