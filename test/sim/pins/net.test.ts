import { describe, expect, test } from "vitest"
import { FLOAT, HIGH, LOW, Net, PULL_DOWN, PULL_UP } from "../../../sim/pins/net"

const chip = {}
const part = {}

describe("net", () => {
  test.each([
    ["nothing drives it", FLOAT, FLOAT, 0, "float"],
    ["a pull-up alone", PULL_UP, FLOAT, 1, "high"],
    ["a pull-down alone", PULL_DOWN, FLOAT, 0, "low"],
    ["open drain low against a pull-up", PULL_UP, LOW, 0, "low"],
    ["open drain released", PULL_UP, FLOAT, 1, "high"],
    ["both low, as two open drains may", LOW, LOW, 0, "low"],
    ["high against a pull-down", HIGH, PULL_DOWN, 1, "high"],
    ["high against low", HIGH, LOW, 0, "conflict"],
  ] as const)("%s", (_, one, other, level, state) => {
    const net = new Net("GPIO4")
    net.drive(chip, one)
    net.drive(part, other)
    expect([net.level, net.state]).toEqual([level, state])
  })

  test("tells every listener of each edge, and of nothing else", () => {
    const net = new Net("GPIO4")
    const heard: string[] = []
    net.onEdge((level) => heard.push(`a${level}`))
    net.onEdge((level) => heard.push(`b${level}`))
    net.drive(chip, PULL_UP)
    net.drive(chip, HIGH)
    net.drive(part, PULL_UP)
    net.drive(chip, LOW)
    expect(heard).toEqual(["a1", "b1", "a0", "b0"])
  })

  test("reports a conflict once for as long as it lasts", () => {
    const net = new Net("GPIO4")
    let conflicts = 0
    net.onConflict(() => conflicts++)
    net.drive(chip, HIGH)
    net.drive(part, LOW)
    net.drive({}, LOW)
    expect(conflicts).toBe(1)
    net.drive(chip, FLOAT)
    net.drive(chip, HIGH)
    expect(conflicts).toBe(2)
  })

  test("carries duty and frequency as a state, and says when they change", () => {
    const net = new Net("GPIO16")
    const heard: unknown[] = []
    net.onPwm((pwm) => heard.push(pwm))
    net.drive(chip, { kind: "pwm", duty: 0.25, frequencyHz: 5000 })
    net.drive(chip, { kind: "pwm", duty: 0.25, frequencyHz: 5000 })
    net.drive(chip, { kind: "pwm", duty: 0.75, frequencyHz: 5000 })
    expect(net.state).toBe("pwm")
    net.drive(chip, LOW)
    expect(heard).toEqual([{ duty: 0.25, frequencyHz: 5000 }, { duty: 0.75, frequencyHz: 5000 }, undefined])
    expect(net.state).toBe("low")
  })
})
