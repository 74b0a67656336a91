import { writeFileSync } from "node:fs"
import path from "node:path"
import type { RealBroker } from "./broker"
import { BrokerProcess, findServer, type Command } from "./broker-process"
import { freePort } from "./port"

const FILE = findServer(["/usr/sbin/nats-server", "nats-server"], "--version")

export const WHY_NO_NATS = FILE ? undefined : "no NATS server: apt-get install nats-server"

/** How many times each stream is stored in a cluster: JetStream's R3, so that any one node may go. */
export const REPLICAS = 3

/** One server with JetStream, alone or, with peers, one node of a cluster. NATS 2.9 closes on a PUBLISH at QoS 2. */
export class Nats extends BrokerProcess {
  readonly name: string
  readonly grants: RealBroker["grants"] = { maximumQos: 1, versions: [4] }
  readonly keepsSessions = true
  /**
   * PUBACK and SUBACK follow the write to JetStream's file, so SIGKILL loses nothing; what the client has acknowledged may
   * come again, all of it. In 2.9.10 it is SIGTERM that loses: in three runs of three, 120 to 380 acknowledged messages on
   * their way to a connected session never came, to this connection or the next.
   */
  readonly losesNothingOn = "SIGKILL"
  protected override startWithinMs = 40_000
  private readonly nodes: Nats[] = [this]
  private routePort = 0
  private clientPort = 0
  private monitorPort = 0

  constructor(name = "NATS") {
    super()
    this.name = name
  }

  /** Before the first start. */
  join(nodes: readonly Nats[]): void {
    this.nodes.splice(0, this.nodes.length, ...nodes)
  }

  protected async prepare(): Promise<void> {
    this.clientPort = await freePort()
    this.monitorPort = await freePort()
    this.routePort = await freePort()
  }

  protected command(): Command {
    const routes = this.nodes.map(({ routePort }) => `nats-route://127.0.0.1:${routePort}`)
    const isAlone = routes.length === 1
    const config = [
      `server_name: motewire_${this.port}`,
      `listen: "127.0.0.1:${this.clientPort}"`,
      `http: "127.0.0.1:${this.monitorPort}"`,
      `jetstream { store_dir: "${this.folder}" }`,
      // 2 s instead of 30 until an unacknowledged message is sent again: a test would wait for it.
      `mqtt { listen: "127.0.0.1:${this.port}", ack_wait: "2s", stream_replicas: ${isAlone ? 1 : REPLICAS} }`,
    ]
    if (!isAlone)
      config.push(
        `cluster { name: motewire, listen: "127.0.0.1:${this.routePort}", routes: ${JSON.stringify(routes)} }`,
      )
    const file = path.join(this.folder, "nats.conf")
    writeFileSync(file, config.join("\n") + "\n")
    return { file: FILE!, args: ["-c", file] }
  }

  /**
   * Healthy is: JetStream knows its leader. Whether its streams are up to date is not asked: after a kill, a consumer that
   * the node held in its former life may be called "not current" for 40 s and more, while clients are served.
   */
  protected override async isReady(): Promise<boolean> {
    const health = await fetch(`http://127.0.0.1:${this.monitorPort}/healthz?js-server-only=true`).catch(
      () => undefined,
    )
    return health?.status === 200 && (await super.isReady())
  }
}

/**
 * Three nodes on loopback, each with an MQTT port of its own; two of them carry on without the third. When the node that
 * ended led a stream, they first elect another, for up to some 10 s, and close connections meanwhile.
 */
export class NatsCluster {
  readonly nodes: readonly Nats[] = [1, 2, 3].map((number) => new Nats(`NATS node ${number}`))

  constructor() {
    for (const node of this.nodes) node.join(this.nodes)
  }

  async start(): Promise<void> {
    // Each names the others' ports in its configuration.
    for (const node of this.nodes) await node.settle()
    await Promise.all(this.nodes.map((node) => node.start()))
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()))
  }
}
