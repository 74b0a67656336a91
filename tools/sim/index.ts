/**
 * `motewire/sim`: a user's devices in a user's tests, on a clock that does not wait. Needs no test framework: what is expected
 * and does not come is thrown, with the last events of the house.
 */
export { bootHouse } from "../house"
export type { BootOptions } from "../house"
export { advance, expectMessage, expectNoMessage, expectPin, until } from "./expect"
export type { Expected, PinState } from "./expect"
export { ExpectationError } from "./failure"
export { batteryDays } from "../../sim/energy/power"
export type { EnergyReport, EnergyShare } from "../../sim/energy/power"
export { FaultError } from "../../sim/faults/value"
export type { Fault, FaultTimes } from "../../sim/faults/grammar"
export { House } from "../../sim/house"
export type { HouseOptions, HouseSnapshot } from "../../sim/house"
export type { Device } from "../../sim/device"
export type { DeviceView, HouseEvent, HouseView, Message } from "../../sim/events"
export type { Duration } from "../../sim/clock/duration"
export { recordedRoom, syntheticRoom } from "../../sim/room"
export type { Air, Room, RoomRow } from "../../sim/room"
