import { OneWireLine } from "../../../sim/buses/one-wire-line"
import { searchRoms } from "../../../sim/buses/one-wire-search"
import { Ds18b20 } from "../../../sim/parts/ds18b20"
import { bench } from "./bench"

type Options = Record<string, number | string | boolean>

/** DS18B20s on one wire and a master, whose calls take the bus's time; an ideal sensor without lag. */
export function oneWireBench(...parts: Options[]) {
  const table = bench()
  const options = [...parts]
  const sensors = (options.length ? options : [{}]).map((own, i) => {
    const place = {
      ...table.place,
      name: `part ${i}`,
      random: table.place.random.split(String(i)),
      option: <T extends number | string | boolean>(name: string, byDefault: T) => (own[name] as T) ?? byDefault,
    }
    const sensor = new Ds18b20(place)
    sensor.air.lagS = 0
    sensor.powerOn()
    return sensor
  })
  const { clock, place } = table
  const net = table.net("data")
  const run = <T>(work: (line: OneWireLine) => T, isPowered = false): T => {
    const line = new OneWireLine(place.buses.oneWire.targetsOn(net), net.seenFrom(table.host), clock.nowUs)
    line.power(false)
    const result = work(line)
    if (isPowered) line.power(true)
    clock.runUntil(line.atUs)
    return result
  }
  const write = (...bytes: number[]) => run((line) => bytes.forEach((byte) => line.writeByte(byte)))
  const master = {
    run,
    reset: () => run((line) => line.reset()),
    write,
    /** Strong pull-up behind the last bit. */
    writePowered: (byte: number) => run((line) => line.writeByte(byte), true),
    readBit: () => run((line) => line.readBit()),
    /** Hexadecimal, as the datasheet writes bytes. */
    read: (count: number) =>
      run((line) => Array.from({ length: count }, () => line.readByte().toString(16).padStart(2, "0")).join(" ")),
    search: (command = 0xf0) => run((line) => searchRoms(line, command)),
    /** Reset, Skip ROM and a function command. */
    command: (byte: number, ...more: number[]) => {
      master.reset()
      write(0xcc, byte, ...more)
    },
    scratchpad: () => {
      master.command(0xbe)
      return master.read(9)
    },
    convert: (waitUs = 750_000) => {
      master.command(0x44)
      clock.advance(waitUs)
    },
  }
  return { ...table, sensors, sensor: sensors[0], master }
}
