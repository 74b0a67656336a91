import { connect } from "node:net"
import { Failure } from "../failure"
import type { SerialLine } from "./port"

/**
 * tcp://HOST:PORT, as `motewire sim --console` prints it where there is no pseudo terminal. There is no wire to a reset pin,
 * and an end is noticed while somebody hears the data.
 */
export async function openTcp(path: string): Promise<SerialLine> {
  const { hostname, port } = URL.canParse(path) ? new URL(path) : { hostname: "", port: "" }
  if (!hostname || !port) throw new Failure(`cannot open ${path}: write tcp://HOST:PORT.`)
  const socket = connect(Number(port), hostname).setNoDelay()
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve)
    socket.once("error", (error) =>
      reject(new Failure(`cannot open ${path}: ${error.message}. Does the simulator run?`)),
    )
  })
  socket.on("error", () => {})
  return {
    onData: (run) => void socket.on("data", (bytes) => run(bytes.toString("latin1"))),
    onClose: (run) => void (socket.closed ? setImmediate(run) : socket.on("close", run)),
    write: (bytes) => void socket.write(Buffer.from(bytes, "latin1")),
    reset: async () => false,
    close: () => new Promise((resolve) => (socket.destroyed ? resolve() : void socket.end(() => resolve()))),
  }
}
