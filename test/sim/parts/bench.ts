import { Buses } from "../../../sim/buses/buses"
import { Clock } from "../../../sim/clock/clock"
import { Random } from "../../../sim/clock/random"
import type { PartPlace } from "../../../sim/parts/part"
import { FLOAT, LOW, Net } from "../../../sim/pins/net"
import type { Room } from "../../../sim/room"

const ROOM: Room = { at: () => ({ temperatureC: 21.4, humidityPct: 48.2 }) }

/** A part on a table: nets, a clock, and a host that can pull a net low. */
export function bench(seed = 1, room = ROOM, options: Record<string, number | string | boolean> = {}) {
  const clock = new Clock()
  const nets = new Map<string, Net>()
  const told: string[] = []
  const net = (role: string) => {
    if (!nets.has(role)) nets.set(role, new Net(role))
    return nets.get(role)!
  }
  const place: PartPlace = {
    name: "part",
    clock,
    random: new Random(seed),
    room,
    net,
    buses: new Buses(),
    option: (name, byDefault) => (options[name] as typeof byDefault) ?? byDefault,
    tell: (what) => told.push(what),
  }
  const host = {}
  return {
    clock,
    place,
    net,
    told,
    host,
    pull: (role: string) => net(role).drive(host, LOW),
    release: (role: string) => net(role).drive(host, FLOAT),
    /** Level changes from now on, with the time since the one before. */
    record(role: string) {
      const edges: { level: 0 | 1; afterUs: number }[] = []
      let lastUs = clock.nowUs
      net(role).onEdge((level) => {
        edges.push({ level, afterUs: clock.nowUs - lastUs })
        lastUs = clock.nowUs
      })
      return edges
    },
  }
}
