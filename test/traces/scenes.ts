import { readFileSync } from "node:fs"
import type { Board } from "../../sim/board"
import type { PartSpec } from "../../sim/device"
import type { HouseEvent } from "../../sim/events"
import type { House } from "../../sim/house"
import type { LedStrip } from "../../sim/parts/led-strip"
import type { Room } from "../../sim/room"
import { eventOf, readTrace } from "../../sim/trace/file"
import { vcdOf } from "../../sim/trace/vcd"
import { ROOT } from "../../tools/root"
import { askSigrok } from "../readers/sigrok"
import { record } from "../sim/replay/recording"

/** What the parts held, and what sigrok read from the wires, transaction by transaction. */
export interface Compared {
  held: string[]
  read: string[]
}

/** A board on which nothing runs but some lines of its own, so that a thousand transactions take minutes and no hours. */
interface Scene {
  program: string
  parts: PartSpec[]
  room?: Room
  seconds: number
  /** Hears each event while it is recorded. */
  onEvent?: (event: HouseEvent, house: House) => void
}

const board = JSON.parse(readFileSync(`${ROOT}boards/esp32-devkitc.json`, "utf8")) as Board

async function play({ program, parts, room, seconds, onEvent }: Scene): Promise<{ vcd: string; events: HouseEvent[] }> {
  const text = await record({ devices: [{ name: "board", bundle: program, board, parts }], seed: 5, room }, (house) => {
    if (onEvent) house.on((event) => onEvent(event, house))
    return house.advance({ us: seconds * 1e6 })
  })
  const trace = readTrace(text)
  const events = trace.events.map(eventOf)
  return { vcd: vcdOf(events, trace.endUs!), events }
}

const partEvents = (events: HouseEvent[], what: string) =>
  events.filter((event): event is HouseEvent & { kind: "part" } => event.kind === "part" && event.what === what)

/** Air that changes by whole degrees and percents from reading to reading, below zero as well. */
const changing: Room = {
  at: (atUs) => {
    const step = Math.floor(atUs / 2e6)
    return { temperatureC: ((step * 137) % 1200) / 10 - 40, humidityPct: ((step * 71) % 1000) / 10 }
  },
}

export async function dht22(count: number): Promise<Compared> {
  const program = `
    function ask() {
      digitalWrite(D4, 0); pinMode(D4, "output");
      setTimeout(function () { pinMode(D4, "input_pullup"); }, 2);
    }
    setInterval(ask, 2000);`
  const parts = [{ name: "dht22", part: "dht22", pins: { data: 4 } }]
  const { vcd, events } = await play({ program, parts, room: changing, seconds: 2 * count + 1 })
  const answers = partEvents(events, "answers")
  const held = answers.flatMap(({ values }) => [`${values!.humidityPct}`, `${values!.temperatureC}`])
  const lines = askSigrok(vcd, {
    decoders: "am230x:sda=GPIO4",
    annotations: "am230x=temperature:humidity",
    downsample: 100,
  })
  return { held, read: lines.map((line) => `${parseFloat(line.replace(/^\w+: /, ""))}`) }
}

export async function ds18b20(count: number): Promise<Compared> {
  const program = `
    var wire = new OneWire(D5), roms, at = 0;
    function convert() {
      if (!roms) roms = wire.search();
      wire.reset(); wire.select(roms[at]); wire.write(0x44);
      setTimeout(read, 800);
    }
    function read() {
      wire.reset(); wire.select(roms[at]); wire.write(0xBE); wire.read(9);
      at = (at + 1) % roms.length;
    }
    setInterval(convert, 1000);`
  const parts = ["north", "south"].map((name) => ({ name, part: "ds18b20", pins: { data: 5 } }))
  const names = new Map<string, string>()
  const onEvent = (_: HouseEvent, house: House) => {
    const { north, south } = house.device("board").parts
    for (const part of [north, south]) {
      part.air.lagS = 0
      names.set(
        [...part.rom]
          .reverse()
          .map((byte: number) => byte.toString(16).padStart(2, "0"))
          .join(""),
        part.name,
      )
    }
  }
  const { vcd, events } = await play({ program, parts, room: changing, seconds: count + 2, onEvent })
  const held = partEvents(events, "converts").map(
    ({ part, values }) => `${part} ${Math.round(16 * values!.temperatureC!)}`,
  )
  const lines = askSigrok(vcd, {
    decoders: "onewire_link:owr=GPIO5,onewire_network,ds28ea00",
    annotations: "ds28ea00",
    downsample: 100,
  })
  return { held: held.slice(0, count), read: temperaturesOf(lines, names).slice(0, count) }
}

/** The first two bytes of each scratchpad, which are sixteenths of a degree, by whose it was. */
function temperaturesOf(lines: string[], names: Map<string, string>): string[] {
  const found: string[] = []
  let rom = ""
  let bytes: number[] = []
  for (const line of lines) {
    const [, name] = /^ROM: 0x(\w+)/.exec(line) ?? []
    const [, byte] = /^Scratchpad data: 0x(\w+)/.exec(line) ?? []
    if (name) [rom, bytes] = [name, []]
    if (byte && bytes.push(parseInt(byte, 16)) === 2) {
      const sixteenths = new Int16Array([bytes[0]! | (bytes[1]! << 8)])[0]!
      found.push(`${names.get(rom)} ${sixteenths}`)
    }
  }
  return found
}

export async function i2c(count: number): Promise<Compared & { temperaturesOffC: number }> {
  const program = `
    I2C1.setup({ sda: D21, scl: D22, bitrate: 100000 });
    function measure() {
      I2C1.writeTo(0x44, 0x24, 0x00);
      setTimeout(function () { I2C1.readFrom(0x44, 6); }, 20);
    }
    setInterval(measure, 2000);`
  const parts = [{ name: "sht3x", part: "sht3x", pins: { sda: 21, scl: 22 } }]
  const { vcd, events } = await play({ program, parts, room: changing, seconds: 2 * count + 1 })
  const messages = events.filter((event): event is HouseEvent & { kind: "i2c" } => event.kind === "i2c")
  const held = messages.map(({ address, isRead, bytes }) => [isRead ? "read" : "write", address, ...bytes].join(" "))
  const lines = askSigrok(vcd, {
    decoders: "i2c:sda=GPIO21:scl=GPIO22",
    annotations: "i2c=address-read:address-write:data-read:data-write:stop",
    downsample: 10,
  })
  const read = messagesOf(lines)
  const measured = partEvents(events, "measures").map(({ values }) => values!.temperatureC!)
  const found = read.filter((line) => line.startsWith("read")).map((line) => line.split(" ").map(Number))
  const offC = found.map(([, , high, low], i) => Math.abs((175 * (high! * 256 + low!)) / 65535 - 45 - measured[i]!))
  return { held, read, temperaturesOffC: Math.max(...offC) }
}

function messagesOf(lines: string[]): string[] {
  const found: string[] = []
  let words: string[] = []
  for (const line of lines) {
    const [, kind, value] = /^(Address|Data) \w+: (\w+)$/.exec(line) ?? []
    if (kind === "Address") words = [line.split(" ")[1]!.slice(0, -1), `${parseInt(value!, 16)}`]
    else if (kind) words.push(`${parseInt(value!, 16)}`)
    else if (line === "Stop") found.push(words.join(" "))
  }
  return found
}

const LEDS = 8

export async function ws2812(count: number): Promise<Compared> {
  const program = `
    var strip = require("neopixel"), bytes = new Uint8ClampedArray(${3 * LEDS}), seed = 1;
    function paint() {
      for (var i = 0; i < bytes.length; i++) { seed = (seed * 75 + 74) % 65537; bytes[i] = seed & 255; }
      strip.write(D13, bytes);
    }
    setInterval(paint, 100);`
  const parts = [{ name: "strip", part: "led-strip", pins: { data: 13 }, options: { leds: LEDS } }]
  const held: string[] = []
  const onEvent = (event: HouseEvent, house: House) => {
    if (event.kind !== "part" || event.what !== "shows") return
    const { pixels } = house.device("board").parts.strip as LedStrip
    held.push(
      ...pixels.map(({ red, green, blue }) => `#${((red << 16) | (green << 8) | blue).toString(16).padStart(6, "0")}`),
    )
  }
  const { vcd } = await play({ program, parts, seconds: count / 10 + 0.4, onEvent })
  const read = askSigrok(vcd, {
    decoders: "rgb_led_ws281x:din=GPIO13",
    annotations: "rgb_led_ws281x=rgb",
    downsample: 5,
  })
  return { held: held.slice(0, count * LEDS), read: read.slice(0, count * LEDS) }
}
