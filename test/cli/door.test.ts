import { expect, test } from "vitest"
import { openDoor } from "../../tools/cli/sim/door"

/** A broker on a host where some ports are taken. */
function hostWhere(taken: (port: number) => boolean, code = "EADDRINUSE") {
  const listen = async (port: number) => {
    if (taken(port)) throw Object.assign(new Error(`cannot listen at ${port}`), { code })
    return { url: `mqtt://127.0.0.1:${port}`, port }
  }
  return { broker: { listen } }
}
const open = (taken: (port: number) => boolean, door: number | "free" | undefined, code?: string) =>
  openDoor(hostWhere(taken, code), { broker: "embedded", door })

test("1883 when it is free, the next free port otherwise, and says so", async () => {
  expect(await open(() => false, "free")).toEqual({ url: "mqtt://127.0.0.1:1883" })
  expect(await open((port) => port < 1886, "free")).toEqual({ url: "mqtt://127.0.0.1:1886", note: "1883 is taken" })
})

test("gives up after twenty taken ports, and at once when a port was asked for", async () => {
  await expect(open(() => true, "free")).rejects.toThrow(
    "the ports 1883 to 1903 are all taken. Choose another with --port.",
  )
  await expect(open((port) => port === 1900, 1900)).rejects.toThrow(
    "port 1900 is taken. Choose another, or leave --port out to take the next free one.",
  )
  await expect(open(() => true, 80, "EACCES")).rejects.toThrow("port 80 needs more rights than you have.")
})

test("stays shut at full speed, and is not needed for another broker", async () => {
  expect(await open(() => true, undefined)).toEqual({ note: "--speed max runs by itself" })
  const broker = { host: "10.0.0.1", port: 1884 }
  expect(
    await openDoor(
      hostWhere(() => true),
      { broker, door: undefined },
    ),
  ).toEqual({ url: "mqtt://10.0.0.1:1884" })
})
