import type { MqttClient, PublishOptions, SubscribeOptions } from "../../src/mqtt/contract"

/** The first character that is no byte. */
const NO_BYTE = /[^\0-\xff]/

/**
 * The client takes byte strings, and would cut a character above 255 to its lower eight bits in silence: refused instead, as a
 * mistake of the caller. A text whose characters are all below 256 cannot be told from bytes.
 */
function refuseText(bytes: string | undefined, what: string): void {
  const found = bytes === undefined ? null : NO_BYTE.exec(bytes)
  if (found)
    throw new TypeError(
      `The ${what} has U+${found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}, which is no byte: toBytes makes bytes of a text.`,
    )
}

/** What stands in properties of MQTT 5, or in their options: every string in there. */
export function refuseTextIn(value: unknown, what: string): void {
  if (typeof value === "string") refuseText(value, what)
  else if (typeof value === "object" && value !== null)
    for (const each of Object.values(value)) refuseTextIn(each, what)
}

const refuseProperties = (options?: PublishOptions | SubscribeOptions): void => {
  if (options && "properties" in options) refuseTextIn(options.properties, "property")
  if (options && "userProperties" in options) refuseTextIn(options.userProperties, "property")
}

/** The same client, and it throws on characters that are no bytes. */
export function bytesOnly(mqtt: MqttClient): MqttClient {
  return {
    ...mqtt,
    publish(name, payload, options) {
      refuseText(name, "topic")
      refuseText(payload, "payload")
      refuseProperties(options)
      return mqtt.publish(name, payload, options)
    },
    topic(name, options) {
      refuseText(name, "topic")
      refuseProperties(options)
      const prepared = mqtt.topic(name, options)
      return {
        publish(payload) {
          refuseText(payload, "payload")
          return prepared.publish(payload)
        },
      }
    },
    subscribe(filter, run, qos, options) {
      refuseText(filter, "filter")
      refuseProperties(options)
      return mqtt.subscribe(filter, run, qos, options)
    },
    _unsubscribe(filter) {
      refuseText(filter, "filter")
      mqtt._unsubscribe!(filter)
    },
  }
}
