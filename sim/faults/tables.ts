import type { Broker } from "../broker/broker"
import type { Device } from "../device"
import type { Network } from "../network/network"
import type { Wifi } from "../network/wifi"
import type { Net } from "../pins/net"
import type { FaultKind } from "./kind"
import { brownOut, lowSupply } from "./supply"
import type { ValueKind } from "./value"
import { looseContact, slowEdge, spike } from "./wire"

const number = (unit: string, low: number, high: number): ValueKind => ({ is: "number", unit, low, high })
const time = (byDefault?: string): ValueKind => ({ is: "time", ...(byDefault && { byDefault }) })

/** Keeps the names of a table for the types of `house.fault`. */
const table =
  <T>() =>
  <N extends string>(faults: Record<N, FaultKind<T>>): Record<N, FaultKind<T>> =>
    faults

/** Of the wire at a pin: `climate.GPIO4`, `climate.dht22.data`. */
export const WIRE = table<Net>()({
  "stuck-low": { text: "shorted to ground", begin: (net) => net.disturb({ held: 0 }) },
  "stuck-high": { text: "shorted to the supply", begin: (net) => net.disturb({ held: 1 }) },
  open: { text: "broken between chip and part", begin: (net) => net.disturb({ isOpen: true }) },
  "loose-contact": {
    text: "so many edges of 100 come late or never, or bounce",
    value: number("%", 0, 100),
    begin: (net, percent: number, { clock, random }) => net.disturb(looseContact(clock, random, percent / 100)),
  },
  "slow-edge": {
    text: "every rise comes later by so much",
    value: time(),
    begin: (net, delayUs: number, { clock }) => net.disturb(slowEdge(clock, delayUs)),
  },
  glitch: {
    text: "the other level for so long",
    value: time("10us"),
    strike: (net, forUs: number, { clock }) =>
      void clock.after(forUs, net.disturb(spike(clock.nowUs, clock.nowUs + forUs))),
    foresee: (net, forUs: number, atUs) => net.foresee({ fromUs: atUs, untilUs: atUs + forUs }),
  },
})

/** Of a board, its supply and its own way to the network: `climate`. */
export const DEVICE = table<Device>()({
  "brown-out": {
    text: "the supply is away for so long",
    value: time("50ms"),
    strike: (device, forUs: number, { clock }) => brownOut(device, clock, forUs),
  },
  "power-off": {
    text: "no supply",
    begin: (device) => {
      device.powerOff()
      return () => device.powerOn()
    },
  },
  "low-supply": {
    text: "below 3.0 V the radio's start may reset the board, below 2.43 V it does not run",
    value: number("V", 0, 3.6),
    begin: lowSupply,
  },
  reboot: { text: "the reset button", strike: (device) => device.reboot() },
  "lose-callback": {
    text: "memory runs out in its next callback of this kind",
    value: { is: "word", words: ["boot", "timer", "interval", "watch", "data", "event"] },
    strike: (device, kind) => device.chip.loseCallback(kind),
  },
  roam: {
    text: "the access point sends it away: it is free to come back",
    strike: (device, _, { network }) => network.wifi.kick(device.name),
  },
  cut: {
    text: "its packets vanish: connections are half-open",
    begin: (device, _, { network }) => {
      network.cut(device.name)
      return () => network.heal(device.name)
    },
  },
  stall: {
    text: "its packets wait",
    begin: (device, _, { network }) => {
      network.tcp.stall(device.name)
      return () => network.tcp.resume(device.name)
    },
  },
  "reset-connections": {
    text: "its TCP connections are reset",
    strike: (device, _, { network }) => network.tcp.reset(device.name),
  },
})

export const WIFI = table<Wifi>()({
  drop: {
    text: "the access point has no power",
    begin: (wifi) => {
      wifi.drop()
      return () => wifi.restore()
    },
  },
  roam: { text: "every board is sent away, and is free to come back", strike: (wifi) => wifi.kick() },
  "weak-signal": {
    text: "at every board; packets are lost below -80, and nothing is heard below -92",
    value: number("dBm", -120, 0),
    begin: (wifi, dbm: number, { overrides }) => overrides.set(wifi, "rssiDbm", dbm),
  },
  "no-dhcp": {
    text: "nobody gives addresses",
    begin: (wifi, _, { overrides }) => overrides.set(wifi, "hasDhcp", false),
  },
})

export const NETWORK = table<Network>()({
  loss: {
    text: "so many segments of 100 are lost",
    value: number("%", 0, 100),
    begin: ({ wifi }, percent: number, { overrides }) => overrides.set(wifi, "lossPct", percent),
  },
  latency: {
    text: "a segment takes so long, each way",
    value: time(),
    begin: ({ tcp }, us: number, { overrides }) => overrides.set(tcp, "latencyMs", us / 1000),
  },
  jitter: {
    text: "up to so much on top of the latency",
    value: time(),
    begin: ({ tcp }, us: number, { overrides }) => overrides.set(tcp, "jitterMs", us / 1000),
  },
  cut: {
    text: "all packets vanish: connections are half-open",
    begin: (network) => {
      network.cut()
      return () => network.heal()
    },
  },
  stall: {
    text: "all packets wait",
    begin: ({ tcp }) => {
      tcp.stall()
      return () => tcp.resume()
    },
  },
  "reset-connections": { text: "every TCP connection is reset", strike: ({ tcp }) => tcp.reset() },
  "no-dns": {
    text: "the name server does not answer",
    begin: ({ tcp }, _, { overrides }) => overrides.set(tcp, "dns", "gone"),
  },
})

/** Packets of ours that a client waits for; see Broker.muted. */
const ANSWERS = [
  "connack",
  "suback",
  "unsuback",
  "puback",
  "pubrec",
  "pubrel",
  "pubcomp",
  "pingresp",
  "publish",
] as const

export const BROKER = table<Broker>()({
  restart: {
    text: "stops, and starts again after so long",
    value: time("1s"),
    strike: (broker, forUs: number, { clock }) => {
      broker.stop()
      clock.after(forUs, () => broker.start())
    },
  },
  stop: {
    text: "connections are closed, and the port refuses",
    begin: (broker) => {
      broker.stop()
      return () => broker.start()
    },
  },
  "forget-retained": { text: "no retained message is left", strike: (broker) => broker.forgetRetained() },
  "forget-sessions": { text: "no kept session is left", strike: (broker) => broker.forgetSessions() },
  refuse: {
    text: "every CONNECT gets this return code",
    value: { is: "number", low: 1, high: 255 },
    begin: (broker, code: number, { overrides }) => overrides.set(broker, "returnCode", code),
  },
  mute: {
    text: "keeps its packets of this kind to itself",
    value: { is: "word", words: ANSWERS },
    begin: (broker, packet: (typeof ANSWERS)[number]) => {
      broker.muted.add(packet)
      return () => void broker.muted.delete(packet)
    },
  },
})
