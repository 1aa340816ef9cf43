// The compliance desk: from a refused call to how it was decided, from a word on the telephone to
// a stop, and through what the desk works with.

import assert from "node:assert/strict";

import { person } from "../lib/demo.mjs";
import { flow } from "../lib/visitor.mjs";

/** A debtor who has none of the flags that stop contact: another one for each way of going. */
async function freeDebtor(visitor) {
  const { page } = visitor;
  await page.goto(`/debtors?page=${visitor.script ? 2 : 3}`);
  const rows = page.locator("table.rows tbody tr").filter({ hasNot: page.locator(".badge") });
  await rows.first().locator(".row-link").click();
  await page.waitForURL(/\/debtors\/[0-9a-f-]{36}/);
  return new URL(page.url()).pathname;
}

async function choose(page, label, value) {
  await page.getByLabel(label, { exact: true }).selectOption(value);
}

flow("record at the desk", async (visitor) => {
  const { page } = visitor;
  await visitor.signIn(person("agent"));
  const debtor = await freeDebtor(visitor);
  await visitor.look("the debtor");

  await page.getByRole("link", { name: "Has a lawyer" }).click();
  await page.getByRole("heading", { name: "Record a lawyer" }).waitFor();
  await visitor.look("a lawyer");
  visitor.expect(422);
  await page.getByLabel("Name of the lawyer").fill("Rosa Ortiz");
  await page.getByLabel("Phone").fill("12");
  await page.getByRole("button", { name: "Record and stop contact" }).click();
  await page.getByText("Enter a number of ten digits").first().waitFor();
  assert.equal(await page.getByLabel("Name of the lawyer").inputValue(), "Rosa Ortiz");
  await visitor.look("a wrong number");
  await page.getByLabel("Phone").fill("(212) 555-0177");
  await page.getByRole("button", { name: "Record and stop contact" }).click();
  await page.waitForURL((url) => url.pathname === debtor);
  await page.getByText("Has a lawyer (").first().waitFor();

  // A call is refused from this moment, and says how that was decided.
  await page.locator("table.rows .row-link").first().click();
  await page.getByRole("button", { name: "Log contact" }).click();
  await page.getByRole("heading", { name: "Contact BLOCKED" }).waitFor();
  await page.getByRole("link", { name: "How this was decided" }).click();
  await page.getByRole("heading", { name: "How this was decided" }).waitFor();
  await page.getByText("Checked again: the same answer").first().waitFor();
  await page.locator("summary").filter({ hasText: "had nothing against it" }).click();
  await visitor.look("how it was decided");
  await page.getByRole("link", { name: "Attorney", exact: true }).click();
  await page.getByRole("heading", { name: "Attorney" }).waitFor();
  await visitor.look("the rule");

  await page.goto(debtor);
  await page.getByRole("link", { name: "Asked us to stop", exact: true }).click();
  await page.getByRole("heading", { name: "Record a request to stop" }).waitFor();
  await page.getByLabel("All contact").check();
  await choose(page, "How it came", "letter");
  await visitor.look("a request to stop");
  await page.getByRole("button", { name: "Stop contact now" }).click();
  await page.getByText("Contact is stopped.").waitFor();
  await visitor.look("stopped");
});

flow("work at the desk", async (visitor) => {
  const { page } = visitor;
  await visitor.signIn(person("compliance"));
  await page.waitForURL((url) => url.pathname === "/compliance");
  await page.getByRole("heading", { name: "4 Overdue validation notices" }).waitFor();
  await visitor.look("the home");

  await page.goto("/tasks");
  await visitor.look("the tasks");
  await page.locator("table.rows .row-link").first().click();
  await page.getByRole("button", { name: "Take it" }).click();
  await page.getByText("The task is yours.").waitFor();
  await visitor.look("a task");
  visitor.expect(422);
  await page.getByRole("button", { name: "Finish task" }).click();
  await page.getByText("Say what was done").first().waitFor();
  await page.getByLabel("Note").fill("Looked at the file; nothing was missed.");
  await page.getByRole("button", { name: "Finish task" }).click();
  await page.getByText("Finished by").waitFor();
  await visitor.look("a finished task");

  const number = visitor.script ? "(614) 555-0181" : "(614) 555-0182";
  await page.goto("/dnc");
  await page.locator("#number").fill(number);
  await page.getByRole("button", { name: "Look up" }).click();
  await page.getByRole("heading", { name: "is on no list today" }).waitFor();
  await visitor.look("a free number");
  await page.getByLabel("We do not want it called").check();
  await page.getByLabel("Note").fill("A wrong number: it rings at a school.");
  await page.getByRole("button", { name: "Put on the list" }).click();
  await page.getByRole("heading", { name: `${number} must not be called` }).waitFor();
  await visitor.look("a listed number");
  await page.getByRole("link", { name: "Take off" }).click();
  await page.getByRole("heading", { name: `Take ${number} off the list?` }).waitFor();
  await page.getByLabel("Reason").fill("Typed wrongly.");
  await visitor.look("taking it off");
  await page.getByRole("button", { name: "Take off the list" }).click();
  await page.getByRole("heading", { name: "is on no list today" }).waitFor();

  for (const path of ["/rules", "/rules/state-call-cap", "/rules/recording-consent/states"]) {
    await page.goto(path);
    await visitor.look(path);
  }
});
