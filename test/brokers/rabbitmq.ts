import type { ChildProcess } from "node:child_process"
import { existsSync, writeFileSync } from "node:fs"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import type { RealBroker } from "./broker"
import { BrokerProcess, findServer, spawnBound, type Command } from "./broker-process"
import { freePort, listens } from "./port"

/** Debian's /usr/sbin/rabbitmq-server becomes the user rabbitmq and writes to /var; this is what it wraps. */
const FILE = "/usr/lib/rabbitmq/bin/rabbitmq-server"
/** Erlang's directory of nodes. */
const EPMD = findServer(["epmd"], "-names")

export const WHY_NO_RABBITMQ =
  EPMD && existsSync(FILE) ? undefined : "no RabbitMQ: apt-get install --no-install-recommends rabbitmq-server"

/**
 * Retained messages are written once none has come for so long; by default 2000 ms. The documented key,
 * mqtt.retained_message_store_dets_sync_interval, does nothing in 3.10, which looks in an application of another name.
 */
const WRITE_RETAINED_AFTER_MS = 50

/** RabbitMQ 3.10 with its MQTT plugin. A PUBLISH at QoS 2 is taken as QoS 1 and answered with PUBACK. */
export class RabbitMq extends BrokerProcess {
  readonly name = "RabbitMQ"
  readonly grants: RealBroker["grants"] = { maximumQos: 1, versions: [4] }
  readonly keepsSessions = true
  /** PUBACK follows the write of the message, SUBACK that of the binding. */
  readonly losesNothingOn = "SIGKILL"
  override readonly retainedIsSafeAfterMs = 4 * WRITE_RETAINED_AFTER_MS
  protected override startWithinMs = 60_000
  private epmdPort = 0
  private distributionPort = 0
  private epmd: ChildProcess | undefined

  protected async prepare(): Promise<void> {
    this.epmdPort = await freePort()
    this.distributionPort = await freePort()
    const config = [
      "listeners.tcp = none",
      `mqtt.listeners.tcp.1 = 127.0.0.1:${this.port}`,
      "mqtt.allow_anonymous = true",
      "log.console = true",
      "log.console.level = warning",
    ]
    writeFileSync(path.join(this.folder, "rabbitmq.conf"), config.join("\n") + "\n")
    const advanced = `[{rabbit_mqtt, [{retained_message_store_dets_sync_interval, ${WRITE_RETAINED_AFTER_MS}}]}].\n`
    writeFileSync(path.join(this.folder, "advanced.config"), advanced)
    writeFileSync(path.join(this.folder, "enabled_plugins"), "[rabbitmq_mqtt].\n")
  }

  /** Everything that could be shared with a RabbitMQ of the system has a place of its own: cookie, epmd, state, name. */
  protected command(): Command {
    const inFolder = (name: string) => path.join(this.folder, name)
    const env = {
      HOME: this.folder,
      ERL_EPMD_PORT: `${this.epmdPort}`,
      ERL_EPMD_ADDRESS: "127.0.0.1",
      RABBITMQ_NODENAME: `motewire-${this.port}@localhost`,
      RABBITMQ_DIST_PORT: `${this.distributionPort}`,
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}",
      RABBITMQ_CONF_ENV_FILE: "/dev/null",
      RABBITMQ_CONFIG_FILE: inFolder("rabbitmq.conf"),
      RABBITMQ_ADVANCED_CONFIG_FILE: inFolder("advanced.config"),
      RABBITMQ_ENABLED_PLUGINS_FILE: inFolder("enabled_plugins"),
      RABBITMQ_GENERATED_CONFIG_DIR: inFolder("generated"),
      RABBITMQ_MNESIA_BASE: inFolder("mnesia"),
      RABBITMQ_LOG_BASE: this.folder,
      RABBITMQ_LOGS: "-",
      RABBITMQ_PID_FILE: inFolder("pid"),
      // The script then becomes the server instead of waiting for it, so that a signal reaches the server itself.
      detached: "1",
    }
    return { file: FILE, args: [], env }
  }

  override async start(): Promise<void> {
    await this.settle()
    if (!this.epmd) {
      this.epmd = spawnBound(EPMD!, ["-port", `${this.epmdPort}`, "-address", "127.0.0.1"], process.env)
      while (!(await listens(this.epmdPort))) await sleep(10)
    }
    await super.start()
  }

  override async stop(): Promise<void> {
    await super.stop()
    this.epmd?.kill("SIGKILL")
    this.epmd = undefined
  }
}
