// What is generated: a client of every metadata document beside this file, DATABASE-VERSION.xml.
const { readdirSync } = require("node:fs");
const { EmitModes, Modes } = require("@odata2ts/odata2ts");

const services = {};
for (const file of readdirSync(".").filter((name) => name.endsWith(".xml"))) {
  const output = file.replace(".xml", "");
  services[output] = { source: file, output, serviceName: output.split("-")[0] };
}
module.exports = { mode: Modes.all, emitMode: EmitModes.ts, services };
