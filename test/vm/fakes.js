/* oxlint-disable no-var, no-eval */
// Runs as .boot0, before the bundle: what the Linux build lacks (Wifi) or leaves inert (pins, watchdog), played inside
// the interpreter and in its dialect (a newline ends no statement here: `return` only before `}` or a value). Tests reach it as `rig`. The wave is read from the AM2302 manual, not the driver.
echo(0)

global.rig = {
  temperatureC: 21.4,
  humidityPct: 48.2,
  // "silent", "checksum" or "short"
  fault: "",
  duty: {},
  // From 10,000 up: beyond 8191 a count takes a block of its own, and would look like growth on its way there.
  writes: 10000,
  mode: {},
  reboots: 0,
  isAccessPointUp: true,
}

// --- pins: a watch per pin, edges only from the sensor below

rig.watches = {}
global.setWatch = function (run, pin) {
  // ESP32: a watched pin becomes an input with pull-up, whatever it was
  rig.mode[pin] = "input_pullup"
  rig.watches[pin] = run
  return pin + 1
}
global.clearWatch = function (id) {
  if (!rig.watches[id - 1]) throw new Error("Unknown Watch " + id)
  delete rig.watches[id - 1]
}
global.digitalWrite = function (pin, level) {
  rig.duty[pin] = level
  rig.writes++
}
global.analogWrite = global.digitalWrite
global.pinMode = function (pin, mode) {
  if (mode === "output" && rig.mode[pin] !== "output") rig.lowAt = getTime()
  // 1 to 20 ms of low, then release: the sensor answers
  if (mode !== "output" && rig.mode[pin] === "output" && getTime() - rig.lowAt > 0.0008)
    setTimeout(rig.answer, 6, pin, getTime())
  rig.mode[pin] = mode
}

// --- DHT22: 42 falling edges with the times an interrupt would have stamped

rig.bits = function () {
  var humidity = Math.round(rig.humidityPct * 10)
  var temperature = Math.round(Math.abs(rig.temperatureC) * 10) | (rig.temperatureC < 0 ? 0x8000 : 0)
  var bytes = [humidity >> 8, humidity & 255, temperature >> 8, temperature & 255]
  bytes.push(((bytes[0] + bytes[1] + bytes[2] + bytes[3]) & 255) ^ (rig.fault === "checksum" ? 1 : 0))
  var bits = ""
  bytes.forEach(function (byte) {
    for (var shift = 7; shift >= 0; shift--) bits += (byte >> shift) & 1
  })
  return rig.fault === "short" ? bits.substr(0, 33) : bits
}
rig.answer = function (pin, releasedAt) {
  if (rig.fault !== "silent") rig.play(pin, releasedAt)
}
// No function inside a function here: its scope would hold it and it its scope, garbage that counts as growth.
rig.play = function (pin, releasedAt) {
  rig.at = releasedAt
  rig.fall(pin, 0, 30)
  rig.fall(pin, 80, 80)
  var bits = rig.bits()
  for (var i = 0; i < bits.length; i++) rig.fall(pin, 50, bits[i] === "1" ? 70 : 26)
}
rig.fall = function (pin, afterLowUs, afterHighUs) {
  var rose = rig.at + afterLowUs / 1000000
  rig.at = rose + afterHighUs / 1000000
  if (rig.watches[pin]) rig.watches[pin]({ state: false, time: rig.at, lastTime: rose, pin: pin })
}

// --- Wi-Fi: events come later, as the firmware's do

Modules.addCached("Wifi", function (exports) {
  rig.wifi = exports
  exports.connect = function (ssid, options, done) {
    rig.ssid = ssid
    rig.password = options.password
    setTimeout(function () {
      if (!rig.isAccessPointUp) return exports.emit("disconnected", { reason: "201" })
      exports.emit("connected", { ip: "127.0.0.1" })
      done(null)
    }, 20)
  }
  exports.disconnect = function () {}
  exports.getHostByName = function (host, done) {
    setTimeout(done, 5, host)
  }
})
rig.wifiLost = function () {
  rig.isAccessPointUp = false
  rig.wifi.emit("disconnected", { reason: "8" })
}

// --- the rest of the board

global.getSerial = function () {
  return "a4cf12-05fe7b"
}
E.enableWatchdog = function () {}
E.kickWatchdog = function () {
  rig.kicks = (rig.kicks | 0) + 1
}
E.reboot = function () {
  rig.reboots++
  print("<reboot>")
}

// --- the test's own way in: one expression a line, answered by one line of JSON

rig.line = require("net").connect({ host: "127.0.0.1", port: RIG_PORT }, function () {})
rig.asked = ""
rig.line.on("data", function (bytes) {
  rig.asked += bytes
  var end = rig.asked.indexOf("\n")
  if (end >= 0) {
    var expression = rig.asked.substr(0, end)
    rig.asked = rig.asked.substr(end + 1)
    rig.line.write(JSON.stringify(eval(expression)) + "\n")
  }
})
