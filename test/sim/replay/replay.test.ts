import { describe, expect, test } from "vitest"
import type { DeviceSpec, PartSpec } from "../../../sim/device"
import type { House } from "../../../sim/house"
import { readTrace } from "../../../sim/trace/file"
import { traceLine } from "../../../sim/trace/trace"
import { specOf } from "../../scenarios/home"
import { record, replay } from "./recording"

/** All that may go wrong, once each. */
async function trouble(house: House): Promise<void> {
  const climate = () => house.device("climate")
  const steps: (() => unknown)[] = [
    () => house.network.wifi.drop(),
    () => house.network.wifi.restore(),
    () => (climate().parts.dht22.faults.badChecksum = true),
    () => (climate().parts.dht22.faults.badChecksum = false),
    () => house.broker.stop(),
    () => house.broker.start(),
    () => house.network.tcp.reset(),
    () => house.network.cut("climate"),
    () => house.network.heal("climate"),
    () => climate().chip.loseCallback("data"),
    () => climate().chip.loseCallback("timer"),
    () => climate().chip.loseCallback("watch"),
    () => house.broker.publish("sensor/data", "nonsense"),
    () => climate().powerOff(),
    () => climate().powerOn(),
    () => house.device("bulb").reboot(),
    () => house.network.wifi.kick(),
    () => (house.network.wifi.lossPct = 20),
    () => (house.network.wifi.lossPct = 0),
    () => (house.network.tcp.dns = "gone"),
    () => (house.network.tcp.dns = "ok"),
  ]
  for (const step of steps) {
    await house.advance("67s")
    house.act(step)
  }
  await house.advance("2min")
}

const linesOf = (text: string) => text.trimEnd().split("\n")

describe("a replay", () => {
  test("says what was said, through trouble of every kind, reboots and a power cut", async () => {
    const devices = [await specOf("climate"), await specOf("bulb")]
    devices[0]!.record!.host = "broker.example"
    const text = await record({ devices, seed: 7 }, trouble)
    expect(text).toMatch(/climate off\n[^]*climate boot \d power/)
    expect(text).toContain("bulb boot 2 reboot outside")
    for (const spec of devices) {
      const outcome = replay(text, spec)
      expect(outcome.difference).toBeUndefined()
      expect(outcome.outputs).toBeGreaterThan(100)
      expect(outcome.inputs).toBeGreaterThan(50)
    }
  }, 60_000)

  test("comes through a power cut in the middle of a write, and through the boot behind it", async () => {
    const spec: DeviceSpec = await specOf("climate", {
      bundle: `var s = require("Storage"); setTimeout(function () { s.write("log", "as long as it takes" + getTime()); }, 500);`,
    })
    const text = await record({ devices: [spec] }, async (house) => {
      house.device("climate").chip.flash.cutPowerAfter(2)
      await house.advance("3s")
      house.device("climate").powerOn()
      await house.advance("3s")
    })
    expect(text).toContain("storage torn log\\x20(half\\x20of\\x20the\\x20data\\x20written)")
    expect(replay(text, spec).difference).toBeUndefined()
  })

  test("lets the chip's own watchdog bite, and a program hang as it hung", async () => {
    const bundle = `E.enableWatchdog(5, false); setTimeout(function () { for (;;) getTime(); }, 900);`
    const spec = await specOf("climate", { bundle })
    const text = await record({ devices: [spec] }, (house) => house.advance("20s"))
    expect(text).toMatch(/climate halt timer .*\n[^]*climate boot 2 watchdog/)
    expect(replay(text, spec).difference).toBeUndefined()
  })

  test("plays values of conversions, and what came over a UART", async () => {
    const bundle = `
      Serial2.setup(9600, { tx: D25, rx: D26 });
      Serial2.on("data", function (bytes) { print(bytes, analogRead(D34)); });
      setInterval(function () { print(analogRead(D34)); Serial2.write("ask"); }, 700);`
    const parts: PartSpec[] = [
      { name: "ntc", part: "ntc", pins: { signal: 34 } },
      { name: "meter", part: "serial-peer", pins: { rx: 25, tx: 26 } },
    ]
    const spec: DeviceSpec = await specOf("climate", { bundle, parts })
    const text = await record({ devices: [spec] }, async (house) => {
      await house.advance("1s")
      house.device("climate").parts.meter.send("hello\r\n")
      await house.advance("9s")
    })
    expect(text).toMatch(/GPIO34 adc 0\.\d+/)
    expect(text).toContain("GPIO26 serial rx 9600 hello\\x0d\\n")
    expect(text).toMatch(/log info \w*o\\x0d/)
    expect(replay(text, spec).difference).toBeUndefined()
  })

  test.each([
    "climate.dht22.data: slow-edge 30us @ 30s for 60s",
    "climate.dht22.data: stuck-low @ 30s for 60s",
    "climate.dht22.data: stuck-high @ 30s for 60s",
    "climate.dht22.data: open @ 30s for 60s",
    "climate.dht22.data: glitch 5us @ 40s",
    "climate.dht22: flip-bit 17 @ 30s for 60s",
    "climate: brown-out 100ms @ 65s",
  ])("comes through %s", async (fault) => {
    const spec = await specOf("climate")
    const text = await record({ devices: [spec] }, (house) => {
      house.fault(fault)
      return house.advance("2min")
    })
    expect(text).toContain("climate fault")
    expect(replay(text, spec).difference).toBeUndefined()
  })

  test("finds a program that does something else: when, where, what was expected and what came", async () => {
    const spec = await specOf("climate")
    const text = await record({ devices: [spec] })
    const changed = { ...spec, bundle: spec.bundle.replace("wifi: connected", "wifi: is there!") }
    const { difference } = replay(text, changed)
    expect(difference!.expected).toMatchObject({ kind: "log", text: "wifi: connected" })
    expect(difference!.got).toMatchObject({ kind: "log", text: "wifi: is there!", atUs: difference!.atUs })
    expect(difference!.before.map(traceLine).at(-1)).toMatch(/wifi connected 192/)
    expect(difference!.after).toHaveLength(3)
  })

  test("finds a program that says no more, and one that says more than was recorded", async () => {
    const spec = await specOf("climate", { bundle: `print("once"); setTimeout(function () { print("twice") }, 1000)` })
    const text = await record({ devices: [spec] }, (house) => house.advance("5s"))
    const silent = replay(text, { ...spec, bundle: `print("once")` }, { isChanged: true })
    expect(silent.difference).toMatchObject({ expected: { text: "twice" } })
    expect(silent.difference!.got).toBeUndefined()
    const more = `${spec.bundle};setTimeout(function () { print("thrice") }, 2000)`
    expect(replay(text, { ...spec, bundle: more }, { isChanged: true }).difference).toMatchObject({
      atUs: 2_350_000,
      got: { text: "thrice" },
    })
  })

  test("finds an input that the program no longer listens for", async () => {
    const spec = await specOf("bulb")
    const text = await record({ devices: [spec] }, (house) => house.advance("30s"))
    const deaf = { ...spec, bundle: spec.bundle.replace('"sensor/data"', '"sensor/nada"') }
    deaf.record!.s.topic = "sensor/nada"
    const edited = text.replaceAll("sensor/data", "sensor/nada")
    expect(replay(edited, deaf).difference).toBeUndefined()
    expect(replay(text, deaf, { device: readTrace(edited).header.devices[0]! }).difference).toMatchObject({
      expected: { kind: "net", direction: "tx" },
    })
  })

  test("finds one changed bit in any output", async () => {
    const spec = await specOf("climate")
    const text = await record({ devices: [spec] }, (house) => house.advance("4min"))
    const lines = linesOf(text)
    const outputs = lines.flatMap((line, i) =>
      /climate (GPIO\d+ \w+ chip|log|net tx|tcp|storage|memory)/.test(line) ? [i] : [],
    )
    expect(outputs.length).toBeGreaterThan(30)
    for (const [n, index] of outputs.entries()) {
      const at = (n * 7919) % lines[index]!.length
      const flipped = String.fromCharCode(lines[index]!.charCodeAt(at) ^ (1 << (n % 7)))
      const line = lines[index]!.slice(0, at) + flipped + lines[index]!.slice(at + 1)
      expect(isFound(lines.with(index, line).join("\n"), spec), line).toBe(true)
    }
  }, 60_000)
})

/** Either no event any more, or one that does not happen. */
function isFound(text: string, spec: DeviceSpec): boolean {
  try {
    return replay(text, spec).difference !== undefined
  } catch (error) {
    return /^line \d+: expected/.test((error as Error).message)
  }
}
