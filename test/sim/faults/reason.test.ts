import { expect, test } from "vitest"
import { isOfWire, reasonOf } from "../../../sim/faults/reason"

test.each([
  ["dht22", "flip-bit", 17, "dht22: flip-bit 17"],
  ["", "power-off", undefined, "power-off"],
  ["GPIO4", "open", undefined, "GPIO4: open"],
])("%j %s %s is told as %j", (within, fault, value, reason) => expect(reasonOf(within, fault, value)).toBe(reason))

test.each([
  ["GPIO4: stuck-low", true],
  ["dht22.data: loose-contact 20%", true],
  ["dht22: stuck-high", true],
  ["dht22: flip-bit 17", false],
  ["power-off", false],
  ["open", false],
  ["GPIO4: toString", false],
  ["memory runs out in a timer callback", false],
])("%s: holds a wire: %s", (reason, isIt) => expect(isOfWire(reason)).toBe(isIt))
