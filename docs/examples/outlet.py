#!/usr/bin/env python3
"""Follows channels of a gateway's client: outlet.py URL CLIENT CHANNEL...

Survives the gateway: subscribes anew, and says where messages may be missing.
The token, if there is one, is in the environment as OUTLET_TOKEN.
"""
import asyncio
import json
import os
import sys

import websockets


class Feed:
    def __init__(self, client, channels):
        token = os.environ.get("OUTLET_TOKEN")
        login = [{"op": "login", "token": token}] if token else []
        self.requests = login + [
            {"op": "subscribe", "client": client, "channel": name}
            for name in channels]
        self.last = {}  # epoch and number of the last message of a channel

    async def run(self, url):
        while True:
            try:
                async with websockets.connect(
                        url, open_timeout=5, close_timeout=1,
                        ping_interval=2, ping_timeout=2) as socket:
                    for number, request in enumerate(self.requests):
                        await socket.send(json.dumps({"id": number, **request}))
                    async for text in socket:
                        self.handle(json.loads(text))
            except (OSError, asyncio.TimeoutError,
                    websockets.WebSocketException) as problem:
                print("away:", problem or type(problem).__name__, flush=True)
            self.last = {channel: None for channel in self.last}
            await asyncio.sleep(0.5)

    def handle(self, message):
        if "error" in message:
            sys.exit(f"{message['error']['text']}: {message['error']['remedy']}")
        elif "lost" in message:
            print("gap: too slow for", message["lost"], "messages", flush=True)
        elif "event" in message:
            print("event:", message["event"], message["state"], flush=True)
        elif "seq" in message:
            channel, here = message["channel"], (message["epoch"], message["seq"])
            last = self.last.get(channel, here)
            if last is None or here[0] != last[0]:
                print("gap: connected anew", flush=True)
            elif here < last:
                print("out of order:", last, here, flush=True)
            self.last[channel] = here
            print("data:", channel, *here, message.get("data"), flush=True)


if __name__ == "__main__":
    asyncio.run(Feed(sys.argv[2], sys.argv[3:]).run(sys.argv[1]))
