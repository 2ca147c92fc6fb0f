// A test host: Better Auth with its SCIM plugin on plain HTTP, loopback only.
// Usage and endpoints: README.md.

import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { toNodeHandler } from "better-auth/node";
import Database from "better-sqlite3";
import { createAuth, WIRINGS } from "./auth.mjs";
import { Outbox } from "./outbox.mjs";

const HOST = "127.0.0.1";

/** Reads the command line; throws an error that says what to change. */
function readOptions() {
  const { values } = parseArgs({
    options: {
      deactivation: { type: "string", default: WIRINGS[0] },
      port: { type: "string", default: "3917" },
      data: { type: "string", default: ":memory:" },
      "session-cookie-cache": { type: "boolean", default: false },
      "token-file": { type: "string", default: fileURLToPath(new URL("scim-token", import.meta.url)) },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new Error(`--port ${values.port}: want a number from 1 to 65535`);
  }
  if (!WIRINGS.includes(values.deactivation)) {
    throw new Error(`--deactivation ${values.deactivation}: want one of ${WIRINGS.join(", ")}`);
  }
  // A file holds keys sealed with the secret: another start must bring the same.
  const secret = process.env.BETTER_AUTH_SECRET;
  if (values.data !== ":memory:" && !secret) {
    throw new Error(`--data ${values.data}: set BETTER_AUTH_SECRET to the same 32 or more characters at each start`);
  }
  return {
    port,
    wiring: values.deactivation,
    data: values.data,
    sessionCookieCache: values["session-cookie-cache"],
    tokenFile: values["token-file"],
    secret: secret ?? randomBytes(32).toString("base64url"),
  };
}

async function main() {
  const options = readOptions();
  const origin = `http://${HOST}:${options.port}`;
  const scimToken = randomBytes(32).toString("base64url");
  const database = new Database(options.data);
  const outbox = new Outbox();
  const auth = await createAuth({
    origin,
    database,
    scimToken,
    secret: options.secret,
    wiring: options.wiring,
    sessionCookieCache: options.sessionCookieCache,
    sendMail: (mail) => outbox.put(mail),
  });

  const handleAuth = toNodeHandler(auth);
  const server = createServer((req, res) => {
    if (req.url.startsWith("/api/auth/")) return handleAuth(req, res);
    if (req.method === "POST" && req.url === "/test/outbox/take") return outbox.handle(req, res);
    res.writeHead(404).end();
  });

  const stop = () => {
    server.close(() => {
      database.close();
      rmSync(options.tokenFile, { force: true });
    });
    server.closeAllConnections();
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  server.once("error", fail);
  server.listen(options.port, HOST, () => {
    writeFileSync(options.tokenFile, scimToken, { mode: 0o600 });
    console.log(`listening on ${origin} (deactivation: ${options.wiring})`);
  });
}

function fail(error) {
  console.error(`better-auth host: ${error.message}`);
  process.exit(1);
}

main().catch(fail);
