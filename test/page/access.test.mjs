// SPDX-License-Identifier: BSD-3-Clause
//
// For everybody: keyboard, screen readers, phones, dark and light.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  browserForTests,
  complaintsOf,
  live,
  logIn,
  phone,
  routes,
  sees,
} from "./browser.mjs";
import { MockServer } from "./mock_server.mjs";

const withPage = browserForTests();
let server;

before(async () => {
  server = new MockServer();
  await server.listen();
  server.giveUp("bybit-options");
  server.lose("kraken-futures");
});

after(() => server.close());

// -- keyboard -----------------------------------------------------------------

// Describes what has the focus, and whether one sees it.
function focused() {
  const node = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(node);
  node.dataset.visited = "";
  return {
    name: node.outerHTML.slice(0, 80),
    isBody: node === document.body,
    visible: outlineStyle !== "none" && outlineWidth !== "0px",
  };
}

for (const route of routes) {
  test(`the tab key reaches all of ${route}, and shows where it is`, () =>
    withPage(server, route, async (page) => {
      await live(page);
      await sees(page, "main", /\d/);
      await page.locator("#skip").focus();
      for (;;) {
        const at = await page.evaluate(focused);
        if (at.isBody) {
          break;
        }
        assert.ok(at.visible, at.name);
        await page.keyboard.press("Tab");
        if (
          await page.evaluate(() => "visited" in document.activeElement.dataset)
        ) {
          break;
        }
      }
      const missed = await page.evaluate(() =>
        [...document.querySelectorAll("a, button, input, select, [role=tree]")]
          .filter((x) => x.checkVisibility() && !x.disabled)
          .filter((x) => !("visited" in x.dataset))
          .filter((x) => !x.querySelector("[data-visited]"))
          .map((x) => x.outerHTML),
      );
      assert.deepEqual(missed, []);
    }));
}

test("a client is restarted by keys alone", () =>
  withPage(server, "/", async (page) => {
    await live(page);
    await logIn(page);
    const press = async (...keys) => {
      for (const key of keys) {
        await page.keyboard.press(key);
      }
    };
    await press("g", "c");
    await sees(page, "h1", "Clients");
    await press("/");
    await page.keyboard.type("okx-tr");
    await sees(page, "[role=status]", "1 to 1 of 1");
    await page.getByRole("link", { name: "okx-trades" }).focus();
    await press("Enter");
    await sees(page, "h1", "okx-trades");
    await live(page);
    // The head of the page has the focus: what is next is its content.
    await press("Tab", "Tab", "Enter");
    await page.getByRole("dialog", { name: "Restart this client?" }).waitFor();
    await press("Tab", "Enter");
    await sees(page, ".notice", "Restarted: okx-trades");
    assert.equal(server.actions.at(-1).client, "okx-trades");
  }));

test("the arrows walk the tree", () =>
  withPage(server, "/", async (page) => {
    const name = () => page.evaluate(() => document.activeElement.innerText);
    await page.getByRole("treeitem").first().focus();
    await page.keyboard.press("ArrowDown");
    assert.match(await name(), /^binance\n/);
    await page.keyboard.press("ArrowRight");
    assert.match(await name(), /^binance-spot-depth\n/);
    await page.keyboard.press("ArrowLeft");
    assert.match(await name(), /^binance\n/);
    await page.keyboard.press("End");
    assert.match(await name(), /^okx-orders\n/);
    await page.keyboard.press("Enter");
    await sees(page, "h1", "okx-orders");
  }));

test("the help lists the keys, and switches them off", () =>
  withPage(server, "/", async (page) => {
    await live(page);
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Help" });
    await sees(page, "#help dl", "Previous clients");
    await help.getByLabel("Shortcuts of single keys are on").uncheck();
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "hidden" });
    await page.keyboard.press("g");
    await page.keyboard.press("e");
    await page.reload();
    await live(page);
    await page.keyboard.press("g");
    await page.keyboard.press("e");
    await page.getByRole("link", { name: "Overview" }).waitFor();
    assert.equal(await page.evaluate(() => location.hash), "#/");
  }));

// -- screen readers -----------------------------------------------------------

for (const colorScheme of ["light", "dark"]) {
  test(`axe has no complaint about any page in ${colorScheme}`, () =>
    withPage(
      server,
      "/",
      async (page) => {
        for (const route of routes) {
          await page.goto(`${server.url}/#${route}`);
          await live(page);
          await sees(page, "main", /\d/);
          assert.deepEqual(await complaintsOf(page), [], route);
        }
        await page.getByRole("button", { name: "Help" }).click();
        assert.deepEqual(await complaintsOf(page), [], "help");
      },
      { colorScheme, reducedMotion: "reduce" },
    ));
}

test("landmarks, one heading of the first level, and a live region", () =>
  withPage(server, "/", async (page) => {
    for (const route of routes) {
      await page.goto(`${server.url}/#${route}`);
      await page
        .getByRole("heading", { level: 1 })
        .waitFor({ state: "attached" });
      assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1);
      assert.equal(await page.getByRole("main").count(), 1);
      assert.equal(await page.getByRole("banner").count(), 1);
      assert.equal(
        await page.getByRole("navigation", { name: "Pages" }).count(),
        1,
      );
    }
    const region = page.locator("#announcements");
    assert.equal(await region.getAttribute("aria-live"), "polite");
  }));

test("tables have heads and captions", () =>
  withPage(server, "/client/deribit-orders", async (page) => {
    const table = page.getByRole("table", { name: "Channels" });
    await table.waitFor();
    await table.getByRole("columnheader", { name: "Last message" }).waitFor();
    await table.getByRole("rowheader", { name: /^book\./ }).waitFor();
  }));

// -- screens ------------------------------------------------------------------

test("a phone needs no scrolling sideways", () =>
  withPage(
    server,
    "/",
    async (page) => {
      for (const route of routes) {
        await page.goto(`${server.url}/#${route}`);
        await live(page);
        await sees(page, "main", /\d/);
        const width = await page.evaluate(
          () => document.documentElement.scrollWidth,
        );
        assert.ok(width <= phone.width, `${route} is ${width} px wide`);
      }
    },
    { viewport: phone, isMobile: true, hasTouch: true },
  ));

const brightness = () => {
  const [r, g, b] = getComputedStyle(document.body)
    .backgroundColor.match(/[\d.]+/g)
    .map(Number);
  return (r + g + b) / 3;
};

test("dark and light follow the system until one is chosen", () =>
  withPage(
    server,
    "/",
    async (page) => {
      assert.ok((await page.evaluate(brightness)) < 64);
      await page.emulateMedia({ colorScheme: "light" });
      assert.ok((await page.evaluate(brightness)) > 192);
      const theme = page.getByRole("button", { name: /^Theme/ });
      await theme.click(); // light
      await theme.click(); // dark
      assert.ok((await page.evaluate(brightness)) < 64);
      await page.reload();
      await page.getByRole("button", { name: "Theme: dark" }).waitFor();
      assert.ok((await page.evaluate(brightness)) < 64);
    },
    { colorScheme: "dark" },
  ));

test("nothing moves for those who do not want it", () =>
  withPage(
    server,
    "/",
    async (page) => {
      await live(page);
      const moving = await page.evaluate(() => document.getAnimations().length);
      assert.equal(moving, 0);
    },
    { reducedMotion: "reduce" },
  ));
