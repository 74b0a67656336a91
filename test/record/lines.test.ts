import { crc32 } from "node:zlib"
import { describe, expect, it } from "vitest"
import { LINE_CHARS, LINE_NUMBERS } from "../../src/hal/espruino/record/recorder"
import { Lines } from "../../tools/record/lines"

const line = (number: number, text: string) => `@@${number} ${crc32(text) & 0xffff} ${text}\r\n`

function reader() {
  const told: string[] = []
  const lines = new Lines({
    onRecord: (record) => told.push(record),
    onNoise: (text) => told.push(`noise ${text}`),
    onBreak: (why) => told.push(`broke: ${why}`),
  })
  return { told, lines }
}

describe("the lines of a recorder", () => {
  it("are joined into records, wherever bytes and lines are cut", () => {
    const text = "\tB1,a,5\tt100\tl" + JSON.stringify("x".repeat(150))
    const cut = text.match(new RegExp(`.{1,${LINE_CHARS}}`, "gs"))!
    const bytes = cut.map((each, i) => line(i, each)).join("")
    for (const at of [1, 5, 40, 99, 130]) {
      const { told, lines } = reader()
      lines.take(bytes.slice(0, at))
      lines.take(bytes.slice(at))
      lines.end()
      expect(told).toEqual(["B1,a,5", "t100", "l" + JSON.stringify("x".repeat(150))])
    }
  })

  it("are found behind a prompt that is wiped out, and other words are noise", () => {
    const { told, lines } = reader()
    lines.take(`>\b\x1b[J${line(0, "\tB1,a,5")}Uncaught Error: no\r\n \r\n`)
    lines.end()
    expect(told).toEqual(["noise Uncaught Error: no", "B1,a,5"])
  })

  it("mean nothing before the program begins", () => {
    const { told, lines } = reader()
    lines.take(line(7, "\tt100") + line(0, "\tB1,a,5"))
    lines.end()
    expect(told).toEqual(["B1,a,5"])
    expect(lines.count).toBe(2)
  })

  it("break where one is missing or spoilt, after what was whole, and once", () => {
    for (const [bad, why] of [
      [line(2, "\tt3"), "line 1 of the console is missing"],
      [line(4, "\tt3"), "3 lines of the console are missing"],
      [line(1, "\tt3").replace("t3", "t7"), "line 1 of the console was spoilt on its way"],
    ] as const) {
      const { told, lines } = reader()
      lines.take(line(0, "\tB1,a,5\tt1\tt2") + bad + line(9, "\tt4"))
      lines.end()
      expect(told).toEqual(["B1,a,5", "t1", "t2", `broke: ${why}`])
    }
  })

  it("count from 0 again after the last number", () => {
    const { told, lines } = reader()
    let bytes = line(0, "\tB1,a,5")
    for (let number = 1; number < LINE_NUMBERS + 3; number++) bytes += line(number % LINE_NUMBERS, "\tt1")
    lines.take(bytes)
    lines.end()
    expect(told.length).toBe(LINE_NUMBERS + 3)
    expect(told.filter((each) => each.startsWith("broke"))).toEqual([])
  })

  it("end with what is whole: a line that was full may have gone on", () => {
    const { told, lines } = reader()
    lines.take(line(0, ("\tB1,a,5\tl" + "x".repeat(LINE_CHARS)).slice(0, LINE_CHARS)))
    lines.end()
    expect(told).toEqual(["B1,a,5"])
  })
})
