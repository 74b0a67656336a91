// The process that aedes.ts starts: `node aedes-server.mjs <port>`.
import { createServer } from "node:net"
import { Aedes } from "aedes"

const aedes = await Aedes.createBroker()
createServer(aedes.handle).listen(Number(process.argv[2]), "127.0.0.1")
// The test that started it is gone.
process.stdin.resume().on("end", () => process.exit())
