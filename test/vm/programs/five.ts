import type { Clock } from "../../../src/hal/clock"
import type { Network } from "../../../src/hal/socket"
import { createMqtt } from "../../../src/mqtt/client"
import { frame } from "../../../src/mqtt/encode"
import { login } from "../../../src/mqtt/login"
import { qos2 } from "../../../src/mqtt/qos2"
import { createSession, DROP_OLDEST } from "../../../src/mqtt/session"
import { unsubscribe } from "../../../src/mqtt/unsubscribe"
import {
  contentType,
  correlationData,
  isUtf8,
  messageExpiryS,
  responseTopic,
  subscriptionId,
  userProperty,
} from "../../../src/mqtt/v5/message"
import { mqtt5, will5 } from "../../../src/mqtt/v5/mqtt5"
import { counted, MAXIMUM_QOS, RESPONSE_INFORMATION, USER_PROPERTY } from "../../../src/mqtt/v5/properties"
import { requester, respond } from "../../../src/mqtt/v5/request"
import { handOver } from "./hand-over"

/**
 * A client of MQTT 5 alone with a scripted broker and a clock that a script turns: what it says and does is written down,
 * and must be the same on every interpreter. Bytes from the broker are written as they are.
 */
export function conversation(): string[] {
  const log: string[] = []
  const alarms: (() => void)[] = []
  let nowMs = 5000
  let give: (bytes: string) => void = () => {}
  const clock: Clock = {
    nowMs: () => nowMs,
    alarm(run) {
      alarms.push(run)
      return { set: (inMs) => void log.push("alarm " + inMs), clear: () => {} }
    },
  }
  const network: Network = {
    connect: () => ({
      write: (bytes) => void log.push(hex(bytes)),
      end: () => void log.push("end"),
      on(event, run) {
        if (event === "data") give = run
      },
      removeAllListeners: () => {},
    }),
  }
  const events = {
    onUp: (isResumed: boolean) => void log.push("up " + isResumed),
    onDown: (reason: number) => void log.push("down " + reason + " " + five.reasonString + " " + five.serverReference),
    onTrouble: (code: number, about: string) => void log.push("trouble " + code + " " + about),
  }
  const answers = ["one", undefined]
  const authenticator = {
    authMethod: "M",
    firstData: () => "\0\xff",
    answerTo: (challenge: string) => (log.push("asked " + hex(challenge)), answers.shift()),
    isProof: (data: string) => data === "proof",
  }
  const five = mqtt5(clock, {
    sessionExpiryS: 0xfffffffe,
    receiveMaximum: 2,
    topicAliasMaximum: 2,
    wantsResponseInformation: true,
    userProperties: [
      ["a", "1"],
      ["a", "2"],
    ],
    authenticator,
  })
  const properties = {
    expiryS: 70000,
    isUtf8: true,
    contentType: "text",
    responseTopic: "r",
    correlationData: "\0\x80",
    userProperties: [["k", "v"]],
  } as const
  const mqtt = createMqtt(
    network,
    clock,
    events,
    {
      clientId: "",
      keepAliveS: 60,
      keepSession: true,
      maxPacketBytes: 200,
      maxUnsentBytes: 100,
      maxSubscriptions: 8,
      will: will5("w", "gone", { qos: 1, retain: true, delayS: 9, properties }),
      login: login("u"),
    },
    createSession(4, 300, DROP_OLDEST, qos2),
    five,
  )
  const asking = requester(mqtt, clock, "answers", 2, 1)
  const say = (what: string) => void log.push("- " + what)
  const dial = () => void mqtt.open("broker", 1883)

  mqtt.subscribe(
    "a/#",
    (payload, topic, packet) => {
      log.push("a/# " + topic + " " + payload)
      log.push(
        [
          contentType(packet),
          isUtf8(packet),
          messageExpiryS(packet),
          responseTopic(packet),
          subscriptionId(packet),
          subscriptionId(packet, 1),
        ].join(),
      )
      const pair = userProperty(packet, 1)
      log.push(
        pair ? pair.join("=") : "no pair",
        hex(correlationData(packet) || ""),
        "responds " + respond(mqtt, packet, "re"),
      )
    },
    2,
    { id: 300, noLocal: true, retainAsPublished: true, retainHandling: 2, userProperties: [["s", "t"]] },
  )
  mqtt.subscribe("$share/g/b", (payload, topic) => void log.push("b " + topic + " " + payload), 1)
  mqtt.subscribe("wild/+", () => {})

  say("what waits: a long message, one that expires, one with all properties")
  mqtt.publish("waits", "x", { qos: 2, properties })
  mqtt.publish("expires", "x", { qos: 1, properties: { expiryS: 3 } })
  nowMs += 4000
  dial()
  say("a challenge, then the limits")
  give(auth(0x18, "\xfe"))
  give(
    welcome(
      0,
      "\x12\0\x04auto\x13\0\x0a\x16\0\x05proof\x1a\0\x02p/\x1f\0\x02hi\x21\0\x01\x22\0\x01" +
        "\x24\x01\x26\0\x01x\0\x01y\x27\0\0\0\xa0\x28\0\x2a\x01\x25\0",
    ),
  )
  log.push("" + five.announced(MAXIMUM_QOS), "" + five.announced(RESPONSE_INFORMATION))
  log.push(hex((five.announced(USER_PROPERTY) as string) || ""), "" + five.reasonString)
  say("subscriptions are answered: granted, refused with words")
  give("\x90\x04\x7f\x01\0\x01")
  give(frame(0x90, "\x7f\x03" + counted("\x1f\0\x02no") + "\x87"))
  log.push("" + five.reasonString)
  say("aliases, retained and large at QoS 0")
  const prepared = mqtt.topic("alias/topic", { alias: true, properties: { contentType: "c" } })
  log.push("" + prepared.publish("1"), "" + prepared.publish("2"))
  log.push("" + mqtt.topic("other", { alias: true }).publish("3"), "" + mqtt.publish("t", "x", { retain: true }))
  log.push("" + prepared.publish(long(140)), "" + mqtt.publish("plain", "4"))
  say("quota: the first is acknowledged, the second goes out and is refused")
  mqtt.publish("second", "x", { qos: 1, properties: { expiryS: 10 } })
  nowMs += 2500
  give("\x40\x03\0\x01\x10")
  give("\x40\x07\0\x03\x97\x03\x1f\0\0")
  say("messages: plain, with properties, aliased, doubled")
  give(frame(0x30, "\0\x03a/b\0x"))
  give(
    frame(
      0x32,
      "\0\x03a/c\0\x07" +
        counted(
          "\x01\x01\x02\0\0\x01\0\x03\0\x01c\x08\0\x01r\x09\0\x01\xff\x0b\xac\x02\x0b\x05\x23\0\x01" +
            "\x26\0\0\0\0\x26\0\x01n\0\x01v",
        ) +
        "payload",
    ),
  )
  give(frame(0x30, "\0\0" + counted("\x23\0\x01\x0b\xac\x02") + "y"))
  give(frame(0x34, "\0\x01b\0\x05\0y") + frame(0x3c, "\0\x01b\0\x05\0y") + "\x62\x02\0\x05")
  say("a request, answered; and one that nobody answers")
  const onAnswer = (error: number, payload: string) => void log.push("answer " + error + " " + payload)
  log.push("" + asking.send("ask", "?", 1000, onAnswer))
  give(frame(0x30, "\0\x07answers" + counted("\x09\0\x02\0\x01") + "!"))
  log.push("" + asking.send("ask", "?", 1000, onAnswer))
  nowMs += 1000
  alarms[1]!()
  log.push("" + asking.pending())
  say("authenticates again, then is sent away")
  five.reauthenticate()
  give(auth(0, "proof"))
  unsubscribe(mqtt, "$share/g/b")
  give(frame(0xe0, "\x9d" + counted("\x1f\0\x04gone\x1c\0\x04next")))
  say("back, in the same session; brokers that break the rules")
  dial()
  give(welcome(1, "\x16\0\x05proof\x13\0\0"))
  give(frame(0x30, "\0\0" + counted("\x23\0\x02") + "x"))
  dial()
  give(welcome(1, "\x16\0\x05wrong"))
  dial()
  give(auth(0x18, ""))
  dial()
  give(welcome(1, "\x21\0\x05\x21\0\x05"))
  say("goodbye")
  dial()
  give(welcome(1, "\x16\0\x05proof"))
  five.disconnect(4, 100000)
  return log
}

/** CONNACK. */
const welcome = (isResumed: number, properties: string): string =>
  frame(0x20, String.fromCharCode(isResumed, 0) + counted(properties))

const auth = (reason: number, data: string): string =>
  frame(0xf0, String.fromCharCode(reason) + counted("\x15\0\x01M\x16\0" + String.fromCharCode(data.length) + data))

function hex(bytes: string): string {
  let text = ""
  for (let at = 0; at < bytes.length; at++) text += (256 + bytes.charCodeAt(at)).toString(16).substr(1)
  return text
}

function long(count: number): string {
  let text = ""
  while (text.length < count) text += "x"
  return text
}

export default () => handOver("conversation", conversation)
