// SPDX-License-Identifier: BSD-3-Clause
//
// Takes the pictures of the documentation, of a made-up program or of the one
// at URL:
//
//   run MODULES picture.mjs DIRECTORY [URL]

import { desktop, launch, live, phone } from "./browser.mjs";
import { MockServer } from "./mock_server.mjs";

/** The charts show a minute. */
const minute = 62_000;

const [directory, address] = process.argv.slice(2);

async function story() {
  const server = new MockServer();
  await server.listen();
  server.tell("info", "okx-books", '"okx-books" is ready, epoch 3.');
  server.tell("info", "deribit", "Desk deribit has 4 open orders.");
  server.giveUp("bybit-options");
  server.lose("kraken-futures");
  server.find("okx-trades").state = "restoring";
  return server;
}

const server = address ? null : await story();
const browser = await launch();

const shots = [
  { name: "dashboard", viewport: desktop, colorScheme: "light" },
  { name: "dashboard-dark", viewport: desktop, colorScheme: "dark" },
  { name: "dashboard-phone", viewport: phone, colorScheme: "light" },
];

await Promise.all(
  shots.map(async ({ name, ...options }) => {
    const context = await browser.newContext({
      ...options,
      deviceScaleFactor: 1.25,
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    await page.goto(address ?? server.url);
    await live(page);
    await page.waitForTimeout(minute);
    await page.screenshot({ path: `${directory}/${name}.png` });
  }),
);
await browser.close();
await server?.close();
