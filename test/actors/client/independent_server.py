# SPDX-License-Identifier: BSD-3-Clause

"""An echo server by another hand than ours. Prints its port; ends on "quit".

Compresses if its argument is "deflate".
"""

import asyncio
import sys

import websockets


async def main():
    done = asyncio.Event()

    async def echo(ws, path=None):
        async for message in ws:
            if message == "quit":
                done.set()
                await ws.close(1000, "bye")
            elif message == "ping me":
                await (await ws.ping(b"independent"))
                await ws.send("ponged")
            elif message == "fragments":
                await ws.send(["one ", "two ", "three"])
            elif message == "close 1012":
                await ws.close(1012, "service restart")
            else:
                await ws.send(message)

    server = await websockets.serve(
        echo, "127.0.0.1", 0, max_size=1 << 24,
        compression="deflate" if "deflate" in sys.argv else None,
        subprotocols=["zenws.test"])
    print(server.sockets[0].getsockname()[1], flush=True)
    await done.wait()
    server.close()
    await server.wait_closed()


asyncio.run(main())
