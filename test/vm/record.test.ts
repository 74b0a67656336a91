import { writeFileSync } from "node:fs"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { HouseEvent } from "../../sim/events"
import { Mosquitto } from "../brokers/mosquitto"
import { WHY_NO_PTY } from "../serial/pty"
import { bundleOf } from "./board"
import { eventually } from "./eventually"
import { INTERPRETERS } from "./interpreter"
import { WHY_SKIPPED } from "./on-each"
import { Peer } from "./peer"
import { RecordedBoard, replay, type Recorded } from "./record"
import { Traced } from "./traced"

const WHY = WHY_SKIPPED ?? WHY_NO_PTY

const CLIMATE: Recorded = {
  name: "climate",
  program: "src/apps/climate.ts",
  written: { sensor: "GPIO4", interval: "2s" },
  settings: { sensor: 4, interval: 2000, topic: "sensor/data" },
  password: "correct-horse",
}
const BUTTON: Recorded = {
  name: "button-relay",
  program: "examples/button-relay.ts",
  written: { button: "GPIO17", relay: "GPIO16" },
  settings: { button: 17, relay: 16 },
}
const LIGHT: Recorded = {
  name: "light-meter",
  program: "examples/light-meter.ts",
  written: { bus: { sda: "GPIO21", scl: "GPIO22" }, lamp: "GPIO16", interval: "1s" },
  settings: { bus: [21, 22], lamp: 16, dusk: 50, interval: 1000 },
  fakes: ["i2c", "bh1750"],
}
const BULB: Recorded = {
  name: "bulb",
  program: "src/apps/bulb.ts",
  written: { red: "GPIO16", green: "GPIO17", blue: "GPIO23" },
  settings: { red: 16, green: 17, blue: 23, topic: "sensor/data" },
}

const THERMOMETERS: Recorded = {
  name: "cellar-thermometers",
  program: "examples/cellar-thermometers.ts",
  written: { bus: "GPIO4", interval: "5s" },
  settings: { bus: 4, interval: 5000 },
  fakes: ["ds18b20"],
}
const STRIP: Recorded = {
  name: "led-strip",
  program: "examples/led-strip.ts",
  written: { strip: "GPIO16", leds: 5 },
  settings: { strip: 16, leds: 5, budgetMa: 500 },
  fakes: ["neopixel"],
}

/** With the words that the chip's firmware has beside its number. */
const WIFI_LOST =
  '(rig.temperatureC=-12.5,rig.isAccessPointUp=false,rig.wifi.emit("disconnected",{reason:"8",msg:"ASSOC_LEAVE"}),1)'

describe.skipIf(WHY).each(INTERPRETERS)(`a recorded board ${WHY ? `(skipped: ${WHY})` : "on $name"}`, (interpreter) => {
  let broker: Mosquitto, peer: Peer, recorded: RecordedBoard

  beforeAll(async () => {
    broker = await Mosquitto.start()
    peer = await Peer.connect(broker.port)
    await peer.subscribe("#")
  })
  beforeEach(() => void (peer.received.length = 0))
  afterEach(() => recorded?.close())
  afterAll(async () => {
    peer?.close()
    await broker?.stop()
  })

  /** The trace that `motewire record` wrote, which `motewire replay` finds to be what the program's own bundle does. */
  async function replayed(): Promise<Traced> {
    expect(await recorded.end(), recorded.output).toBe(0)
    const same = replay(recorded.file("board.trace"))
    expect(same).toEqual({ exitCode: 0, output: expect.stringMatching(/as recorded, \d+ inputs and \d+ outputs/) })
    return new Traced(recorded.trace, await bundleOf(recorded.program))
  }

  it("is a trace of which the program's own bundle does the same again", { timeout: 120_000 }, async () => {
    recorded = await RecordedBoard.boot(interpreter, CLIMATE, broker.port)
    await peer.got("sensor/data", () => true)
    await recorded.board.ask(WIFI_LOST)
    await recorded.board.ask("(rig.isAccessPointUp=true,1)")
    await peer.got("sensor/data", (payload) => payload.includes("-12.5"), 15_000)
    const traced = await replayed()
    expect(recorded.trace).not.toMatch(/correct-horse|secret-word/)
    expect(recorded.trace).toContain("\\x00\\x0d*************")
    expect(traced.undetected()).toEqual([])
    // A bit of the frame: its high phase ends 44 us later than it did.
    const [falls] = [
      traced.events.filter((event) => event.kind === "pin" && event.level === "fall" && event.by === "outside"),
    ]
    expect(falls.length).toBeGreaterThan(80)
    const bit = falls.find(({ atUs }, i) => i > 1 && atUs - traced.riseBefore(atUs) < 30)!
    expect(traced.differsWith(bit, { ...bit, atUs: bit.atUs + 44 })).toMatch(/differs|net tx/)

    const file = recorded.file("changed.trace")
    const lines = recorded.trace.split("\n")
    const at = lines.findIndex((line) => /net tx 1 33/.test(line))
    lines[at] = lines[at]!.replace("humidity", "humiditx")
    writeFileSync(file, lines.join("\n"))
    expect(replay(file)).toEqual({ exitCode: 1, output: expect.stringContaining("was changed after it was recorded") })
    const changed = replay(file, ["--edited"])
    expect(changed).toEqual({ exitCode: 1, output: expect.stringMatching(/differs at .* on connection 1, line \d+/) })
  })

  it("tells what a button does, and a message, and the relay that obeys both", { timeout: 120_000 }, async () => {
    recorded = await RecordedBoard.boot(interpreter, BUTTON, broker.port)
    await peer.got("workshop/relay", (payload) => payload === "OFF")
    await recorded.board.ask("(rig.watches[17]({state:false,time:getTime(),lastTime:0,pin:17}),1)")
    await peer.got("workshop/relay", (payload) => payload === "ON")
    // No shorter than the debounce: the fakes have none.
    await new Promise((resolve) => setTimeout(resolve, 100))
    await recorded.board.ask("(rig.watches[17]({state:true,time:getTime(),lastTime:0,pin:17}),1)")
    await peer.publish("workshop/relay/set", "OFF")
    await eventually(
      () => peer.payloads("workshop/relay").filter((payload) => payload === "OFF").length > 1,
      "OFF again",
    )
    const traced = await replayed()
    expect(traced.undetected()).toEqual([])
    const press = traced.events.find(
      (event) => event.kind === "pin" && event.pin === "GPIO17" && event.by === "outside",
    )!
    expect(traced.differsWith(press)).toMatch(/GPIO16|net tx/)
  })

  it("tells what a sensor on I2C answers, and what the program does about it", { timeout: 120_000 }, async () => {
    recorded = await RecordedBoard.boot(interpreter, LIGHT, broker.port)
    await peer.got("light", (payload) => payload === "250.0")
    await recorded.board.ask("(part.answer=new Uint8Array([0,12]),1)")
    await peer.got("light/lamp", (payload) => payload === "ON")
    await recorded.board.ask("(part.isMissing=true,1)")
    await new Promise((resolve) => setTimeout(resolve, 2500))
    const traced = await replayed()
    expect(traced.undetected()).toEqual([])
    expect(recorded.trace).toContain("log warn bh1750: error")
    const dark = traced.events.find((event) => event.kind === "i2c" && event.isRead && event.bytes[1] === 12)!
    expect(traced.differsWith(dark, { ...dark, bytes: [1, 12] } as HouseEvent)).toMatch(/net tx/)
  })

  it("tells what a message makes of a lamp", { timeout: 120_000 }, async () => {
    recorded = await RecordedBoard.boot(interpreter, BULB, broker.port)
    await broker.subscribed("sensor/data")
    for (const temperature of [12, 22, 31]) {
      await peer.publish("sensor/data", `{"temperature":${temperature},"humidity":50}`)
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    await peer.publish("sensor/data", "nonsense")
    await new Promise((resolve) => setTimeout(resolve, 500))
    const traced = await replayed()
    expect(traced.undetected()).toEqual([])
    expect(traced.events.filter(({ kind }) => kind === "pwm").length).toBeGreaterThan(6)
  })

  it("tells what thermometers on one wire answer", { timeout: 120_000 }, async () => {
    recorded = await RecordedBoard.boot(interpreter, THERMOMETERS, broker.port)
    await eventually(() => peer.received.some(({ payload }) => payload === "25.1"), "a reading", 20_000)
    const traced = await replayed()
    expect(traced.undetected()).toEqual([])
    // What came of the first was not told to anybody: the board was not online.
    const told = traced.events.findLast(
      (event) => event.kind === "net" && event.direction === "tx" && /25\.1$/.test(event.bytes),
    )!
    const isRead = (event: HouseEvent) => event.kind === "onewire" && /^[lh]{72}$/.test(event.slots)
    const read = traced.events.findLast((event) => isRead(event) && event.atUs <= told.atUs)!
    const slots = (read as HouseEvent & { kind: "onewire" }).slots.replace("l", "h")
    expect(traced.differsWith(read, { ...read, slots } as HouseEvent)).toMatch(/onewire|log|net tx/)
  })

  it("tells what goes out to a strip", { timeout: 120_000 }, async () => {
    recorded = await RecordedBoard.boot(interpreter, STRIP, broker.port)
    await broker.subscribed("shelf/strip/set")
    await peer.publish("shelf/strip/set", "#ff8000")
    await new Promise((resolve) => setTimeout(resolve, 1500))
    const traced = await replayed()
    expect(traced.undetected()).toEqual([])
    expect(traced.events.filter(({ kind }) => kind === "strip").length).toBeGreaterThan(3)
  })
})
