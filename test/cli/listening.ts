import { once } from "node:events"
import { createServer, type AddressInfo, type Server, type Socket } from "node:net"
import { afterEach } from "vitest"

const servers: Server[] = []
afterEach(() => servers.splice(0).forEach((server) => server.close()))

/** Listens, and answers what it is sent by `answer`. */
export async function listening(
  answer: (bytes: string, socket: Socket) => void,
): Promise<{ host: string; port: number }> {
  const server = createServer((socket) => socket.on("data", (bytes) => answer(bytes.toString("latin1"), socket)))
  servers.push(server.listen(0, "127.0.0.1"))
  await once(server, "listening")
  return { host: "127.0.0.1", port: (server.address() as AddressInfo).port }
}
