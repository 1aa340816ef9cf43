// The demo that the tests visit: where it is, who may sign in, which mail it wrote.

import { readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

const file = process.env.FORBEAR_DEMO;
if (!file) throw new Error("FORBEAR_DEMO must name the demo.json of a running demo");

export const demo = JSON.parse(readFileSync(file, "utf8"));
export const folder = dirname(file);

/** One person of a role, such as `agent` or `creditor_admin`. */
export function person(role) {
  const found = demo.users.find((user) => user.role === role);
  if (!found) throw new Error(`the demo has nobody who is ${role}`);
  return found;
}

/** The text of the newest mail to have been written since `then` (milliseconds). */
export async function mailSince(then) {
  const box = join(folder, "mail");
  for (let tries = 0; tries < 100; tries += 1) {
    const found = readdirSync(box, { recursive: true })
      .map((name) => join(box, name))
      .filter((path) => statSync(path).isFile() && statSync(path).mtimeMs >= then)
      .sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
    if (found.length > 0) return readFileSync(found[0], "utf8");
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`no mail was written to ${box}`);
}
