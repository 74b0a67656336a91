import { afterEach, describe, expect, test } from "vitest"
import { Broker } from "../../../sim/broker/broker"
import { Clock } from "../../../sim/clock/clock"
import { pace } from "../../../sim/clock/pace"
import type { House } from "../../../sim/house"
import { oneBoard, online } from "../fixture"

/** Our own broker behind a real port stands in for a real one: the bridge sees only bytes on a real socket. */
const real = new Broker(new Clock(), () => undefined)
let house: House | undefined
afterEach(async () => {
  await house?.close()
  await real.close()
})

const CONNECT = `s.write("\\x10\\x11\\0\\4MQTT\\4\\2\\0\\x3c\\0\\5board"); s.write("\\x30\\4\\0\\1tx")`

async function turnUntil(holds: () => boolean): Promise<void> {
  const endMs = performance.now() + 5_000
  while (!holds() && performance.now() < endMs)
    await pace(house!, { speed: 20, untilUs: house!.nowUs + 100_000, tickMs: 1 })
  expect(holds()).toBe(true)
}

describe("a real broker", () => {
  test("is reached over a real socket; the house reads along", async () => {
    const { port } = await real.listen(0)
    const made = oneBoard(
      online(
        `var s = net.connect({ host: "broker.local", port: 1883 }, function () { ${CONNECT} }); s.on("close", function () { print("close") })`,
      ),
      {
        broker: { host: "127.0.0.1", port },
      },
    )
    house = made.house
    await house.advance("2s")
    await turnUntil(() => real.messages.length > 0 && house!.linkOf("board") === "online")
    expect(real.messages[0]).toMatchObject({ from: "board", topic: "t", payload: "x" })
    expect(house.snapshot()).toMatchObject({ broker: { url: `mqtt://127.0.0.1:${port}` }, messages: [{ topic: "t" }] })
    expect(house.snapshot().devices[0].lastPublish!.topic).toBe("t")
    real.stop()
    await turnUntil(() => made.board.logs.some((log) => log.text === "close"))
    real.start()
  })

  test("that is not there: the first socket closes, the next connect is refused at once", async () => {
    const { port } = await real.listen(0)
    await real.close()
    const made = oneBoard(
      online(
        `function go() { try { var s = net.connect({ host: "broker.local", port: 1883 }); s.on("close", function () { print("close"); go() }) } catch (e) { print(e.message) } } go()`,
      ),
      {
        broker: { host: "127.0.0.1", port },
      },
    )
    house = made.house
    await house.advance("2s")
    await turnUntil(() => made.board.logs.some((log) => log.text === "Unable to create socket"))
    expect(made.board.logs[0].text).toBe("close")
  })
})
