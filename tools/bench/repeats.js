/* oxlint-disable no-var, no-unused-vars */
// Runs on Espruino, after a bundle of test/vm/programs/calls-311.ts or calls-5.ts and with MESSAGES and IS_V5 set: blocks in use
// after that many messages of each kind on a stand-in for the socket, less those after ten. A newline ends no statement here.
echo(0)
var topic = "sensor/data"
var payload = '{"temp":21.4,"a"}'
var sent = ""
var troubles = 0
var kinds = []
var results = []
var used = 0

function kind(name, run) {
  kinds.push({ name: name, run: run })
}
function repeat(run, times) {
  for (var i = 0; i < times; i++) run()
}
// Read in callbacks of their own, and without the garbage collector: a cycle would show. What most of several looks see: one
// is now and then a block off, when the callback came early or late enough for a timer's time to need a block less or more.
var LOOKS = 9
var looks = 0
var first = 0
var above = 0
var seen = 0
var isWarm = false
function look(then) {
  if (looks === 0) first = process.memory(false).usage
  above += process.memory(false).usage - first
  if (++looks < LOOKS) setTimeout(look, 3, then)
  else {
    seen = first + Math.round(above / LOOKS)
    looks = above = first = 0
    setTimeout(then, 1)
  }
}
function start() {
  if (!kinds.length) {
    print("<results>" + JSON.stringify(results))
    return quit()
  }
  if (!isWarm) {
    // What looking itself makes once is there from now on.
    isWarm = true
    return setTimeout(look, 1, start)
  }
  repeat(kinds[0].run, 10)
  setTimeout(look, 1, measure)
}
function measure() {
  used = seen
  repeat(kinds[0].run, MESSAGES)
  setTimeout(look, 1, finish)
}
function finish() {
  results.push({ name: kinds[0].name, growth: seen - used })
  kinds.shift()
  setTimeout(start, 1)
}

function publishPacket(qos, topic, id, payload) {
  var rest = "\x00" + String.fromCharCode(topic.length) + topic + id + (IS_V5 ? "\x00" : "") + payload
  return String.fromCharCode(48 + 2 * qos, rest.length) + rest
}
var message0 = publishPacket(0, topic, "", payload)
var message1 = publishPacket(1, topic, "\x00\x07", payload)
var message2 = publishPacket(2, topic, "\x00\x07", payload)
var wild = publishPacket(0, "wild/a/b", "", payload)
// 1,100 bytes behind a length of two digits, in two chunks, and one of them cut at QoS 2.
var large = payload
while (large.length < 1083) large += payload
large = "\x00\x0b" + topic + "\x00\x07" + large.substr(0, 1083)
var large1 = "\x32" + String.fromCharCode(128 + (large.length & 127), large.length >> 7) + large
var large2 = "\x34" + large1.substr(1)
var pubrel = "\x62\x02\x00\x07"
var pingresp = "\xd0\x00"

var socket = {
  handlers: {},
  write: function (data) {
    sent = data
    return false
  },
  on: function (event, run) {
    this.handlers[event] = run
  },
  removeAllListeners: function () {},
  end: function () {},
}
var alarm = { set: function () {}, clear: function () {} }
var client = connect(
  socket,
  function (what) {
    if (what === "trouble -3") troubles++
    else if (what !== "up") print("<failed>" + what)
    if (troubles > 100) troubles = 0
  },
  alarm,
)
var receive = socket.handlers.data
receive(IS_V5 ? "\x20\x03\x00\x00\x00" : "\x20\x02\x00\x00")
function subscribe(filter, index) {
  client.subscribe(filter, function (payload) {}, 2)
  receive((IS_V5 ? "\x90\x04\x7f" : "\x90\x03\x7f") + String.fromCharCode(index) + (IS_V5 ? "\x00\x02" : "\x02"))
}
subscribe(topic, 0)
// The id stands behind the topic.
function acknowledge() {
  receive("\x40\x02" + sent.substr(15, 2))
}
function complete() {
  var id = sent.substr(15, 2)
  receive("\x50\x02" + id)
  receive("\x70\x02" + id)
}
var prepared0 = client.topic(topic)
var prepared1 = client.topic(topic, { qos: 1 })
var prepared2 = client.topic(topic, { qos: 2 })
var atQos1 = { qos: 1 }
var atQos2 = { qos: 2 }
kind("publish QoS 0, prepared", function () {
  prepared0.publish(payload)
})
kind("publish QoS 0", function () {
  client.publish(topic, payload)
})
kind("publish QoS 1, prepared", function () {
  prepared1.publish(payload)
  acknowledge()
})
kind("publish QoS 1", function () {
  client.publish(topic, payload, atQos1)
  acknowledge()
})
kind("publish QoS 2, prepared", function () {
  prepared2.publish(payload)
  complete()
})
kind("publish QoS 2", function () {
  client.publish(topic, payload, atQos2)
  complete()
})
kind("receive QoS 0", function () {
  receive(message0)
})
kind("receive QoS 1", function () {
  receive(message1)
})
kind("receive QoS 2", function () {
  receive(message2)
  receive(pubrel)
})
kind("receive QoS 1 in two pieces", function () {
  receive(message1.substr(0, 9))
  receive(message1.substr(9))
})
kind("ping", function () {
  alarm.run()
  receive(pingresp)
})
// In MQTT 5 the broker was told the limit, and one that breaks it is hung up on.
if (!IS_V5) {
  kind("receive too large, QoS 1", function () {
    receive(large1)
  })
  kind("receive too large, QoS 2", function () {
    receive(large2)
    receive(pubrel)
  })
}
kind("publish too large", function () {
  prepared1.publish(large)
})
kind("receive QoS 0 through a wildcard", function () {
  if (!isWild) {
    isWild = true
    subscribe("wild/+/#", 1)
  }
  receive(wild)
})
var isWild = false
setTimeout(start, 10)
