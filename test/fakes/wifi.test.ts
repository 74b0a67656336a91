import { describe, expect, test } from "vitest"
import { FakeWifi } from "./wifi"

function listening() {
  const wifi = new FakeWifi()
  const heard: string[] = []
  wifi.on("connected", ({ ip }) => heard.push(`up ${ip}`))
  wifi.on("disconnected", ({ reason }) => heard.push(`down ${reason}`))
  return { wifi, heard, connect: () => wifi.connect("net", { password: "pw" }, (error) => heard.push(`done ${error}`)) }
}

describe("fake Wi-Fi", () => {
  test("tells a lease by event and callback, in this order", () => {
    const { wifi, heard, connect } = listening()
    connect()
    wifi.join()
    expect([wifi.attempts, heard]).toEqual([["net/pw"], ["up 10.0.0.9", "done null"]])
  })

  test("tells a refusal as each firmware does", () => {
    const { wifi, heard, connect } = listening()
    connect()
    wifi.refuse("15", "2v29")
    connect()
    wifi.refuse("AUTH", "later")
    expect(heard).toEqual(["down 15", "down AUTH", "done AUTH"])
  })

  test("tells a loss and a silent mend by event alone", () => {
    const { wifi, heard } = listening()
    wifi.lose()
    wifi.rejoin()
    expect(heard).toEqual(["down 200", "up 10.0.0.9"])
  })

  test("tells that the station left, and forgets the attempt", () => {
    const { wifi, heard, connect } = listening()
    connect()
    wifi.disconnect()
    expect([heard, wifi.disconnects]).toEqual([["down 8"], 1])
    expect(() => wifi.join()).toThrow("nobody waits")
  })

  test("answers lookups in their order", () => {
    const { wifi, heard } = listening()
    wifi.getHostByName("a", (ip) => heard.push(`a ${ip}`))
    wifi.getHostByName("b", (ip) => heard.push(`b ${ip}`))
    wifi.resolve("10.0.0.2")
    wifi.resolve(null)
    expect(heard).toEqual(["a 10.0.0.2", "b null"])
  })

  test("fails on what the script has no place for", () => {
    const { wifi, connect } = listening()
    expect(() => wifi.join()).toThrow("nobody waits")
    expect(() => wifi.resolve("10.0.0.2")).toThrow("no name was asked")
    expect(() => wifi.on("associated", () => undefined)).toThrow("costs blocks")
    expect(() => wifi.connect("net", "pw" as never, () => undefined)).toThrow("object of options")
    connect()
    wifi.refuse("later", "later")
    expect(() => wifi.refuse("later", "later")).toThrow("nobody waits")
  })
})
