// The Better Auth instance under test. Everything here is Better Auth's own
// configuration: what a product that ships these plugins would write.

import { apiKey } from "@better-auth/api-key";
import { oauthProvider } from "@better-auth/oauth-provider";
import { scim } from "@better-auth/scim";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { admin, bearer, jwt } from "better-auth/plugins";
import { PUBLIC_CLIENT, scimOptions } from "./release.mjs";

/** The first-party OAuth client that target.yaml signs in with. */
export const OAUTH_CLIENT_ID = "scimproof-web";

/** Where codes are sent: nothing listens there, the code is taken from the redirect. */
const OAUTH_REDIRECT = "http://127.0.0.1:3917/callback";

/**
 * Builds the instance and brings the database's tables up to date.
 *
 * @param {object} o
 * @param {string} [o.origin]          such as http://127.0.0.1:3917; without it each request's
 *                                     own, of any port of 127.0.0.1
 * @param {import("better-sqlite3").Database} o.database
 * @param {string} o.secret            signs cookies, seals stored keys
 * @param {string} o.scimToken         the SCIM channel's bearer token
 * @param {"documented-default"|"ban"} o.wiring
 * @param {boolean} o.sessionCookieCache
 * @param {(mail: {to: string, token: string}) => void} o.sendMail
 */
export async function createAuth(o) {
  const auth = betterAuth({
    baseURL: o.origin ? `${o.origin}/api/auth` : { allowedHosts: ["127.0.0.1:*"], protocol: "http" },
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
      scim(scimOptions(o.scimToken, o.wiring)),
    ],
  });

  const { runMigrations } = await getMigrations(auth.options);
  await runMigrations();
  await seedOAuthClient(await auth.$context);
  return auth;
}

/**
 * Registers the public OAuth client, once per database. Written to the table
 * because the plugin's own call wants a signed-in owner and makes up the id.
 */
async function seedOAuthClient({ adapter }) {
  const where = [{ field: "clientId", value: OAUTH_CLIENT_ID }];
  if (await adapter.findOne({ model: "oauthClient", where })) return;
  await adapter.create({
    model: "oauthClient",
    data: {
      clientId: OAUTH_CLIENT_ID,
      name: "First-party client",
      redirectUris: [OAUTH_REDIRECT],
      scopes: ["openid", "profile", "email", "offline_access"],
      grantTypes: ["authorization_code", "refresh_token"],
      responseTypes: ["code"],
      ...PUBLIC_CLIENT,
      requirePKCE: true,
      skipConsent: true,
      createdAt: new Date(),
      updatedAt: new Date(),
    },
  });
}
