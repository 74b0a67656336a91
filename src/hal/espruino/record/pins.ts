import type { AnalogIn, DigitalIn, DigitalOut, Edge, LedStrip, PwmOut, Wire } from "../../pin"
import type { Recorder } from "./recorder"

declare const btoa: (bytes: Uint8ClampedArray) => string

/** Steps of the converter and of the LEDC: whole numbers, since the chip prints fractions cut off. */
const ADC_STEPS = 4096
const PWM_STEPS = 1023

export function recordWire(wire: Wire, pin: number, recorder: Recorder): Wire {
  let run: (edge: Edge) => void
  const onFall = (edge: Edge) => {
    recorder.edge(pin, edge.time, edge.lastTime)
    run(edge)
  }
  return {
    watch(onEdge) {
      run = onEdge
      recorder.note("w" + pin + ",2")
      wire.watch(onFall)
    },
    unwatch: wire.unwatch,
    low() {
      recorder.note("w" + pin + ",0")
      wire.low()
    },
    release() {
      recorder.note("w" + pin + ",1")
      wire.release()
    },
  }
}

export const recordPwm = (pwm: PwmOut, pin: number, recorder: Recorder): PwmOut => ({
  write(duty) {
    recorder.note("p" + pin + "," + Math.floor(Math.max(0, Math.min(1, duty)) * PWM_STEPS))
    pwm.write(duty)
  },
})

export const recordOutput = (output: DigitalOut, pin: number, recorder: Recorder): DigitalOut => ({
  write(isHigh) {
    recorder.note("O" + pin + (isHigh ? ",1" : ",0"))
    output.write(isHigh)
  },
})

export function recordInput(input: DigitalIn, pin: number, recorder: Recorder): DigitalIn {
  recorder.note("P" + pin)
  return {
    isHigh() {
      const isHigh = input.isHigh()
      recorder.note("h" + pin + (isHigh ? ",1" : ",0"))
      return isHigh
    },
    watch(onChange) {
      input.watch((isHigh) => {
        recorder.enter("H", "," + pin + (isHigh ? ",1" : ",0"))
        onChange(isHigh)
      })
    },
  }
}

export const recordAnalog = (analog: AnalogIn, pin: number, recorder: Recorder): AnalogIn => ({
  read() {
    const steps = Math.round(analog.read() * ADC_STEPS)
    recorder.note("a" + pin + "," + steps)
    return steps / ADC_STEPS
  },
})

export const recordStrip = (strip: LedStrip, pin: number, recorder: Recorder): LedStrip => ({
  write(bytes) {
    strip.write(bytes)
    recorder.enter("n", "," + pin + "," + btoa(bytes))
  },
})
