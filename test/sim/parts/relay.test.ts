import { expect, test } from "vitest"
import { Relay } from "../../../sim/parts/relay"
import { FLOAT, HIGH } from "../../../sim/pins/net"
import { bench } from "./bench"

test("closes 10 ms after its coil is driven, opens after it is let go, and counts its closings", () => {
  const { place, clock, net, host, told } = bench()
  const relay = new Relay(place)
  relay.powerOn()
  net("coil").drive(host, HIGH)
  clock.advance(9_999)
  expect(relay.closed).toBe(false)
  clock.advance(1)
  expect(relay.closed).toBe(true)
  net("coil").drive(host, FLOAT)
  clock.advance(10_000)
  expect(relay.values()).toEqual({ closed: 0, closings: 1 })
  expect(told).toEqual(["closes", "opens"])
})

test("a pulse shorter than its operate time moves nothing", () => {
  const { place, clock, net, host } = bench()
  const relay = new Relay(place)
  relay.powerOn()
  net("coil").drive(host, HIGH)
  clock.advance(5_000)
  net("coil").drive(host, FLOAT)
  clock.advance(50_000)
  expect(relay.closings).toBe(0)
})

test("falls open when the power goes", () => {
  const { place, clock, net, host } = bench()
  const relay = new Relay(place)
  relay.powerOn()
  net("coil").drive(host, HIGH)
  clock.advance(20_000)
  relay.powerOff()
  clock.advance(20_000)
  expect(relay.closed).toBe(false)
})
