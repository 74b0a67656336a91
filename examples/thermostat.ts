import { analog, number, output, program, seconds } from "motewire"
import { ntc } from "motewire/drivers/ntc"
import { timedRelay } from "motewire/drivers/timed-relay"

/**
 * Heats with a heat pump, which must not start again before the pressures are even: publishes the temperature and whether it heats, takes what it
 * shall be from `thermostat/set`. Without a thermometer it does not heat.
 */
export default program(
  {
    thermistor: analog(),
    pump: output(),
    target: number(21, 5, 30),
    hysteresis: number(0.5, 0.1, 5),
    minOn: seconds(180, 0),
    minOff: seconds(300, 0),
    fullScale: number(3.3, 0.5, 4),
    zero: number(0.142, 0, 0.5),
  },
  ({ settings, mqtt, clock, every, warn }) => {
    const thermometer = ntc(settings.thermistor, clock, {
      nominalOhm: 10_000,
      beta: 3950,
      resistorOhm: 10_000,
      supplyV: 3.3,
      fullScaleV: settings.fullScale,
      zeroV: settings.zero,
    })
    const pump = timedRelay(settings.pump, clock, settings.minOn, settings.minOff, say)
    const temperature = mqtt.topic("thermostat/temperature", { qos: 1, retain: true })
    const state = mqtt.topic("thermostat/heating", { qos: 1, retain: true })
    let targetC = settings.target
    let isTold = false

    every(10_000, () => thermometer.sample(onTemperature))
    mqtt.subscribe("thermostat/set", (payload) => {
      const wantedC = parseFloat(payload)
      if (wantedC >= 5 && wantedC <= 30) targetC = wantedC
      else warn(`thermostat: cannot set "${payload}", 5 to 30 it is`)
    })
    say(false)

    function onTemperature(error: number, temperatureC: number): void {
      if (error) warn(`thermistor: error ${error}`)
      else temperature.publish(temperatureC.toFixed(1))
      if (error || temperatureC > targetC + settings.hysteresis) heat(false)
      else if (temperatureC < targetC - settings.hysteresis) heat(true)
    }

    function heat(isWanted: boolean): void {
      pump.set(isWanted)
      if (pump.isOn() !== isTold) say(pump.isOn())
    }

    function say(isHeating: boolean): void {
      isTold = isHeating
      state.publish(isHeating ? "ON" : "OFF")
    }
  },
)
