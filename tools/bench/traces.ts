import * as scenes from "../../test/traces/scenes"
import type { Compared } from "../../test/traces/scenes"
import { print, type Row } from "./report"

/** Issue 4's bar. */
const COUNT = 1000

/** What sigrok reads from exported waveforms, against what the parts held. */
export async function traces(): Promise<void> {
  print(`sigrok on ${COUNT} recorded transactions each`, [
    row("DHT22, humidity and temperature", await scenes.dht22(COUNT)),
    row("DS18B20, two on one wire, temperature", await scenes.ds18b20(COUNT)),
    row("I2C, a SHT3x, every byte of both messages", await scenes.i2c(COUNT)),
    row("WS2812, every LED of eight", await scenes.ws2812(COUNT)),
  ])
}

function row(what: string, { held, read }: Compared): Row {
  const equal = held.filter((value, i) => value === read[i]).length
  const passes = equal === held.length && read.length === held.length && held.length >= COUNT
  return { what, figure: `${equal} of ${held.length} equal`, bar: "all", passes }
}
