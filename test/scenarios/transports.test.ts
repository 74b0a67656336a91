import { expect, test } from "vitest"
import { fixtureBundle, home, specOf, untilOnline } from "./home"
import type { Home } from "./home"

async function board(name: string): Promise<Home> {
  const spec = await specOf("climate", { name, bundle: await fixtureBundle(name), parts: [] })
  return home({ change: () => [{ ...spec, record: { ...spec.record!, id: name, s: {} } }] })
}

test("a program that asks for TLS gets plain TCP here, is told so, and runs", async () => {
  const h = await board("secure")
  await untilOnline(h)
  await h.house.advance("12s")
  expect(h.of("log", "secure")[0]).toMatchObject({
    level: "warn",
    text: "TLS is not simulated: plain TCP in its place. A broker reached with --broker must have a plain port.",
  })
  expect(h.house.broker.messages.at(-1)).toMatchObject({ topic: "secure/alive", payload: "yes" })
})

test("a program that asks for WebSocket opens one, and speaks MQTT in it", async () => {
  const h = await board("web")
  let heard = ""
  h.house.network.tcp.serve("192.168.1.10", 1883, {
    isListening: () => true,
    accept({ service }) {
      service.onData = (bytes) => {
        heard += bytes
        if (!heard.endsWith("\r\n\r\n")) return
        heard = ""
        service.send("HTTP/1.1 101 Switching Protocols\r\n\r\n\x82\x04\x20\x02\0\0")
      }
    },
  })
  await h.house.advance("20s")
  expect(h.logs("web")).toEqual(["wifi: connected", "mqtt: online"])
  expect(heard).toContain("web/aliveyes")
})
