import { program, seconds } from "motewire"
import { compactAndRestart } from "motewire/hal/espruino/compact"
import { keepInStorage, persistent } from "motewire/mqtt/persistence"
import { qos2 } from "motewire/mqtt/qos2"

/** Another one in each life: the boot's time. */
let life = ""
let say: (text: string) => void

/** Publishes at QoS 1 and 2 in turn, whatever becomes of the power meanwhile, and says what it did and what it was given. */
export default program(
  { period: seconds(0.02) },
  ({ settings, mqtt, every, log }) => {
    let count = 0
    every(settings.period, () => {
      const qos = count % 2 ? 1 : 2
      const payload = `${life}-${++count}`
      if (mqtt.publish(`kept/${qos}`, payload, { qos }) > 0) log(`accepted ${qos} ${payload}`)
    })
    for (const qos of [1, 2] as const) mqtt.subscribe(`given/${qos}`, (payload) => log(`heard ${qos} ${payload}`), qos)
  },
  {
    keepSession: true,
    keepAliveS: 5,
    maxQueued: 20,
    acks: qos2,
    persistence: ({ storage, chip }) => {
      life = `${Math.floor(chip.nowMs()) % 100000000}`
      say = chip.log
      const { store, retrieve, clear, isLow } = keepInStorage(storage, chip.crc32, compactAndRestart, 2048)
      return persistent({
        store(key, packet) {
          // The only moment at which a power loss counts as one behind the handler: until "heard".
          if (key.length > 2) say("taking")
          return store(key, packet)
        },
        retrieve,
        clear,
        isLow,
      })
    },
  },
)
