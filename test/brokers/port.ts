import { connect, createServer } from "node:net"

/**
 * Below every system's range for outgoing connections (Linux 32768, gVisor 16000): a client that knocks while its broker
 * is down would otherwise, once in so many times, be given the broker's port as its own and connect to itself.
 */
const FIRST = 10_000
const COUNT = 6_000

const taken = new Set<number>()

export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT)
    if (taken.has(port) || !(await canListen(port))) continue
    taken.add(port)
    return port
  }
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.on("error", () => resolve(false))
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)))
  })
}

/** MQTT 3.1.1, clean session, no client id, 60 s keep-alive. */
const CONNECT = Buffer.from("100c00044d5154540402003c0000", "hex")
const ACCEPTED = "20020000"
const ANSWER_WITHIN_MS = 5000

/** True if a broker listens there and takes a client. */
export function takesClients(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(CONNECT))
    let answer = ""
    const end = (takes: boolean) => {
      socket.destroy()
      resolve(takes)
    }
    socket.on("data", (data) => {
      answer += data.toString("hex")
      if (answer.length >= ACCEPTED.length) end(answer === ACCEPTED)
    })
    socket
      .on("error", () => end(false))
      .on("close", () => end(false))
      .setTimeout(ANSWER_WITHIN_MS, () => end(false))
  })
}

export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1")
    const end = (isUp: boolean) => {
      socket.destroy()
      resolve(isUp)
    }
    socket.on("connect", () => end(true)).on("error", () => end(false))
  })
}
