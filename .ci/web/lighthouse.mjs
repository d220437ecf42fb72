// Runs Lighthouse on the pages that people see most, as a phone on a slow
// line (its own standard), signed in by a session cookie, and prints what it
// says beside the bars. Called by .ci/lighthouse:
//
//   node lighthouse.mjs CHROMIUM ADDRESS
//
// Performance depends on what else the machine does: a page under its bar is
// measured twice more, and the median counts. The exit code is 1 when a figure
// is under its bar, or a page could not be measured.
import os from "node:os";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const [browser, site] = process.argv.slice(2);
const password = "inside-the-box";
const bars = { performance: 98, accessibility: 100, "best-practices": 95 };
const patience = 120_000; // for one run, in milliseconds

/** Signs in as a demo person and returns the session's cookie. */
async function signIn(email) {
  const answer = await fetch(site + "/login", {
    method: "POST",
    redirect: "manual",
    headers: { Origin: site },
    body: new URLSearchParams({ email, password, next: "/" }),
  });
  const cookie = answer.headers.getSetCookie().map((c) => c.split(";")[0]).join("; ");
  if (answer.status !== 303 || !cookie) throw new Error(`signing in as ${email} is answered ${answer.status}`);
  return cookie;
}

/** The first address on a page that has this shape. */
async function linked(from, shape, cookie) {
  const page = await (await fetch(site + from, { headers: { Cookie: cookie } })).text();
  const found = page.match(shape);
  if (!found) throw new Error(`${from} has no link like ${shape}`);
  return found[1];
}

/** The pages: name, path, cookie. */
async function pages() {
  const [rep, begun, manager] = await Promise.all(["rep3", "rep9", "manager"].map((who) => signIn(who + "@demo.test")));
  return [
    ["login", "/login", ""],
    ["home", "/", rep],
    ["lesson", "/courses/onboarding/the-box/reading-a-box", rep],
    ["quiz", await linked("/", /href="(\/attempts\/[^"]+)"/, begun), begun],
    ["board", "/team", manager],
  ];
}

/** One run: the scores in percent, and what cost points. */
async function measure(port, path, cookie) {
  const run = lighthouse(site + path, {
    port,
    logLevel: "silent",
    onlyCategories: Object.keys(bars),
    extraHeaders: cookie ? { Cookie: cookie } : undefined,
    maxWaitForLoad: 45_000,
  });
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error(`Lighthouse took longer than ${patience / 1000} s`)), patience).unref());
  const { lhr } = await Promise.race([run, late]);
  if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
  if (new URL(lhr.finalDisplayedUrl).pathname !== path) throw new Error(`it was led to ${lhr.finalDisplayedUrl}`);
  const scores = {};
  const faults = {};
  for (const name of Object.keys(bars)) {
    const category = lhr.categories[name];
    scores[name] = Math.round((category.score ?? 0) * 100);
    faults[name] = category.auditRefs
      .filter((ref) => ref.weight > 0 && lhr.audits[ref.id].score !== null && lhr.audits[ref.id].score < 0.9)
      .map((ref) => `${ref.id}${lhr.audits[ref.id].displayValue ? " " + lhr.audits[ref.id].displayValue.replace(/\s/g, " ") : ""}`);
  }
  return { scores, faults };
}

const under = (run) => Object.keys(bars).filter((name) => run.scores[name] < bars[name]);
const byPerformance = (a, b) => a.scores.performance - b.scores.performance;

/** A run that broke, as on a machine that is too busy, is tried once more. */
async function measured(port, path, cookie) {
  try {
    return await measure(port, path, cookie);
  } catch {
    return measure(port, path, cookie);
  }
}

async function judged(port, path, cookie) {
  const runs = [await measured(port, path, cookie)];
  if (under(runs[0]).length > 0) {
    runs.push(await measured(port, path, cookie), await measured(port, path, cookie));
  }
  return { ...runs.toSorted(byPerformance)[Math.floor(runs.length / 2)], runs: runs.map((r) => r.scores.performance) };
}

const chrome = await launch({
  chromePath: browser,
  logLevel: "silent",
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
let failed = 0;
try {
  console.log(`machine: ${os.cpus().length} cores, ${os.cpus()[0].model.trim()}, ${Math.round(os.totalmem() / 2 ** 30)} GB, load ${os.loadavg()[0].toFixed(1)}, Node ${process.version}`);
  console.log("page     performance (98)  accessibility (100)  best practices (95)");
  for (const [name, path, cookie] of await pages()) {
    let result;
    try {
      result = await judged(chrome.port, path, cookie);
    } catch (error) {
      failed += 1;
      console.log(`${name.padEnd(8)} could not be measured: ${error.message}`);
      continue;
    }
    const widths = { performance: 18, accessibility: 21, "best-practices": 0 };
    const cells = Object.entries(bars).map(([what, bar]) => (result.scores[what] + (result.scores[what] < bar ? " UNDER" : "")).padEnd(widths[what]));
    console.log(`${name.padEnd(8)} ${cells.join("")}${result.runs.length > 1 ? `   median of ${result.runs.join(", ")}` : ""}`);
    for (const what of under(result)) {
      failed += 1;
      console.log(`         ${what}: ${result.faults[what].join("; ") || "Lighthouse names nothing"}`);
    }
  }
} finally {
  chrome.kill();
}
console.log(failed > 0 ? `Lighthouse: ${failed} under their bar or not measured` : "Lighthouse: every figure reaches its bar");
process.exit(failed > 0 ? 1 : 0);
