import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net"

/** A way to a broker that can be shut, or made to swallow what goes in: then it was sent, and never arrives. */
export class Gate {
  isShut = false
  isSwallowing = false
  swallowedBytes = 0
  private readonly sockets = new Set<Socket>()

  private constructor(
    private readonly server: Server,
    toPort: number,
  ) {
    server.on("connection", (near) => {
      const far = connect(toPort, "127.0.0.1")
      if (this.isShut) far.destroy()
      for (const socket of [near, far]) {
        this.sockets.add(socket.on("error", () => {}).setNoDelay())
        socket.on("close", () => {
          this.sockets.delete(socket)
          near.destroy()
          far.destroy()
        })
      }
      near.on("data", (bytes) => {
        if (this.isSwallowing) this.swallowedBytes += bytes.length
        else far.write(bytes)
      })
      far.on("data", (bytes) => void near.write(bytes))
    })
  }

  static async to(port: number): Promise<Gate> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    return new Gate(server, port)
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  close(): void {
    this.server.close()
    for (const socket of this.sockets) socket.destroy()
  }
}
