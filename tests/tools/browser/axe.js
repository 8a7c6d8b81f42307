// Looks at pages with axe-core in a browser: `node axe.js CHROMIUM FOLDER` prints what is wrong with the HTML files of
// a folder, as JSON: {"engine", "browser", "pages", "violations": [{page, rule, impact, help, target, html}]}.
// Pages that ask for anything are answered with nothing, so that what is found does not hang on what is around.
"use strict";

const { readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");
const axe = require("axe-core");
const { chromium } = require("playwright-core");

const SIDE_BY_SIDE = 2;
const SOURCE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

// Every rule there is, those for AAA, best practices and what is off by default included; but not the experiments, which
// guess what an author of the text may have meant.
const OPTIONS = {
  resultTypes: ["violations"],
  rules: Object.fromEntries(
    axe.getRules().map(({ ruleId, tags }) => [ruleId, { enabled: !tags.includes("experimental") }]),
  ),
};

// In the browser: writing a document anew keeps the window, and axe-core with it, where going to a page loads it again.
async function inBrowser([html, options]) {
  document.open();
  document.write(html);
  document.close();
  const { violations } = await window.axe.run(document, options);
  return violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map(({ target, html }) => ({ rule: id, impact, help, target: target.join(" "), html })),
  );
}

async function look(context, folder, names, found) {
  const page = await context.newPage();
  await page.evaluate(SOURCE);
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    const html = readFileSync(join(folder, name), "utf8");
    const violations = await page.evaluate(inBrowser, [html, OPTIONS]);
    found.push(...violations.map((violation) => ({ page: name, ...violation })));
  }
  await page.close();
}

async function main(executablePath, folder) {
  // No sandbox, since it refuses root, and the pages are those that a test has just written.
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 1024 } });
    await context.route(/.*/, (route) => route.abort());
    const names = readdirSync(folder).filter((name) => name.endsWith(".html"));
    const pages = names.length;
    const found = [];
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, () => look(context, folder, names, found)));
    found.sort((one, other) => (one.page + one.target < other.page + other.target ? -1 : 1));
    process.stdout.write(JSON.stringify({ engine: axe.version, browser: browser.version(), pages, violations: found }));
  } finally {
    await browser.close();
  }
}

main(process.argv[2], process.argv[3]).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
