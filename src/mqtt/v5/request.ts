import type { Clock } from "../../hal/clock"
import { E_FULL, E_NO_RESPONSE } from "../constants"
import type { MqttClient, PublishProperties } from "../contract"
import { u16 } from "../encode"
import { qosOf } from "../message"
import { NOT_A_NAME } from "../topic"
import { correlationData, responseTopic } from "./message"

/** `error` is 0 with a response, and E_NO_RESPONSE without one. */
export type OnResponse = (error: number, payload: string) => void

export interface Requester {
  /**
   * Asks whoever listens at `topic`. Returns what `publish` returns, or E_FULL while `maxPending` wait or when there was no place for
   * the subscription; below zero nobody is asked, and `onResponse` not called. Otherwise it is called once, never inside this
   * call. `timeoutMs` is 1 to 2,147,483,647, more than which a timer on a host does not take.
   */
  send(topic: string, payload: string, timeoutMs: number, onResponse: OnResponse): number
  /** Requests that wait for a response. */
  pending(): number
}

interface Request {
  readonly _id: string
  readonly _dueMs: number
  readonly _onResponse: OnResponse
}

/**
 * Request and response (clause 4.10 of MQTT 5). Holds `maxPending` requests at most. `topic` is where responses are to come,
 * for this client alone: with its client id in it, or behind what the broker announced as RESPONSE_INFORMATION. A request says
 * how long it is of use, so that the broker does not hand on one that nobody waits for any more.
 */
export function requester(
  mqtt: Pick<MqttClient, "publish" | "subscribe">,
  clock: Clock,
  topic: string,
  maxPending: number,
  qos?: 0 | 1 | 2,
): Requester {
  const requests: Request[] = []
  /** Two bytes, so that a response that comes too late is not taken for that of another request. */
  let serial = 0

  const alarm = clock.alarm(() => {
    const now = clock.nowMs()
    const late = requests.findIndex(({ _dueMs }) => _dueMs <= now)
    if (late >= 0) finish(late, E_NO_RESPONSE, "")
    else arm()
  })

  function arm(): void {
    alarm.clear()
    const dueMs = Math.min.apply(
      null,
      requests.map(({ _dueMs }) => _dueMs),
    )
    if (requests.length) alarm.set(Math.max(0, dueMs - clock.nowMs()))
  }

  /** First everything is as it will be: the caller may throw, or ask again. */
  function finish(at: number, error: number, payload: string): void {
    const { _onResponse } = requests.splice(at, 1)[0]!
    arm()
    _onResponse(error, payload)
  }

  const subscribed = mqtt.subscribe(
    topic,
    (payload, _, packet) => {
      const id = correlationData(packet)
      const at = requests.findIndex(({ _id }) => _id === id)
      if (at >= 0) finish(at, 0, payload)
    },
    qos,
  )
  return {
    send(to, payload, timeoutMs, _onResponse) {
      // Without its subscription no response would come.
      if (subscribed < 0) return subscribed
      if (requests.length >= maxPending) return E_FULL
      serial = (serial + 1) & 0xffff
      const _id = u16(serial)
      const properties = { expiryS: Math.ceil(timeoutMs / 1000), responseTopic: topic, correlationData: _id }
      // Before it is sent: nothing that comes of it may find it missing.
      requests.push({ _id, _dueMs: clock.nowMs() + timeoutMs, _onResponse })
      const result = mqtt.publish(to, payload, { qos: qos || 0, properties })
      if (result < 0) requests.pop()
      arm()
      return result
    },
    pending: () => requests.length,
  }
}

/**
 * Answers the message that `packet`, a handler's third argument, is: to where it asked, with what it is recognised by, at
 * the QoS it came with. Returns what `publish` returns, or E_NO_RESPONSE when it asked for no answer, or one to a topic
 * that cannot be.
 */
export function respond(
  mqtt: Pick<MqttClient, "publish">,
  packet: string,
  payload: string,
  properties?: PublishProperties,
): number {
  const to = responseTopic(packet)
  if (to === undefined || NOT_A_NAME.test(to)) return E_NO_RESPONSE
  return mqtt.publish(to, payload, {
    qos: qosOf(packet) as 0 | 1 | 2,
    properties: Object.assign({ correlationData: correlationData(packet) }, properties),
  })
}
