// SPDX-License-Identifier: BSD-3-Clause

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browserForTests, sees } from "./browser.mjs";
import { MockServer } from "./mock_server.mjs";

const withPage = browserForTests();
let server;

before(async () => {
  server = new MockServer({ clients: 10_000 });
  await server.listen();
  server.giveUp("feed-07777");
});

after(() => server.close());

const firstName = (page) => page.locator("tbody th").first();

test("ten thousand clients: the first screen, the worst of them", () =>
  withPage(server, "/", async (page) => {
    const start = performance.now();
    await page.reload();
    await page
      .getByRole("treeitem", { name: /^feed-07777 .*gave up/ })
      .waitFor();
    await sees(page, "#busiest tbody tr", "feed-");
    const elapsed = Math.round(performance.now() - start);
    console.log(`the first screen of 10,000 clients took ${elapsed} ms`);
    await sees(page, ".tiles", "9,999 / 10,000");
    await page.getByRole("treeitem", { name: /^400 more / }).waitFor();
    // What is up would only hide it.
    assert.ok((await page.getByRole("treeitem").count()) < 200);
  }));

test("windows of clients: next, last, previous, first", () =>
  withPage(server, "/clients", async (page) => {
    const press = (name) => page.getByRole("button", { name }).click();
    await sees(page, "[role=status]", "1 to 50 of 10,000");
    assert.equal(await firstName(page).textContent(), "feed-07777");
    await press("Name");
    await sees(page, "tbody th", "feed-00000");
    await press("Next");
    await sees(page, "[role=status]", "51 to 100 of 10,000");
    await sees(page, "tbody th", "feed-00050");
    await press("Last");
    await sees(page, "tbody th", "feed-09999");
    await press("Previous");
    await sees(page, "tbody th", "feed-09900");
    await press("First");
    await sees(page, "tbody th", "feed-00000");
    assert.equal(await page.locator("tbody tr").count(), 50);
    assert.equal(
      await page.locator("table").getAttribute("aria-rowcount"),
      "10001",
    );
  }));

test("rows are sorted by the heads", () =>
  withPage(server, "/clients", async (page) => {
    await page.getByRole("button", { name: "Restarts" }).click();
    const head = page.getByRole("columnheader", { name: "Restarts" });
    await sees(page, "tbody th", "feed-07777");
    assert.equal(await head.getAttribute("aria-sort"), "descending");
    await page.getByRole("button", { name: "Name" }).click();
    await page.getByRole("button", { name: "Name" }).click();
    await sees(page, "tbody th", "feed-09999");
    assert.equal(await head.getAttribute("aria-sort"), null);
  }));

test("a filter finds one of ten thousand", () =>
  withPage(server, "/clients", async (page) => {
    await page.getByLabel("Filter").fill("feed-04242");
    await sees(page, "[role=status]", "1 to 1 of 1 (all: 10,000)");
    assert.equal(await firstName(page).textContent(), "feed-04242");
    await page.getByLabel("Filter").fill("nothing like it");
    await sees(page, ".table", "No clients.");
  }));

test("what the tree leaves out is found among the clients", () =>
  withPage(server, "/", async (page) => {
    await page.getByRole("treeitem", { name: /^shard-00 / }).click();
    await page
      .getByRole("treeitem", { name: /^400 more / })
      .first()
      .click();
    await sees(page, "[role=status]", "1 to 50 of 500 (all: 10,000)");
    assert.equal(await page.getByLabel("Filter").inputValue(), "shard-00");
  }));
