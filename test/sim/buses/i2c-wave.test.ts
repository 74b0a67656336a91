import { describe, expect, test } from "vitest"
import { FREE_BITS } from "../../../sim/buses/i2c-message"
import { i2cWave } from "../../../sim/buses/i2c-wave"
import type { I2cLevels } from "../../../sim/buses/i2c-wave"
import type { I2cEvent } from "../../../sim/events"
import { UNLESS_SIGROK, WHY_NO_SIGROK, askSigrok, levelsAsVcd } from "../../readers/sigrok"

type Message = I2cEvent & { atUs: number }
const message = (fields: Partial<Message>): Message => ({
  kind: "i2c",
  atUs: 1000,
  sda: "GPIO21",
  scl: "GPIO22",
  hz: 100_000,
  address: 0x44,
  isRead: false,
  isAcked: true,
  bytes: [0x24, 0x00],
  acks: [true, true],
  isStopped: true,
  ...fields,
})

/** A decoder of its own: what the lines say by UM10204 §3.1. */
function decode(levels: I2cLevels[]): string[] {
  const words: string[] = []
  let [sda, scl, bits] = [1, 1, ""]
  for (const now of levels) {
    if (scl && now.scl && now.sda !== sda) {
      words.push(now.sda ? "P" : "S")
      bits = ""
    } else if (!scl && now.scl) bits += now.sda
    if (bits.length === 9) {
      words.push(parseInt(bits.slice(0, 8), 2).toString(16) + (bits[8] === "0" ? "a" : "n"))
      bits = ""
    }
    ;({ sda, scl } = now)
  }
  return words
}

describe("the lines", () => {
  test("of a write: address with the write bit, bytes, acknowledges", () => {
    expect(decode(i2cWave(message({})))).toEqual(["S", "88a", "24a", "0a", "P"])
  })

  test("of a read: the last byte is not acknowledged", () => {
    const read = message({ isRead: true, bytes: [0xbe, 0xef, 0x92], acks: [true, true, false] })
    expect(decode(i2cWave(read))).toEqual(["S", "89a", "bea", "efa", "92n", "P"])
  })

  test("of an address that nobody has", () => {
    expect(decode(i2cWave(message({ isAcked: false, bytes: [], acks: [] })))).toEqual(["S", "88n", "P"])
  })

  test("of a write with a repeated START behind it rest high, and the next event goes on", () => {
    const first = i2cWave(message({ bytes: [0xf7], acks: [true], isStopped: false }))
    expect(first.at(-1)).toMatchObject({ sda: 1, scl: 1 })
    const second = i2cWave(message({ atUs: 1200, isRead: true, bytes: [1], acks: [false] }))
    expect(decode([...first, ...second])).toEqual(["S", "88a", "f7a", "S", "89a", "1n", "P"])
  })

  test("stay as they are when a line was low", () => {
    expect(i2cWave(message({ isAcked: false, bytes: [], acks: [], fault: "SDA is low" }))).toEqual([])
  })
})

describe.each([
  [
    "standard mode",
    100_000,
    { low: 4.7, high: 4, startHold: 4, startSetup: 4.7, stopSetup: 4, free: 4.7, dataSetup: 0.25 },
  ],
  [
    "fast mode",
    400_000,
    { low: 1.3, high: 0.6, startHold: 0.6, startSetup: 0.6, stopSetup: 0.6, free: 1.3, dataSetup: 0.1 },
  ],
])("in %s (UM10204, table of characteristics) no time is shorter than", (_, hz, least) => {
  const levels = i2cWave(message({ hz, bytes: [0xa5, 0x5a, 0xff, 0x00], acks: [true, false, true, true] }))
  /** Lengths of SCL at `level`. */
  const spans = (level: 0 | 1) => {
    const edges = levels.filter((now, i) => now.scl !== (i ? levels[i - 1].scl : 1))
    return edges.flatMap((edge, i) => (edge.scl === level && edges[i + 1] ? [edges[i + 1].atUs - edge.atUs] : []))
  }

  test("t_LOW and t_HIGH", () => {
    expect(Math.min(...spans(0))).toBeGreaterThanOrEqual(least.low)
    expect(Math.min(...spans(1))).toBeGreaterThanOrEqual(least.high)
  })

  test("t_HD;STA, t_SU;STO and t_SU;DAT", () => {
    expect(levels[1].atUs - levels[0].atUs).toBeGreaterThanOrEqual(least.startHold)
    expect(levels.at(-1)!.atUs - levels.at(-2)!.atUs).toBeGreaterThanOrEqual(least.stopSetup)
    const data = levels.flatMap((now, i) =>
      i > 0 && now.scl === 0 && now.sda !== levels[i - 1].sda
        ? [levels.slice(i).find((later) => later.scl)!.atUs - now.atUs]
        : [],
    )
    expect(Math.min(...data)).toBeGreaterThanOrEqual(least.dataSetup)
  })

  test("t_BUF and t_SU;STA, from the last edge to where the next message may begin", () => {
    const bitUs = 1e6 / hz
    const endUs = (isStopped: boolean) => i2cWave(message({ hz, isStopped })).at(-1)!.atUs
    // As sim/buses/i2c-message.ts counts a message's length: 27 bits and START, then STOP or not, then the pause.
    expect(1000 + 29 * bitUs - endUs(true)).toBeGreaterThanOrEqual(least.free - 1e-6)
    expect(1000 + (27 + 0.46 + 0.54 + FREE_BITS) * bitUs - endUs(false)).toBeGreaterThanOrEqual(least.startSetup - 1e-6)
  })
})

test("a stretched acknowledge keeps SCL low for as long", () => {
  const plain = i2cWave(message({ bytes: [], acks: [] }))
  const stretched = i2cWave(message({ bytes: [], acks: [], stretchUs: [75] }))
  expect(stretched.at(-1)!.atUs - plain.at(-1)!.atUs).toBeCloseTo(75, 6)
  expect(decode(stretched)).toEqual(["S", "88a", "P"])
})

test("a clock that was held for too long shows how far the message got", () => {
  const broken = message({
    isAcked: false,
    bytes: [],
    acks: [],
    stretchUs: [80],
    fault: "SCL is held low for more than 80 us",
  })
  expect(decode(i2cWave(broken))).toEqual(["S", "88n", "P"])
})

test.skipIf(WHY_NO_SIGROK)(`sigrok's i2c decoder reads what was sent${UNLESS_SIGROK}`, () => {
  const levels = [
    ...i2cWave(message({ bytes: [0xf7], acks: [true], isStopped: false })),
    ...i2cWave(
      message({
        atUs: 1200,
        isRead: true,
        bytes: [0xbe, 0xef, 0x92],
        acks: [true, true, false],
        stretchUs: [40, 0, 0, 0],
      }),
    ),
    ...i2cWave(message({ atUs: 2000, hz: 400_000, address: 0x76, isAcked: false, bytes: [], acks: [] })),
  ]
  const read = askSigrok(levelsAsVcd(levels, { sda: 1, scl: 1 }, 10), {
    decoders: "i2c:scl=scl:sda=sda:address_format=shifted",
    annotations: "i2c=addr-data",
  })
  expect(read).toEqual([
    ...["Start", "Write", "Address write: 44", "ACK", "Data write: F7", "ACK"],
    ...["Start repeat", "Read", "Address read: 44", "ACK", "Data read: BE", "ACK", "Data read: EF", "ACK"],
    ...["Data read: 92", "NACK", "Stop", "Start", "Write", "Address write: 76", "NACK", "Stop"],
  ])
})
