import { generate, parser, type Packet } from "mqtt-packet"
import { chr, field, frame } from "../../src/mqtt/encode"
import { alternate, BATCH, faster, type Side } from "./alternate"
import { print } from "./report"
import { nthId, PAYLOAD, publishFrom, sinkClient, SLOTS, subscribe, TOPIC } from "./sink-client"

const BAR = 5
/** How many bytes the host's sockets gather before they become a Buffer; as tools/mqtt/batched-socket.ts does. */
const BATCH_BYTES = 65536
/** Packets in a chunk where several arrive at once. */
const IN_A_CHUNK = 20

/** So that no result is thrown away unread. */
let seen = 0
const read = (bytes: { length: number }): void => {
  seen += bytes.length
}

export function codec(): void {
  const encode = alternate({
    sink: publishing(read),
    buffers: publishing(gathering()),
    pure: pureEncode(),
    theirs: theirEncode(),
  })
  const answered = alternate({ ours: publishAndAnswer(), theirs: theirPublishAndAnswer() })
  const decode = alternate({ ours: receiving(1), theirs: theirParse(1) })
  const chunks = alternate({ ours: receiving(IN_A_CHUNK), theirs: theirParse(IN_A_CHUNK) })
  const each = (ns: number) => ns / IN_A_CHUNK
  print("A PUBLISH of QoS 1, 28 bytes of topic and payload, on Node against mqtt-packet, medians", [
    faster("encode: prepared publish, kept in its slot, to a sink", encode.sink, encode.theirs, BAR),
    faster("  and made a Buffer, as the host's sockets do", encode.buffers, encode.theirs, BAR),
    faster("  frame() alone, topic encoded each time, a string", encode.pure, encode.theirs),
    faster("  publish and its PUBACK handled, theirs generated and parsed", answered.ours, answered.theirs),
    faster("decode: Buffer to string, packet to handler, PUBACK sent", decode.ours, decode.theirs, BAR),
    faster(`  ${IN_A_CHUNK} packets in one chunk, each`, each(chunks.ours), each(chunks.theirs), BAR),
  ])
  if (!seen) throw new Error("nothing was read")
}

/** A sink that has bytes at its end: concatenations are trees until somebody reads them. */
function gathering(): (bytes: string) => void {
  let batch = ""
  return (bytes) => {
    batch += bytes
    if (batch.length < BATCH_BYTES) return
    read(Buffer.from(batch, "latin1"))
    batch = ""
  }
}

const PUBACKS = Array.from({ length: SLOTS }, (_, nth) => Buffer.from(`\x40\x02${nthId(nth)}`, "latin1"))

/** Timed is the publish; the acknowledgements that free the slots come after each batch. */
function publishing(write: (bytes: string) => void): Side {
  const { client, receive } = sinkClient(4, write)
  const prepared = client.topic(TOPIC, { qos: 1 })
  const pubacks = PUBACKS.map((puback) => puback.toString("latin1"))
  if (BATCH > SLOTS) throw new Error("more publishes than slots")
  return {
    run() {
      if (prepared.publish(PAYLOAD) !== 1) throw new Error("refused")
    },
    after() {
      for (const puback of pubacks) receive(puback)
    },
  }
}

function publishAndAnswer(): Side {
  const { client, receive } = sinkClient(4, gathering())
  const prepared = client.topic(TOPIC, { qos: 1 })
  let nth = 0
  return {
    run() {
      if (prepared.publish(PAYLOAD) !== 1) throw new Error("refused")
      receive(PUBACKS[nth]!.toString("latin1"))
      nth = (nth + 1) % SLOTS
    },
  }
}

function pureEncode(): Side {
  let id = 0
  return {
    run() {
      id = (id + 1) & 127
      read(frame(0x32, field(TOPIC) + chr(0, id) + PAYLOAD))
    },
  }
}

const theirPacket = (): Packet & { messageId?: number } => ({
  cmd: "publish",
  topic: TOPIC,
  payload: PAYLOAD,
  qos: 1,
  dup: false,
  retain: false,
  messageId: 0,
})

function theirEncode(): Side {
  const packet = theirPacket()
  return {
    run() {
      packet.messageId = 1 + (packet.messageId! & 127)
      read(generate(packet))
    },
  }
}

function theirPublishAndAnswer(): Side {
  const { run } = theirEncode()
  const parse = parser()
  parse.on("packet", () => void seen++)
  return {
    run() {
      run()
      parse.parse(PUBACKS[0]!)
    },
  }
}

const chunkOf = (packets: number) => Buffer.from(publishFrom(4, 1).repeat(packets), "latin1")

function receiving(packets: number): Side {
  const chunk = chunkOf(packets)
  let handled = 0
  const sink = sinkClient(4, gathering())
  sink.client.subscribe(TOPIC, (payload) => {
    handled += payload.length
  })
  subscribe(sink, 4, "another/topic", 1)
  return {
    run() {
      const before = handled
      sink.receive(chunk.toString("latin1"))
      if (handled !== before + packets * PAYLOAD.length) throw new Error("not handled")
    },
  }
}

function theirParse(packets: number): Side {
  const chunk = chunkOf(packets)
  const parse = parser()
  let handled = 0
  parse.on("packet", (packet) => {
    if (packet.cmd === "publish") handled += packet.payload.length
  })
  return {
    run() {
      const before = handled
      parse.parse(chunk)
      if (handled !== before + packets * PAYLOAD.length) throw new Error("not handled")
    },
  }
}
