import { PassThrough } from "node:stream"
import { setTimeout as sleep } from "node:timers/promises"
import { afterEach, expect, test } from "vitest"
import { Keyboard, KEYS_HELP, type KeyActions } from "../../tools/monitor/keyboard"

let keyboard: Keyboard | undefined
afterEach(() => keyboard?.close())

/** A terminal of 80 columns, what its keys did, and what stands on its screen. */
function terminal() {
  const done: string[] = []
  const action = (name: string) => (line?: string) => void done.push(line === undefined ? name : `${name} ${line}`)
  const actions = Object.fromEntries(
    ["type", "reset", "interrupt", "help", "quit"].map((name) => [name, action(name)]),
  ) as unknown as KeyActions
  const modes: boolean[] = []
  const input = Object.assign(new PassThrough(), {
    setRawMode: (isRaw: boolean) => (modes.push(isRaw), input),
  })
  const screen = Object.assign(new PassThrough(), { columns: 80, isTTY: true })
  let shown = ""
  screen.on("data", (bytes: Buffer) => (shown += bytes.toString()))
  keyboard = new Keyboard(actions, input as never, screen as never)
  const press = async (keys: string) => {
    input.write(keys)
    await sleep(10)
  }
  return { done, modes, press, keyboard, shown: () => shown }
}

test("a line is edited here and sent whole", async () => {
  const { done, press } = terminal()
  await press("print(2")
  await press("\x7f1)")
  expect(done).toEqual([])
  await press("\r")
  expect(done).toEqual(["type print(1)"])
})

test("the line before comes back with the arrow key", async () => {
  const { done, press } = terminal()
  await press("one\r")
  await press("\x1b[A")
  await press("\r")
  expect(done).toEqual(["type one", "type one"])
})

test.each([
  ["\x03", "quit"],
  ["\x1d", "quit"],
  ["\x04", "quit"],
  ["\x14r", "reset"],
  ["\x14\x12", "reset"],
  ["\x14c", "interrupt"],
  ["\x14\x03", "interrupt"],
  ["\x14h", "help"],
  ["\x14z", "help"],
])("%j is %s", async (keys, action) => {
  const { done, press } = terminal()
  await press(keys)
  expect(done).toEqual([action])
})

test("the help fits beside the time into 80 columns", () => {
  expect(KEYS_HELP.filter((line) => "12:34:56.789  -- ".length + line.length > 80)).toEqual([])
})

test("what is told stands above the line that is being typed", async () => {
  const { press, keyboard, shown } = terminal()
  await press("half")
  const before = shown().length
  keyboard!.show(["told"])
  expect(shown().slice(before)).toMatch(/\x1b\[0?Jtold\n.*> half/s)
})

test("the terminal is raw while the keyboard is open, and then as it was", async () => {
  const { modes, keyboard, done } = terminal()
  keyboard!.close()
  expect(modes).toEqual([true, false])
  expect(done).toEqual([])
})
