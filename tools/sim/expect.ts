import { isTopicFilter, topicMatches } from "../../sim/broker/topic"
import { durationUs, type Duration } from "../../sim/clock/duration"
import type { HouseEvent, Message } from "../../sim/events"
import type { House } from "../../sim/house"
import { nearest } from "../../sim/nearest"
import { failureAt, type Failing } from "./failure"
import { payloadMatches, payloadText, textOf, type Payload } from "./payload"
import { follow } from "./recent"

export interface Expected {
  /** The whole text, a pattern, fields of a JSON object, or a question to the text. Anything when absent. */
  payload?: Payload
  /** House time to wait. Default one minute. */
  within?: Duration
}

/** What a wire does, or the share of time that PWM holds it high, give or take 0.005. */
export type PinState = "high" | "low" | "float" | "conflict" | "pwm" | number

const DEFAULT_WITHIN = "1min"
const DUTY_MARGIN = 0.005

/**
 * Turns the clock until somebody publishes to `topic` (`+` and `#` work), and gives that message. Only what comes from the call
 * on counts. Rejects with an ExpectationError.
 */
export function expectMessage(house: House, topic: string, expected: Expected = {}): Promise<Message> {
  const within = expected.within ?? DEFAULT_WITHIN
  const failing = failureAt(expectMessage, house)
  return turnFor(house, topic, expected.payload, within, (found, others, elsewhere) => {
    if (found) return found
    const near = nearest(topic, elsewhere)
    const hint = near.length ? `; near it there came ${near.map((each) => `"${each}"`).join(", ")}` : ""
    const seen = others.length ? `; there came ${listed(others, failing)}` : hint
    throw failing.failure(`expected ${wish(topic, expected.payload)} within ${textOf(within)}${seen}`)
  })
}

/** Turns the clock `for` so long (default one minute) and rejects when somebody publishes that to `topic`. */
export function expectNoMessage(
  house: House,
  topic: string,
  unwanted: { payload?: Payload; for?: Duration } = {},
): Promise<void> {
  const lasting = unwanted.for ?? DEFAULT_WITHIN
  const failing = failureAt(expectNoMessage, house)
  return turnFor(house, topic, unwanted.payload, lasting, (found) => {
    if (!found) return
    const came = `but at ${failing.timeOf(found.atUs)} there came ${found.topic} ${payloadText(found.payload)}`
    throw failing.failure(`expected no ${wish(topic, unwanted.payload).slice(2)} for ${textOf(lasting)}, ${came}`)
  })
}

/**
 * That the wire at a pin (`"climate.GPIO4"`) is so: now, or at some moment `within` a time, however short the moment. Rejects
 * with an ExpectationError.
 */
export async function expectPin(
  house: House,
  pin: string,
  state: PinState,
  expected: { within?: Duration } = {},
): Promise<void> {
  const failing = failureAt(expectPin, house)
  const [name, wire = ""] = pin.split(".")
  const look = () => lookAt(house, name, wire)
  const isIt = () => {
    const now = look()
    if (typeof state === "string") return now.state === state
    return now.pwm !== undefined && Math.abs(now.pwm.duty - state) <= DUTY_MARGIN
  }
  const isOfPin = (event: HouseEvent) => event.device === name && "pin" in event && event.pin === wire
  let isHeld = isIt()
  const stop = house.on((event) => (isHeld ||= isOfPin(event) && isIt()))
  await turn(house, expected.within ?? { us: 0 }, () => isHeld).finally(stop)
  if (isHeld) return
  const { state: seen, pwm } = look()
  const wanted = typeof state === "number" ? `pwm ${state * 100} %` : state
  const when = expected.within === undefined ? "" : ` within ${textOf(expected.within)}`
  const is = pwm ? `pwm ${Math.round(pwm.duty * 1000) / 10} %` : seen
  throw failing.failure(`expected ${pin} ${wanted}${when}; it is ${is}`, isOfPin)
}

/** Turns the clock by so much house time, as fast as the host can. */
export function advance(house: House, duration: Duration): Promise<void> {
  follow(house)
  return house.advance(duration)
}

/** Turns the clock until `holds` says so. `what` says in a failure what was waited for. */
export async function until(
  house: House,
  holds: (house: House) => boolean,
  { within = DEFAULT_WITHIN, what = "what was waited for" }: { within?: Duration; what?: string } = {},
): Promise<void> {
  const failing = failureAt(until, house)
  if (await turn(house, within, () => holds(house))) return
  throw failing.failure(`${what} did not happen within ${textOf(within)}`)
}

/** The first message that fits, or none; and those of the topic that did not. */
async function turnFor<T>(
  house: House,
  topic: string,
  payload: Payload | undefined,
  lasting: Duration,
  judge: (found: Message | undefined, others: Message[], elsewhere: Set<string>) => T,
): Promise<T> {
  if (!isTopicFilter(topic))
    throw new Error(`"${topic}" is no topic filter: "#" stands alone at its end, "+" alone in a level`)
  const elsewhere = new Set<string>()
  let found: Message | undefined
  const others: Message[] = []
  const stop = house.broker.onMessage((message) => {
    if (found) return
    if (!topicMatches(topic, message.topic)) return void elsewhere.add(message.topic)
    if (payloadMatches(payload, message.payload)) found = message
    else others.push(message)
  })
  await turn(house, lasting, () => found !== undefined).finally(stop)
  return judge(found, others, elsewhere)
}

/** True when `holds` did in time. */
async function turn(house: House, within: Duration, holds: () => boolean): Promise<boolean> {
  const us = durationUs(within)
  const endUs = house.nowUs + us
  let isHeld = false
  await house.until(() => (isHeld = holds()) || house.nowUs >= endUs, { us })
  return isHeld
}

function lookAt(house: House, device: string, pin: string) {
  const { pins } = house.device(device)
  if (Object.hasOwn(pins, pin)) return pins[pin]
  const used = Object.keys(pins).join(", ") || "none"
  throw new Error(`nothing is at pin "${pin}" of "${device}"; in use: ${used}. Write it as "${device}.GPIO4".`)
}

function wish(topic: string, payload: Payload | undefined): string {
  if (payload === undefined) return `a message on "${topic}"`
  const text = typeof payload === "function" ? "that its function accepts" : `with ${textOf(payload)}`
  return `a message on "${topic}" ${text}`
}

const MAX_LISTED = 5

function listed(messages: Message[], { timeOf }: Failing): string {
  const lines = messages.slice(-MAX_LISTED).map(({ atUs, payload }) => `\n  ${timeOf(atUs)}  ${payloadText(payload)}`)
  const more = messages.length - lines.length
  return `${messages.length === 1 ? "one other" : `${messages.length} others`}${more > 0 ? `, at last` : ""}:${lines.join("")}`
}
