// A test host: Better Auth with its SCIM plugin on plain HTTP, loopback only but with
// --container.
// Usage and endpoints: README.md.

import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { toNodeHandler } from "better-auth/node";
import Database from "better-sqlite3";
import { createAuth } from "./auth.mjs";
import { Outbox } from "./outbox.mjs";
import { bearerToken, WIRINGS } from "./release.mjs";

/** Reads the command line; throws an error that says what to change. */
function readOptions() {
  const { values } = parseArgs({
    options: {
      deactivation: { type: "string", default: WIRINGS[0] },
      port: { type: "string", default: "3917" },
      data: { type: "string", default: ":memory:" },
      container: { type: "boolean", default: false },
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
    container: values.container,
    sessionCookieCache: values["session-cookie-cache"],
    tokenFile: values["token-file"],
    secret: secret ?? randomBytes(32).toString("base64url"),
  };
}

async function main() {
  const options = readOptions();
  const address = options.container ? "0.0.0.0" : "127.0.0.1";
  const origin = `http://${address}:${options.port}`;
  const scimToken = randomBytes(32).toString("base64url");
  const database = new Database(options.data);
  const outbox = new Outbox();
  const auth = await createAuth({
    // The port at which a container is published is not known inside.
    origin: options.container ? undefined : origin,
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
    if (req.url === "/health") return res.writeHead(200).end();
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
  server.listen(options.port, address, () => {
    writeFileSync(options.tokenFile, bearerToken(scimToken), { mode: 0o600 });
    if (options.container) console.log(`SCIM token: ${bearerToken(scimToken)}`);
    console.log(`listening on ${origin} (deactivation: ${options.wiring})`);
  });
}

function fail(error) {
  console.error(`better-auth host: ${error.message}`);
  process.exit(1);
}

main().catch(fail);
