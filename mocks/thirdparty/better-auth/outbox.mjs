// The outbox stands in for a mail server: it keeps the password-reset mails that
// Better Auth would send, for whoever asks.

import { json } from "node:stream/consumers";

export class Outbox {
  #mails = new Map(); // lower-case address -> mails, oldest first

  /** Keeps a mail. */
  put(mail) {
    const to = mail.to.toLowerCase();
    this.#mails.set(to, [...(this.#mails.get(to) ?? []), mail]);
  }

  /**
   * Removes and returns the oldest mail for an address. Taking it out lets
   * resets for the same person run side by side: each gets a token of its own.
   */
  take(to) {
    return this.#mails.get(to.toLowerCase())?.shift();
  }

  /** Answers POST /test/outbox/take {"to": address} with {"to", "token"}. */
  async handle(req, res) {
    let to;
    try {
      ({ to } = await json(req));
    } catch {
      // Not JSON: answered below, like a body without an address.
    }
    if (typeof to !== "string") return reply(res, 400, { error: 'send {"to": "<address>"} as JSON' });
    const mail = this.take(to);
    if (!mail) return reply(res, 404, { error: "no mail for this address: request a password reset first" });
    reply(res, 200, mail);
  }
}

function reply(res, status, body) {
  res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
