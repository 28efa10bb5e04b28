'use strict';

// Peers of the bridge that break HTTP/2's manners. They cost the bridge's own memory limit at most, and
// the service behind it nothing: no connection, no missed answer.
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const path = require('node:path');
const { after, before, beforeEach, test } = require('node:test');

const { within } = require('../../bindings/node/tests/support/deadline');
const { BridgedService } = require('./support/bridge');
const { END_HEADERS, Http2Peer, PREFACE, Type, frame, headerBlock } = require('./support/http2');

const MIB = 1 << 20;
const LIMITS = { 'limits.grpcBytes': `${64 * MIB}`, 'limits.bytes': `${64 * MIB}`, 'limits.calls': '2000' };
// What both limits allow, and 512 MiB for what gRPC does not count: above all calls that are begun and
// reset faster than its threads, on a busy machine, get rid of them.
const MEMORY_MAX = 640 * MIB;

const EVALUATE = '/gateway.Gateway/Evaluate';
const REGISTER = '/protos.ChaincodeSupport/Register';

let service;
let bystander;

before(async () => {
  service = await BridgedService.start({ 'chaincode.executetimeout': '3s' }, LIMITS);
  // Far above what it may use, so that a leak ends the bridge and not this machine.
  execFileSync('prlimit', ['--pid', `${service.bridge.pid}`, `--data=${2048 * MIB}`]);
  bystander = await service.startChaincode(path.join(__dirname, 'contract'), 'bystander');
});
after(async () => {
  await bystander?.stop();
  await service?.stop();
});
beforeEach(() => service.run(['put', 'name', 'value'], { name: 'bystander' }));

/** How many connections the service has been asked for since its start; this question is the last one. */
async function serviceConnections() {
  const { stdout } = await service.ccbus('status', '--json');
  return JSON.parse(stdout).counters.bus_peers_connected;
}

/** The most memory that the bridge has used so far, in bytes. */
function mostMemory() {
  const status = readFileSync(`/proc/${service.bridge.pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)[1]) * 1024;
}

async function metric(name) {
  const url = `${service.bridgeOperations}/metrics`;
  // The connection of the question before may just have been closed, since it was idle.
  const text = await (await fetch(url).catch(() => fetch(url))).text();
  return Number(new RegExp(`^(?:ccbus_)?${name} (\\S+)$`, 'm').exec(text)[1]);
}

/**
 * Runs an attack beside a client of the service, and looks at what it costs.
 *
 * @param {() => Promise<void>} attack
 */
async function withstands(attack) {
  let connections = await serviceConnections();
  let isOver = false;
  const attacks = attack().finally(() => { isOver = true; });
  for (let answers = 0; !isOver || answers < 3; ++answers) {
    assert.equal(await service.run(['get', 'name'], { name: 'bystander' }), 'value');
    connections += 2; // Of the commands: the one above, and the one that asks.
    const seen = await serviceConnections();
    // The service may count one a moment after it has answered it.
    assert.ok(seen <= connections + 2, `${seen} connections to the service, not ${connections}`);
  }
  await attacks;
  await isUnharmed();
}

/** gRPC's threads, on a busy machine, take a while to get rid of what was begun. */
async function callsAreOver() {
  while (await metric('bridge_calls_open') > 0) { /* Its answer takes its time. */ }
}

async function isUnharmed() {
  assert.ok(service.bridge.running, service.bridge.output);
  assert.ok(mostMemory() < MEMORY_MAX, `the bridge has used ${mostMemory()} bytes`);
  await within(callsAreOver(), 'the end of all calls', () => service.bridge.output);
  const chaincode = await service.startGo('contract', 'basic');
  assert.equal(await service.run(['join', 'a', 'b']), 'a+b');
  await chaincode.stop();
  await service.waitForReady('basic', 0);
}

const both = [['an application', () => service.bridgeClients, EVALUATE],
  ['a chaincode', () => service.bridgeChaincode, REGISTER]];

for (const [who, address, method] of both) {
  test(`rapid resets by ${who}: 100,000 calls, each begun and reset at once`, () =>
    withstands(async () => {
      for (let connection = 0; connection < 10; ++connection) {
        const peer = await Http2Peer.to(address());
        for (let batch = 0; batch < 100 && peer.isOpen; ++batch) {
          const frames = [];
          for (let i = 0; i < 100; ++i) {
            const call = peer.call(method);
            frames.push(call.frames, frame(Type.reset, 0, call.stream, Buffer.from([0, 0, 0, 8])));
          }
          await peer.write(...frames);
        }
        peer.destroy();
      }
    }));

  test(`${who} that begins 1,000 calls on each of 8 connections and sends nothing`, () =>
    withstands(async () => {
      const peers = [];
      for (let connection = 0; connection < 8; ++connection) {
        const peer = await Http2Peer.to(address());
        peers.push(peer);
        for (let i = 0; i < 1_000; ++i) await peer.write(peer.call(method).frames);
      }
      const most = Number(LIMITS['limits.calls']);
      assert.ok(await metric('bridge_calls_open') <= most, 'more calls than limits.calls');
      for (const peer of peers) peer.destroy();
    }));
}

test('a header of 16 MiB in continuations without an end', () => withstands(async () => {
  const peer = await Http2Peer.to(service.bridgeClients);
  await peer.write(frame(Type.headers, 0, 1, headerBlock({ ':method': 'POST' })));
  const part = headerBlock({ flood: 'x'.repeat(16_000) });
  for (let i = 0; i < 1_000 && peer.isOpen; ++i) await peer.write(frame(Type.continuation, 0, 1, part));
  peer.destroy();
}));

test('1,000 calls whose headers have 1 MiB each', () => withstands(async () => {
  const peer = await Http2Peer.to(service.bridgeClients);
  const parts = 64;
  const part = headerBlock({ flood: 'x'.repeat(16_000) });
  for (let call = 0; call < 1_000 && peer.isOpen; ++call) {
    const stream = 2 * call + 1;
    const first = headerBlock({ ':method': 'POST', ':path': EVALUATE, ':scheme': 'http' });
    const rest = Array.from({ length: parts }, (_, i) =>
      frame(Type.continuation, i === parts - 1 ? END_HEADERS : 0, stream, part));
    await peer.write(frame(Type.headers, 0, stream, first), ...rest);
  }
  peer.destroy();
}));

test('half-open: 1,000 connections that say nothing, and 1,000 that say half of the preface', () =>
  withstands(async () => {
    const peers = [];
    for (let i = 0; i < 2_000; ++i) {
      const peer = await Http2Peer.silent(service.bridgeClients);
      if (i % 2) await peer.write(PREFACE.subarray(0, 12));
      peers.push(peer);
    }
    for (const peer of peers) peer.destroy();
  }));

test('a connection that says nothing is ended', async () => {
  const peer = await Http2Peer.silent(service.bridgeClients);
  await peer.ended();
});

test('a slow reader: a chaincode that registers, and takes no byte of what is asked of it', async () => {
  const slow = await Http2Peer.to(service.bridgeChaincode, { initialWindow: 0 });
  const { stream, frames } = slow.call(REGISTER);
  await slow.write(frames, frame(Type.data, 0, stream, registration('slow')));
  await service.waitForReady('slow', 1);
  const large = 'x'.repeat(100_000);
  const asked = Array.from({ length: 60 }, () => service.invoke(['any', large], { name: 'slow' }));
  assert.equal(await service.run(['get', 'name'], { name: 'bystander' }), 'value');
  for (const answer of await Promise.all(asked)) assert.match(JSON.stringify(answer), /timeout expired/);
  slow.destroy();
  await service.waitForReady('slow', 0);
  await isUnharmed();
});

test('100,000 pings and settings of a connection that reads no answer', () =>
  withstands(async () => {
    const peer = await Http2Peer.to(service.bridgeChaincode, { reads: false });
    const asks = Array.from({ length: 1_000 }, () => [
      frame(Type.ping, 0, 0, Buffer.alloc(8)), frame(Type.settings, 0, 0)]).flat();
    for (let i = 0; i < 100 && peer.isOpen; ++i) {
      if (await Promise.race([peer.write(...asks), later(1_000)]) === 'later') break;
    }
    peer.destroy();
  }));

test('100,000 empty messages of a call that nobody takes', () => withstands(async () => {
  const peer = await Http2Peer.to(service.bridgeClients);
  const { stream, frames } = peer.call(EVALUATE);
  await peer.write(frames);
  const empty = frame(Type.data, 0, stream, Buffer.alloc(5)); // A message of gRPC without content.
  const many = Buffer.concat(Array(1_000).fill(empty));
  for (let i = 0; i < 100 && peer.isOpen; ++i) {
    if (await Promise.race([peer.write(many), later(1_000)]) === 'later') break;
  }
  peer.destroy();
}));

test('frames of no sense: unknown types, streams of the wrong side, windows of nothing', () =>
  withstands(async () => {
    const hostile = [
      (peer) => peer.write(frame(200, 255, 1, Buffer.alloc(100))),
      (peer) => peer.write(frame(Type.headers, END_HEADERS, 2, headerBlock({ ':method': 'POST' }))),
      (peer) => peer.write(frame(Type.windowUpdate, 0, 0, Buffer.alloc(4))),
      (peer) => peer.write(frame(Type.data, 0, 99, Buffer.alloc(16_000))),
      (peer) => peer.write(frame(Type.headers, END_HEADERS, 1, Buffer.alloc(1_000, 0xff))),
      (peer) => peer.write(Buffer.from([0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1]), Buffer.alloc(1_000)),
    ];
    for (let i = 0; i < 600; ++i) {
      const peer = await Http2Peer.to(i % 2 ? service.bridgeClients : service.bridgeChaincode);
      await hostile[i % hostile.length](peer);
      peer.destroy();
    }
  }));

/** A ChaincodeMessage REGISTER with this name, as gRPC sends it. */
function registration(name) {
  const id = Buffer.concat([Buffer.from([0x12, name.length]), Buffer.from(name)]);
  const message = Buffer.concat([Buffer.from([0x08, 1, 0x1a, id.length]), id]);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

function later(ms) {
  return new Promise((resolve) => { setTimeout(() => resolve('later'), ms).unref(); });
}
