// Shows pages to a browser and pokes at all that is in them: `node hostile.js CHROMIUM FOLDER` prints, as JSON, how many
// there were, in which of them something ran (`hits`), and what was asked for that is neither image nor sound (`asked`).
"use strict";

const { readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");
const { chromium } = require("playwright-core");

const HARMLESS = new Set(["image", "media"]);

// In the browser: whatever listens is woken, and every link is followed that may be code.
function poke(html) {
  window.hits = [];
  window.hit = () => window.hits.push("hit");
  document.open();
  document.write(html);
  document.close();
  document.addEventListener("submit", (event) => event.preventDefault(), true);
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[href]");
    if (link && !/^\s*javascript/i.test(link.protocol)) event.preventDefault();
  }, true);
  const names = ["load", "error", "mouseover", "mouseenter", "focus", "focusin", "toggle", "begin", "input", "change"];
  for (const element of document.querySelectorAll("*")) {
    for (const name of names) element.dispatchEvent(new Event(name, { bubbles: true }));
    element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
  }
  return new Promise((resolve) => setTimeout(() => resolve(window.hits.length), 0));
}

async function main(executablePath, folder) {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  try {
    const context = await browser.newContext();
    const asked = new Set();
    await context.route(/.*/, (route) => {
      const kind = route.request().resourceType();
      if (!HARMLESS.has(kind)) asked.add(`${kind} ${route.request().url()}`);
      return route.abort();
    });
    const names = readdirSync(folder).filter((name) => name.endsWith(".html")).sort();
    const page = await context.newPage();
    const hits = [];
    for (const name of names) {
      if (await page.evaluate(poke, readFileSync(join(folder, name), "utf8"))) hits.push(name);
    }
    process.stdout.write(JSON.stringify({ pages: names.length, hits, asked: [...asked] }));
  } finally {
    await browser.close();
  }
}

main(process.argv[2], process.argv[3]).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
