import { connect } from "node:net"

/** What an address said to an MQTT CONNECT: a return code, that it is something else, or why nobody answers. */
export type BrokerAnswer = { returnCode: number } | "no MQTT" | { problem: string }

export interface Login {
  user: string
  password?: string
}

const WITHIN_MS = 3000
const DISCONNECT = Buffer.from([0xe0, 0])

/** Asks as a board does, in MQTT 3.1.1, and leaves again. */
export function askBroker(host: string, port: number, login?: Login): Promise<BrokerAnswer> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: WITHIN_MS })
    let isOpen = false
    let heard = Buffer.alloc(0)
    const end = (answer: BrokerAnswer) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once("connect", () => {
      isOpen = true
      socket.write(connectPacket(login))
    })
    socket.on("data", (bytes) => {
      heard = Buffer.concat([heard, bytes])
      // CONNACK (clause 3.2): its first byte, that two more follow, the session flag, the return code.
      if (heard[0] !== 0x20 || (heard.length > 1 && heard[1] !== 2)) return end("no MQTT")
      if (heard.length < 4) return
      socket.write(DISCONNECT)
      socket.end()
      resolve({ returnCode: heard[3] })
    })
    socket.once("timeout", () => end(isOpen ? "no MQTT" : { problem: `no answer within ${WITHIN_MS / 1000} s` }))
    socket.once("close", () => end("no MQTT"))
    socket.on("error", ({ code, message }: NodeJS.ErrnoException) =>
      end(isOpen ? "no MQTT" : { problem: code ?? message }),
    )
  })
}

/** CONNECT (clause 3.1) with a clean session, an id that no device has, and 10 s of keep-alive. */
function connectPacket(login?: Login): Buffer {
  const flags = 2 | (login ? 0x80 : 0) | (login?.password === undefined ? 0 : 0x40)
  const texts = [`motewire-doctor-${process.pid}`, login?.user, login?.password]
  const rest = Buffer.concat([
    field("MQTT"),
    Buffer.from([4, flags, 0, 10]),
    ...texts.flatMap((text) => (text === undefined ? [] : field(text))),
  ])
  return Buffer.concat([Buffer.from([0x10, ...lengthBytes(rest.length)]), rest])
}

function field(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
}

/** Clause 2.2.3. */
const lengthBytes = (length: number): number[] =>
  length < 128 ? [length] : [(length & 127) | 128, ...lengthBytes(length >> 7)]
