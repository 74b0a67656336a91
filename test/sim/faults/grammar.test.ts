import { describe, expect, test } from "vitest"
import { checkTimes, parseFault } from "../../../sim/faults/grammar"

const nothing = { value: undefined, atUs: undefined, forUs: undefined, everyUs: undefined }

describe("a fault in words", () => {
  test.each([
    ["wifi: drop", { target: "wifi", fault: "drop" }],
    ["climate.dht22: flip-bit 17", { target: "climate.dht22", fault: "flip-bit", value: "17" }],
    [
      "climate.dht22: flip-bit 17 @ 30s for 10s",
      { target: "climate.dht22", fault: "flip-bit", value: "17", atUs: 30e6, forUs: 10e6 },
    ],
    ["  wifi :weak-signal -85 dBm @30s", { target: "wifi", fault: "weak-signal", value: "-85dBm", atUs: 30e6 }],
    ["a.GPIO4: glitch 10us every 1min", { target: "a.GPIO4", fault: "glitch", value: "10us", everyUs: 60e6 }],
    [
      "network: loss 20 % for 1min 30s every 1h",
      { target: "network", fault: "loss", value: "20%", forUs: 90e6, everyUs: 3600e6 },
    ],
    ["broker: stop for 1s @ 0s", { target: "broker", fault: "stop", forUs: 1e6, atUs: 0 }],
  ])("%s", (text, read) => expect(parseFault(text)).toEqual({ ...nothing, ...read }))

  test.each([
    ["", /write "target: fault/],
    ["wifi drop", /write "target: fault/],
    ["wifi:", /write "target: fault/],
    ["wifi: drop @ soon", /@: "soon" is no duration/],
    ["wifi: drop for 10", /for: "10" is no duration/],
    ["wifi: drop @ 1s @ 2s", /"@" stands there twice/],
  ])("refuses %j", (text, reason) => expect(() => parseFault(text)).toThrow(reason))
})

describe("times that do not go together", () => {
  test.each([
    ["wifi: drop @ 1s", true, /"@ 1s" is past: the house is at 5 s/],
    ["wifi: roam for 1s", false, /"roam" is over by itself/],
    ["wifi: drop every 10s", true, /needs a "for"/],
    ["wifi: drop for 10s every 10s", true, /"every" must be longer than "for"/],
    ["wifi: roam every 0s", false, /"every" must be longer than nothing/],
  ])("%s", (text, lasts, reason) => expect(() => checkTimes(parseFault(text), lasts, 5e6)).toThrow(reason))

  test("what begins now is not past", () =>
    expect(() => checkTimes(parseFault("wifi: drop @ 5s"), true, 5e6)).not.toThrow())
})
