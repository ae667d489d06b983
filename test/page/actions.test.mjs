// SPDX-License-Identifier: BSD-3-Clause

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { browserForTests, live, logIn, sees, token } from "./browser.mjs";
import { MockServer } from "./mock_server.mjs";

const withPage = browserForTests();
let server;

beforeEach(async () => {
  server = new MockServer({ token });
  await server.listen();
});

afterEach(() => server.close());

const click = (place, name) => place.getByRole("button", { name }).click();

const question = (page) => page.locator("#confirm");

test("without a token there are no actions", async () => {
  server.token = null;
  await withPage(server, "/client/okx-books", async (page) => {
    await live(page);
    await click(page, "Restart");
    await sees(page, ".notice", "Actions are off");
    assert.equal(await question(page).isVisible(), false);
    assert.equal(
      await page.getByRole("button", { name: "Log in" }).isVisible(),
      false,
    );
  });
});

test("an action asks for the token, then whether it is meant", () =>
  withPage(server, "/client/okx-books", async (page) => {
    await live(page);
    await click(page, "Restart");
    const login = page.getByRole("dialog", { name: "Log in" });
    await login.getByLabel("Token").fill("guess");
    await click(login, "Log in");
    await sees(page, "#login-failure", "This is not the token.");
    assert.deepEqual(server.actions, []);
    await login.getByLabel("Token").fill(token);
    await click(login, "Log in");
    await page.getByRole("dialog", { name: "Restart this client?" }).waitFor();
    assert.deepEqual(server.actions, []);
    await question(page).getByLabel("Reason").fill("a test");
    await click(question(page), "Restart okx-books");
    await sees(page, ".notice", "Restarted: okx-books");
    assert.deepEqual(server.actions, [
      { action: "restart", client: "okx-books", reason: "a test" },
    ]);
  }));

test("an action that is not meant does not happen", () =>
  withPage(server, "/client/okx-books", async (page) => {
    await logIn(page);
    for (const end of ["click", "Enter", "Escape"]) {
      await click(page, "Stop");
      await question(page).waitFor();
      await sees(page, "#confirm-subject", "okx-books");
      // The first key must not be the one that does it.
      await (end === "click"
        ? click(question(page), "Cancel")
        : page.keyboard.press(end));
      await question(page).waitFor({ state: "hidden" });
    }
    assert.deepEqual(server.actions, []);
  }));

test("a client is stopped and started again", () =>
  withPage(server, "/client/okx-books", async (page) => {
    await logIn(page);
    await click(page, "Stop");
    await click(question(page), "Stop okx-books");
    await sees(page, ".headline .badge", "stopped");
    await click(page, "Start");
    await click(question(page), "Start okx-books");
    await sees(page, ".headline .badge", "ready");
    assert.deepEqual(
      server.actions.map((x) => x.action),
      ["stop", "start"],
    );
  }));

test("channels are renewed, one or all", () =>
  withPage(server, "/client/okx-books", async (page) => {
    await logIn(page);
    const row = page.locator("#channels tr", { hasText: "trades.BTC" });
    await click(row, "Renew");
    await click(question(page), /^Renew trades\.BTC-PERPETUAL/);
    await sees(page, ".notice", "Renewed: trades.BTC-PERPETUAL");
    await click(page, "Renew channels");
    await click(question(page), "Renew okx-books");
    await sees(page, ".notice", "Renewed: okx-books");
    assert.deepEqual(server.actions, [
      {
        action: "renew",
        client: "okx-books",
        channel: "trades.BTC-PERPETUAL.100ms",
      },
      { action: "renew", client: "okx-books" },
    ]);
  }));

for (const [route, place] of [
  ["/", "#desks tr"],
  ["/trading", "#desk-deribit"],
]) {
  test(`the kill switch of a desk works at ${route}`, () =>
    withPage(server, route, async (page) => {
      await logIn(page);
      const desk = page.locator(place, { hasText: "deribit" });
      await click(desk, "Kill switch");
      await sees(page, "#confirm-effect", "all open orders of the desk");
      await click(question(page), "Halt deribit");
      await sees(desk, ".badge", "halted");
      await click(desk, "Resume");
      await click(question(page), "Resume deribit");
      await sees(desk, ".badge", "takes orders");
      assert.deepEqual(server.actions, [
        { action: "halt", desk: "deribit" },
        { action: "resume", desk: "deribit" },
      ]);
    }));
}

test("a refusal is told with its remedy", () =>
  withPage(server, "/client/okx-books", async (page) => {
    await logIn(page);
    await click(page, "Restart");
    server.rows = server.rows.filter((x) => x.name !== "okx-books");
    await click(question(page), "Restart okx-books");
    await sees(page, "#confirm-failure", "There is no such client.");
    await sees(page, "#confirm-failure", "Look for it in the tree.");
  }));

test("a token that is not valid any more is asked for again", () =>
  withPage(server, "/client/okx-books", async (page) => {
    await logIn(page);
    server.token = "another";
    await click(page, "Restart");
    await click(question(page), "Restart okx-books");
    const login = page.getByRole("dialog", { name: "Log in" });
    await login.getByLabel("Token").fill("another");
    await click(login, "Log in");
    await click(question(page), "Restart okx-books");
    await sees(page, ".notice", "Restarted: okx-books");
  }));

test("an action without an answer is of unknown outcome", () =>
  withPage(server, "/client/okx-books", async (page) => {
    await logIn(page);
    await click(page, "Restart");
    await page.route("**/actions", (route) => route.abort());
    await click(question(page), "Restart okx-books");
    await sees(page, "#confirm-failure", "Outcome unknown");
  }));
