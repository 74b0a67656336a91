import { Buses } from "../buses/buses"
import { Clock } from "../clock/clock"
import { Random } from "../clock/random"
import { CATALOGUE, makePart } from "../parts/catalogue"
import { Net } from "../pins/net"
import { syntheticRoom } from "../room"
import type { FaultTable } from "./kind"
import { partFaults } from "./part"
import { BROKER, DEVICE, NETWORK, WIFI, WIRE } from "./tables"
import { valueText } from "./value"

export interface FaultRow {
  /** As a user would write the target. */
  of: string
  fault: string
  /** With its value: "flip-bit <0 to 39>". */
  written: string
  text: string
}

/** All there is, with the parts of the catalogue under their types. */
export function listFaults(): FaultRow[] {
  const parts = Object.keys(CATALOGUE).flatMap((type) => rows(`BOARD.${type}`, partFaults(lonely(type))))
  return [
    ...rows("BOARD", DEVICE),
    ...rows("BOARD.PIN", WIRE),
    ...rows("wifi", WIFI),
    ...rows("network", NETWORK),
    ...rows("broker", BROKER),
    ...parts,
  ]
}

function rows(of: string, table: FaultTable<any>): FaultRow[] {
  return Object.entries(table).map(([fault, { value, text }]) => ({
    of,
    fault,
    written: `${fault} ${valueText(value)}`.trim(),
    text,
  }))
}

/** A part at wires of its own: it is there to be asked what can be wrong with it. */
function lonely(type: string) {
  return makePart(type, {
    name: type,
    clock: new Clock(),
    random: new Random(1),
    room: syntheticRoom(1),
    net: (role) => new Net(role),
    buses: new Buses(),
    option: (_, byDefault) => byDefault,
    tell: () => undefined,
  })
}
