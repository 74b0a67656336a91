import type { I2c } from "../../i2c"
import type { OneWire } from "../../one-wire"
import type { Serial } from "../../serial"
import type { Recorder } from "./recorder"

declare const btoa: (bytes: string) => string

// Bus calls block, so each of them is a moment of its own, told when it is over. Bytes as text are numbers with commas between.

export const recordI2c = (i2c: I2c, pins: number[], recorder: Recorder): I2c => ({
  write(address, bytes) {
    const isAcked = i2c.write(address, bytes)
    recorder.enter("i", "," + pins + "," + address + (isAcked ? ",1," : ",0,") + bytes)
    return isAcked
  },
  read(address, count) {
    const bytes = i2c.read(address, count)
    recorder.enter("I", "," + pins + "," + address + "," + count + (bytes ? "," + bytes : ""))
    return bytes
  },
})

export const recordOneWire = (line: OneWire, pin: number, recorder: Recorder): OneWire => ({
  reset() {
    const isPresent = line.reset()
    recorder.enter("z", "," + pin + (isPresent ? ",1" : ",0"))
    return isPresent
  },
  select(rom) {
    line.select(rom)
    recorder.enter("x", "," + pin + "," + rom)
  },
  skip() {
    line.skip()
    recorder.enter("v", "," + pin + ",0,204")
  },
  write(bytes, power) {
    line.write(bytes, power)
    recorder.enter("v", "," + pin + (power ? ",1," : ",0,") + bytes)
  },
  read(count) {
    const bytes = line.read(count)
    recorder.enter("V", "," + pin + "," + bytes)
    return bytes
  },
  search() {
    const roms = line.search()
    recorder.enter("X", "," + pin + "," + roms)
    return roms
  },
})

export const recordSerial = (serial: Serial, pins: number[], baud: number, recorder: Recorder): Serial => ({
  write(bytes) {
    recorder.note("y" + pins + "," + baud + "," + btoa(bytes))
    serial.write(bytes)
  },
  on(event, run) {
    serial.on(event, (bytes) => {
      recorder.enter("Y", "," + pins + "," + baud + "," + btoa(bytes))
      run(bytes)
    })
  },
})
