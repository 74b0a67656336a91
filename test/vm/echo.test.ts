import { afterAll, beforeAll, expect, it } from "vitest"
import { Board } from "./board"
import { eventually } from "./eventually"
import { Mosquitto } from "../brokers/mosquitto"
import { onEachInterpreter } from "./on-each"
import { Peer } from "./peer"

const EVERY_BYTE = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte))

onEachInterpreter("messages through the client on the interpreter", (interpreter) => {
  let broker: Mosquitto, peer: Peer, board: Board

  beforeAll(async () => {
    broker = await Mosquitto.start()
    peer = await Peer.connect(broker.port)
    await peer.subscribe("out/#")
    board = await Board.boot(interpreter, "test/vm/programs/echo.ts", { port: broker.port, settings: {} })
    await broker.subscribed("in/many/#")
  })
  afterAll(async () => {
    board?.close()
    peer?.close()
    await broker?.stop()
  })

  for (const way of ["plain", "prepared", "many/caf\xC3\xA9"])
    it(`carries ${JSON.stringify(way)} payloads byte for byte, in order, in one segment or several`, async () => {
      const topic = Buffer.from(way, "latin1").toString()
      // 110 and up need a second length byte; 536 is what a socket hands over at once; 900 is near the largest packet.
      const sent = [
        "",
        "21 \xC2\xB0C",
        EVERY_BYTE,
        ...[105, 130, 535, 900].map((bytes) => "x".repeat(bytes - 3) + "\0\xFF."),
      ]
      for (const payload of sent) await peer.publish(`in/${topic}`, payload)
      await eventually(
        () => peer.payloads(`out/${topic}`).length >= sent.length,
        () => board.log(),
      )
      expect(peer.payloads(`out/${topic}`)).toEqual(sent)
    })

  it("passes over a packet that is too large, and takes the next", async () => {
    await peer.publish("in/many/large", "y".repeat(5000))
    await peer.publish("in/many/after", "here")
    await peer.got("out/many/after", (payload) => payload === "here")
    expect(peer.payloads("out/many/large")).toEqual([])
    await board.printed(/too big.*in\/many\/large/)
    expect(board.log()).not.toMatch(/uncaught|OUT OF|STACK|Interrupted|malformed/i)
  })
})
