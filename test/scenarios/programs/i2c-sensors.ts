import { i2c, program } from "motewire"
import { aht20 } from "motewire/drivers/aht20"
import { bh1750 } from "motewire/drivers/bh1750"
import { bme280 } from "motewire/drivers/bme280"
import { sht3x, sht3xCommand, sht3xPeriodic, sht3xStatus } from "motewire/drivers/sht3x"
import { sht4x, sht4xHeater } from "motewire/drivers/sht4x"

/** Every sensor on one bus, each read once in 5 s and told of by a line in the log; options of the Sensirion parts by message. */
export default program({ bus: i2c() }, ({ settings: { bus }, mqtt, clock, every, log }) => {
  const aht = aht20(bus, clock)
  const light = bh1750(bus, clock)
  const bme = bme280(bus, clock, 0x77)
  const three = sht3x(bus, clock)
  const four = sht4x(bus, clock, 0x45)
  const periodic = sht3xPeriodic(bus, clock)
  const heater = sht4xHeater(bus, clock, 0x45)
  let isPeriodic = false

  const tell = (name: string) => (error: number, first: number, second?: number, third?: number) =>
    log([name, error, first, second, third].join(" "))
  const [onAht, onLight, onBme, onThree, onFour] = ["aht20", "bh1750", "bme280", "sht3x", "sht4x"].map(tell)
  const onHot = tell("hot")

  every(5000, () => {
    aht.sample(onAht!)
    light.sample(onLight!)
    bme.sample(onBme!)
    if (isPeriodic) periodic.sample(onThree!)
    else three.sample(onThree!)
    four.sample(onFour!)
  })
  mqtt.subscribe("sht3x", (command) => log(`command ${sht3xCommand(bus, +command)} status ${sht3xStatus(bus)}`))
  mqtt.subscribe("periodic", (payload) => {
    isPeriodic = payload === "ON"
  })
  mqtt.subscribe("heat", () => void heater.sample(onHot))
})
