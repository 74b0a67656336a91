/* oxlint-disable no-var, no-unused-vars */
// Runs on Espruino, after the client's bundle and with PORT, HAS_MODULE set: counts the blocks that one call allocates.
// A newline ends no statement here. Each call is made alone, between two idle passes, so that a real socket is empty.
echo(0)
var ROUNDS = 20
var topic = "sensor/data"
var payload = '{"temp":21.4,"a"}'
var atQos1 = { qos: 1 }
var message = "\x30\x1e\x00\x0b" + topic + payload
var message1 = "\x32\x20\x00\x0b" + topic + "\x00\x07" + payload
var message2 = "\x30\x1e\x00\x0c" + topic + "2" + payload.substr(1)
var steps = []
var results = []

function step(name, run, after, before) {
  steps.push({ name: name, run: run, after: after, before: before, rounds: 0, blocks: 0, peak: 0 })
}

function count(one) {
  if (one.before) one.before()
  E.getAllocPeak(true)
  var level = E.getAllocPeak(true)
  var from = E.getAllocCount()
  one.run()
  var blocks = E.getAllocCount() - from
  var peak = E.getAllocPeak(true) - level
  if (one.after) one.after()
  // The first three calls make what later ones find.
  if (++one.rounds > 3) {
    one.blocks += blocks
    if (peak > one.peak) one.peak = peak
  }
}

function next() {
  var one = steps[0]
  if (one) {
    count(one)
    if (one.rounds === ROUNDS + 3) {
      results.push({ name: one.name, blocks: one.blocks / ROUNDS, peak: one.peak })
      steps.shift()
    }
    setTimeout(next, 2)
  } else {
    heardAt = 0
    reach(HAS_MODULE ? ROUNDS : 0)
  }
}

function sink() {
  return {
    bytes: 0,
    handlers: {},
    dSnd: "",
    write: function (data) {
      this.bytes += data.length
      return false
    },
    on: function (event, run) {
      this.handlers[event] = run
    },
    removeAllListeners: function () {},
    end: function () {},
  }
}

function real() {
  var socket = require("net").connect({ host: "127.0.0.1", port: PORT }, function () {})
  var on = socket.on
  socket.handlers = {}
  // Kept besides, to be called by hand: what the firmware does around it is the same for every client.
  socket.on = function (event, run) {
    socket.handlers[event] = run
    on.call(socket, event, run)
  }
  return socket
}

function stepsOfClient(kind, socket) {
  var client = connect(socket)
  var receive = socket.handlers.data
  receive("\x20\x02\x00\x00")
  var prepared = client.topic(topic)
  var prepared1 = client.topic(topic, atQos1)
  var id = 0
  var puback
  function nextId() {
    id++
    puback = "\x40\x02" + String.fromCharCode(id >> 8, id & 255)
  }
  function acknowledge() {
    nextId()
    receive(puback)
  }
  step(kind + "prepared publish, QoS 0", function () {
    prepared.publish(payload)
  })
  step(kind + "publish, QoS 0", function () {
    client.publish(topic, payload)
  })
  step(
    kind + "prepared publish, QoS 1",
    function () {
      prepared1.publish(payload)
    },
    acknowledge,
  )
  step(
    kind + "publish, QoS 1",
    function () {
      client.publish(topic, payload, atQos1)
    },
    acknowledge,
  )
  step(
    kind + "PUBACK",
    function () {
      receive(puback)
    },
    undefined,
    function () {
      nextId()
      prepared1.publish(payload)
    },
  )
  var isSubscribed = false
  step(
    kind + "subscribe",
    function () {},
    function () {
      if (!isSubscribed) {
        accept(topic)
        accept(topic + "2")
      }
      isSubscribed = true
    },
  )
  function accept(filter) {
    var write = socket.write
    socket.write = function (packet) {
      receive("\x90\x03" + packet.substr(2, 2) + "\0")
    }
    client.subscribe(filter, function (payload) {})
    socket.write = write
  }
  step(kind + "receive, QoS 0", function () {
    receive(message)
  })
  step(kind + "receive, QoS 0, second filter", function () {
    receive(message2)
  })
  step(kind + "receive, QoS 1", function () {
    receive(message1)
  })
  step(kind + "PINGRESP", function () {
    receive("\xd0\x00")
  })
}

function stepsOfModule(kind, socket) {
  var client = require("MQTT").create("127.0.0.1", { client_id: "bench" })
  client.client = socket
  if (!listened) listened = client
  client.connected = true
  var isHeard = false
  step(kind + "publish, QoS 0", function () {
    client.publish(topic, payload)
  })
  step(kind + "publish, QoS 1", function () {
    client.publish(topic, payload, atQos1)
  })
  step(kind + "PUBACK", function () {
    client.packetHandler("\x40\x02\x00\x01")
  })
  step(kind + "receive, QoS 0, no listener", function () {
    client.packetHandler(message)
  })
  step(
    kind + "listen",
    function () {},
    function () {
      if (!isHeard)
        client.on("publish", function (publish) {
          heardAt = E.getAllocCount()
        })
      isHeard = true
    },
  )
  step(kind + "receive, QoS 0", function () {
    client.packetHandler(message)
  })
  step(kind + "receive, QoS 1", function () {
    client.packetHandler(message1)
  })
  step(kind + "PINGRESP", function () {
    client.packetHandler("\xd0\x00")
  })
}
// The module's event is queued and its listener runs in a later callback: counted from the call to the listener's first line.
var heardAt = 0
var calledAt = 0
var reached = 0
var listened
function reach(rounds) {
  if (heardAt) reached += heardAt - calledAt
  if (rounds) {
    setTimeout(reach, 3, rounds - 1)
    calledAt = E.getAllocCount()
    listened.packetHandler(message)
  } else {
    if (HAS_MODULE)
      results.push({ name: "module: receive, QoS 0, until its listener runs", blocks: reached / ROUNDS, peak: 0 })
    print("<results>" + JSON.stringify(results))
    quit()
  }
}

step("empty call", function () {})
stepsOfClient("", sink())
stepsOfClient("real: ", real())
if (HAS_MODULE) {
  stepsOfModule("module: ", sink())
  stepsOfModule("module real: ", real())
}
setTimeout(next, 100)
