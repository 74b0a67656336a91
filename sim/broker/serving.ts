import type { Packet } from "mqtt-packet"
import type { Broker } from "./broker"
import type { Terms } from "./greeting"
import type { Link } from "./link"
import { Receiver } from "./receiver"
import { Fault, R_PROTOCOL_ERROR, R_SUCCESS } from "./reason"
import { Sender } from "./sender"
import type { Session } from "./session"
import { Subscribing } from "./subscribing"
import type { Pairs } from "./wellformed"

/** What an accepted client may ask for, from CONNACK to the end. Each kind of packet has one handler; a Fault ends it. */
export class Serving {
  readonly sender: Sender
  private readonly receiver: Receiver
  private readonly subscribing: Subscribing

  constructor(
    broker: Broker,
    private readonly link: Link,
    session: Session,
    terms: Terms,
  ) {
    this.sender = new Sender(link, session.outbox, terms.receiveMaximum, terms.topicAliasMaximum)
    this.receiver = new Receiver(broker, link, session)
    this.subscribing = new Subscribing(broker, link, session)
  }

  onPacket(packet: Packet, pairs: Pairs | undefined): void {
    switch (packet.cmd) {
      case "publish":
        return this.receiver.onPublish(packet, pairs?.own)
      case "pubrel":
        return this.receiver.onPubrel(packet.messageId!)
      case "puback":
        return this.sender.onPuback(packet.messageId!)
      case "pubrec":
        return this.sender.onPubrec(packet.messageId!, packet.reasonCode ?? R_SUCCESS)
      case "pubcomp":
        return this.sender.onPubcomp(packet.messageId!)
      case "subscribe":
        return this.subscribing.onSubscribe(packet)
      case "unsubscribe":
        return this.subscribing.onUnsubscribe(packet)
      case "pingreq":
        this.link.tell("ping", {})
        return void this.link.send({ cmd: "pingresp" })
      case "connect":
        // [MQTT-3.1.0-2]
        throw new Fault(R_PROTOCOL_ERROR, "connect out of order")
      default:
        throw new Fault(R_PROTOCOL_ERROR, `${packet.cmd} from a client`)
    }
  }
}
