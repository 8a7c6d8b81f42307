// A page with OpenUI5 in a window without a screen (jsdom). The page and the service have one origin, as they would
// behind a reverse proxy: a process of its own hands on what is below /odata/ and gives out OpenUI5's files below
// /resources/. (It cannot be this one, which stands still while the page waits for a synchronous request.)
"use strict";

const { fork } = require("node:child_process");
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");

const modules = process.env.NODE_PATH;
const { JSDOM, VirtualConsole } = require(path.join(modules, "jsdom"));
const RESOURCES = path.join(modules, "@openui5/sap.ui.core/src");

function front(service, seen) {
  return http.createServer((request, response) => {
    if (request.url.startsWith("/resources/")) {
      const file = path.join(RESOURCES, decodeURIComponent(request.url.slice("/resources/".length).split("?")[0]));
      fs.readFile(file, (error, data) => {
        response.writeHead(error ? 404 : 200, { "content-type": file.endsWith(".js") ? "text/javascript" : "text/plain" });
        response.end(error ? "" : data);
      });
      return;
    }
    const { hostname, port } = new URL(service);
    seen.push(`${request.method} ${request.url.split("?")[0]}`);
    const further = http.request(
      { hostname, port, method: request.method, path: request.url, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      },
    );
    further.on("error", (error) => response.destroy(error));
    request.pipe(further);
  });
}

if (process.argv[2] === "--front") {
  const seen = [];
  const server = front(process.argv[3], seen);
  server.listen(0, "127.0.0.1", () => process.send(server.address().port));
  process.on("message", () => process.send(seen));
  process.on("disconnect", () => process.exit(0));
}

// Run `work(sap.ui.require as a promise, window, origin, seen)` on the page, and print what it returns as JSON.
async function run(work) {
  const server = fork(__filename, ["--front", process.argv[2]]);
  const said = () => new Promise((done) => server.once("message", done));
  const origin = `http://127.0.0.1:${await said()}`;
  const seen = async () => {
    server.send("what was asked?");
    return said();
  };
  const console_ = new VirtualConsole();
  const troubles = [];
  console_.on("jsdomError", (error) => troubles.push(String(error.message)));
  if (process.env.DEBUG) console_.forwardTo(console);
  const { window } = new JSDOM("<!DOCTYPE html><html><body></body></html>", {
    url: `${origin}/`,
    runScripts: "dangerously",
    resources: "usable",
    pretendToBeVisual: true,
    virtualConsole: console_,
  });
  window["sap-ui-config"] = { language: "en", resourceRoots: { "": "/resources/" }, compatVersion: "edge", async: true };
  window.matchMedia = () => ({ matches: false, addListener() {}, removeListener() {}, addEventListener() {} });
  window.performance.timing ??= {};
  const load = (name) =>
    new Promise((done, failed) => {
      const script = window.document.createElement("script");
      script.src = `/resources/${name}`;
      script.id = name === "ui5loader-autoconfig.js" ? "sap-ui-bootstrap" : "";
      script.onload = done;
      script.onerror = () => failed(new Error(`${name} cannot be loaded`));
      window.document.head.append(script);
    });
  const alarm = setTimeout(() => {
    console.error("no end in sight", troubles);
    process.exit(3);
  }, 90_000);
  try {
    await load("ui5loader.js");
    await load("ui5loader-autoconfig.js");
    const need = (...names) =>
      new Promise((done, failed) => window.sap.ui.require(names, (...found) => done(found), failed));
    console.log(JSON.stringify(await work(need, window, origin, seen)));
  } finally {
    clearTimeout(alarm);
    window.close();
    server.disconnect();
  }
}

module.exports = {
  main(work) {
    run(work).then(
      () => process.exit(0),
      (error) => {
        console.error(error && error.stack ? error.stack : error);
        process.exit(1);
      },
    );
  },
};
