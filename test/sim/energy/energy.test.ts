import { describe, expect, test } from "vitest"
import { batteryDays } from "../../../sim/energy/power"
import type { BoardPower } from "../../../sim/energy/power"
import { AWAKE_US, BEACON_SHARE, airtimeUs } from "../../../sim/energy/radio"
import { House } from "../../../sim/house"
import type { PartSpec } from "../../../sim/device"
import { BOARD, online, RECORD } from "../fixture"

/** Round figures: each consumer can be told from the others. */
const POWER: BoardPower = {
  cpuActiveMa: 50,
  cpuIdleMa: 30,
  cpuIdles: "never",
  rxMa: 100,
  txMa: 230,
  deepSleepMa: 0.01,
  boardMa: 10,
}
const RX_MA = POWER.rxMa - POWER.cpuIdleMa
const TX_MA = POWER.txMa - POWER.cpuIdleMa
const PARTS: PartSpec[] = [
  { name: "relay", part: "relay", pins: { coil: 16 } },
  { name: "lamp", part: "rgb-led", pins: { red: 17, green: 18, blue: 19 } },
]

function metered(program: string, power: Partial<BoardPower> = {}): House {
  const board = { ...BOARD, power: { ...POWER, ...power } }
  const house = new House({ devices: [{ name: "board", bundle: program, board, record: RECORD, parts: PARTS }] })
  house.boot()
  return house
}

/** Charge of a consumer in mA s: what it draws times the seconds it does. */
function charge(house: House, name: string): number {
  const share = house.energy("board").shares.find((each) => each.name === name)
  return (share?.mah ?? 0) * 3600
}

describe("a board at work", () => {
  test("draws for its CPU and for what stands beside it, all the time", async () => {
    const house = metered("")
    await house.advance("1h")
    const { hours, mah, averageMa, shares } = house.energy("board")
    expect([hours, mah, averageMa]).toEqual([1, expect.closeTo(60, 9), expect.closeTo(60, 9)])
    expect(shares.map(({ name, mah: own }) => [name, Math.round(own)])).toEqual([
      ["cpu", 50],
      ["board", 10],
      ["relay", 0],
      ["lamp", 0],
    ])
  })

  test("draws nothing while it is off, and the hours go on", async () => {
    const house = metered("")
    await house.advance("30min")
    house.fault("board: power-off for 30min")
    await house.advance("30min")
    expect(house.energy("board")).toMatchObject({ hours: 1, mah: expect.closeTo(30, 9) })
  })

  test("rests its CPU without sockets where the chip can", async () => {
    const house = metered("", { cpuIdles: "without sockets" })
    await house.advance("350ms") // the firmware starts
    const before = charge(house, "cpu")
    await house.advance("10s")
    expect(charge(house, "cpu") - before).toBeCloseTo(300, 6)
  })

  test("and not while one is open", async () => {
    const house = metered(online('net.connect({ host: "broker.local", port: 1883 }, function () {})'), {
      cpuIdles: "without sockets",
    })
    await house.advance("10s")
    const before = charge(house, "cpu")
    await house.advance("10s")
    expect(charge(house, "cpu") - before).toBeCloseTo(500, 6)
  })
})

describe("the radio", () => {
  test("is off until the program starts it", async () => {
    const house = metered("")
    await house.advance("1h")
    expect(charge(house, "radio, listening")).toBe(0)
  })

  test("listens until it is connected, and then for beacons", async () => {
    const house = metered(online(""))
    const times: Record<string, number> = {}
    house.on((event) => event.kind === "wifi" && (times[event.state] = event.atUs / 1e6))
    await house.advance("100s")
    const connecting = times["connected"] - times["connecting"]
    expect(charge(house, "radio, listening")).toBeCloseTo(
      RX_MA * (connecting + BEACON_SHARE * (100 - times["connected"])),
      3,
    )
  })

  test("listens all the time while the access point is away", async () => {
    const house = metered(online(""))
    await house.advance("10s")
    house.fault("wifi: roam")
    const before = charge(house, "radio, listening")
    await house.advance("10s")
    expect(charge(house, "radio, listening") - before).toBeCloseTo(RX_MA * 10, 3)
  })

  test("sends for as long as a segment is on the air, and stays awake after each", async () => {
    const house = metered(
      online(`net.connect({ host: "broker.local", port: 1883 }, function (s) {
        s.on("error", function () {});
        setTimeout(function () { s.write("x".repeat(100)); }, 1500); })`),
    )
    await house.until(() => house.linkOf("board") === "broker")
    const [sent, heard] = [charge(house, "radio, sending"), charge(house, "radio, listening")]
    house.network.cut()
    await house.advance("2s")
    expect((charge(house, "radio, sending") - sent) * 1e6).toBeCloseTo(TX_MA * airtimeUs(100), 0)
    const awakeS = AWAKE_US / 1e6
    expect(charge(house, "radio, listening") - heard).toBeCloseTo(
      RX_MA * (BEACON_SHARE * 2 + (1 - BEACON_SHARE) * awakeS),
      3,
    )
  })

  test("a byte more is a byte longer on the air", () => {
    expect(airtimeUs(0)).toBeCloseTo(20 + (94 * 8) / 24)
    expect(airtimeUs(1001) - airtimeUs(1)).toBeCloseTo(8000 / 24)
  })
})

describe("parts", () => {
  test("draw what they say while they say it", async () => {
    const house = metered(`digitalWrite(D16, 1); analogWrite(D17, 0.5);
      setTimeout(function () { digitalWrite(D16, 0); }, 10000);`)
    await house.advance("20350ms")
    expect(charge(house, "relay")).toBeCloseTo(71.4 * 10, 3)
    expect(charge(house, "lamp")).toBeCloseTo(20 * (511 / 1023) * 20, 3)
  })
})

test("a report says how long a battery lasts", async () => {
  const house = metered("")
  await house.advance("1h")
  const report = house.energy("board")
  expect(batteryDays(report, 2880)).toBeCloseTo(2)
  expect(report.deepSleepMa).toBeCloseTo(10.01)
  expect(batteryDays({ averageMa: 0 }, 100)).toBe(Infinity)
})

test("goes back with its house", async () => {
  const house = metered(online(""))
  await house.advance("1min")
  const [point, report] = [house.snapshot(), house.energy("board")]
  await house.advance("1min")
  await house.restore(point)
  expect(house.energy("board")).toEqual(report)
})

test("a board without figures says so, and so does a device that is none", () => {
  const house = new House({ devices: [{ name: "board", bundle: "", board: BOARD }] })
  expect(() => house.energy("board")).toThrow('"power" in boards/*.json')
  expect(() => house.energy("bord")).toThrow('no device "bord"; there are: board')
})
