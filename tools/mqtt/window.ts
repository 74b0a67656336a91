import type { Session } from "../../src/mqtt/parts"

/**
 * A part for `createSession`, in place of the acknowledgements that it takes along (`qos2`): no more than `maxInFlight` messages
 * are on their way at one time. MQTT 5 sets the session's quota at each CONNACK to what the broker takes; the lower of the two holds.
 */
export const window = (acks: (session: Session) => void, maxInFlight: number) => (session: Session) => {
  let announced: number | undefined
  acks(session)
  Object.defineProperty(session, "_quota" satisfies keyof Session, {
    get: () => Math.min(announced ?? maxInFlight, maxInFlight),
    set(quota: number | undefined) {
      announced = quota
    },
  })
}
