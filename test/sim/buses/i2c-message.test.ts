import { describe, expect, test } from "vitest"
import type { I2cTarget } from "../../../sim/buses/i2c"
import { transfer } from "../../../sim/buses/i2c-message"
import type { I2cRequest } from "../../../sim/buses/i2c-message"

/** A part that answers at one address and writes down what it sees. */
function target(address: number, { gives = [0xff], takes = Infinity, stretchUs = 0 } = {}) {
  const seen: string[] = []
  const part: I2cTarget = {
    onStart(called, isRead, atUs) {
      seen.push(`${isRead ? "r" : "w"}${called.toString(16)}@${atUs}`)
      return called === address
    },
    onWrite(byte, atUs) {
      seen.push(`${byte.toString(16)}@${atUs}`)
      return takes-- > 0
    },
    onRead: (atUs) => {
      seen.push(`read@${atUs}`)
      return gives.shift() ?? 0xff
    },
    onStop: (atUs) => void seen.push(`stop@${atUs}`),
    stretchUs: () => stretchUs,
  }
  return { part, seen }
}

const request = (fields: Partial<I2cRequest>): I2cRequest => ({
  address: 0x44,
  hz: 100_000,
  data: [0x24, 0],
  isStopped: true,
  maxStretchUs: 80,
  checksAck: true,
  ...fields,
})

describe("a message", () => {
  test("takes 9 bits a byte and 2 for START, STOP and the pause after it", () => {
    const { part, seen } = target(0x44)
    const result = transfer([part], request({}), 1000)
    expect(result).toEqual({
      isRead: false,
      isAcked: true,
      bytes: [0x24, 0],
      acks: [true, true],
      isStopped: true,
      durationUs: (3 * 9 + 2) * 10,
    })
    // The address byte is complete after half a bit of START and eight bits.
    expect(seen).toEqual(["w44@1085", "24@1175", "0@1265", "stop@1275"])
  })

  test("is four times as fast at 400 kHz", () => {
    const { part } = target(0x44)
    expect(transfer([part], request({ hz: 400_000 }), 0).durationUs).toBe(Math.ceil(29 * 2.5))
  })

  test("of a read has the bytes that the part gave, the last one not acknowledged by the master", () => {
    const { part } = target(0x44, { gives: [1, 2, 3] })
    expect(transfer([part], request({ data: 3 }), 0)).toMatchObject({
      isRead: true,
      bytes: [1, 2, 3],
      acks: [true, true, false],
    })
  })

  test("before a repeated START comes no STOP", () => {
    const { part, seen } = target(0x44)
    expect(transfer([part], request({ data: [0xf7], isStopped: false }), 0)).toMatchObject({ isStopped: false })
    expect(seen.some((line) => line.startsWith("stop"))).toBe(false)
  })
})

describe("not acknowledged", () => {
  test("an address that nobody has ends after its byte", () => {
    const { part, seen } = target(0x45)
    const result = transfer([part], request({ isStopped: false }), 0)
    expect(result).toMatchObject({ isAcked: false, bytes: [], acks: [], isStopped: true, durationUs: 110 })
    expect(seen).toEqual(["w44@85", "stop@95"])
  })

  test("a byte that the part refuses is the last", () => {
    const { part } = target(0x44, { takes: 1 })
    expect(transfer([part], request({ data: [1, 2, 3] }), 0)).toMatchObject({ bytes: [1, 2], acks: [true, false] })
  })

  test("a master that does not look goes on, and reads the pull-ups", () => {
    expect(transfer([], request({ data: 2, checksAck: false }), 0)).toMatchObject({ isAcked: false, bytes: [255, 255] })
    expect(transfer([], request({ checksAck: false }), 0)).toMatchObject({ bytes: [0x24, 0], acks: [false, false] })
  })
})

test("two parts at one address answer both: a bit is 0 where either pulls low, an acknowledge of one is enough", () => {
  const [a, b] = [target(0x44, { gives: [0b1100] }), target(0x44, { gives: [0b1010], takes: 0 })]
  expect(transfer([a.part, b.part], request({ data: 1 }), 0).bytes).toEqual([0b1000])
  expect(transfer([a.part, b.part], request({ data: [7] }), 0).acks).toEqual([true])
  expect(b.seen.some((line) => line.startsWith("7@"))).toBe(true)
})

describe("clock stretching", () => {
  test("lengthens the message, byte by byte", () => {
    const { part } = target(0x44, { stretchUs: 50 })
    const result = transfer([part], request({ data: [1] }), 0)
    expect(result.stretchUs).toEqual([50, 50])
    expect(result.durationUs).toBe((2 * 9 + 2) * 10 + 100)
  })

  test("for longer than the master waits is a fault, and the message is over", () => {
    const { part, seen } = target(0x44, { stretchUs: 81 })
    const result = transfer([part], request({ isStopped: false }), 0)
    expect(result).toMatchObject({ isAcked: false, bytes: [], stretchUs: [80], isStopped: true })
    expect(result.fault).toBe("SCL is held low for more than 80 us")
    expect(seen.at(-1)).toMatch(/^stop/)
  })

  test("a data byte held for too long is the last", () => {
    let asked = 0
    const { part } = target(0x44)
    part.stretchUs = () => (asked++ === 1 ? 100 : 0)
    expect(transfer([part], request({ data: [1, 2] }), 0)).toMatchObject({
      isAcked: true,
      bytes: [1],
      acks: [false],
      stretchUs: [0, 80],
    })
  })
})
