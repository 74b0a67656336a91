import { WIRE } from "./tables"
import type { Given } from "./value"

/** A fault as its events name it: "dht22: flip-bit 17", "power-off". */
export function reasonOf(within: string, fault: string, value: Given): string {
  return `${within && `${within}: `}${[fault, value].join(" ").trim()}`
}

/** True for a fault after which a wire shows what its driver does not say: of the wire itself, or of a part that holds it. */
export function isOfWire(reason: string): boolean {
  const [fault] = reason.slice(reason.indexOf(": ") + 2).split(" ")
  return reason.includes(": ") && Object.hasOwn(WIRE, fault)
}
