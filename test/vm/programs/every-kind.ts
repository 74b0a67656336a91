import type { Network } from "../../../src/hal/socket"
import type { MqttOptions, PublishOptions } from "../../../src/mqtt/contract"
import type { Make } from "./hand-over"

/** Under way at most: fewer than the session's slots, so that nothing gives way. */
const WINDOW = 6
/** One of the messages behind a ping has to be back before the next: the broker answers in order. */
const PING_EVERY = WINDOW + 1

/**
 * A client that sends itself messages of every kind over a real broker, for a script that looks at the blocks in use. What a
 * script may call comes back as a list: bundles shorten names.
 */
export const everyKindWith =
  (make: Make) =>
  (network: Network, port: number, later: (run: () => void) => void, tell: (what: string) => void): unknown[] => {
    const options: MqttOptions = {
      clientId: "every",
      keepAliveS: 0,
      keepSession: true,
      maxPacketBytes: 1024,
      maxUnsentBytes: 2048,
      maxSubscriptions: 8,
    }
    let ring: () => void
    let toSend = 0
    let toReceive = 0
    let toReconnect = 0
    const clock = {
      nowMs: () => 0,
      alarm(run: () => void) {
        ring = run
        return { set() {}, clear() {} }
      },
    }
    const events = {
      onUp() {
        if (!toReconnect) tell("up")
        else later(next)
      },
      onDown(reason: number) {
        if (!toReconnect) tell("down " + reason)
      },
      // What is too large is told here, and counts as received.
      onTrouble: onBack,
    }
    const client = make(network, clock, events, options)
    const topics = ["every/0", "every/1", "every/2"]
    const atQos: PublishOptions[] = [{}, { qos: 1 }, { qos: 2 }]
    const prepared = topics.map((topic, qos) => client.topic(topic, atQos[qos]))
    for (let qos: 0 | 1 | 2 = 0; qos < 3; qos++) client.subscribe(topics[qos]!, onBack, qos as 0 | 1 | 2)
    client.subscribe("every/large", onBack, 2)

    function onBack(): void {
      if (toReconnect) return
      if (!--toReceive) tell("all back")
      fill()
    }

    function fill(): void {
      while (toSend && toReceive - toSend < WINDOW && send() >= 0) {
        toSend--
        if (toSend % PING_EVERY === 0) ring()
      }
    }

    /** QoS 0, 1 and 2, each on a prepared topic and on any. */
    function send(): number {
      const qos = toSend % 3
      return toSend % 2 ? prepared[qos]!.publish("21.4") : client.publish(topics[qos]!, "21.4", atQos[qos])
    }

    /** Hangs up with a message of each QoS under way; the broker has kept the session every other time. */
    function next(): void {
      if (!--toReconnect) return tell("reconnected")
      for (const topic of prepared) topic.publish("21.4")
      options.keepSession = toReconnect % 2 > 0
      client.drop(0)
      client.open("127.0.0.1", port)
    }

    return [
      () => client.open("127.0.0.1", port),
      (messages: number) => {
        toSend = toReceive = messages
        fill()
      },
      (messages: number) => {
        toReceive = messages
      },
      (times: number) => {
        toReconnect = times + 1
        next()
      },
      () => {
        client.subscribe("wild/+/#", onBack, 2)
        topics[1] = "wild/a/b"
      },
    ]
  }
