import { analog, oneWire, program, pwm, serial, strip } from "motewire"

/** Every bus that is not I2C, by its interface alone: a device on the UART commands, and is told what the pins say. */
export default program(
  { probe: oneWire(), knob: analog(), leds: strip(), lamp: pwm(), link: serial(19_200) },
  ({ settings, log }) => {
    const { probe, knob, leds, lamp, link } = settings
    const colours = new Uint8ClampedArray([0, 255, 0, 255, 0, 0])
    let line = ""

    const readProbe = () => {
      if (!probe.reset()) return link.write("T none\n")
      probe.skip()
      probe.write(0xbe)
      const bytes = probe.read(9)
      link.write("T " + (bytes[0]! + bytes[1]! * 256) / 16 + "\n")
    }
    const convert = () => {
      probe.reset()
      probe.skip()
      probe.write(0x44, true)
    }
    const obey = (order: string) => {
      if (order === "convert") convert()
      if (order === "probe") readProbe()
      if (order === "knob") link.write("K " + knob.read() + "\n")
      if (order === "leds") leds.write(colours)
      if (order.startsWith("dim ")) lamp.write(Number(order.substr(4)))
    }
    link.on("data", (bytes) => {
      line += bytes
      const end = line.indexOf("\n")
      if (end < 0) return
      const order = line.substr(0, end)
      line = line.substr(end + 1)
      obey(order)
    })
    log("ready")
  },
)
