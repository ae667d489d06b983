// SPDX-License-Identifier: BSD-3-Clause
//
// The page of a real gateway.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import {
  browserForTests,
  complaintsOf,
  live,
  logIn,
  routes,
  sees,
} from "./browser.mjs";
import { exchange, gateway, Pair, token } from "./programs.mjs";

const withPage = browserForTests();
const needed = { skip: !gateway || !exchange ? "no programs" : false };
let pair;

beforeEach(async () => {
  if (!needed.skip) {
    pair = new Pair();
    await pair.start();
  }
});

afterEach(() => pair?.end());

const isReady = (page, name) =>
  page
    .getByRole("treeitem", { name: new RegExp(`^${name} .*ready$`) })
    .waitFor();

test("a gateway shows its clients, desks and channels", needed, () =>
  withPage(pair, "/", async (page) => {
    await isReady(page, "venue");
    await isReady(page, "okx");
    await sees(page, "#program", "gateway-test");
    await sees(page, "#desks tr", "mm");
    await page.getByRole("link", { name: "venue", exact: true }).click();
    await sees(page, "h1", "venue");
    await sees(page, "#channels tr", /book\.BTC-PERPETUAL.*confirmed.*ago/);
    await sees(page, "#books tr", /BTC-PERPETUAL.*valid/);
    for (const route of routes) {
      await page.goto(`${pair.url}/#${route}`);
      await live(page);
      assert.deepEqual(await complaintsOf(page), [], route);
    }
  }),
);

test("a lost exchange becomes visible, with the reason", needed, () =>
  withPage(pair, "/", async (page) => {
    await isReady(page, "venue");
    await live(page);
    const start = performance.now();
    await pair.loseExchange();
    await page.getByRole("treeitem", { name: /^venue (?!.*ready)/ }).waitFor();
    const elapsed = Math.round(performance.now() - start);
    console.log(`a lost exchange was visible after ${elapsed} ms`);
    await sees(page, "#down", "venue");
    await sees(page, "#down", "No address of the host accepted");
    await sees(page, "#down", "Check port, firewall and whether");
  }),
);

test("a client is restarted by the page", needed, () =>
  withPage(pair, "/client/venue", async (page) => {
    await sees(page, ".headline .badge", "ready");
    await logIn(page, token);
    await page.getByRole("button", { name: "Restart" }).click();
    await page.getByRole("button", { name: "Restart venue" }).click();
    await sees(page, ".notice", "Restarted: venue");
    await sees(page, ".facts div", /Epoch2/);
    await sees(page, ".headline .badge", "ready");
    await page.goto(`${pair.url}/#/events`);
    await sees(page, ".events li", "operator");
  }),
);

test("the kill switch of a desk is thrown by the page", needed, () =>
  withPage(pair, "/trading", async (page) => {
    await sees(page, "#desk-mm .badge", "takes orders");
    await logIn(page, token);
    await page.getByRole("button", { name: "Kill switch" }).click();
    await page.getByRole("button", { name: "Halt mm" }).click();
    await sees(page, "#desk-mm .badge", "halted");
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByRole("button", { name: "Resume mm" }).click();
    await sees(page, "#desk-mm .badge", "takes orders");
  }),
);
