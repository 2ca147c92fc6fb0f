// What Better Auth 1.6 wants; see ../../release.mjs.

/**
 * The plugin of 1.6 has no hook for deactivation and no option about it: where the
 * admin plugin is there, as here, it sets that plugin's ban and deletes the sessions.
 */
export const WIRINGS = ["documented-default"];

const PROVIDER_ID = "workforce";

/** How an OAuth client without a secret is marked: 1.6 goes by a column of its own. */
export const PUBLIC_CLIENT = { tokenEndpointAuthMethod: "none", public: true };

/** What the identity provider sends: the token with the provider's id, in base64url. */
export const bearerToken = (scimToken) => Buffer.from(`${scimToken}:${PROVIDER_ID}`).toString("base64url");

/** @param {string} scimToken */
export const scimOptions = (scimToken) => ({
  defaultSCIM: [{ providerId: PROVIDER_ID, scimToken }],
});
