import { describe, expect, test } from "vitest"
import { dht22 } from "../../src/drivers/dht22"
import { bulbPwm } from "../../src/drivers/bulb-pwm"
import { flag, input, number, output, program, pwm, REFUSE, seconds, text, wire, type Program } from "../../src/index"
import type { MqttClient } from "../../src/mqtt/contract"
import type { Clock } from "../../src/hal/clock"
import type { DigitalOut, PwmOut, Wire } from "../../src/hal/pin"

/**
 * Checked by tsc, never run: each line under an `@ts-expect-error` is a mistake the editor must show. tsc fails when one
 * of them is no mistake any more.
 */
export function misuse(mqtt: MqttClient, clock: Clock, pin: PwmOut, line: Wire): Program[] {
  // @ts-expect-error there is no QoS 3
  mqtt.publish("t", "x", { qos: 3 })
  // @ts-expect-error nor to subscribe with
  mqtt.subscribe("t", () => undefined, 3)
  // @ts-expect-error a payload is bytes in a string
  mqtt.publish("t", 21.5)
  // @ts-expect-error a payload is bytes in a string, not in an array
  mqtt.publish("t", new Uint8Array(2))
  // @ts-expect-error an option that does not exist
  mqtt.publish("t", "x", { retained: true })
  // @ts-expect-error a payload is missing
  mqtt.publish("t")
  // @ts-expect-error options are an object
  mqtt.topic("t", 1)
  // @ts-expect-error a prepared topic has its name already
  mqtt.topic("t").publish("t", "x")
  // @ts-expect-error a handler is a function
  mqtt.subscribe("t", "run")
  // @ts-expect-error the payload is a string
  mqtt.subscribe("t", (payload: number) => payload)
  // @ts-expect-error a sensor needs its clock
  dht22(line)
  // @ts-expect-error a PWM pin is no wire
  dht22(pin, clock)
  // @ts-expect-error values are checked before they are used: an error is a number, not an exception
  dht22(line, clock).sample((error: Error) => error)
  // @ts-expect-error three pins, then the clock
  bulbPwm(pin, pin, clock)
  // @ts-expect-error a lamp needs its brightness
  bulbPwm(pin, pin, pin, clock).set(1, 2, 3)
  // @ts-expect-error a time span is a number of seconds here; "30s" is for flash.config.json
  seconds("30s")
  // @ts-expect-error a default of the wrong kind
  text(5)
  // @ts-expect-error a default of the wrong kind
  flag("yes")
  // @ts-expect-error limits are numbers
  number(1, "0")
  // @ts-expect-error numbers of pins stand in flash.config.json
  wire(4)
  return [
    program({ led: output() }, ({ settings }) => {
      settings.led.write(true)
      // @ts-expect-error an output is switched, not dimmed
      settings.led.write(0.5)
      // @ts-expect-error this setting was not declared
      settings.lamp.write(true)
      // @ts-expect-error settings are read-only
      settings.led = { write: () => undefined }
    }),
    program({ button: input(), lamp: pwm(), sensor: wire() }, ({ settings, every, restart, clock }) => {
      // @ts-expect-error an input cannot be written
      settings.button.write(true)
      // @ts-expect-error a PWM pin is no output
      const relay: DigitalOut = settings.lamp
      // @ts-expect-error a wire is no PWM pin
      bulbPwm(settings.sensor, settings.lamp, settings.lamp, clock)
      // @ts-expect-error the period comes first
      every(() => undefined, 1000)
      // @ts-expect-error a reason is wanted
      restart()
      return void relay
    }),
    program({ name: text("x"), on: flag(true), level: number(5), interval: seconds(30) }, ({ settings, every }) => {
      every(settings.interval, () => settings.name.length + settings.level + Number(settings.on))
      // @ts-expect-error a text is no time span
      every(settings.name, () => undefined)
      // @ts-expect-error a flag is no number
      const level: number = settings.on
      return void level
    }),
    // @ts-expect-error an option that does not exist
    program({}, () => undefined, { keepAlive: 60 }),
    // @ts-expect-error a policy is one of three constants
    program({}, () => undefined, { whenFull: 7 }),
    // @ts-expect-error a will has a topic and a payload
    program({}, () => undefined, { will: { topic: "w" } }),
    // @ts-expect-error a declaration holds kinds, not values
    program({ interval: 30 }, () => undefined),
    program({}, () => undefined, { whenFull: REFUSE }),
  ]
}

describe("types", () => {
  test("are checked by tsc; what they check is there to be called", () => {
    for (const made of [dht22, bulbPwm, program, wire, pwm, input, output, seconds, number, text, flag])
      expect(made).toBeTypeOf("function")
  })
})
