// A visitor with a browser, who looks closely at every page: axe in light and dark, on a laptop
// and on a phone, the weight of the page, and anything the browser complains of.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { chromium } from "playwright-core";

import { demo } from "./demo.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SHOTS = process.env.FORBEAR_SCREENSHOTS ?? join(tmpdir(), "forbear-screenshots");
const CHROMIUM = process.env.FORBEAR_CHROMIUM ?? "/usr/bin/chromium";

/** A page with everything on it stays below this, over the wire and with nothing cached. */
const HEAVIEST_PAGE = 100_000;
/** How long anything may take on a machine that is busy. */
const PATIENCE = 15_000;

const LAPTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

mkdirSync(SHOTS, { recursive: true });

let browser;
after(() => browser?.close());

async function launch() {
  browser ??= await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return browser;
}

/**
 * Runs a flow twice: as a browser with script on a laptop, and without script on a phone. `site`
 * answers with the address of what is visited.
 */
export function flow(name, steps, site = () => demo.url) {
  for (const script of [true, false]) {
    const how = script ? "with script" : "without script";
    test(`${name}, ${how}`, { timeout: 4 * PATIENCE }, async () => {
      const visitor = await Visitor.arrive(`${name} ${how}`, script, site());
      try {
        await steps(visitor);
        visitor.assertNoComplaint("in the end");
      } catch (error) {
        await visitor.keepPicture("failed");
        throw error;
      } finally {
        await visitor.leave();
      }
    });
  }
}

export class Visitor {
  #complaints = [];
  #expected = new Set();
  #weight = 0;
  #pictures = 0;

  static async arrive(name, script, site) {
    const visitor = new Visitor();
    visitor.name = name;
    visitor.script = script;
    visitor.site = site;
    visitor.context = await (await launch()).newContext({
      baseURL: site,
      javaScriptEnabled: script,
      viewport: script ? LAPTOP : PHONE,
      reducedMotion: "reduce",
    });
    visitor.context.setDefaultTimeout(PATIENCE);
    visitor.page = await visitor.context.newPage();
    await visitor.#listen();
    return visitor;
  }

  async leave() {
    await this.inspector?.context().close();
    await this.context.close();
  }

  /** The status of answers that are meant to be errors, such as a form that does not fit. */
  expect(...statuses) {
    for (const status of statuses) this.#expected.add(status);
  }

  async #listen() {
    const { page } = this;
    page.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      const text = message.text();
      // The browser reports each answer that is an error; those are judged by their status.
      if (!text.startsWith("Failed to load resource")) this.#complaints.push(text);
    });
    page.on("pageerror", (error) => this.#complaints.push(`script failed: ${error.message}`));
    page.on("response", (answer) => {
      const status = answer.status();
      if (status >= 400 && !this.#expected.has(status)) {
        this.#complaints.push(`${status} for ${answer.request().method()} ${answer.url()}`);
      }
      if (!answer.url().startsWith(this.site)) {
        this.#complaints.push(`a request left the site: ${answer.url()}`);
      }
    });
    const devtools = await this.context.newCDPSession(page);
    await devtools.send("Network.enable");
    await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
    devtools.on("Network.requestWillBeSent", (event) => {
      const isPage = event.type === "Document" && event.requestId === event.loaderId;
      if (isPage) this.#weight = 0;
    });
    devtools.on("Network.loadingFinished", (event) => {
      this.#weight += event.encodedDataLength;
    });
  }

  assertNoComplaint(where) {
    assert.deepEqual(this.#complaints, [], `${this.name}, ${where}`);
  }

  /** Everything that must be right about any page. */
  async look(at) {
    await this.page.waitForLoadState("load");
    this.assertNoComplaint(at);
    assert.ok(
      this.#weight > 0 && this.#weight < HEAVIEST_PAGE,
      `${this.name}, ${at}: ${this.#weight} bytes over the wire`,
    );
    await this.keepPicture(at);
    const page = this.script ? this.page : await this.#copyForInspection();
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await this.#assertAccessible(page, `${at}, ${colorScheme}`);
    }
    await page.emulateMedia({ colorScheme: "light" });
    await this.#assertNoSidewaysScroll(page, at);
  }

  /**
   * The page as it stands, in a browser that runs script: axe is one. The page's own scripts are
   * kept out, so that what is inspected is what people without script see.
   */
  async #copyForInspection() {
    const html = await this.page.content();
    const address = this.page.url();
    if (!this.inspector) {
      const context = await browser.newContext({ viewport: PHONE, reducedMotion: "reduce" });
      this.inspector = await context.newPage();
    }
    await this.inspector.unrouteAll();
    await this.inspector.route("**/*", (route) => {
      const request = route.request();
      if (request.resourceType() === "script") return route.abort();
      if (request.url() !== address) return route.continue();
      return route.fulfill({ contentType: "text/html; charset=utf-8", body: html });
    });
    await this.inspector.goto(address);
    return this.inspector;
  }

  async #assertAccessible(page, where) {
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document));
    const told = violations.map(({ id, help, nodes }) => {
      const places = nodes.map((node) => `    ${node.target.join(" ")}: ${node.failureSummary}`);
      return `  ${id}: ${help}\n${places.join("\n")}`;
    });
    assert.equal(told.length, 0, `${this.name}, ${where}: axe found\n${told.join("\n")}`);
  }

  async #assertNoSidewaysScroll(page, where) {
    const over = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.ok(over <= 0, `${this.name}, ${where}: the page is ${over} px too wide`);
  }

  async keepPicture(at) {
    this.#pictures += 1;
    const number = String(this.#pictures).padStart(2, "0");
    const file = `${this.name} ${number} ${at}.png`.replaceAll(/[^\w.]+/g, "-");
    await this.page.screenshot({ path: join(SHOTS, file), fullPage: true });
  }

  /** Signs in by the form and returns once a page of the dashboard is there. */
  async signIn({ email, password }) {
    const { page } = this;
    await page.goto("/sign-in");
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL((url) => url.pathname !== "/sign-in");
  }

  /** Opens a placement from the list, the first one there with this status. */
  async openPlacement(status) {
    const { page } = this;
    await page.goto("/placements");
    await page.getByRole("navigation", { name: "Status" }).getByRole("link", { name: status }).click();
    await page.getByRole("table").getByRole("link").and(page.locator(".row-link")).first().click();
    await page.waitForURL(/\/placements\/[0-9a-f-]{36}/);
    return new URL(page.url()).pathname;
  }
}
