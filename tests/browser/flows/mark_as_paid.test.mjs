import assert from "node:assert/strict";

import { person } from "../lib/demo.mjs";
import { flow } from "../lib/visitor.mjs";

flow("mark as paid", async (visitor) => {
  const { page } = visitor;
  // Different sums: a second one that is the same is asked about.
  const amount = (10 + (Date.now() % 3000) / 100).toFixed(2);
  await visitor.signIn(person("creditor_admin"));
  const path = await visitor.openPlacement("In outreach");
  await page.getByRole("main").getByRole("link", { name: "Mark as paid" }).click();
  await page.getByRole("heading", { name: "Mark as paid" }).waitFor();
  const dialog = page.getByRole("dialog", { name: "Mark as paid" });
  assert.equal(await dialog.count(), visitor.script ? 1 : 0);
  await visitor.look("the form");

  const fee = page.locator("[data-quote-fee]");
  const before = await fee.textContent();
  await page.getByLabel("Amount received").fill(amount);
  await page.getByLabel("How it was paid").selectOption({ index: 1 });
  if (visitor.script) {
    // The figures follow what is typed.
    await page.waitForFunction(
      ([selector, old]) => document.querySelector(selector).textContent !== old,
      ["[data-quote-fee]", before],
    );
  } else {
    // Without script they are shown on the next page, before anything is recorded.
    await page.getByRole("button", { name: "Record payment" }).click();
    await page.getByText("You changed the amount").waitFor();
    assert.notEqual(await fee.textContent(), before);
    await visitor.look("the new figures");
  }
  await page.getByRole("button", { name: "Record payment" }).click();
  await page.waitForURL((url) => url.pathname === path);
  await page.getByText(`$${amount}`).first().waitFor();
  await visitor.look("recorded");

  await page.getByRole("navigation", { name: "Placement" }).getByRole("link", { name: "Payments" }).click();
  await page.getByRole("cell", { name: `$${amount}` }).first().waitFor();
  await visitor.look("the payments");
  await page.getByRole("link", { name: `Receipt of $${amount}` }).first().click();
  await page.getByRole("heading", { name: `Payment received: $${amount}` }).waitFor();
  await visitor.look("the receipt");
});
