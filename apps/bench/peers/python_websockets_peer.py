#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A client of the bench made of websockets, for Python; see peer_program.hpp."""
import asyncio
import gc
import os
import ssl
import sys
import time

import websockets

KIND, URL, CA_FILE = sys.argv[1:4]
COUNT, SIZE = map(int, sys.argv[4:6])
WARM_UP = 1000
TLS = None
if URL.startswith("wss:"):
    TLS = ssl.create_default_context(cafile=CA_FILE)


def connect():
    return websockets.connect(URL, ssl=TLS, compression=None,
                              ping_interval=None)


async def flood():
    socket = await connect()
    warm_up = COUNT // 5
    messages = COUNT - warm_up
    for _ in range(warm_up):
        assert len(await socket.recv()) == SIZE
    began, cpu_began = time.perf_counter(), time.process_time()
    for _ in range(messages):
        assert len(await socket.recv()) == SIZE
    return (messages / (time.perf_counter() - began),
            (time.process_time() - cpu_began) * 1e6 / messages)


async def rtt():
    socket = await connect()
    payload = "x" * SIZE
    micros = []
    for _ in range(WARM_UP + COUNT):
        sent_at = time.perf_counter()
        await socket.send(payload)
        await socket.recv()
        micros.append((time.perf_counter() - sent_at) * 1e6)
    micros = sorted(micros[WARM_UP:])
    return tuple(micros[int(q * (COUNT - 1))] for q in (0.5, 0.99))


def resident_bytes():
    gc.collect()
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGESIZE")


async def idle():
    sockets = [await connect()]
    first = resident_bytes()
    for _ in range(COUNT - 1):
        sockets.append(await connect())
    return (round((resident_bytes() - first) / (COUNT - 1)),)


async def main():
    print(*await {"flood": flood, "rtt": rtt, "idle": idle}[KIND](), flush=True)
    os._exit(0)  # closing handshakes are not measured

asyncio.run(main())
