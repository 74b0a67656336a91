// Prints what the devices of this house say, until Ctrl-C:  node examples/node-mqtt.mjs mqtt://localhost
// Several URLs are brokers in order of preference. In a clone of the project, `npm run build:mqtt` comes first.
import { connect, toBytes, toText } from "motewire/mqtt"

const house = connect({
  urls: process.argv.slice(2),
  onUp: (_isResumed, url) => console.log(`online at ${url}`),
  onDown: (_reason, why) => console.log(why),
  onTrouble: (code, about) => console.log(`trouble ${code}: ${about}`),
})

house.subscribe("sensor/#", (payload, topic) => console.log(`${topic} ${toText(payload)}`), 1)
// Waits until there is a broker, and again until it has said that it has the message.
house.publish("house/announce", toBytes("Grüße"), { qos: 1 })

process.once("SIGINT", async () => {
  const lost = await house.close()
  if (lost) console.log(`${lost} messages were not acknowledged`)
})
