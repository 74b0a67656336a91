import type { Socket } from "../../../src/hal/socket"
import type { MqttClient, MqttEvents } from "../../../src/mqtt/contract"
import type { Make } from "./hand-over"

/** The client's one alarm, for the script to let ring. */
interface ScriptAlarm {
  set(): void
  clear(): void
  run?: () => void
}

/**
 * What a script needs to drive a client on its own socket: bundles shorten names, so the wiring stands in here. `tell` hears the
 * client's events.
 */
export const connectWith =
  (make: Make) =>
  (socket: Socket, tell: (what: string, about: unknown) => void, alarm: ScriptAlarm): MqttClient => {
    const clock = {
      nowMs: () => 0,
      alarm(run: () => void) {
        alarm.run = run
        return alarm
      },
    }
    const events: MqttEvents = {
      onUp: (isResumed) => tell("up", isResumed),
      onDown: (reason) => tell("down", reason),
      onTrouble: (code, about) => tell("trouble " + code, about),
    }
    const options = {
      clientId: "bench",
      keepAliveS: 60,
      maxPacketBytes: 1024,
      maxUnsentBytes: 2048,
      maxSubscriptions: 8,
    }
    const client = make({ connect: () => socket }, clock, events, options)
    client.open("127.0.0.1", 1883)
    return client
  }
