import { fileURLToPath } from "node:url"
import type { RealBroker } from "./broker"
import { BrokerProcess, type Command } from "./broker-process"

const PROGRAM = fileURLToPath(new URL("./aedes-server.mjs", import.meta.url))

/** aedes with its persistence in memory: a restart forgets sessions, queued and retained messages. */
export class AedesBroker extends BrokerProcess {
  readonly name = "aedes"
  readonly grants: RealBroker["grants"] = { maximumQos: 2, versions: [4] }
  readonly keepsSessions = false
  /** It loses everything on either. */
  readonly losesNothingOn = "SIGKILL"

  protected prepare(): void {}

  protected command(): Command {
    return { file: process.execPath, args: [PROGRAM, `${this.port}`] }
  }
}
