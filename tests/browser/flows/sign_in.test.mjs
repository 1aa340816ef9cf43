import assert from "node:assert/strict";

import { person } from "../lib/demo.mjs";
import { flow } from "../lib/visitor.mjs";

flow("sign in and out", async (visitor) => {
  const { page } = visitor;
  await page.goto("/placements?status=ready");
  assert.equal(new URL(page.url()).pathname, "/sign-in");
  await visitor.look("the form");

  const { email, password } = person("creditor_admin");
  visitor.expect(422);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill("not the right one");
  await page.getByRole("button", { name: "Sign in" }).click();
  const errors = page.getByRole("alert");
  await errors.getByText("isn’t right").waitFor();
  await visitor.look("a wrong password");
  assert.equal(await page.getByLabel("Password").inputValue(), "", "a password is not sent back");

  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/placements?status=ready");
  await visitor.look("where it was going");

  const key = (await visitor.context.cookies()).find((cookie) => cookie.name.includes("forbear"));
  assert.ok(key.httpOnly && key.sameSite === "Lax", JSON.stringify(key));

  if (!visitor.script) await page.getByText("Menu", { exact: true }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL("**/sign-in*");
  await page.goto("/placements");
  assert.equal(new URL(page.url()).pathname, "/sign-in");
});
