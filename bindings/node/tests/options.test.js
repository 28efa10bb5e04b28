'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { parseCommand, parseStart } = require('../lib/options');
const { StockPackages } = require('../lib/stock-packages');

const NAME = ['--chaincode-id-name', 'basic'];

/** The options of a command of the stock shim. */
function stockOptions(command) {
  const manifest = require.resolve('fabric-shim/package.json');
  const { validOptions } = require('node:module').createRequire(manifest)(`./lib/cmds/${command}.js`);
  return Object.entries(validOptions);
}

// [row-204]
test('every option of the stock start is taken', () => {
  const args = stockOptions('startCommand').flatMap(([name, { type }]) => {
    if (name === 'peer.address') return [`--${name}`, 'localhost:7052'];
    return [`--${name}`, type === 'number' ? '1000' : 'text'];
  });
  const options = parseCommand(['start', ...args], {});
  assert.equal(options.peerAddress, 'localhost:7052');
  assert.equal(options.chaincodeId, 'text');
  assert.equal(options.modulePath, 'text');
  assert.deepEqual(options.socketOptions,
    { maxMessageSize: 1000, heartbeatInterval: 1000, heartbeatTimeout: 1000 });
});

test('the defaults of the stock options change nothing', () => {
  const args = ['--grpc.max_receive_message_length', '-1', '--grpc.max_send_message_length=-1'];
  assert.deepEqual(parseCommand(['start', ...NAME, ...args], {}).socketOptions, {});
});

// [row-204]
test('names in camel case and the command behind its options are taken, as by the stock command', () => {
  const options = parseCommand(
    ['--chaincodeIdName', 'start', 'start', '--modulePath', '/contract'], {});
  assert.equal(options.chaincodeId, 'start');
  assert.equal(options.modulePath, '/contract');
});

test('a number that is none is refused', () => {
  for (const text of ['soon', '1.5', '']) {
    assert.throws(() => parseCommand(['start', ...NAME, `--grpc.keepalive_time_ms=${text}`], {}),
      /--grpc.keepalive_time_ms is a whole number/);
  }
});

// [row-205]
test('the stock server is refused with what to use instead, whatever its options', () => {
  const args = stockOptions('serverCommand').flatMap(([name, { type }]) => [
    `--${name}`, name === 'chaincode-id' ? 'basic_1.0:4f9c01aa' : type === 'number' ? '-1' : 'text']);
  assert.throws(() => parseCommand(['server', ...args], {}),
    /ccbus-chaincode-node start --peer.address tcp:\/\/127.0.0.1:7052 --chaincode-id-name basic_1.0$/);
});

// [row-205]
test('the stock metadata command is named', () => {
  assert.throws(() => parseCommand(['metadata', 'generate'], {}), /npx fabric-chaincode-node metadata/);
});

test("a program's own arguments are left to it", () => {
  const { chaincodeId } = parseStart(['--colour', 'blue', 'paint', ...NAME], {}, { strict: false });
  assert.equal(chaincodeId, 'basic');
});

test("an option without its value is refused among a program's own arguments, too", () => {
  for (const args of [['--chaincode-id-name'], [...NAME, '--peer.address']]) {
    assert.throws(() => parseStart(args, {}, { strict: false }), /needs a value/);
  }
});

test('an address with TLS is refused by name', () => {
  for (const address of ['grpcs://peer:7052', 'https://peer:7052']) {
    assert.throws(() => parseCommand(['start', ...NAME, '--peer.address', address], {}),
      /speaks ZeroMQ without TLS/);
  }
});

test('the packages of a folder without any are those of this package', () => {
  assert.equal(StockPackages.of('/').Shim, StockPackages.of(__dirname).Shim);
});
