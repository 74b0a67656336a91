/* oxlint-disable no-var, no-unused-vars */
// Runs on Espruino, after a bundle of test/vm/programs/calls-*.ts and with PORT, HAS_MODULE, MAX_QOS and IS_V5 set: counts the
// blocks that one call allocates. A newline ends no statement here. Each call is made alone, between two idle passes, so that a
// real socket is empty. Long because it is one script: what runs on the chip imports nothing.
echo(0)
var ROUNDS = 20
var SLOTS = 8
var topic = "sensor/data"
var payload = '{"temp":21.4,"a"}'
var atQos1 = { qos: 1 }
// Byte strings, as they come from the broker: MQTT 5 has properties, of which there are none.
function publishPacket(qos, topic, id, payload) {
  var rest = "\x00" + String.fromCharCode(topic.length) + topic + id + (IS_V5 ? "\x00" : "") + payload
  return String.fromCharCode(48 + 2 * qos, rest.length) + rest
}

var message = publishPacket(0, topic, "", payload)
var message1 = publishPacket(1, topic, "\x00\x07", payload)
var message2 = publishPacket(2, topic, "\x00\x07", payload)
var messageOther = publishPacket(0, topic + "2", "", payload.substr(1))
var pubrel = "\x62\x02\x00\x07"
var pingresp = "\xd0\x00"
var steps = []
var results = []

function step(name, run, after, before) {
  steps.push({ name: name, run: run, after: after, before: before, rounds: 0, blocks: 0, peak: 0 })
}

function count(one) {
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
    if (one.before) one.before()
    // Once more around: what that wrote has left.
    setTimeout(measure, 2)
  } else {
    heardAt = 0
    reach(HAS_MODULE ? ROUNDS : 0)
  }
}
function measure() {
  var one = steps[0]
  count(one)
  if (one.rounds === ROUNDS + 3) {
    results.push({ name: one.name, blocks: one.blocks / ROUNDS, peak: one.peak })
    steps.shift()
  }
  setTimeout(next, 2)
}

// A stand-in that takes about the blocks of a real socket, as the step that writes a constant to each shows.
function sink() {
  return {
    handlers: {},
    dSnd: "",
    write: function (data) {
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
  var alarm = { set: function () {}, clear: function () {} }
  var client = connect(
    socket,
    function (what, about) {
      if (what !== "up") print("<failed>" + what + " " + about)
    },
    alarm,
  )
  var receive = socket.handlers.data
  receive(IS_V5 ? "\x20\x03\x00\x00\x00" : "\x20\x02\x00\x00")
  var prepared = client.topic(topic)
  var prepared1 = client.topic(topic, atQos1)
  var prepared2 = MAX_QOS > 1 && client.topic(topic, { qos: 2 })
  // Ids are slots, and the one that rested longest is next: known without a look at what was written.
  var sent = 0
  var id, puback
  function nextId() {
    id = "\x00" + String.fromCharCode(1 + (sent++ % SLOTS))
    puback = "\x40\x02" + id
  }
  function acknowledge() {
    nextId()
    receive(puback)
  }
  function received() {
    nextId()
    receive("\x50\x02" + id)
  }
  function complete() {
    receive("\x70\x02" + id)
  }
  function publish2() {
    prepared2.publish(payload)
  }
  step(kind + "socket.write of a constant", function () {
    socket.write(pingresp)
  })
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
  if (MAX_QOS > 1) {
    var pubrec, pubcomp
    step(kind + "prepared publish, QoS 2", publish2, function () {
      received()
      complete()
    })
    step(
      kind + "PUBREC",
      function () {
        receive(pubrec)
      },
      complete,
      function () {
        publish2()
        nextId()
        pubrec = "\x50\x02" + id
      },
    )
    step(
      kind + "PUBCOMP",
      function () {
        receive(pubcomp)
      },
      undefined,
      function () {
        publish2()
        received()
        pubcomp = "\x70\x02" + id
      },
    )
  }
  var isSubscribed = false
  step(
    kind + "subscribe",
    function () {},
    function () {
      if (!isSubscribed) {
        accept(topic, 0)
        accept(topic + "2", 1)
      }
      isSubscribed = true
    },
  )
  function accept(filter, index) {
    client.subscribe(filter, function (payload) {}, MAX_QOS)
    receive(
      "\x90" +
        (IS_V5 ? "\x04" : "\x03") +
        "\x7f" +
        String.fromCharCode(index) +
        (IS_V5 ? "\x00" : "") +
        String.fromCharCode(MAX_QOS),
    )
  }
  step(kind + "receive, QoS 0", function () {
    receive(message)
  })
  step(kind + "receive, QoS 0, second filter", function () {
    receive(messageOther)
  })
  step(kind + "receive, QoS 1", function () {
    receive(message1)
  })
  if (MAX_QOS > 1) {
    step(
      kind + "receive, QoS 2",
      function () {
        receive(message2)
      },
      function () {
        receive(pubrel)
      },
    )
    step(
      kind + "PUBREL",
      function () {
        receive(pubrel)
      },
      undefined,
      function () {
        receive(message2)
      },
    )
  }
  step(
    kind + "PINGREQ",
    function () {
      alarm.run()
    },
    function () {
      receive(pingresp)
    },
  )
  step(
    kind + "PINGRESP",
    function () {
      receive(pingresp)
    },
    undefined,
    function () {
      alarm.run()
    },
  )
}

function stepsOfModule(kind, socket) {
  var client = require("MQTT").create("127.0.0.1", { client_id: "bench" })
  client.client = socket
  if (!listened) listened = client
  client.connected = true
  var isHeard = false
  var atQos2 = { qos: 2 }
  function answered(name, packet) {
    step(kind + name, function () {
      client.packetHandler(packet)
    })
  }
  step(kind + "socket.write of a constant", function () {
    socket.write(pingresp)
  })
  step(kind + "publish, QoS 0", function () {
    client.publish(topic, payload)
  })
  step(kind + "publish, QoS 1", function () {
    client.publish(topic, payload, atQos1)
  })
  step(kind + "publish, QoS 2", function () {
    client.publish(topic, payload, atQos2)
  })
  answered("PUBACK", "\x40\x02\x00\x01")
  answered("PUBREC", "\x50\x02\x00\x01")
  answered("PUBCOMP", "\x70\x02\x00\x01")
  answered("receive, QoS 0, no listener", message)
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
  answered("receive, QoS 0", message)
  answered("receive, QoS 1", message1)
  answered("receive, QoS 2", message2)
  answered("PUBREL", pubrel)
  step(kind + "PINGREQ", function () {
    client.ping()
  })
  answered("PINGRESP", pingresp)
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
