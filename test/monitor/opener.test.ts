import { expect, test } from "vitest"
import { opener } from "../../tools/monitor/opener"
import type { SerialLine } from "../../tools/serial/port"

/** Boards by path; gives what was opened. */
function computer(ports: Record<string, string | undefined>) {
  const opened: string[] = []
  const find = () => Promise.resolve(Object.entries(ports).map(([path, serialNumber]) => ({ path, serialNumber })))
  const open = (path: string) => {
    if (!path.startsWith("tcp:") && !(path in ports)) return Promise.reject(new Error(`no ${path}`))
    opened.push(path)
    return Promise.resolve({} as SerialLine)
  }
  return { ports, opened, reopen: (path: string) => opener(path, 115_200, find, open) }
}

test("a board with a serial number is found at another port, and no other board at its own", async () => {
  const { ports, opened, reopen } = computer({ "/dev/ttyUSB0": "A1" })
  const open = reopen("/dev/ttyUSB0")
  await open()
  delete ports["/dev/ttyUSB0"]
  await expect(open()).rejects.toThrow(/is gone/)
  ports["/dev/ttyUSB0"] = "B2"
  await expect(open()).rejects.toThrow(/is gone/)
  ports["/dev/ttyUSB1"] = "A1"
  await open()
  expect(opened).toEqual(["/dev/ttyUSB0", "/dev/ttyUSB1"])
})

test("of two boards with one serial number each is what is at its path", async () => {
  const { ports, opened, reopen } = computer({ "/dev/ttyUSB0": "0001", "/dev/ttyUSB1": "0001" })
  const open = reopen("/dev/ttyUSB0")
  await open()
  delete ports["/dev/ttyUSB0"]
  await expect(open()).rejects.toThrow("no /dev/ttyUSB0")
  ports["/dev/ttyUSB0"] = "0001"
  await open()
  expect(opened).toEqual(["/dev/ttyUSB0", "/dev/ttyUSB0"])
})

test("a second board with the same serial number, plugged in later, is not taken for the first", async () => {
  const { ports, opened, reopen } = computer({ "/dev/ttyUSB1": "0001" })
  const open = reopen("/dev/ttyUSB1")
  await open()
  ports["/dev/ttyUSB0"] = "0001"
  await open()
  ports["/dev/ttyUSB2"] = "0001"
  delete ports["/dev/ttyUSB1"]
  await expect(open()).rejects.toThrow(/is gone/)
  expect(opened).toEqual(["/dev/ttyUSB1", "/dev/ttyUSB1"])
})

test("without a serial number a board is what is at the path", async () => {
  const { ports, opened, reopen } = computer({ "/dev/ttyUSB0": undefined })
  const open = reopen("/dev/ttyUSB0")
  await open()
  delete ports["/dev/ttyUSB0"]
  await expect(open()).rejects.toThrow("no /dev/ttyUSB0")
  ports["/dev/ttyUSB0"] = undefined
  await open()
  expect(opened).toEqual(["/dev/ttyUSB0", "/dev/ttyUSB0"])
})

test("a simulated board on TCP is dialled again", async () => {
  const { opened, reopen } = computer({})
  const open = reopen("tcp://127.0.0.1:5555")
  await open()
  await open()
  expect(opened).toEqual(["tcp://127.0.0.1:5555", "tcp://127.0.0.1:5555"])
})
