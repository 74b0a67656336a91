import { expect, test } from "vitest"
import type { HouseEvent } from "../../../sim/events"
import { vcdOf } from "../../../sim/trace/vcd"

const at = (atUs: number, device = "a b") => ({ atUs, device })

test("draws a scope a board, edges in steps of 10 ns, PWM as numbers, and sorts what a bus drew ahead", () => {
  const events: HouseEvent[] = [
    { ...at(1), kind: "pin", pin: "GPIO4", level: "rise", by: "outside" },
    { ...at(10), kind: "strip", pin: "GPIO13", bytes: "\x80" },
    { ...at(11), kind: "pin", pin: "GPIO4", level: "fall", by: "chip" },
    { ...at(30, "bulb"), kind: "pwm", pin: "GPIO16", duty: 0.25, frequencyHz: 5000 },
    { ...at(31), kind: "log", level: "info", text: "no wire" },
  ]
  const [head, ...changes] = vcdOf(events, 40).split(/\n(?=#)/)
  expect(head).toContain(
    '$timescale 10 ns $end\n$scope module a_b $end\n$var wire 1 ! GPIO4 $end\n$var wire 1 " GPIO13 $end',
  )
  expect(head).toContain("$scope module bulb $end\n$var real 64 # GPIO16_duty $end\n$var real 64 $ GPIO16_hz $end")
  expect(changes[0]).toMatch(/^#0\n\$dumpvars\n0!\n0"\nr0 #\nr0 \$\n\$end$/)
  expect(changes.slice(1, 6)).toEqual(["#100\n1!", '#1000\n1"', '#1090\n0"', "#1100\n0!", '#1125\n1"'])
  // Seven zeros of 0.35 us follow the one of 0.9.
  expect(changes).toHaveLength(1 + 2 + 2 * 8 + 1 + 1)
  expect(changes.slice(-2)).toEqual(["#3000\nr0.25 #\nr5000 $", "#4000\n"])
})

test("counts on through the alphabet of names", () => {
  const events = Array.from({ length: 200 }, (_, i): HouseEvent => ({
    ...at(i),
    kind: "pin",
    pin: `P${i}`,
    level: "rise",
    by: "chip",
  }))
  const ids = [...vcdOf(events, 200).matchAll(/\$var wire 1 (\S+) /g)].map(([, id]) => id)
  expect(new Set(ids).size).toBe(200)
})
