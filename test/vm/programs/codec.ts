import { createMqtt } from "../../../src/mqtt/client"
import { createSession } from "../../../src/mqtt/session"

declare const globalThis: Record<string, unknown>

/** Hands the client's makers to a benchmark script that runs beside the bundle. */
export default () => {
  globalThis["MW"] = { createMqtt, createSession }
}
