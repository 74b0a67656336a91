import net from "node:net"
import mqtt from "mqtt-packet"
import type { Packet } from "mqtt-packet"
import type { Clock } from "../clock/clock"
import type { Message } from "../events"
import type { Connection } from "./connection"
import type { Service } from "./tcp"

/** How long a broker that could not be reached counts as closed before it is tried again. */
const RETRY_MS = 1_000

/**
 * The door to a real broker: each connection of a board becomes a real TCP connection. For runs at real time only.
 * A board's connect blocks and must know its outcome at once, which the host cannot: so a broker counts as listening
 * until an attempt fails, and then as closed until a later attempt, in the background, succeeds.
 */
export class Bridge implements Service {
  readonly url: string
  private isReachable = true
  private probe: ReturnType<typeof setTimeout> | undefined
  private readonly sockets = new Set<net.Socket>()

  constructor(
    private readonly address: { host: string; port: number },
    private readonly clock: Clock,
    private readonly onMessage: (message: Message, peer: string) => void,
  ) {
    this.url = `mqtt://${address.host}:${address.port}`
  }

  isListening(): boolean {
    return this.isReachable
  }

  accept(connection: Connection): void {
    const { service } = connection
    const socket = this.dial(() => service.abort())
    const watcher = new Watcher(connection, this.clock, this.onMessage)
    socket.on("data", (bytes) => {
      watcher.fromBroker(bytes)
      service.send(bytes.toString("latin1"))
    })
    socket.on("close", () => service.close())
    service.onData = (bytes) => {
      watcher.fromBoard(Buffer.from(bytes, "latin1"))
      socket.write(bytes, "latin1")
    }
    service.onClose = (reason) => (reason === "fin" ? socket.end() : socket.destroy())
  }

  close(): void {
    clearTimeout(this.probe)
    for (const socket of this.sockets) socket.destroy()
  }

  private dial(onFailure: () => void): net.Socket {
    const socket = net.connect({ ...this.address, noDelay: true })
    this.sockets.add(socket)
    socket.on("connect", () => (this.isReachable = true))
    socket.on("error", () => {
      if (socket.connecting || socket.bytesRead === 0) this.onUnreachable()
      onFailure()
    })
    socket.on("close", () => this.sockets.delete(socket))
    return socket
  }

  private onUnreachable(): void {
    this.isReachable = false
    clearTimeout(this.probe)
    this.probe = setTimeout(() => {
      const socket = this.dial(() => undefined)
      socket.on("connect", () => socket.destroy())
    }, RETRY_MS)
    this.probe.unref()
  }
}

/** Reads along, for the link state and the list of messages; changes nothing. */
class Watcher {
  private readonly board = mqtt.parser({ protocolVersion: 4 })
  private readonly broker = mqtt.parser({ protocolVersion: 4 })
  private clientId = ""

  constructor(
    private readonly connection: Connection,
    private readonly clock: Clock,
    private readonly onMessage: (message: Message, peer: string) => void,
  ) {
    this.board.on("packet", (packet: Packet) => this.onBoardPacket(packet))
    this.broker.on("packet", (packet: Packet) => {
      if (packet.cmd === "connack" && !packet.returnCode) this.connection.isOnline = true
    })
    // What cannot be read is the broker's and the board's affair.
    this.board.on("error", () => undefined)
    this.broker.on("error", () => undefined)
  }

  fromBoard(bytes: Buffer): void {
    this.board.parse(bytes)
  }

  fromBroker(bytes: Buffer): void {
    this.broker.parse(bytes)
  }

  private onBoardPacket(packet: Packet): void {
    if (packet.cmd === "connect") this.clientId = packet.clientId
    if (packet.cmd !== "publish") return
    const { topic, qos, retain } = packet
    const payload = Buffer.from(packet.payload as Buffer).toString("latin1")
    this.onMessage(
      { atUs: this.clock.nowUs, from: this.clientId, topic, payload, qos, retain },
      this.connection.line.device,
    )
  }
}
