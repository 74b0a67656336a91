import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, writeFileSync } from "node:fs"
import os from "node:os"
import path from "node:path"
import { describe, expect, test } from "vitest"
import { eventOf, readTrace } from "../../sim/trace/file"
import { pcapOf } from "../../sim/trace/pcap"
import { specOf } from "../scenarios/home"
import { record } from "../sim/replay/recording"

const WHY_NOT = spawnSync("tshark", ["--version"]).error ? "tshark is not installed" : undefined

const CHECKS = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"]

function tshark(file: string, ...args: string[]): string[] {
  const text = execFileSync("tshark", ["-r", file, ...CHECKS, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  })
  return text.split("\n").filter(Boolean)
}

/** A quarter of an hour with a broker that goes, resets, names looked up and Wi-Fi lost. */
async function capture(): Promise<{ file: string; events: ReturnType<typeof eventOf>[] }> {
  const devices = [await specOf("climate"), await specOf("bulb")]
  devices[0]!.record!.host = "broker.example"
  devices[0]!.record!.user = "climate"
  devices[0]!.record!.pw = "four-winds-of-May"
  const text = await record({ devices, seed: 3 }, async (house) => {
    for (const step of [
      () => house.broker.stop(),
      () => house.broker.start(),
      () => house.network.tcp.reset(),
      () => house.network.wifi.kick(),
      () => house.broker.publish("sensor/data", "x".repeat(3000)),
    ]) {
      await house.advance("2min")
      step()
    }
    await house.advance("3min")
  })
  const trace = readTrace(text)
  const events = trace.events.map(eventOf)
  const file = path.join(mkdtempSync(path.join(os.tmpdir(), "motewire-trace-")), "house.pcap")
  writeFileSync(file, pcapOf(events, Object.fromEntries(trace.header.devices.map(({ name, mac }) => [name, mac]))))
  return { file, events }
}

describe.skipIf(WHY_NOT)(`tshark reads from the packets${WHY_NOT ? ` (skipped: ${WHY_NOT})` : ""}`, () => {
  test("every message and its topic, no malformed packet, right checksums and no byte twice or missing", async () => {
    const { file, events } = await capture()
    expect(tshark(file, "-Y", "_ws.malformed || tcp.checksum.status == 0 || ip.checksum.status == 0")).toEqual([])
    expect(
      tshark(file, "-Y", "tcp.analysis.retransmission || tcp.analysis.lost_segment || tcp.analysis.out_of_order"),
    ).toEqual([])
    const fields = ["-T", "fields", "-E", "aggregator=|", "-e", "mqtt.topic", "-e", "mqtt.msg"]
    // Several messages in one packet stand on one line.
    const messages = tshark(file, "-Y", "mqtt.msgtype == 3", ...fields).flatMap((line) => {
      const [topics, payloads] = line.split("\t").map((field) => field.split("|"))
      return payloads!.map((payload, i) => [topics![i], Buffer.from(payload, "hex").toString("latin1")])
    })
    // Each publish of a board is a packet of its own, and each delivery one of the broker's.
    const publishes = events.filter(
      (event) => event.kind === "mqtt" && event.action === "publish" && event.client.startsWith("climate"),
    )
    const deliveries = events.filter((event) => event.kind === "mqtt" && event.action === "deliver")
    expect(publishes.length).toBeGreaterThan(20)
    const told = publishes.map((event) => event.kind === "mqtt" && [event.topic, event.payload])
    for (const message of told) expect(messages).toContainEqual(message)
    expect(messages.length).toBeGreaterThanOrEqual(publishes.length + deliveries.length - 2)
    expect(messages).toContainEqual(["sensor/data", "x".repeat(3000)])
    const ends = tshark(
      file,
      "-Y",
      "tcp.flags.syn == 1 && tcp.flags.ack == 1 || tcp.flags.fin == 1 || tcp.flags.reset == 1",
    )
    expect(ends.length).toBeGreaterThan(8)
  }, 60_000)

  test("a login whose password is asterisks", async () => {
    const { file } = await capture()
    const [user, password] = tshark(
      file,
      "-Y",
      "mqtt.username",
      "-T",
      "fields",
      "-e",
      "mqtt.username",
      "-e",
      "mqtt.passwd",
    )[0]!.split("\t")
    expect(user).toBe("climate")
    expect(password).toBe("*".repeat("four-winds-of-May".length))
  }, 60_000)
})
