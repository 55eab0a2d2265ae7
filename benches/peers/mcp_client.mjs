// `chronotope serve` with the official TypeScript client of the Model Context Protocol, over stdio and over streamable HTTP.
//
//     npm install --prefix DIR @modelcontextprotocol/sdk
//     cp benches/peers/mcp_client.mjs DIR && CHRONOTOPE=PROGRAM node DIR/mcp_client.mjs FOLDER     (FOLDER holds street.world.txt or any source)
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { spawn } from "node:child_process";

const ours = process.env.CHRONOTOPE ?? "chronotope", folder = process.argv[2], port = process.argv[3] ?? "18377";

async function tried(transport) {
  const client = new Client({ name: "tried", version: "0" });
  await client.connect(transport);
  const { tools } = await client.listTools();
  const listed = await client.callTool({ name: "list_sources", arguments: {} });
  const source = listed.structuredContent.sources[0].source;
  const said = { server: client.getServerVersion(), tools: tools.length, source };
  const calls = [["show", {}], ["questions", {}], ["ask", { question: "How many cars are there?" }], ["where", { thing: "person" }], ["when", { thing: "person" }],
    ["measure", { what: "count", thing: "car" }], ["track", { thing: "person" }], ["events", {}], ["facts", {}], ["run_program", { program: 'count(all("car"))' }]];
  for (const [name, own] of calls) {
    const result = await client.callTool({ name, arguments: { source, ...own } });
    said[name] = (result.isError ? "ERROR " : "") + result.content[0].text.split("\n")[0];
  }
  const wrong = await client.callTool({ name: "ask", arguments: { source: "../x", question: "?" } });
  said.outside = `isError=${wrong.isError} ${wrong.content[0].text.split("\n")[0]}`;
  said.resources = (await client.listResources()).resources.map((r) => r.uri);
  said.templates = (await client.listResourceTemplates()).resourceTemplates.length;
  said.prompts = (await client.listPrompts()).prompts.map((p) => p.name);
  const times = [];
  for (let i = 0; i < 300; i++) {
    const start = performance.now();
    await client.callTool({ name: "ask", arguments: { source, question: "How many cars are there?" } });
    times.push(performance.now() - start);
  }
  said.ask_median_ms = times.sort((a, b) => a - b)[150];
  await client.close();
  return said;
}

const out = { stdio: await tried(new StdioClientTransport({ command: ours, args: ["-q", "serve", "--mcp", folder] })) };
const server = spawn(ours, ["-q", "serve", "--http", port, folder], { stdio: "inherit" });
for (let i = 0; i < 200; i++) {
  try { await fetch(`http://127.0.0.1:${port}/health`); break; } catch { await new Promise((go) => setTimeout(go, 20)); }
}
try { out.http = await tried(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`))); } finally { server.kill("SIGTERM"); }
console.log(JSON.stringify(out, null, 1));
