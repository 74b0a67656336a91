import { expect, test } from "vitest"
import type { HouseEvent } from "../../../sim/events"
import { pcapOf } from "../../../sim/trace/pcap"

const at = (atUs: number) => ({ atUs, device: "climate" })

/** TCP flags, sequence, acknowledged and payload of each packet, as RFC 9293 has them. */
function packetsOf(file: Buffer) {
  const packets = []
  for (let from = 24; from < file.length;) {
    const length = file.readUInt32LE(from + 8)
    const atUs = file.readUInt32LE(from) * 1e6 + file.readUInt32LE(from + 4)
    const ip = file.subarray(from + 16 + 14, from + 16 + length)
    const tcp = ip.subarray(20, ip.readUInt16BE(2))
    const [sequence, acknowledged] = [tcp.readUInt32BE(4), tcp.readUInt32BE(8)]
    const route = `${[...ip.subarray(12, 16)].join(".")} > ${[...ip.subarray(16, 20)].join(".")}`
    packets.push({ atUs, route, sequence, acknowledged, flags: tcp[13], text: tcp.subarray(20).toString("latin1") })
    from += 16 + length
  }
  return packets
}

const IN = "10.0.0.1 > 192.168.4.2"
const OUT = "192.168.4.2 > 10.0.0.1"

test("opens, counts bytes and closes a connection as TCP does", () => {
  const events: HouseEvent[] = [
    { ...at(1_000_000), kind: "wifi", state: "connected", ip: "192.168.4.2" },
    { ...at(2_000_000), kind: "tcp", state: "open", host: "10.0.0.1", port: 1883, connection: 1 },
    { ...at(2_100_000), kind: "net", direction: "tx", connection: 1, bytes: "hello" },
    { ...at(2_200_000), kind: "net", direction: "rx", connection: 1, bytes: "x".repeat(2000) },
    { ...at(3_000_000), kind: "net", direction: "rx", connection: 1, bytes: "", end: "fin" },
  ]
  expect(packetsOf(pcapOf(events, {}))).toEqual([
    { atUs: 2_000_000, route: OUT, sequence: 1000, acknowledged: 0, flags: 0x02, text: "" },
    { atUs: 2_000_000, route: IN, sequence: 5000, acknowledged: 1001, flags: 0x12, text: "" },
    { atUs: 2_000_000, route: OUT, sequence: 1001, acknowledged: 5001, flags: 0x10, text: "" },
    { atUs: 2_100_000, route: OUT, sequence: 1001, acknowledged: 5001, flags: 0x18, text: "hello" },
    { atUs: 2_200_000, route: IN, sequence: 5001, acknowledged: 1006, flags: 0x18, text: "x".repeat(1436) },
    { atUs: 2_200_000, route: IN, sequence: 6437, acknowledged: 1006, flags: 0x18, text: "x".repeat(564) },
    { atUs: 3_000_000, route: IN, sequence: 7001, acknowledged: 1006, flags: 0x11, text: "" },
    { atUs: 3_000_000, route: OUT, sequence: 1006, acknowledged: 7002, flags: 0x11, text: "" },
    { atUs: 3_000_000, route: IN, sequence: 7002, acknowledged: 1007, flags: 0x10, text: "" },
  ])
})

test("shows a refusal as a reset, silence as a lone SYN, and forgets connections at a boot", () => {
  const dial = { kind: "tcp" as const, host: "10.0.0.1", port: 1883 }
  const events: HouseEvent[] = [
    { ...at(1), ...dial, state: "refused" },
    { ...at(2), ...dial, state: "timeout" },
    { ...at(3), ...dial, state: "no-route" },
    { ...at(4), ...dial, state: "open", connection: 1 },
    { ...at(5), kind: "boot", boots: 2, reason: "watchdog" },
    { ...at(6), kind: "net", direction: "tx", connection: 1, bytes: "of nobody" },
  ]
  expect(packetsOf(pcapOf(events, {})).map(({ atUs, flags }) => [atUs, flags])).toEqual([
    [1, 0x02],
    [1, 0x14],
    [2, 0x02],
    [4, 0x02],
    [4, 0x12],
    [4, 0x10],
  ])
})
