import { i2cWave } from "../buses/i2c-wave"
import { oneWireWave } from "../buses/one-wire-wave"
import { serialWave } from "../buses/serial-wave"
import { stripWave } from "../buses/strip-wave"
import type { HouseEvent } from "../events"

/**
 * Value Change Dump (IEEE 1364-2005, clause 18): a scope a board, a wire a pin. 10 ns is the unit, since a strip's bits are made of
 * steps of 50 ns and the format knows 1, 10 and 100 only. What a bus carried is drawn edge by edge. PWM is two real numbers a pin, its
 * duty and its frequency: as edges, three lamps at 5 kHz would be 100 million an hour, and nobody reads a lamp's colour from those.
 * The wire of such a pin shows the mean: 1 from a duty of a half on.
 */
const TICKS_PER_US = 100

interface Variable {
  device: string
  name: string
  kind: "wire" | "real"
  id: string
  last: number
}

interface Change {
  tick: number
  variable: Variable
  value: number
}

/** The whole file. Events in order of time; those of other kinds are passed over. */
export function vcdOf(events: Iterable<HouseEvent>, endUs: number): string {
  const drawing = new Drawing()
  for (const event of events) drawing.add(event)
  return drawing.text(endUs)
}

class Drawing {
  private readonly variables = new Map<string, Variable>()
  private readonly changes: Change[] = []

  add(event: HouseEvent): void {
    switch (event.kind) {
      case "pin":
        return this.put(event.device, event.pin, event.atUs, event.level === "rise" ? 1 : 0)
      case "pwm":
        this.put(event.device, `${event.pin}_duty`, event.atUs, event.duty, "real")
        return this.put(event.device, `${event.pin}_hz`, event.atUs, event.frequencyHz, "real")
      case "i2c":
        return i2cWave(event).forEach(({ atUs, sda, scl }) => {
          this.put(event.device, event.sda, atUs, sda)
          this.put(event.device, event.scl, atUs, scl)
        })
      case "onewire":
        return oneWireWave(event).forEach(({ atUs, level }) => this.put(event.device, event.pin, atUs, level))
      case "strip":
        return stripWave(event).forEach(({ atUs, level }) => this.put(event.device, event.pin, atUs, level))
      case "serial":
        return serialWave(event).forEach(({ atUs, level }) => this.put(event.device, event.pin, atUs, level))
    }
  }

  /** A message is told at its start and drawn to its end, so what happened meanwhile comes later: it is sorted in here. */
  text(endUs: number): string {
    this.changes.sort((a, b) => a.tick - b.tick)
    const lines = [`$comment motewire: house time in us is the time / ${TICKS_PER_US} $end`, "$timescale 10 ns $end"]
    lines.push(...this.scopes(), "$enddefinitions $end", "#0", "$dumpvars")
    for (const variable of this.variables.values()) lines.push(valueText(variable, 0))
    lines.push("$end")
    let tick = 0
    for (const change of this.changes) {
      if (change.variable.last === change.value) continue
      if (change.tick > tick) lines.push(`#${change.tick}`)
      tick = Math.max(tick, change.tick)
      change.variable.last = change.value
      lines.push(valueText(change.variable, change.value))
    }
    return `${[...lines, `#${Math.max(tick, endUs * TICKS_PER_US)}`].join("\n")}\n`
  }

  private scopes(): string[] {
    const byDevice = new Map<string, Variable[]>()
    for (const variable of this.variables.values())
      byDevice.set(variable.device, [...(byDevice.get(variable.device) ?? []), variable])
    return [...byDevice].flatMap(([device, variables]) => [
      `$scope module ${identifier(device)} $end`,
      ...variables.map(
        ({ kind, id, name }) => `$var ${kind} ${kind === "wire" ? 1 : 64} ${id} ${identifier(name)} $end`,
      ),
      "$upscope $end",
    ])
  }

  private put(device: string, name: string, atUs: number, value: number, kind: Variable["kind"] = "wire"): void {
    const key = `${device} ${name}`
    let variable = this.variables.get(key)
    if (!variable) {
      variable = { device, name, kind, id: idOf(this.variables.size), last: 0 }
      this.variables.set(key, variable)
    }
    this.changes.push({ tick: Math.round(atUs * TICKS_PER_US), variable, value })
  }
}

const valueText = ({ kind, id }: Variable, value: number): string =>
  kind === "real" ? `r${value} ${id}` : `${value}${id}`

const identifier = (name: string): string => name.replace(/[^\w-]/g, "_")

/** Printable characters without a space, as few as will do. */
function idOf(index: number): string {
  const first = String.fromCharCode(33 + (index % 94))
  return index < 94 ? first : first + idOf(Math.floor(index / 94) - 1)
}
