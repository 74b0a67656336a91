import { writeFileSync } from "node:fs"
import path from "node:path"
import { Mosquitto } from "./mosquitto"

/**
 * For measurements: nothing goes to disk, and with `noDelay` every packet leaves at once. Without, as by default, a small
 * packet waits until the client's kernel has acknowledged the one before (Nagle), which may take 40 ms.
 */
export class QuickMosquitto extends Mosquitto {
  constructor(private readonly noDelay: boolean) {
    super()
  }

  protected override prepare(): void {
    super.prepare()
    const config = [
      `listener ${this.port} 127.0.0.1`,
      "allow_anonymous true",
      "persistence false",
      "max_queued_messages 0",
      `set_tcp_nodelay ${this.noDelay}`,
      "log_dest stderr",
      "log_type subscribe",
      "log_type error",
    ]
    if (process.getuid?.() === 0) config.push("user root")
    writeFileSync(path.join(this.folder, "mosquitto.conf"), config.join("\n") + "\n")
  }
}
