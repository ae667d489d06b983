// SPDX-License-Identifier: BSD-3-Clause

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { browserForTests, sees } from "./browser.mjs";
import { MockServer } from "./mock_server.mjs";

const withPage = browserForTests();
let server;

beforeEach(async () => {
  server = new MockServer();
  await server.listen();
});

afterEach(() => server.close());

const itemOf = (page, name) =>
  page.getByRole("treeitem", { name: new RegExp(`^${name} `) });

// Its text, as the name is that of the content.
const textOf = (item) => item.evaluate((x) => x.innerText);

test("the tree shows supervisors, clients and their states", () =>
  withPage(server, "/", async (page) => {
    const item = itemOf(page, "deribit-orders");
    await item.waitFor();
    assert.equal(await item.getAttribute("aria-level"), "3");
    assert.match(await textOf(item), /ready$/);
    const sign = item.locator("use");
    assert.equal(await sign.getAttribute("href"), "#sign-good");
    const above = itemOf(page, "deribit");
    assert.equal(await above.getAttribute("aria-expanded"), "true");
    assert.match(await textOf(above), /4 children/);
  }));

test("a crash becomes visible by sign, text and announcement", () =>
  withPage(server, "/", async (page) => {
    const item = itemOf(page, "deribit-orders");
    await item.waitFor();
    const start = performance.now();
    server.crash("deribit-orders");
    await page
      .getByRole("treeitem", { name: /^deribit-orders .*restarting/ })
      .waitFor();
    const elapsed = Math.round(performance.now() - start);
    console.log(`a crash was visible after ${elapsed} ms`);
    assert.equal(await item.locator("use").getAttribute("href"), "#sign-warn");
    await sees(page, "#announcements", '"deribit-orders" of "deribit"');
    await sees(page, "#latest", "is to be restarted");
    server.recover("deribit-orders");
    await page
      .getByRole("treeitem", { name: /^deribit-orders .*ready$/ })
      .waitFor();
  }));

test("what is down is told with cause and remedy", () =>
  withPage(server, "/", async (page) => {
    await sees(page, "#down", "Everything is up.");
    server.giveUp("okx-books");
    await sees(page, "#down", "gave up after 5 restarts");
    await sees(page, "#down", "restarted the client too often");
    await sees(page, "#down", "cure it, then start the client anew");
    await page
      .locator("#down")
      .getByRole("button", { name: "Start" })
      .waitFor();
  }));

test("a closed branch stays closed while news come", () =>
  withPage(server, "/", async (page) => {
    const branch = itemOf(page, "kraken");
    await branch.focus();
    await page.keyboard.press("ArrowLeft");
    assert.equal(await branch.getAttribute("aria-expanded"), "false");
    server.crash("kraken-spot");
    await page.getByRole("treeitem", { name: /^kraken .*1 not up/ }).waitFor();
    assert.equal(await itemOf(page, "kraken-spot").count(), 0);
    await page.keyboard.press("ArrowRight");
    await itemOf(page, "kraken-spot").waitFor();
  }));

test("a page of a client shows charts, channels and books", () =>
  withPage(server, "/client/kraken-spot", async (page) => {
    server.lose("kraken-spot");
    await sees(page, ".reason", "Why it is not up: connect_failed");
    await sees(page, ".reason", "Check port, firewall");
    await page
      .getByRole("img", { name: /^Messages over the last 120 s: latest .*\/s/ })
      .waitFor();
    await page
      .getByRole("img", { name: /^Round trip over the last/ })
      .waitFor();
    await sees(page, "#channels tr", "none yet");
    await sees(page, "#books tr", "no snapshot yet");
    await page.locator(".plot").first().hover();
    await sees(page, ".reading", /\/s, \d+ s ago/);
  }));

test("a client that is not there is told", () =>
  withPage(server, "/client/nobody", (page) =>
    sees(page, "main", "There is no client named “nobody”."),
  ));

test("names with markup are text", async () => {
  const name = '<img src="/x" onerror="window.harmed=true"> & "co"';
  const row = server.find("deribit-orders");
  Object.assign(row, { name, supervisor: "<b>bold</b>" });
  server.desks[0].name = "<script>window.harmed=true</script>";
  server.giveUp(name);
  await withPage(server, "/", async (page) => {
    await sees(page, "#tree", name);
    await sees(page, "#down", name);
    await sees(page, "#latest", name);
    for (const route of ["/clients", "/trading", "/events"]) {
      await page.goto(`${server.url}/#${route}`);
      await sees(page, "main", route === "/trading" ? "<script>" : name);
    }
    await page.goto(`${server.url}/#/clients`);
    await page.getByRole("link", { name }).click();
    await sees(page, "h1", name);
    await sees(page, ".headline", "<b>bold</b>");
    assert.equal(await page.locator("main img, main b").count(), 0);
    assert.equal(await page.evaluate(() => window.harmed), undefined);
  });
});
