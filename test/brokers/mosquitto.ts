import { existsSync, writeFileSync } from "node:fs"
import path from "node:path"
import { eventually } from "../vm/eventually"
import type { RealBroker } from "./broker"
import { BrokerProcess, findServer, type Command } from "./broker-process"

const FILE = findServer(["/usr/sbin/mosquitto", "mosquitto"], "-h")

export const WHY_NO_MOSQUITTO = FILE ? undefined : "no Mosquitto: apt-get install mosquitto"

export class Mosquitto extends BrokerProcess {
  readonly name = "Mosquitto"
  readonly grants: RealBroker["grants"] = { maximumQos: 2, versions: [4, 5] }
  readonly keepsSessions = true
  /**
   * Mosquitto 2.0 keeps its state in memory and writes all of it to one file, here after each turn of its loop that changed
   * something. A SIGKILL between PUBACK and the end of that turn loses the message. And not everything counts as a change
   * (`persistence_changes` in its source): a message that waits for an absent client does, one on its way to a present
   * client, or a QoS 2 message between PUBREC and PUBREL, does not and may never be written. SIGTERM ends the turn, sends
   * the wills (which SIGKILL does not), and writes everything.
   */
  readonly losesNothingOn = "SIGTERM"

  static async start(): Promise<Mosquitto> {
    const broker = new Mosquitto()
    await broker.start()
    return broker
  }

  protected prepare(): void {
    const config = [
      `listener ${this.port} 127.0.0.1`,
      "allow_anonymous true",
      "persistence true",
      `persistence_location ${this.folder}/`,
      // With autosave_on_changes the interval is a number of changes, not of seconds.
      "autosave_on_changes true",
      "autosave_interval 1",
      // 0: no limit. Else a QoS 1 message for an absent client is acknowledged and dropped from the 1,001st on.
      "max_queued_messages 0",
      "log_dest stderr",
      "log_type subscribe",
      "log_type error",
    ]
    // Started by root it would become another user, who may not write here.
    if (process.getuid?.() === 0) config.push("user root")
    writeFileSync(path.join(this.folder, "mosquitto.conf"), config.join("\n") + "\n")
  }

  protected command(): Command {
    return { file: FILE!, args: ["-c", path.join(this.folder, "mosquitto.conf")] }
  }

  /** Waits until `filter` was subscribed to `times` since the start: what is published before reaches nobody. */
  async subscribed(filter: string, times = 1): Promise<void> {
    await eventually(
      () => this.log.split("\n").filter((line) => line.endsWith(` ${filter}`)).length >= times,
      () => `a subscription to ${filter} in:\n${this.log}`,
    )
  }

  /** True once kept sessions are on disk. */
  hasSaved(): boolean {
    return existsSync(path.join(this.folder, "mosquitto.db"))
  }
}
