import assert from "node:assert/strict";

import { demo, mailSince, person } from "../lib/demo.mjs";
import { flow } from "../lib/visitor.mjs";

flow("stop all contact in the portal", async (visitor) => {
  const { page } = visitor;
  // One debtor for each way of going through it: a stop is for good.
  const [first] = demo.portal;
  const other = demo.portal.find(({ debtor }) => debtor !== first.debtor);
  const { placement_id, link } = visitor.script ? first : other;
  await page.goto(link);
  await page.getByRole("heading", { name: /make sure it.s you/ }).waitFor();
  await visitor.look("the way in");
  assert.doesNotMatch(await page.title(), /debt|owe|collect/i);

  const asked = Date.now() - 1000;
  await page.getByRole("button", { name: "Email me a code" }).click();
  await page.getByRole("heading", { name: "Enter your code" }).waitFor();
  await visitor.look("the code");
  const [, code] = (await mailSince(asked)).match(/\b(\d{6})\b/);
  await page.getByLabel("6-digit code").fill(code);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: /^Your account with/ }).waitFor();
  await visitor.look("the account");
  assert.doesNotMatch(page.url() + (await page.title()), /debt|owe|collect/i);

  // Two clicks, and a choice that is made already.
  await page.getByRole("link", { name: /Stop or change how/ }).click();
  await page.getByRole("heading", { name: "Request no further contact" }).waitFor();
  await visitor.look("the question");
  await page.getByLabel(/everything/i).check();
  await page.getByRole("button", { name: "Stop contacting me" }).click();
  await page.getByRole("heading", { name: "We have stopped" }).waitFor();
  const reference = await page.locator(".reference").textContent();
  assert.match(reference, /\S{6,}/);
  await visitor.look("stopped");

  // Nothing is asked again: what stands stopped leads to its receipt.
  await page.goto("/p/stop");
  await visitor.look("nothing more to stop");
  // Only the debtor takes it back, and nothing is chosen for them.
  await page.getByRole("link", { name: "Allow contact again" }).click();
  await page.getByRole("heading", { name: "Allow contact again" }).waitFor();
  assert.equal(await page.locator("input[name=scope]:checked").count(), 0);
  await visitor.look("allow contact again");
  await page.goto("/p/stop");
  await page.getByRole("link", { name: "See your receipt" }).click();
  await page.getByText(reference).waitFor();

  // The desk sees it at once, and may not call.
  await visitor.context.clearCookies();
  await visitor.signIn(person("agent"));
  await page.goto(`/placements/${placement_id}`);
  await page.getByRole("region", { name: /cease/i }).first().waitFor();
  for (const channel of ["Cannot call", "Cannot email"]) {
    await page.locator(".channel").filter({ hasText: channel }).waitFor();
  }
  await page.getByText(/asked us to stop|no further contact|cease/i).first().waitFor();
  await visitor.look("the placement afterwards");

  await page.getByRole("button", { name: "Log contact" }).click();
  await page.getByRole("heading", { name: "Contact BLOCKED" }).waitFor();
  assert.ok(await page.getByRole("button", { name: "Log contact" }).isDisabled());
  await visitor.look("log contact");
});
