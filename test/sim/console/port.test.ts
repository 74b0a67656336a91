import { describe, expect, test } from "vitest"
import { plugIn } from "../../../sim/console/line"
import { House } from "../../../sim/house"
import { BOARD } from "../fixture"

async function plugged(bundle = "", limits = {}) {
  const house = new House({ devices: [{ name: "board", board: BOARD, bundle }], limits })
  const { chip } = house.device("board")
  const line = plugIn(house, "board", (run) => run())
  const heard = { bytes: "" }
  line.onData((bytes) => (heard.bytes += bytes))
  house.boot()
  await house.advance("1s")
  return { house, chip, line, heard }
}

describe("the wire", () => {
  test("carries 11520 bytes a second each way", async () => {
    const { house, line, heard } = await plugged()
    heard.bytes = ""
    line.write("\x10" + "1".repeat(1150) + ";print('x')\n")
    await house.advance("95ms")
    expect(heard.bytes).toBe("")
    await house.advance("20ms")
    expect(heard.bytes).toBe("x\r\n>")
    heard.bytes = ""
    line.write("\x10print('y'.repeat(1152))\n")
    await house.advance("90ms")
    expect(heard.bytes).toMatch(/^y{800,1100}$/)
    await house.advance("30ms")
    expect(heard.bytes).toBe(`${"y".repeat(1152)}\r\n>`)
  })

  test("asks for silence when six of eight parts of its ring are full, and for more below three; nothing is lost", async () => {
    const { house, chip, line, heard } = await plugged("setTimeout(function () { while (1); }, 500)", { hostMs: 500 })
    chip.port.breaksLoops = true
    line.write(`\x10N=0\n${"\x10N++\n".repeat(700)}`)
    await house.advance("1s")
    expect(heard.bytes.endsWith("\x13")).toBe(true)
    line.write("\x03")
    await house.advance("1s")
    expect(heard.bytes.split("\x13")[1]).toContain("\x11")
    heard.bytes = ""
    line.write("N\n")
    await house.advance("1s")
    expect(heard.bytes).toBe("N\r\n=700\r\n>")
    expect(chip.port.lostBytes).toBe(0)
  })
})

describe("Ctrl-C in an endless loop", () => {
  const LOOP = "setInterval(function () { while (1); }, 100)"

  test("does nothing on an ESP32, whose firmware has no tick for it", async () => {
    const { house, line, heard } = await plugged(LOOP, { hostMs: 500 })
    heard.bytes = ""
    line.write("\x03\x03\n1\n")
    await house.advance("1s")
    expect(heard.bytes).toBe("")
  })

  test("removes the interval where the firmware has one", async () => {
    const { house, chip, line, heard } = await plugged(LOOP, { hostMs: 500 })
    chip.port.breaksLoops = true
    line.write("\x03")
    await house.advance("1s")
    line.write("1+1\n")
    await house.advance("1s")
    expect(heard.bytes).toContain("removing it.")
    expect(heard.bytes).toMatch(/1\+1\r\n=2\r\n>$/)
    expect(chip.state).toBe("running")
  })
})

test("a cable that is pulled in the middle of a packet leaves a console that answers the next one", async () => {
  const { house, line } = await plugged()
  line.write("\x10\x01\x60\x10{fn:'te")
  await house.advance("1ms")
  await line.close()
  const next = plugIn(house, "board", (run) => run())
  let heard = ""
  next.onData((bytes) => (heard += bytes))
  await house.advance("6s")
  next.write("\x10print(7)\n")
  await house.advance("1s")
  expect(heard).toContain("7\r\n>")
})

test("without power nothing is said, and Storage is there when it comes back", async () => {
  const { house, line, heard } = await plugged()
  line.write("\x10require('Storage').write('a','kept')\n")
  await house.advance("100ms")
  house.act((house) => house.device("board").powerOff())
  heard.bytes = ""
  line.write("1\n")
  await house.advance("1s")
  expect(heard.bytes).toBe("")
  house.act((house) => house.device("board").powerOn())
  await house.advance("1s")
  heard.bytes = ""
  line.write("\x10print(require('Storage').read('a'))\n")
  await house.advance("100ms")
  expect(heard.bytes).toBe("kept\r\n>")
})

test("boot files run in the firmware's order, .bootcde unless there is .bootrst, and no banner is above code in flash", async () => {
  const { house, chip, line, heard } = await plugged("print('code')")
  for (const file of [".boot1", ".boot0", ".bootPowerOn"]) chip.flash.write(file, `print('${file}')`)
  heard.bytes = ""
  await line.reset()
  await house.advance("1s")
  const said = heard.bytes.slice(heard.bytes.indexOf("BOOT)") + 7)
  expect(said).toBe("\r\x1b[J.bootPowerOn\r\n.boot0\r\n.boot1\r\ncode\r\n\r\n>")
  chip.flash.write(".bootrst", "print('rst')")
  heard.bytes = ""
  line.write("load()\n")
  await house.advance("1s")
  expect(heard.bytes).toBe("load()\r\n=undefined\r\n.boot0\r\n.boot1\r\nrst\r\n>")
})
