import { program } from "motewire"
import { qos2 } from "motewire/mqtt/qos2"
import { slices } from "motewire/mqtt/slices"

const parts = slices()

/** Byte `at` of what is sent here. */
const byteOf = (at: number) => (at * 7) % 251

/** Takes messages larger than the chip's memory, and says of each what has come of it: a gap shows at a slice's ends. */
export default program(
  {},
  ({ mqtt, log }) => {
    let next = 0
    parts.subscribe(
      mqtt,
      "large/+",
      (slice, topic, id, offset, total) => {
        if (!offset) next = 0
        const last = offset + slice.length - 1
        if (
          offset === next &&
          slice.charCodeAt(0) === byteOf(offset) &&
          slice.charCodeAt(slice.length - 1) === byteOf(last)
        )
          next = last + 1
        if (last + 1 === total) log(`${topic} ${id ? "with an id" : "without"}: ${next} of ${total}`)
      },
      2,
    )
  },
  { acks: qos2, slices: parts },
)
