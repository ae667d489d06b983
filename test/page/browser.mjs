// SPDX-License-Identifier: BSD-3-Clause
//
// Pages in a real browser. Whatever a test does, a page must not report an
// error, break its own policy, or ask another host for anything.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before } from "node:test";

// The modules are not beside the tests but in the build.
const require = createRequire(`${process.env.ZENWS_PAGE_MODULES}/`);
const { chromium } = require("playwright-core");

export const token = "secret";
export const phone = { width: 390, height: 844 };
export const desktop = { width: 1280, height: 800 };
export const routes = [
  "/",
  "/clients",
  "/client/deribit-orders",
  "/trading",
  "/system",
  "/events",
];

/** Launches the browser that Debian has. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.ZENWS_CHROMIUM ?? "/usr/bin/chromium",
    // It refuses to run as root otherwise.
    args: process.getuid() === 0 ? ["--no-sandbox"] : [],
  });
}

/** Opens pages of a server for the tests of one file. */
export function browserForTests() {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());

  /** Calls `use(page)` with a page at `route`, then checks its behavior. */
  return async function withPage(server, route, use, options = {}) {
    const context = await browser.newContext({ viewport: desktop, ...options });
    context.setDefaultTimeout(120_000); // on machines with other work, too
    const page = await context.newPage();
    const faults = watch(page, server.url);
    try {
      await page.goto(`${server.url}/#${route}`);
      await use(page);
    } finally {
      await context.close();
    }
    assert.deepEqual(faults, []);
  };
}

function watch(page, home) {
  const faults = [];
  page.on("pageerror", (x) => faults.push(x.stack));
  page.on("request", (x) => {
    if (!x.url().startsWith(home)) {
      faults.push(`request for ${x.url()}`);
    }
  });
  page.on("console", (x) => {
    // A server that is away or refuses is what some tests are about.
    if (x.type() === "error" && !x.text().startsWith("Failed to load")) {
      faults.push(x.text());
    }
  });
  return faults;
}

/** Waits for an element with a text. */
export function sees(page, selector, text) {
  return page.locator(selector).filter({ hasText: text }).first().waitFor();
}

/** Waits for data. */
export function live(page) {
  return page.locator("#freshness[data-kind=live]").waitFor();
}

/** Logs in by the button in the head. */
export async function logIn(page, secret = token) {
  await page.getByRole("button", { name: "Log in" }).click();
  const dialog = page.getByRole("dialog", { name: "Log in" });
  await dialog.getByLabel("Token").fill(secret);
  await dialog.getByRole("button", { name: "Log in" }).click();
  await dialog.waitFor({ state: "hidden" });
}

/** Runs axe and returns its complaints, a line each. */
export async function complaintsOf(page) {
  const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((x) => `${id}: ${x.target} ${x.failureSummary}`),
  );
}
