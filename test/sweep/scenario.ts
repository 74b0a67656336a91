import { expect } from "vitest"
import { keepInStorage } from "../../src/mqtt/persistence"
import { crc32 } from "../../src/util/crc32"
import { Rig, type RigOptions } from "./rig"

/** Connect, subscribe, publish and receive at each QoS, both at once, lose the link and resume, disconnect and come back. */
export function play(options: RigOptions): Rig {
  const rig = new Rig(options)
  rig.settle()
  rig.publish(0, 1, 2)
  rig.settle()
  rig.publishFromBroker(0, 1, 2)
  rig.settle()
  rig.publish(2, 1, 2)
  rig.publishFromBroker(2, 1, 2)
  rig.settle()
  rig.life.leave("drop")
  rig.publish(1, 2)
  rig.publishFromBroker(1, 2)
  rig.settle()
  rig.life.leave("close")
  rig.publishFromBroker(2)
  rig.settle()
  rig.publish(2)
  rig.publishFromBroker(2)
  rig.settle()
  // A few pings, and time to notice that nobody answers.
  rig.clock.advance(30_000_000)
  rig.settle()
  return rig
}

const count = (list: readonly string[], one: string) => list.filter((each) => each === one).length

/**
 * At least once at QoS 1, exactly once at QoS 2, in both directions; back online, and nothing left behind anywhere.
 *
 * A message from the broker has its id kept before its handler runs. Power lost exactly in between is as power lost right behind the
 * handler: whatever that did in RAM is gone as well. Only then, and only for the one message, the handler never runs.
 */
export function check(rig: Rig, what: string): void {
  const arrived = rig.broker.messages.filter(({ from }) => from === "device").map(({ payload }) => payload)
  const unheard = rig.published.filter(({ payload, qos }) => qos && !count(rig.heard, payload))
  const problems = [
    ...rig.sent.flatMap(({ payload, qos, fate }) => {
      const times = count(arrived, payload)
      const isEnough = times > 0 || qos === 0 || fate !== "accepted"
      return isEnough && (times <= 1 || qos === 1) ? [] : [`${payload} ${fate}, arrived ${times} times`]
    }),
    ...rig.published.flatMap(({ payload, qos }) => {
      const times = count(rig.heard, payload)
      return times <= 1 || qos === 1 ? [] : [`${payload} was handed on ${times} times`]
    }),
    ...(unheard.length === rig.lostInWindow ? [] : unheard.map(({ payload }) => `${payload} was not handed on`)),
    ...arrived.filter((payload) => !rig.sent.some((one) => one.payload === payload)).map((payload) => `${payload}?`),
  ]
  expect({ what, problems }).toEqual({ what, problems: [] })
  expect(rig.isSettled(), what).toBe(true)
  expect([rig.broker.clients.size, rig.broker.sessions.size], what).toEqual([1, 1])
  if (!rig.options.isForgetful) {
    expect(Object.keys(keepInStorage(rig.storage, crc32).retrieve()), what).toEqual([])
    expect(rig.storage.files.size, what).toBe(1)
  }
}
