import { it } from "vitest"
import { Board } from "./board"
import { INTERPRETERS } from "./interpreter"
import { Mosquitto } from "./mosquitto"
import { Peer } from "./peer"
import { BULB_SETTINGS, bulbUsageAfter } from "./traffic"
it("x", async () => {
  const broker = await Mosquitto.start()
  const peer = await Peer.connect(broker.port)
  const b = await Board.boot(INTERPRETERS.find((x) => x.isChipLike)!, "src/apps/bulb.ts", { port: broker.port, settings: BULB_SETTINGS })
  await broker.subscribed("sensor/data")
  console.log(await bulbUsageAfter(10, b, peer), await bulbUsageAfter(10000, b, peer), await bulbUsageAfter(10000, b, peer), await b.ask("rig.writes"))
  b.close(); peer.close(); await broker.stop()
}, 200000)
