import { Random } from "../../sim/clock/random"
import { FLOAT, LOW, PULL_UP } from "../../sim/pins/net"
import type { Alarm, Clock } from "../../src/hal/clock"
import type { Edge, Wire } from "../../src/hal/pin"
import type { bench } from "../sim/parts/bench"

/** What a driver asks for, on the table that holds a simulated part; edges are seen up to `jitterUs` early or late. */
export function onTable(table: ReturnType<typeof bench>, role: string, jitterUs = 0) {
  const net = table.net(role)
  const random = new Random(jitterUs)
  const pullUp = {}
  net.drive(pullUp, PULL_UP)
  let onFall: ((edge: Edge) => void) | undefined
  let lastTime: number | undefined
  net.onEdge((level) => {
    const time = (table.clock.nowUs + random.between(-jitterUs, jitterUs)) / 1e6
    if (level === 0) onFall?.({ time, lastTime })
    lastTime = time
  })
  const wire: Wire = {
    watch(run) {
      if (onFall) throw new Error("watched twice: a watch leaks")
      lastTime = undefined
      onFall = run
    },
    unwatch: () => (onFall = undefined),
    low: () => net.drive(table.host, LOW),
    release: () => net.drive(table.host, FLOAT),
  }
  return { clock: clockOf(table), wire }
}

export function clockOf({ clock }: ReturnType<typeof bench>): Clock {
  return {
    nowMs: () => clock.nowUs / 1000,
    alarm(run): Alarm {
      let pending: ReturnType<typeof clock.after> | undefined
      return {
        set(inMs) {
          clock.cancel(pending)
          pending = clock.after(inMs * 1000, run)
        },
        clear: () => clock.cancel(pending),
      }
    },
  }
}
