import { expect, test } from "vitest"
import { House } from "./house"

test("a device in the house connects, is heard and hears", () => {
  const house = new House()
  const device = house.device().online().listen("a/+", 2)
  expect(device.said("connect")).toHaveLength(1)
  device.mqtt.publish("a/b", "x", { qos: 2 })
  expect(device.seen()).toEqual(["a/+: a/b=x"])
  expect(house.broker.messages).toMatchObject([{ topic: "a/b", payload: "x", qos: 2 }])
  device.vanish()
  expect(device.seen()).toEqual(["down 6"])
})
