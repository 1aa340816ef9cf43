// Checks one message with the public library of Standard Webhooks. Reads {secret, headers, body}
// as JSON from standard input; says "verified" or fails.
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";

const { secret, headers, body } = JSON.parse(readFileSync(0, "utf8"));
const payload = new Webhook(secret).verify(body, headers);
console.log(`verified ${payload.type}`);
