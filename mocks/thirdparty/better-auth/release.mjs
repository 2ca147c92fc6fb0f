// What Better Auth 1.7 wants otherwise than other releases do: for one that differs,
// versions/RELEASE/release.mjs stands in for this file.

/** The ways to wire SCIM deactivation; see scimOptions(). */
export const WIRINGS = ["documented-default", "ban"];

/**
 * Marks the bans that SCIM set: the hook below also runs when an active user's
 * profile changes, and must not lift an administrator's ban then.
 */
const BAN_REASON = "deactivated by SCIM";

/** How an OAuth client without a secret is marked in the database. */
export const PUBLIC_CLIENT = { tokenEndpointAuthMethod: "none" };

/** What the identity provider sends as its bearer token. */
export const bearerToken = (scimToken) => scimToken;

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
 *
 * @param {string} scimToken
 * @param {"documented-default"|"ban"} wiring
 */
export function scimOptions(scimToken, wiring) {
  const connections = [
    { id: "workforce", credentials: [{ type: "bearer", id: "primary", token: scimToken }] },
  ];
  if (wiring === "documented-default") return { connections };
  return {
    connections,
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
