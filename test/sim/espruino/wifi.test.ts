import { describe, expect, test } from "vitest"
import { logsOf, oneBoard, online } from "../fixture"

const join = (password: string, then = "") =>
  `var wifi = require("Wifi"); wifi.connect("workshop", { password: "${password}" }, function (e) { print("callback", e); ${then} });`
const tell = `["associated", "connected", "disconnected"].forEach(function (n) { wifi.on(n, function (e) { print(n, Object.keys(e).join(), e.ip || e.reason + e.msg || "") }) });`

describe("2v29 connect", () => {
  test("raises associated and connected, then calls back with null", async () => {
    const logs = await logsOf(join("secret-word") + tell, "5s")
    expect(logs).toEqual(["associated ssid,mac,channel ", "connected ip,netmask,gw 192.168.4.2", "callback null"])
  })

  test("a wrong password: disconnected with a reason, no callback, no second try", async () => {
    const { house, board } = oneBoard(join("wrong") + tell)
    await house.advance("1min")
    expect(board.logs.map((log) => log.text)).toEqual(["disconnected ssid,mac,reason,msg 154WAY_HANDSHAKE_TIMEOUT"])
  })

  test("no such network", async () => {
    const { house, board } = oneBoard(join("secret-word") + tell)
    house.network.wifi.ssid = "elsewhere"
    await house.advance("1min")
    expect(board.logs.map((log) => log.text)).toEqual(["disconnected ssid,mac,reason,msg 201NO_AP_FOUND"])
  })

  test("too weak a signal is no network", async () => {
    const { house, board } = oneBoard(join("secret-word") + tell)
    house.network.wifi.rssiDbm = -95
    await house.advance("1min")
    expect(board.logs[0].text).toMatch(/NO_AP_FOUND/)
  })

  test("no DHCP server: associated, and then nothing ever", async () => {
    const { house, board } = oneBoard(join("secret-word") + tell)
    house.network.wifi.hasDhcp = false
    await house.advance("10min")
    expect(board.logs).toHaveLength(1)
  })

  test("an address that takes its time, and a DHCP server that comes late", async () => {
    const { house, board } = oneBoard(join("secret-word") + tell)
    const at = () => board.logs.map((log) => log.atUs)
    house.network.wifi.dhcpMs = 15_000
    await house.advance("1min")
    expect(at()[1] - at()[0]).toBe(15_000_000)
    house.network.wifi.hasDhcp = false
    board.reboot()
    await house.advance("1min")
    expect(board.logs).toHaveLength(4)
    house.network.wifi.hasDhcp = true // asked again after 2, 4, 8, 16, 32 s
    await house.advance("25s")
    expect(board.logs.at(-1)!.text).toBe("callback null")
  })

  test("an access point that comes back while a station waits for its address gives none without DHCP", async () => {
    const { house, board } = oneBoard(join("secret-word") + tell)
    house.network.wifi.hasDhcp = false
    await house.advance("10s")
    house.network.wifi.drop()
    house.network.wifi.restore()
    await house.advance("10s")
    expect(board.logs).toHaveLength(1)
  })

  test("disconnect in the middle of an attempt ends it with an event, and nothing of it comes later", async () => {
    for (const inMs of [100, 2_500]) {
      const { house, board } = oneBoard(
        `${join("secret-word")}${tell} setTimeout(function () { wifi.disconnect(function () { print("left") }) }, ${inMs})`,
      )
      house.network.wifi.dhcpMs = 5_000
      await house.advance("1min")
      const logs = board.logs.map((log) => log.text).filter((text) => !text.startsWith("associated"))
      expect(logs.sort()).toEqual(["disconnected ssid,mac,reason,msg 8ASSOC_LEAVE", "left"])
    }
  })

  test("options must be an object", async () => {
    expect(await logsOf("try { require('Wifi').connect('x', 'password') } catch (e) { print(e.message) }")).toEqual([
      "Expecting options to be an object but got string",
    ])
  })
})

describe("trap: Wi-Fi loss raises no socket event", () => {
  const program = online(`wifi.on("disconnected", function (e) { print("wifi", e.msg) });
    var s = net.connect({ host: "broker.local", port: 1883 }, function () { s.write("\\x10\\x11\\0\\4MQTT\\4\\2\\0\\0\\0\\5board"); print("open") }); s.on("data", function () { print("connack") });
    s.on("close", function () { print("close") }); setTimeout(function () { s.write("\\xc0\\0") }, 20000)`)

  test("the socket stays half-open, until TCP gives up on what it wrote", async () => {
    const { house, board } = oneBoard(program)
    const logs = () => board.logs.map((log) => log.text)
    await house.advance("10s")
    house.network.wifi.drop()
    await house.advance("1min")
    expect(logs()).toEqual(["open", "connack", "wifi BEACON_TIMEOUT"])
    expect(house.linkOf("board")).not.toBe("off") // TCP still believes in it
    await house.advance("2min")
    expect(logs().at(-1)).toBe("close")
  })

  test("a gap shorter than the beacon timeout is not even noticed, and what was sent arrives", async () => {
    const { house, board } = oneBoard(program)
    await house.advance("10s")
    house.network.wifi.drop()
    await house.advance("5s")
    house.network.wifi.restore()
    await house.advance("30s")
    expect(board.logs.map((log) => log.text)).toEqual(["open", "connack", "connack"]) // the last is PINGRESP
  })

  test("out of reach is the same as gone, and back in reach as back", async () => {
    const { house, board } = oneBoard(program)
    await house.advance("10s")
    house.network.wifi.rssiDbm = -95
    await house.advance("3s")
    house.network.wifi.rssiDbm = -85
    await house.advance("3s")
    expect(house.linkOf("board")).toBe("online")
    house.network.wifi.rssiDbm = -95
    await house.advance("10s")
    expect(board.logs.at(-1)!.text).toBe("wifi BEACON_TIMEOUT")
  })

  test("thrown out by the access point: the station knows at once", async () => {
    const { house, board } = oneBoard(program)
    await house.advance("10s")
    house.network.wifi.kick("board")
    await house.advance("1ms")
    expect(board.logs.at(-1)!.text).toBe("wifi ASSOC_LEAVE")
  })
})

describe("trap: every Wi-Fi event leaks its details", () => {
  test("34 blocks a reconnect cycle, with no listener at all", async () => {
    const { house, board } = oneBoard(
      `var wifi = require("Wifi"); setInterval(function () { wifi.disconnect(); wifi.connect("workshop", { password: "secret-word" }) }, 10000)`,
    )
    await house.advance("15s")
    const before = board.chip.interpreter!.memory.leaked
    await house.advance("50s")
    expect(board.chip.interpreter!.memory.leaked - before).toBe(5 * 34)
    expect(before).toBe(21) // associated and connected of the first cycle
  })
})

describe("questions", () => {
  test("getIP, getStatus and getDetails before and after", async () => {
    const ask = `print(wifi.getIP().ip, wifi.getStatus().station, wifi.getStatus().rssi, wifi.getDetails().password);`
    const logs = await logsOf(join("secret-word", ask).replace("wifi.connect", ask + "wifi.connect"), "5s")
    expect(logs).toEqual([
      "0.0.0.0 UNSPECIFIED undefined undefined",
      "callback null",
      "192.168.4.2 connected -58 secret-word",
    ])
  })

  test("getHostByName does not block; an unknown name gives null", async () => {
    const program =
      online(`wifi.getHostByName("broker.local", function (a) { print("found", a) }); wifi.getHostByName("nobody", function (a) { print("found", a) });
      wifi.getHostByName("10.1.2.3", function (a) { print("found", a) }); print("goes on")`)
    const [first, second, ...answers] = await logsOf(program, "20s") // the last two are a matter of jitter
    expect([first, second]).toEqual(["goes on", "found 10.1.2.3"])
    expect(answers.sort()).toEqual(["found 192.168.4.100", "found null"])
  })

  test("a name server that is gone costs its timeout, and answers null", async () => {
    const { house, board } = oneBoard(online(`wifi.getHostByName("broker.local", function (a) { print("found", a) })`))
    house.network.tcp.dns = "gone"
    await house.advance("20s")
    expect(board.logs.map((log) => log.text)).toEqual(["found null"])
  })
})
