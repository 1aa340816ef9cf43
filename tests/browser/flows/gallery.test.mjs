// Every page in every state that its samples show: accessible in light and dark, no wider than a
// laptop and a phone, not heavy, and without a complaint of the browser.

import { after, before } from "node:test";

import { folder, pages, serve } from "../lib/gallery.mjs";
import { flow } from "../lib/visitor.mjs";

if (folder) {
  let gallery;
  before(async () => {
    gallery = await serve();
  });
  after(() => gallery.server.close());

  for (const name of pages()) {
    flow(
      `gallery ${name}`,
      async (visitor) => {
        await visitor.page.goto(`/${name}.html`);
        await visitor.look("the page");
      },
      () => gallery.address,
    );
  }
}
