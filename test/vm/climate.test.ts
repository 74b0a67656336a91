import { afterAll, beforeAll, expect, it } from "vitest"
import { Board } from "./board"
import { Mosquitto } from "../brokers/mosquitto"
import { onEachInterpreter } from "./on-each"
import { Peer } from "./peer"

const TOPIC = "sensor/data"

onEachInterpreter("the climate bundle against Mosquitto", (interpreter) => {
  let broker: Mosquitto, peer: Peer, board: Board

  beforeAll(async () => {
    broker = await Mosquitto.start()
    peer = await Peer.connect(broker.port)
    await peer.subscribe("#")
    const settings = { sensor: 4, interval: 100, topic: TOPIC }
    board = await Board.boot(interpreter, "src/apps/climate.ts", { port: broker.port, settings })
  })
  afterAll(async () => {
    board?.close()
    peer?.close()
    await broker?.stop()
  })

  it("publishes what the sensor says, at QoS 1", async () => {
    expect(await peer.got(TOPIC, () => true)).toBe('{"temperature":21.4,"humidity":48.2}')
    expect(peer.received.find(({ topic }) => topic === TOPIC)!.qos).toBe(1)
    expect(await board.ask("[rig.ssid,rig.password]")).toEqual(["workshop", "secret-word"])
  })

  it("publishes a temperature below zero", async () => {
    await board.ask("(rig.temperatureC=-12.5,rig.humidityPct=99.9)")
    expect(await peer.got(TOPIC, (payload) => payload.includes("-"))).toBe('{"temperature":-12.5,"humidity":99.9}')
  })

  it("tries again after a broken frame, and publishes nothing of it", async () => {
    await board.ask('(rig.temperatureC=80,rig.fault="checksum",1)')
    // One attempt fails; the next, 2 s on, is good.
    await new Promise((resolve) => setTimeout(resolve, 2200))
    expect(peer.payloads(TOPIC).filter((payload) => payload.includes("80.0"))).toEqual([])
    await board.ask('(rig.fault="",1)')
    await peer.got(TOPIC, (payload) => payload === '{"temperature":80.0,"humidity":99.9}')
  })

  it("comes back after Wi-Fi was gone", async () => {
    await board.ask("(rig.wifiLost(),1)")
    await board.printed(/link lost/)
    await board.ask("(rig.temperatureC=7,rig.isAccessPointUp=true,1)")
    await peer.got(TOPIC, (payload) => payload.includes('"temperature":7.0'), 12000)
    expect(board.log()).not.toMatch(/uncaught|OUT OF|STACK|Interrupted/i)
  })
})
