/** ClickHouse's HTTP border (user and key in headers, 403 and 404 with its text) before the real engine; prints its port. */
import { createServer } from "node:http";
import { createRequire } from "node:module";

const chdb = createRequire(new URL("../scan-engine/package.json", import.meta.url))("chdb");

const server = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const isKnown =
      request.headers["x-clickhouse-user"] === "scanner" &&
      request.headers["x-clickhouse-key"] === process.env.JIKIM_TEST_PASSWORD;
    if (request.method !== "POST" || !isKnown) {
      response.writeHead(403).end("Code: 516. DB::Exception: Authentication failed");
      return;
    }
    try {
      response.end(chdb.query(Buffer.concat(parts).toString("utf8"), "JSONEachRow"));
    } catch (error) {
      response.writeHead(404).end(String(error.message));
    }
  });
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));
