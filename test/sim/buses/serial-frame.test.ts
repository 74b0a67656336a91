import { describe, expect, test } from "vitest"
import { receiveFrames } from "../../../sim/buses/serial-frame"

const text = (sent: string, sentBaud: number, baud: number) =>
  String.fromCharCode(...receiveFrames({ bytes: sent, baud: sentBaud, startUs: 0 }, baud).map(({ byte }) => byte))

test.each([300, 9600, 115_200, 921_600])("at the same %i baud every byte value arrives whole", (baud) => {
  const all = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i))
  const frames = receiveFrames({ bytes: all, baud, startUs: 5_000 }, baud)
  expect(String.fromCharCode(...frames.map(({ byte }) => byte))).toBe(all)
  expect(frames.some(({ isBroken }) => isBroken)).toBe(false)
  expect(frames[0].atUs).toBe(5_000 + Math.round((9.5 * 1e6) / baud))
})

describe("at another baud rate", () => {
  test.each([1.04, 0.96])("%f times as fast, which UARTs bear (half a bit in 9.5), bytes arrive whole", (factor) => {
    expect(text("Motewire\xff\x00\x55", 9600, 9600 * factor)).toBe("Motewire\xff\x00\x55")
  })

  test("6 % off, the stop bit is looked for in the last data bit, or that one in the stop bit", () => {
    expect(receiveFrames({ bytes: "\x00", baud: 9600, startUs: 0 }, 9600 * 1.06)).toMatchObject([
      { byte: 0, isBroken: true },
    ])
    expect(text("\x00", 9600, 9600 * 0.88)).toBe("\x80")
  })

  test("twice as slow, two bits are one: fewer bytes, and others", () => {
    const frames = receiveFrames({ bytes: "hello world", baud: 19_200, startUs: 0 }, 9600)
    expect(frames.length).toBeLessThan("hello world".length)
    expect(frames.length).toBeGreaterThan(0)
    expect(text("hello world", 19_200, 9600)).not.toContain("hello")
  })

  test("a long low is a byte of zeros with a broken stop bit", () => {
    expect(receiveFrames({ bytes: "\x00", baud: 300, startUs: 0 }, 9600)[0]).toMatchObject({ byte: 0, isBroken: true })
  })
})
