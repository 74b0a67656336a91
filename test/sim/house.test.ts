import { describe, expect, test } from "vitest"
import { pace } from "../../sim/clock/pace"
import { House } from "../../sim/house"
import { recordedRoom } from "../../sim/room"
import { BOARD, RECORD, collect, oneBoard } from "./fixture"

/** A hand-written climate node: DHT22 every 30 s, MQTT QoS 0 with pings. */
const CLIMATE = `
var wifi = require("Wifi"), net = require("net"), sock, bits = 0, count = 0, watch;
function sample() {
  bits = ""; watch = setWatch(function (e) { bits += e.time - e.lastTime > 0.00005 ? 1 : 0 }, 4, { repeat: true, edge: "falling" });
  digitalWrite(4, 0); pinMode(4, "output"); setTimeout(function () { pinMode(4, "input_pullup") }, 1); setTimeout(done, 50);
}
function done() {
  clearWatch(watch); watch = 0;
  var t = parseInt(bits.substr(19, 16), 2) / 10, h = parseInt(bits.substr(3, 16), 2) / 10;
  var p = JSON.stringify({ temperature: t, humidity: h, n: ++count });
  if (sock) sock.write("\\x30" + String.fromCharCode(13 + p.length) + "\\0\\x0bsensor/data" + p);
}
function connect() { try { open() } catch (e) { setTimeout(connect, 5000) } }
function open() {
  sock = net.connect({ host: "broker.local", port: 1883 }, function () { sock.write("\\x10\\x13\\0\\4MQTT\\4\\2\\0\\x3c\\0\\7climate") });
  sock.on("close", function () { sock = undefined; setTimeout(connect, 5000) });
}
wifi.connect("workshop", { password: "secret-word" }, connect);
wifi.on("disconnected", function () { setTimeout(function () { wifi.connect("workshop", { password: "secret-word" }) }, 3000) });
setInterval(sample, 30000); setInterval(function () { if (sock) sock.write("\\xc0\\0") }, 40000);`

const BULB = `
var wifi = require("Wifi"), net = require("net");
wifi.connect("workshop", { password: "secret-word" }, function () {
  var s = net.connect({ host: "broker.local", port: 1883 }, function () { s.write("\\x10\\x10\\0\\4MQTT\\4\\2\\0\\x3c\\0\\4bulb\\x82\\x10\\0\\1\\0\\x0bsensor/data\\0") });
  s.on("data", function (d) { if (d.charCodeAt(0) == 48) [16, 17, 23].forEach(function (p, i) { analogWrite(p, (d.length % 7 + i) / 10) }) });
  setInterval(function () { s.write("\\xc0\\0") }, 40000);
});`

const DEVICES = [
  {
    name: "climate",
    bundle: CLIMATE,
    board: BOARD,
    record: { ...RECORD, id: "climate" },
    parts: [{ name: "dht22", part: "dht22", pins: { data: 4 } }],
  },
  {
    name: "bulb",
    bundle: BULB,
    board: BOARD,
    record: { ...RECORD, id: "bulb" },
    parts: [{ name: "lamp", part: "rgb-led", pins: { red: 16, green: 17, blue: 23 } }],
  },
]

function home(seed = 1) {
  const house = new House({ devices: DEVICES, seed })
  house.boot()
  return house
}

describe("two boards and a broker", () => {
  test("a reading goes from the sensor over the broker to the lamp", async () => {
    const house = home()
    const climate = house.device("climate")
    await house.advance("35s")
    climate.parts.dht22.temperatureC = -21.5
    climate.parts.dht22.humidityPct = 40
    await house.advance("60s")
    expect(house.broker.messages.map((message) => message.topic)).toEqual(Array(3).fill("sensor/data"))
    expect(JSON.parse(house.broker.messages[2].payload)).toEqual({ temperature: 3276.8 + 21.5, humidity: 40, n: 3 })
    expect(house.device("bulb").parts.lamp.green).toBeGreaterThan(0)
    expect(house.device("bulb").pins.GPIO17.state).toBe("pwm")
  })

  test("the view is plain data and says what a person wants to know", async () => {
    const house = home()
    expect(house.view().devices[0]).toMatchObject({ state: "off", link: "off", boots: 0 })
    await house.advance("62s")
    const view = house.view()
    expect(JSON.parse(JSON.stringify(view))).toEqual(view)
    const [climate] = view.devices
    expect(climate).toMatchObject({
      name: "climate",
      board: "test board",
      state: "running",
      link: "online",
      boots: 1,
      uptimeUs: 61_650_000,
    })
    expect(climate.lastPublish!.topic).toBe("sensor/data")
    expect(climate.parts[0].values.temperatureC).toBeCloseTo(19.5, 0)
    expect(climate.pins).toEqual({ GPIO4: "high" })
    expect(view.messages).toHaveLength(2)
    expect(view.broker).toEqual({ clients: 2, running: true })
  })

  test("comes back after Wi-Fi and broker were gone", async () => {
    const house = home()
    await house.advance("1min")
    house.network.wifi.drop()
    await house.advance("1min")
    expect(house.broker.clients.size).toBe(2) // the broker does not know yet: keep-alive is 60 s
    house.network.wifi.restore()
    house.broker.stop()
    await house.advance("1min")
    expect(house.broker.clients.size).toBe(0)
    house.broker.start()
    await house.until(() => house.linkOf("climate") === "online", "5min")
  })
})

describe("same seed, same trace", () => {
  test("byte for byte, and another seed gives another", async () => {
    const [a, b, c] = [home(5), home(5), home(6)]
    for (const house of [a, b, c]) await house.advance("10min")
    expect(a.trace.length).toBeGreaterThan(1500)
    expect(b.trace).toEqual(a.trace)
    expect(c.trace).not.toEqual(a.trace)
  })

  test("whoever turns the clock: paced, or as fast as it goes, in any steps", async () => {
    const [fast, paced, stepped] = [home(), home(), home()]
    await fast.advance("40s")
    await pace(paced, { speed: 500, untilUs: 40_000_000, tickMs: 1 })
    for (let i = 0; i < 400; i++) await stepped.advance({ us: 100_000 })
    expect(paced.trace).toEqual(fast.trace)
    expect(stepped.trace).toEqual(fast.trace)
  })

  test("another board, or another part, does not shift what the others draw", async () => {
    const extra = {
      name: "extra",
      bundle: CLIMATE,
      board: BOARD,
      record: { ...RECORD, id: "extra" },
      parts: [{ name: "dht22", part: "dht22", pins: { data: 4 } }],
    }
    const alone = home()
    const together = new House({ devices: [...DEVICES, extra], seed: 1 })
    together.boot()
    const wire = (house: House) => house.trace.filter((line) => / climate (GPIO4|wifi assoc)/.test(line))
    await alone.advance("2min")
    await together.advance("2min")
    expect(wire(alone).length).toBeGreaterThan(250)
    expect(wire(together)).toEqual(wire(alone))
  })

  test("time in a trace never runs backwards", async () => {
    const house = home()
    await house.advance("5min")
    const times = house.trace.map((line) => parseInt(line))
    expect(times.every((us, i) => i === 0 || us >= times[i - 1])).toBe(true)
  })
})

test("an hour of two boards at full speed, tracing included, stays far inside its bar of 2 s", async () => {
  const house = home()
  const startedMs = performance.now()
  await house.advance("1h")
  const tookMs = performance.now() - startedMs
  expect(house.broker.messages.length).toBe(119)
  expect(house.trace.length).toBeGreaterThan(10_000)
  expect(tookMs).toBeLessThan(2_000)
})

describe("library", () => {
  test("names what it does not know", () => {
    expect(() => home().device("attic")).toThrow('no device "attic"; there are: climate, bulb')
    expect(() => new House({ devices: [DEVICES[0], DEVICES[0]] })).toThrow('two devices are called "climate"')
  })

  test("until() waits in house time, and gives up with a reason", async () => {
    const { house, board } = oneBoard("setTimeout(function () { print('now') }, 5000)")
    await house.until(() => board.logs.length > 0, "10s")
    expect(house.nowUs).toBe(5_350_000)
    await expect(house.until(() => false, "1s")).rejects.toThrow("did not happen within 1s")
  })

  test("listeners can stop listening, and booting twice is booting once", async () => {
    const { house } = oneBoard("print(1)")
    let count = 0
    const stop = house.on(() => count++)
    stop()
    house.boot()
    await house.advance("1s")
    expect(count).toBe(0)
    expect(house.device("board").chip.boots).toBe(1)
  })

  test("tracing can be off", async () => {
    const { house } = oneBoard("print(1)", { trace: false })
    await house.advance("1s")
    expect(house.trace).toEqual([])
  })

  test("a recorded room feeds the sensors until a test sets them", async () => {
    const room = recordedRoom([
      { atS: 0, temperatureC: 10, humidityPct: 30 },
      { atS: 100, temperatureC: 20, humidityPct: 50 },
    ])
    const { house, board } = oneBoard("", { room, parts: [{ name: "dht22", part: "dht22", pins: { data: 4 } }] })
    await house.advance("50s")
    expect(board.parts.dht22.temperatureC).toBe(15)
    board.parts.dht22.temperatureC = 99
    await house.advance("10s")
    expect([board.parts.dht22.temperatureC, board.parts.dht22.humidityPct]).toEqual([99, 42])
  })

  test("settings reach the chip's Storage as the device reads them", async () => {
    const { house, board } = oneBoard(
      `var f = require("Storage").read("mw.a"), b = f.substr(f.indexOf(" ") + 1); print(E.CRC32(b) == parseInt(f), JSON.parse(b.substr(b.indexOf("{"))).ssid)`,
    )
    await house.advance("400ms")
    expect(board.logs[0].text).toBe("true workshop")
  })

  test("the events of a run are plain data", async () => {
    const house = home()
    const events = collect(house, "mqtt")
    await house.advance("35s")
    expect(events.length).toBeGreaterThan(4)
    expect(JSON.parse(JSON.stringify(events))).toEqual(events)
  })
})
