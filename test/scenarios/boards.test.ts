import { describe, expect, test } from "vitest"
import type { DeviceSpec } from "../../sim/device"
import { loadBoards, type Board } from "../../tools/config/boards"
import { goodPins } from "../../tools/config/pins"
import { home, homeOnline, readings } from "./home"
import type { Home } from "./home"

/** The same entry of flash.config.json put onto three boards: their settings are equal to the byte. */
const threeAlike = ([climate]: DeviceSpec[]): DeviceSpec[] =>
  ["climate", "second", "third"].map((name) => ({ ...structuredClone(climate!), name }))

const clients = (h: Home) => [...h.house.broker.clients.keys()]
const refused = (h: Home, device: string) => h.of("tcp", device).filter(({ state }) => state === "refused")

describe("boards of one kind in one house", () => {
  test("have ids of their own, and do not throw each other off the broker", async () => {
    const h = await homeOnline({ change: threeAlike })
    await h.house.advance("30min")
    expect(new Set(clients(h)).size).toBe(3)
    for (const client of clients(h)) expect(client).toMatch(/^climate-[0-9a-f]{6}$/)
    expect(h.of("mqtt").filter(({ action }) => action === "drop")).toEqual([])
    expect(h.house.broker.messages).toHaveLength(3 * 61)
  })

  test("keep their id over a restart and a power cut, and in a house of another seed have another", async () => {
    const h = await homeOnline({ only: "climate" })
    const [before] = clients(h)
    h.climate.reboot()
    await h.house.advance("10s")
    expect(clients(h)).toEqual([before])
    h.climate.powerOff()
    await h.house.advance("2min")
    expect(clients(h)).toEqual([])
    h.climate.powerOn()
    await h.house.advance("10s")
    expect(clients(h)).toEqual([before])
    expect(clients(await homeOnline({ only: "climate", seed: 2 }))).not.toEqual([before])
  })

  // Trap: Math.random gives every chip the same sequence until E.srand (Espruino 2v29); they would all knock at once.
  test("come back at different moments after the broker was gone", async () => {
    const h = await homeOnline({ change: threeAlike })
    h.house.broker.stop()
    const fromUs = h.house.nowUs
    await h.house.advance("20min")
    const waits = ["climate", "second", "third"].map((name) =>
      refused(h, name).map(({ atUs }) => Math.round((atUs - fromUs) / 1e5)),
    )
    expect(Math.min(...waits.map(({ length }) => length))).toBeGreaterThan(12)
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const)
      expect(waits[a]!.filter((tenth) => waits[b]!.includes(tenth)).length, `${a} and ${b}`).toBeLessThan(4)
  })

  test("one that is slow, deaf or hung does not slow the others", async () => {
    const h = await homeOnline({ change: threeAlike })
    h.house.network.cut("second")
    h.house.device("third").powerOff()
    await h.house.advance("10min")
    const perBoard = (name: string) => h.house.broker.messages.filter(({ from }) => from === name)
    const [first] = clients(h)
    expect(clients(h)).toHaveLength(1)
    expect(perBoard(first!)).toHaveLength(21)
  })
})

describe("power", () => {
  test("fails in the middle of everything, a hundred times: each start is a good one", async () => {
    const h = await home({ only: "climate" })
    for (let i = 0; i < 100; i++) {
      await h.house.advance({ us: 37_000 * i }) // up to 3.7 s into a start: Wi-Fi, DHCP, TCP, CONNECT, start signal
      h.climate.powerOff()
      await h.house.advance("1s")
      h.climate.powerOn()
    }
    const before = readings(h).length
    await h.house.advance("62s")
    expect(readings(h).length).toBe(before + 3)
    expect(h.logs("climate").filter((text) => /Uncaught|error/i.test(text))).toEqual([])
    expect(h.of("boot").every(({ reason }) => reason === "power")).toBe(true)
  })

  test("of the whole house fails: readings are there again within five seconds", async () => {
    const h = await homeOnline()
    await h.house.advance("5min")
    for (const device of h.house.devices.values()) device.powerOff()
    h.house.broker.stop({ forget: true })
    await h.house.advance("1h")
    const before = readings(h).length
    h.house.broker.start()
    for (const device of h.house.devices.values()) device.powerOn()
    await h.house.advance("5s")
    expect(readings(h)).toHaveLength(before + 1)
    expect(h.bulb.parts.lamp.green).toBeGreaterThan(0)
  })
})

/** The climate sensor with its wire at the last pin that serves it without a doubt, on a board of each kind. */
const onBoard =
  (board: Board) =>
  ([climate]: DeviceSpec[]): DeviceSpec[] => {
    const pin = board.pins[goodPins(board, "wire").at(-1)!].number
    const { record, parts } = structuredClone(climate!)
    return [
      {
        ...climate!,
        board,
        record: { ...record!, s: { ...record!.s, sensor: pin } },
        parts: [{ ...parts![0], pins: { data: pin } }],
      },
    ]
  }

test.each(loadBoards().map((board) => [board.name, board] as const))("a %s reads its sensor", async (_, board) => {
  const h = await homeOnline({ only: "climate", change: onBoard(board) })
  await h.house.advance("2min")
  expect(readings(h).length).toBeGreaterThan(2)
  expect(h.of("fault")).toEqual([])
})
