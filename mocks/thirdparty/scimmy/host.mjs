// SCIMMY with its Express routers, kept in memory and bound to loopback: somebody
// else's library for scimproof to be pointed at. See README.md.

import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const HOST = "127.0.0.1";
const { values } = parseArgs({ options: { port: { type: "string", default: "0" } } });
const token = process.env.SCIM_TOKEN;
if (!token) {
  console.error("scimmy host: SCIM_TOKEN is not set");
  process.exit(1);
}

/** Declares a resource type whose resources are kept in a map; no two share `unique`, in any letter case. */
function declare(Resource, unique) {
  const stored = new Map();

  const find = (id) => {
    if (!stored.has(id)) throw new SCIMMY.Types.Error(404, null, `Resource ${id} not found`);
    return stored.get(id);
  };

  return SCIMMY.Resources.declare(Resource)
    .ingress((resource, instance) => {
      const now = new Date();
      const before = resource.id ? find(resource.id) : { id: randomUUID(), meta: { created: now } };
      const taken = (other) => other.id !== before.id && other[unique].toLowerCase() === instance[unique].toLowerCase();
      if (unique && [...stored.values()].some(taken)) {
        throw new SCIMMY.Types.Error(409, "uniqueness", `${unique} is in use`);
      }
      const after = { ...instance, id: before.id, meta: { ...instance.meta, created: before.meta.created, lastModified: now } };
      stored.set(after.id, after);
      return after;
    })
    .egress((resource) => {
      if (resource.id) return find(resource.id);
      const all = [...stored.values()];
      return resource.filter ? resource.filter.match(all) : all;
    })
    .degress((resource) => {
      find(resource.id);
      stored.delete(resource.id);
    });
}

declare(SCIMMY.Resources.User, "userName").extend(SCIMMY.Schemas.EnterpriseUser);
declare(SCIMMY.Resources.Group);

const app = express();
const server = app.listen(Number(values.port), HOST, (error) => {
  if (error) {
    console.error(`scimmy host: ${error.message}`);
    process.exit(1);
  }
  const origin = `http://${HOST}:${server.address().port}`;
  app.use("/scim/v2", new SCIMMYRouters({
    type: "bearer",
    baseUri: () => origin,
    handler: (request) => {
      if (request.header("Authorization") !== `Bearer ${token}`) throw new Error("Authorization not detected!");
    },
  }));
  console.log(`listening on ${origin}/scim/v2`);
});
process.once("SIGTERM", () => process.exit(0));
process.once("SIGINT", () => process.exit(0));
