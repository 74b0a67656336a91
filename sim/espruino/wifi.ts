import { REASONS } from "../network/wifi"
import type { StationEvents } from "../network/wifi"
import type { Callee, Interpreter } from "./interpreter"
import { COST } from "./memory"

const AP_MAC = "02:00:00:00:00:01"
const NETMASK = "255.255.255.0"
const GATEWAY = "192.168.4.1"

/** require("Wifi") of release 2v29: one attempt, a callback only on success, details that are never freed. */
export function installWifi(interpreter: Interpreter): object {
  const { realm, machine, emitter, events } = interpreter
  const { station } = machine
  const module = realm.object({} as Record<string, unknown>)
  let onAddress: Callee | undefined
  /** The program's own doing is no input to it. */
  let isOwn = false

  const raise = (name: string, blocks: number, details: Record<string, string>) => {
    interpreter.memory.leak(blocks)
    emitter.emit(module, name, [realm.object(details)])
  }
  const telling: StationEvents = {
    onAssociated() {
      machine.tell({ kind: "wifi", state: "associated" })
      raise("associated", COST.wifiAssociated, { ssid: station.ssid, mac: AP_MAC, channel: "6" })
    },
    onConnected(ip) {
      machine.tell({ kind: "wifi", state: "connected", ip })
      raise("connected", COST.wifiConnected, { ip, netmask: NETMASK, gw: GATEWAY })
      if (onAddress) events.push([onAddress], undefined, [null])
      onAddress = undefined
    },
    onDisconnected(reason) {
      // In words only where a real board's firmware had others than ours, in its replay.
      const msg = REASONS[reason] ?? (/^\d+$/.test(reason) ? "UNSPECIFIED" : reason)
      machine.tell({ kind: "wifi", state: "disconnected", reason: msg, ...(isOwn && { by: "chip" }) })
      raise("disconnected", COST.wifiDisconnected, { ssid: station.ssid, mac: AP_MAC, reason, msg })
    },
  }
  station.listen(telling)
  interpreter.onDispose.push(() => station.vanish())

  const own = (run: () => void) => {
    isOwn = true
    run()
    isOwn = false
  }
  const ip = () => {
    const isUp = station.state === "connected"
    const address = isUp
      ? { ip: station.ip, netmask: NETMASK, gw: GATEWAY }
      : { ip: "0.0.0.0", netmask: "0.0.0.0", gw: "0.0.0.0" }
    return realm.object({ ...address, mac: machine.mac.map((byte) => byte.toString(16).padStart(2, "0")).join(":") })
  }
  const isAssociated = () => station.state === "leasing" || station.state === "connected"
  const answer = (callback: unknown, ...args: unknown[]) => {
    if (typeof callback === "function") events.push([callback as Callee], undefined, args)
  }
  const status = () => {
    const { rssiDbm } = station.wifi
    if (!isAssociated())
      return realm.object({ station: REASONS[station.lastReason] ?? "UNSPECIFIED", mode: "off", powersave: "modem" })
    return realm.object({
      station: "connected",
      ssid: station.ssid,
      bssid: AP_MAC,
      channel: 6,
      rssi: rssiDbm,
      htMode: "HT20",
      authMode: "wpa2",
      mode: "sta",
      powersave: "modem",
    })
  }
  const methods: Record<string, (...args: never[]) => unknown> = {
    connect: (ssid: unknown, options?: { password?: string }, onDone?: Callee) => {
      if (typeof ssid !== "string") throw interpreter.error("Error", "No SSID provided")
      if (options !== undefined && (options === null || typeof options !== "object"))
        throw interpreter.error("Error", `Expecting options to be an object but got ${typeof options}`)
      interpreter.effect(() => {
        onAddress = onDone
        machine.tell({ kind: "wifi", state: "connecting" })
        own(() => station.connect(ssid, options?.password ?? ""))
      })
    },
    disconnect: (onDone?: Callee) => {
      interpreter.effect(() => own(() => station.leave()))
      answer(onDone)
    },
    getIP: (callback?: unknown) => {
      answer(callback, null, ip())
      return ip()
    },
    getStatus: () => status(),
    getDetails: (callback?: unknown) => {
      const details = isAssociated()
        ? realm.object({ ssid: station.ssid, password: station.password, status: "connected", authMode: "wpa2" })
        : realm.object({ status: REASONS[station.lastReason] ?? "UNSPECIFIED" })
      answer(callback, details)
      return details
    },
    /** Does not block; a name that nobody knows gives null. */
    getHostByName: (host: unknown, onFound: Callee) => {
      if (typeof host !== "string") throw interpreter.error("Error", "Hostname parameter is not a string")
      if (typeof onFound !== "function") throw interpreter.error("Error", "Callback is not a function")
      const { ip: found = null, afterUs } = machine.tcp.lookUp(machine.name, host)
      machine.clock.at(interpreter.localUs + afterUs, () => {
        if (!interpreter.isAlive) return
        machine.tell({ kind: "dns", host, ...(found && { ip: found }) })
        events.push([onFound], undefined, [found])
      })
    },
    setConfig: () => undefined,
    setHostname: () => undefined,
    stopAP: () => undefined,
    save: () => undefined,
    restore: () => undefined,
  }
  for (const [name, body] of Object.entries(methods)) module[name] = interpreter.native(name, body as never)
  return module
}
