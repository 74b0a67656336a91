/* oxlint-disable no-var */
// Runs on Espruino as a part of .boot0, before any bundle: an I2C bus that throws as the ESP32's does, and the tools of the fake parts on it. A newline
// ends no statement here. No function inside a function: its scope would hold it and it its scope, which counts as growth.
global.part = {
  // What the last write was, as a list.
  asked: [],
  isMissing: false,
  // Set by each part: how it answers a write and a read of so many bytes; false is a NACK.
  onWrite: undefined,
  onRead: undefined,
}
global.refused = function () {
  throw new Error("slave doesn't ACK the transfer")
}
// The object itself cannot be replaced, its methods can.
I2C1.setup = function () {}
I2C1.writeTo = function (address, bytes) {
  if (part.isMissing || address !== part.address) refused()
  part.asked = typeof bytes === "number" ? [bytes] : bytes
  if (part.onWrite && !part.onWrite(part.asked)) refused()
}
I2C1.readFrom = function (address, count) {
  if (part.isMissing || address !== part.address) refused()
  return part.onRead(count) || refused()
}
// Two bytes and the CRC that Sensirion's datasheets describe, bit by bit.
global.crcOf = function (bytes) {
  var crc = 255
  for (var i = 0; i < bytes.length; i++) {
    crc ^= bytes[i]
    for (var bit = 0; bit < 8; bit++) crc = (crc & 128 ? (crc << 1) ^ 49 : crc << 1) & 255
  }
  return crc
}
global.wordOf = function (word) {
  var bytes = [word >> 8, word & 255]
  return bytes.concat(crcOf(bytes))
}
