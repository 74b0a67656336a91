/* oxlint-disable no-var */
// Runs on Espruino as a part of .boot0: one DS18B20 at 25.0625 °C (datasheet, table 1), alone on its wire.
global.part = { isMissing: false, pad: [0x91, 0x01, 0x4b, 0x46, 0x7f, 0xff, 0x0c, 0x10, 0], isSealed: false }
global.OneWire = function () {}
OneWire.prototype.reset = function () {
  return !part.isMissing
}
OneWire.prototype.select = function () {}
OneWire.prototype.skip = function () {}
OneWire.prototype.search = function () {
  return part.isMissing ? [] : ["28ff641e8216043c"]
}
// The set-up is the only list that comes; it is always the same, and once is enough.
OneWire.prototype.write = function (bytes) {
  if (typeof bytes === "object" && !part.isSealed) sealWire(bytes)
}
global.sealWire = function (bytes) {
  part.pad[2] = bytes[1]
  part.pad[3] = bytes[2]
  part.pad[4] = bytes[3]
  part.pad[8] = crcOfWire()
  part.isSealed = true
}
OneWire.prototype.read = function () {
  return new Uint8Array(part.isMissing ? [255, 255, 255, 255, 255, 255, 255, 255, 255] : part.pad)
}
// The datasheet's shift register, bit by bit.
global.crcOfWire = function () {
  var crc = 0
  for (var i = 0; i < 64; i++) {
    var isOdd = (crc ^ (part.pad[i >> 3] >> (i & 7))) & 1
    crc = isOdd ? (crc >> 1) ^ 0x8c : crc >> 1
  }
  return crc
}
