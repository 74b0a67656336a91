import { expect, it, vi } from "vitest"
import { askBroker } from "../../tools/cli/broker-answer"
import { listening } from "./listening"

it("asks a broker as a board does, and leaves it", async () => {
  const heard: string[] = []
  const { host, port } = await listening((bytes, socket) => {
    heard.push(bytes)
    if (heard.length > 1) return
    // In two pieces.
    socket.write("\x20\x02")
    setImmediate(() => socket.write("\0\0"))
  })
  expect(await askBroker(host, port, { user: "ä", password: "pw" })).toEqual({ returnCode: 0 })
  await vi.waitFor(() => expect(heard).toHaveLength(2))
  // Clause 3.1: protocol name and level 4; user name, password, clean session; 10 s; then id, user name, password.
  const id = `motewire-doctor-${process.pid}`
  const rest = `\0\x04MQTT\x04\xc2\0\x0a\0${String.fromCharCode(id.length)}${id}\0\x02\xc3\xa4\0\x02pw`
  expect(heard).toEqual([`\x10${String.fromCharCode(rest.length)}${rest}`, "\xe0\0"])
})

it("takes no blanks for an answer", async () => {
  const { host, port } = await listening((_, socket) => socket.write("    "))
  expect(await askBroker(host, port)).toBe("no MQTT")
})
