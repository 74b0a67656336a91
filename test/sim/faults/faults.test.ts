import { describe, expect, test } from "vitest"
import type { PartSpec } from "../../../sim/device"
import { collect, oneBoard, online } from "../fixture"

const PARTS: PartSpec[] = [
  { name: "dht22", part: "dht22", pins: { data: 4 } },
  { name: "relay", part: "relay", pins: { coil: 16 } },
]
const house = (program = "", seed = 1) => {
  const made = oneBoard(program, { parts: PARTS, seed })
  return { ...made, faults: collect(made.house, "fault"), pins: collect(made.house, "pin") }
}
const told = (events: { atUs: number; device: string; reason: string; phase?: string }[]) =>
  events.map(({ atUs, device, reason, phase }) => [atUs / 1e6, device, phase, reason].filter(Boolean).join(" "))

describe("a fault", () => {
  test("begins and ends when it is said to, and tells both", async () => {
    const { house: h, board, faults } = house()
    h.fault("board.dht22: flip-bit 17 @ 30s for 10s")
    const { dht22 } = board.parts
    await h.advance("29.9s")
    expect(dht22.faults.flipBit).toBeUndefined()
    await h.advance("0.1s")
    expect(dht22.faults.flipBit).toBe(17)
    await h.advance("10s")
    expect(dht22.faults.flipBit).toBeUndefined()
    expect(told(faults)).toEqual(["30 board begins dht22: flip-bit 17", "40 board ends dht22: flip-bit 17"])
  })

  test("that has no time begins at once and lasts until it is ended", async () => {
    const { house: h, board, faults } = house()
    const fault = h.fault({ target: "board.dht22", fault: "missing" })
    expect(board.parts.dht22.faults.missing).toBe(true)
    await h.advance("1h")
    fault.end()
    fault.end()
    expect(board.parts.dht22.faults.missing).toBe(false)
    expect(told(faults)).toEqual(["board begins dht22: missing", "3600 board ends dht22: missing"])
  })

  test("comes again with every", async () => {
    const { house: h, faults } = house()
    const fault = h.fault({ target: "wifi", fault: "drop", at: "10s", for: "1s", every: "1min" })
    await h.advance("2min")
    fault.end()
    await h.advance("2min")
    expect(told(faults)).toEqual([
      "10 house begins wifi: drop",
      "11 house ends wifi: drop",
      "70 house begins wifi: drop",
      "71 house ends wifi: drop",
    ])
  })

  test("upon a fault: the newer counts, and the first value comes back when both are over", async () => {
    const { house: h } = house()
    h.network.tcp.latencyMs = 3
    h.fault("network: latency 100ms @ 1s for 10s")
    h.fault("network: latency 200ms @ 5s for 2s")
    const latencies: number[] = []
    for (const seconds of [2, 4, 3, 5]) {
      await h.advance(`${seconds}s`)
      latencies.push(h.network.tcp.latencyMs)
    }
    expect(latencies).toEqual([100, 200, 100, 3])
  })
})

describe("a mistake", () => {
  test.each([
    ["bord: reboot", /nothing here is called "bord". Did you mean "board"\?/],
    ["lamp: reboot", /Known here: board, wifi, network, broker/],
    ["board.dht2: missing", /no part and no pin "dht2". Did you mean "dht22"\?/],
    ["board.oven: missing", /Its parts: dht22, relay\./],
    ["board.dht22: flip-bt 3", /Did you mean "flip-bit"\?/],
    ["board.dht22: flip-bit 40", /write flip-bit <0 to 39>/],
    ["board.dht22: flip-bit", /needs a value: flip-bit <0 to 39>/],
    ["board.dht22: missing 3", /takes no value/],
    ["board.relay: missing", /does not happen to "board.relay"/],
    ["board: drop", /"drop" happens to wifi, not to "board"/],
    ["wifi: loss 20", /"loss" happens to network, not to "wifi", to which happen: drop/],
    ["network: loss 120%", /write loss <0 to 100 %>/],
    ["board.dht22.dat: open", /"dht22" has no pin "dat". Did you mean "data"\?/],
    ["board.dht22.data.x: open", /too many dots/],
    ["board.GPIO4: slow-edge", /needs a value: slow-edge <time>/],
    ["board: lose-callback timr", /Did you mean "timer"\?/],
    ["wifi: drop @ never", /no duration/],
    ["board.GPIO99: open", /no part and no pin "GPIO99". (?!Did you mean "GPIO(6|7|8|9|10|11)")/],
  ])("%s", (text, reason) => {
    const { house: h, faults } = house()
    expect(() => h.fault(text)).toThrow(reason)
    expect(() => h.fault(text)).toThrow(`fault "${text}"`)
    expect(faults).toEqual([])
  })

  test("is one for the types, too", () => {
    const { house: h } = house()
    // @ts-expect-error: a value is a number or a text
    expect(() => h.fault({ target: "network", fault: "loss", value: [] })).toThrow("write loss")
    // @ts-expect-error: a time is a text with a unit, or { us }
    expect(() => h.fault({ target: "wifi", fault: "drop", at: true })).toThrow("true is no duration")
    // @ts-expect-error: not a fault of anything
    expect(() => h.fault({ target: "wifi", fault: "melt" })).toThrow('"melt" does not happen to "wifi"')
  })
})

describe("wires", () => {
  const BLINK = "setInterval(() => { digitalWrite(D16, 1); digitalWrite(D16, 0) }, 1000)"

  test("are found by pin, by Espruino's name and by a part's role", async () => {
    const { house: h, board } = house("digitalWrite(D16, 1)")
    await h.advance("1s")
    expect(board.parts.relay.closed).toBe(true)
    for (const wire of ["board.GPIO16", "board.gpio16", "board.relay.coil"]) {
      const fault = h.fault(`${wire}: open`)
      await h.advance("1s")
      expect(board.parts.relay.closed).toBe(false)
      fault.end()
      await h.advance("1s")
      expect(board.parts.relay.closed).toBe(true)
    }
  })

  test("have glitches for as long as said", async () => {
    const { house: h, pins } = house()
    h.fault("board.GPIO4: glitch 20us @ 1s every 1s")
    await h.advance("3.5s")
    const edges = pins.filter(({ pin, atUs }) => pin === "GPIO4" && atUs >= 1e6)
    expect(edges.map(({ atUs, level }) => `${atUs} ${level}`)).toEqual(
      [1, 2, 3].flatMap((s) => [`${s * 1e6} fall`, `${s * 1e6 + 20} rise`]),
    )
  })

  test("with a loose contact give one trace for one seed", async () => {
    const traces = []
    for (const seed of [1, 1, 2]) {
      const { house: h, pins } = house(BLINK, seed)
      h.fault("board.GPIO16: loose-contact 50%")
      await h.advance("30s")
      traces.push(pins.map(({ atUs, level }) => `${atUs} ${level}`).join())
    }
    expect(traces[1]).toBe(traces[0])
    expect(traces[2]).not.toBe(traces[0])
  })
})

describe("the supply", () => {
  test("browns out: the board starts anew, and its parts with it", async () => {
    const { house: h, board } = house()
    const boots = collect(h, "boot")
    h.fault("board: brown-out 200ms @ 5s")
    await h.advance("5.1s")
    expect(board.chip.state).toBe("off")
    await h.advance("5s")
    expect(boots.map(({ atUs, reason }) => [atUs, reason])).toEqual([
      [0, "power"],
      [5.2e6, "power"],
    ])
  })

  test("is low: the radio's start resets the board until the battery is better", async () => {
    const { house: h, board } = house(online("print('online')"))
    h.fault("board: low-supply 2.43 for 30s")
    await h.advance("30s")
    expect(board.logs).toEqual([])
    expect(board.chip.boots).toBeGreaterThan(3)
    await h.advance("30s")
    expect(board.logs.at(-1)?.text).toBe("online")
  })

  test("of 3.1 V does no harm, and below the detector's level the board is off", async () => {
    const { house: h, board } = house(online("print('online')"))
    h.fault("board: low-supply 3.1V")
    await h.advance("10s")
    expect([board.chip.boots, board.logs.length]).toEqual([1, 1])
    h.fault("board: low-supply 2.4V for 10s")
    await h.advance("5s")
    expect(board.chip.state).toBe("off")
    await h.advance("10s")
    expect(board.chip.state).toBe("running")
  })
})

describe("network and broker", () => {
  test("fields come back to what they were", async () => {
    const { house: h } = house()
    const { wifi, tcp } = h.network
    const state = () => [wifi.rssiDbm, wifi.lossPct, wifi.hasDhcp, tcp.jitterMs, tcp.dns, h.broker.returnCode]
    const before = state()
    for (const fault of [
      "wifi: weak-signal -85dBm for 1s",
      "network: loss 20% for 1s",
      "wifi: no-dhcp for 1s",
      "network: jitter 50ms for 1s",
      "network: no-dns for 1s",
      "broker: refuse 3 for 1s",
      "broker: mute puback for 1s",
    ])
      h.fault(fault)
    expect(state()).toEqual([-85, 20, false, 50, "gone", 3])
    expect([...h.broker.muted]).toEqual(["puback"])
    await h.advance("1s")
    expect(state()).toEqual(before)
    expect(h.broker.muted.size).toBe(0)
  })

  test("Wi-Fi, lines and connections go and come back", async () => {
    const { house: h } = house(online(""))
    const states = collect(h, "wifi")
    await h.advance("10s")
    h.fault("board: roam")
    expect(states.at(-1)).toMatchObject({ state: "disconnected", reason: "ASSOC_LEAVE" })
    for (const [fault, field] of [
      ["board: cut for 1s", "isCut"],
      ["network: cut for 1s", "isCut"],
      ["board: stall for 1s", "isStalled"],
      ["network: stall for 1s", "isStalled"],
    ] as const) {
      h.fault(fault)
      expect(h.network.tcp.line("board")[field]).toBe(true)
      await h.advance("1s")
      expect(h.network.tcp.line("board")[field]).toBe(false)
    }
  })

  test("the broker restarts, and forgets what it is told to", async () => {
    const { house: h } = house()
    h.broker.publish("a", "1", { retain: true })
    h.fault("broker: restart 2s")
    expect(h.broker.isRunning).toBe(false)
    await h.advance("2s")
    expect([h.broker.isRunning, h.broker.retained.size]).toEqual([true, 1])
    h.fault("broker: forget-retained")
    expect(h.broker.retained.size).toBe(0)
  })
})
