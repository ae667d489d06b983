// SPDX-License-Identifier: BSD-3-Clause
//
// What is old is never shown as live.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { browserForTests, live, sees } from "./browser.mjs";
import { MockServer } from "./mock_server.mjs";

const withPage = browserForTests();
let server;

beforeEach(async () => {
  server = new MockServer();
  await server.listen();
});

afterEach(() => server.close());

const isLost = "#freshness[data-kind=lost]";

test("a server that stalls is told, with the age of what is shown", () =>
  withPage(server, "/", async (page) => {
    await live(page);
    server.stall();
    await page.locator(isLost).waitFor();
    await sees(page, "#lost", "The connection to the server is lost.");
    await sees(page, "#lost", /What is shown is \d+ s old and may be wrong/);
    const age = await page.locator("#lost-age").textContent();
    assert.ok(Number(age.match(/(\d+) s/)[1]) >= 3, age);
    assert.match(await page.title(), /^\(lost\) /);
    server.goOn();
    await live(page);
    await page.locator("#lost").waitFor({ state: "hidden" });
  }));

test("without news, what is shown is not called live for long", () =>
  withPage(server, "/", async (page) => {
    await live(page);
    server.stall();
    await page.locator("#freshness[data-kind=quiet]").waitFor();
    await sees(page, "#freshness", /^\s*\d+ s old\s*$/);
    server.goOn();
    await live(page);
  }));

test("a server where nothing changes is live", () =>
  withPage(server, "/", async (page) => {
    await live(page);
    server.push = () => {};
    const asked = page.waitForResponse("**/state.json");
    await asked;
    await live(page);
    assert.equal(await page.locator("#lost").isVisible(), false);
  }));

test("a server that is gone is told, and found again", async () => {
  const { port } = server;
  await withPage(server, "/", async (page) => {
    await live(page);
    await server.close();
    await page.locator(isLost).waitFor();
    server = new MockServer();
    await server.listen(port);
    await live(page);
  });
});

test("a server that refuses streams is not called live", async () => {
  server.refusesStreams = true;
  await withPage(server, "/clients", async (page) => {
    await page.locator(isLost).waitFor();
    server.refusesStreams = false;
    await live(page);
    await sees(page, "tbody th", "okx-books");
  });
});

test("an action by old data says so", () =>
  withPage(server, "/client/okx-books", async (page) => {
    await live(page);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByLabel("Token").fill("secret");
    await page.keyboard.press("Enter");
    await page.locator("#login").waitFor({ state: "hidden" });
    server.stall();
    await page.locator(isLost).waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await sees(page, "#confirm-age", "old: the connection is lost");
  }));

test("reading that needs a token asks for it", async () => {
  server.requiresToken = true;
  await withPage(server, "/", async (page) => {
    const login = page.getByRole("dialog", { name: "Log in" });
    await login.waitFor();
    await sees(page, "#freshness", "Login needed");
    await page.keyboard.press("Escape");
    await login.waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Log in" }).click();
    await login.getByLabel("Token").fill("secret");
    await login.getByRole("button", { name: "Log in" }).click();
    await live(page);
    await sees(page, "#program", "trading-engine");
  });
});

test("charts have a gap where nothing was known", () =>
  withPage(server, "/", async (page) => {
    const line = page.locator(".tiles .line");
    await live(page);
    await page.waitForFunction(() =>
      /M.*L.*L/.test(document.querySelector(".tiles .line").getAttribute("d")),
    );
    server.stall();
    await page.locator(isLost).waitFor();
    server.goOn();
    await live(page);
    await page.waitForFunction(
      () =>
        document.querySelector(".tiles .line").getAttribute("d").split("M")
          .length > 2,
    );
    assert.ok(await line.isVisible());
  }));
