import assert from "node:assert/strict";

import { person } from "../lib/demo.mjs";
import { flow } from "../lib/visitor.mjs";

flow("recall", async (visitor) => {
  const { page } = visitor;
  await visitor.signIn(person("creditor_admin"));
  await visitor.look("the list");
  const path = await visitor.openPlacement("In outreach");
  await visitor.look("the placement");

  await page.getByRole("main").getByRole("link", { name: "Recall", exact: true }).click();
  await page.getByRole("heading", { name: "Recall this placement?" }).waitFor();
  const dialog = page.getByRole("dialog", { name: "Recall this placement?" });
  assert.equal(await dialog.count(), visitor.script ? 1 : 0);
  assert.equal(new URL(page.url()).pathname, visitor.script ? path : `${path}/recall`);
  for (const effect of [/email sequence/, /scheduled call|No call is scheduled/, /no fee/, /undo this until/]) {
    await page.getByRole("listitem").filter({ hasText: effect }).waitFor();
  }
  await visitor.look("what will happen");

  await page.getByRole("button", { name: "Recall placement" }).click();
  await page.waitForURL((url) => url.pathname === path);
  await page.locator(".badges").getByText("Recalled").first().waitFor();
  await visitor.look("recalled");

  // Pressed again, from a page that is stale by now: the same answer, and nothing twice.
  visitor.expect(409);
  await page.goto(`${path}/recall`);
  await page.getByText(/recalled/i).first().waitFor();
});
