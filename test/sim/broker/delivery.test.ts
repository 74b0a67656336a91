import fc from "fast-check"
import type { Packet } from "mqtt-packet"
import { expect, test } from "vitest"
import { bench } from "./peer"
import type { Peer } from "./peer"

/** What the link does after each packet of the subscriber: nothing, or it breaks before or after the packet passes. */
const fates = fc.array(fc.constantFrom("ok", "ok", "ok", "lost", "cut"), { maxLength: 60 })
const counts = fc.integer({ min: 1, max: 8 })

/** A subscriber of QoS 2 that does its part: it releases each id once and counts what it was given. */
class Subscriber {
  readonly got: string[] = []
  private readonly held = new Set<number>()
  private peer!: Peer
  private read = 0

  constructor(
    private readonly connect: () => Peer,
    private readonly fates: string[],
  ) {
    this.open()
  }

  /** Answers everything heard; true while there was something. */
  step(): boolean {
    const packet = this.peer.heard[this.read++]
    if (!packet) return false
    const answer = this.answer(packet)
    if (!answer) return true
    const fate = this.fates.shift() ?? "ok"
    if (fate !== "lost") this.peer.send(answer)
    if (fate !== "ok") this.reopen()
    return true
  }

  private answer(packet: Packet): Packet | undefined {
    const messageId = packet.messageId!
    if (packet.cmd === "pubrel") {
      this.held.delete(messageId)
      return { cmd: "pubcomp", messageId, reasonCode: 0 }
    }
    if (packet.cmd !== "publish") return undefined
    if (!this.held.has(messageId)) this.got.push(packet.payload.toString())
    this.held.add(messageId)
    return { cmd: "pubrec", messageId, reasonCode: 0 }
  }

  private reopen(): void {
    this.peer.vanish()
    this.open()
  }

  private open(): void {
    this.peer = this.connect()
    this.read = 0
  }
}

test.each([4, 5] as const)("level %i: QoS 2 arrives exactly once and in order, wherever the link breaks", (level) => {
  fc.assert(
    fc.property(counts, counts, fates, (count, receiveMaximum, plan) => {
      const t = bench()
      t.peer({ protocolVersion: level, clean: false }).subscribe("t", 2).vanish()
      const connect = () => t.peer({ protocolVersion: level, clean: false, properties: { receiveMaximum } })
      const subscriber = new Subscriber(connect, [...plan])
      const sent = Array.from({ length: count }, (_, i) => String(i))
      for (const text of sent) {
        t.broker.publish("t", text, { qos: 2 })
        subscriber.step()
      }
      while (subscriber.step());
      expect(subscriber.got).toEqual(sent)
      expect(t.five().said).toEqual(["connack 0 present"]) // nothing is left
    }),
  )
})

test("the receive maximum is never exceeded, however acknowledgements come", () => {
  const acks = fc.array(fc.tuple(fc.constantFrom("puback", "pubrec", "pubcomp"), fc.nat(7)), { maxLength: 60 })
  fc.assert(
    fc.property(counts, acks, (receiveMaximum, plan) => {
      const t = bench()
      const peer = t.five({ properties: { receiveMaximum } }).subscribe("t", 2).forget()
      for (let i = 0; i < 16; i++) t.broker.publish("t", String(i), { qos: i % 2 ? 1 : 2 })
      for (const [cmd, pick] of plan) {
        const { open, released } = inFlight(peer)
        expect(open.length).toBeLessThanOrEqual(receiveMaximum)
        const fit = open.filter(
          ({ qos, id }) => cmd === (qos === 1 ? "puback" : released.has(id) ? "pubcomp" : "pubrec"),
        )
        if (fit.length) peer.answer(cmd as "puback", note(peer, cmd, fit[pick % fit.length]!.id))
      }
    }),
  )
})

const notes = new WeakMap<Peer, { cmd: string; id: number }[]>()

function note(peer: Peer, cmd: string, id: number): number {
  notes.set(peer, [...(notes.get(peer) ?? []), { cmd, id }])
  return id
}

function inFlight(peer: Peer) {
  const said = notes.get(peer) ?? []
  const ended = new Set(said.filter(({ cmd }) => cmd !== "pubrec").map(({ id }) => id))
  const released = new Set(said.filter(({ cmd }) => cmd === "pubrec").map(({ id }) => id))
  const open = peer.heard.flatMap((packet) =>
    packet.cmd === "publish" && !ended.has(packet.messageId!) ? [{ id: packet.messageId!, qos: packet.qos }] : [],
  )
  return { open, released }
}
