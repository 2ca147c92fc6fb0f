// The Better Auth instance under test. Everything here is Better Auth's own
// configuration: what a product that ships these plugins would write.

import { apiKey } from "@better-auth/api-key";
import { oauthProvider } from "@better-auth/oauth-provider";
import { scim } from "@better-auth/scim";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { admin, bearer, jwt } from "better-auth/plugins";

/** The ways to wire SCIM deactivation; see deactivation(). */
export const WIRINGS = ["documented-default", "ban"];

/**
 * Marks the bans that SCIM set: the hook below also runs when an active user's
 * profile changes, and must not lift an administrator's ban then.
 */
const BAN_REASON = "deactivated by SCIM";

/** The first-party OAuth client that target.yaml signs in with. */
export const OAUTH_CLIENT_ID = "scimproof-web";

/**
 * Builds the instance and brings the database's tables up to date.
 *
 * @param {object} o
 * @param {string} o.origin            such as http://127.0.0.1:3917
 * @param {import("better-sqlite3").Database} o.database
 * @param {string} o.secret            signs cookies, seals stored keys
 * @param {string} o.scimToken         the SCIM channel's bearer token
 * @param {"documented-default"|"ban"} o.wiring
 * @param {boolean} o.sessionCookieCache
 * @param {(mail: {to: string, token: string}) => void} o.sendMail
 */
export async function createAuth(o) {
  const auth = betterAuth({
    baseURL: `${o.origin}/api/auth`,
    secret: o.secret,
    // The SCIM plugin needs interactive transactions; Better Auth turns them on
    // for a better-sqlite3 handle.
    database: o.database,
    telemetry: { enabled: false },
    logger: { level: "error" }, // a refused sign-in is no news here
    // A run polls far faster than a person clicks: a 429 would look like access
    // refused. (Off by default outside production; said here to be sure.)
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true, // users come by SCIM only
      sendResetPassword: async ({ user, token }) => o.sendMail({ to: user.email, token }),
    },
    session: { cookieCache: { enabled: o.sessionCookieCache, maxAge: 5 * 60 } }, // seconds
    plugins: [
      admin(),
      bearer(),
      jwt(), // signs the OAuth provider's id_token
      apiKey({
        enableSessionForAPIKeys: true, // x-api-key stands for its owner's session
        rateLimit: { enabled: false }, // the plugin's default is 10 requests a day
      }),
      oauthProvider({ loginPage: "/sign-in", consentPage: "/consent" }),
      scim({
        connections: [
          { id: "workforce", credentials: [{ type: "bearer", id: "primary", token: o.scimToken }] },
        ],
        ...deactivation(o.wiring),
      }),
    ],
  });

  const { runMigrations } = await getMigrations(auth.options);
  await runMigrations();
  await seedOAuthClient(await auth.$context, o.origin);
  return auth;
}

/**
 * The SCIM plugin's options for a wiring.
 *
 * documented-default sets nothing. When a user's last active SCIM source is
 * deactivated or deleted the plugin then deletes the user's sessions and no
 * more; its documentation warns that the user can sign in again.
 *
 * ban uses identity.reconcileUser, the hook that the documentation offers for
 * that: it runs in the SCIM request's transaction, after PATCH, PUT, POST and
 * DELETE alike, and sets the admin plugin's ban, which refuses new sessions.
 * The admin plugin's own endpoint (POST /admin/ban-user) needs a signed-in
 * administrator and writes outside the transaction, so the hook writes the same
 * columns itself. The SCIM plugin still deletes the sessions.
 */
function deactivation(wiring) {
  if (wiring === "documented-default") return {};
  return {
    identity: {
      async reconcileUser({ userId, active }, { database }) {
        const byId = { field: "id", value: userId };
        if (!active) {
          const ban = { banned: true, banReason: BAN_REASON, banExpires: null };
          await database.update({ model: "user", where: [byId], update: ban });
          return;
        }
        await database.update({
          model: "user",
          where: [byId, { field: "banReason", value: BAN_REASON }],
          update: { banned: false, banReason: null, banExpires: null },
        });
      },
    },
  };
}

/**
 * Registers the public OAuth client, once per database. Written to the table
 * because the plugin's own call wants a signed-in owner and makes up the id.
 */
async function seedOAuthClient({ adapter }, origin) {
  const where = [{ field: "clientId", value: OAUTH_CLIENT_ID }];
  if (await adapter.findOne({ model: "oauthClient", where })) return;
  await adapter.create({
    model: "oauthClient",
    data: {
      clientId: OAUTH_CLIENT_ID,
      name: "First-party client",
      redirectUris: [`${origin}/callback`],
      scopes: ["openid", "profile", "email", "offline_access"],
      grantTypes: ["authorization_code", "refresh_token"],
      responseTypes: ["code"],
      tokenEndpointAuthMethod: "none",
      requirePKCE: true,
      skipConsent: true,
      createdAt: new Date(),
      updatedAt: new Date(),
    },
  });
}
