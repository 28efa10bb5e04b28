'use strict';

// What an application sees when the chaincode, the service or the bridge goes away, and what the bridge
// makes of a call that is given up. The application is the one for Node.js, within this process.
const assert = require('node:assert/strict');
const { test } = require('node:test');

const { Application } = require('./node-application/application');
const { failed, rejection, text } = require('./node-application/expect');
const { drained, next } = require('./node-application/streams');
const { Network } = require('./support/network');

async function networkOf(t) {
  const network = await Network.start();
  t.after(() => network.stop());
  const application = await Application.connect(network.variables());
  t.after(() => application.close());
  return { network, application };
}

/** Begins a transaction that never ends, and waits until the chaincode has it. */
async function held(network, begin) {
  const answer = begin();
  answer.catch(() => {}); // Awaited later.
  await network.chaincodes[0].waitForLine(/holding/);
  return { answer };
}

/** Reads a stream from now on, and returns the error with which it ends. */
async function endOf(stream) {
  return (await drained(stream[Symbol.asyncIterator]())).error;
}

/** Calls until the call succeeds, and returns its result. */
async function eventually(call) {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      assert.match(error.message, /UNAVAILABLE|is not connected|no peers available/);
    }
  }
}

test('the chaincode is killed: the error says so at once', async (t) => {
  const { network, application } = await networkOf(t);
  const { answer } = await held(network, () => application.contract.submitTransaction('hold'));
  network.chaincodes[0].kill('SIGKILL');
  const error = await rejection(answer);
  assert.equal(error.constructor.name, 'EndorseError');
  assert.match(error.details[0].message, /chaincode stream terminated/);

  await network.startChaincodeOf('basic');
  assert.equal(text(await application.contract.evaluateTransaction('join', 'a', 'b')), 'a+b');
});

test('ccbusd is killed: calls and streams end with UNAVAILABLE, and later ones succeed', async (t) => {
  const { network, application } = await networkOf(t);
  await application.contract.submitTransaction('put', 'kept', 'here');
  const events = endOf(await application.network.getChaincodeEvents('basic'));
  const blocks = endOf(await application.network.getBlockEvents({ startBlock: 0n }));
  const { answer } = await held(network, () => application.contract.evaluateTransaction('hold'));
  await network.restart();
  await failed(answer, 'GatewayError', 'UNAVAILABLE');
  await failed(Promise.reject(await events), 'GatewayError', 'UNAVAILABLE');
  assert.match((await blocks).message, /: 503$/); // SERVICE_UNAVAILABLE, as Fabric's Deliver says it.

  await network.chaincodes[0].exited();
  await network.startChaincodeOf('basic');
  const result = await eventually(() => application.contract.evaluateTransaction('get', 'kept'));
  assert.equal(text(result), 'here');
});

test('the bridge is killed: calls and streams end with UNAVAILABLE, and later ones succeed', async (t) => {
  const { network, application } = await networkOf(t);
  await application.contract.submitTransaction('put', 'kept', 'here');
  const events = endOf(await application.network.getChaincodeEvents('basic'));
  const { answer } = await held(network, () => application.contract.evaluateTransaction('hold'));
  await network.restartBridge();
  await failed(answer, 'GatewayError', 'UNAVAILABLE');
  await failed(Promise.reject(await events), 'GatewayError', 'UNAVAILABLE');

  await network.startChaincodeOf('basic');
  const result = await eventually(() => application.contract.evaluateTransaction('get', 'kept'));
  assert.equal(text(result), 'here');
});

test('a call that is given up is given up by the service', async (t) => {
  const { network, application } = await networkOf(t);
  const opened = async () => {
    const { stdout } = await network.ccbus('status', '--json');
    const { members } = JSON.parse(stdout).chaincodes.find(({ name }) => name === 'basic');
    return members[0].open_transactions;
  };
  const proposal = application.contract.newProposal('hold');
  const { answer } = await held(network, () => proposal.evaluate({ deadline: Date.now() + 2000 }));
  assert.equal(await opened(), 1);
  await failed(answer, 'GatewayError', 'DEADLINE_EXCEEDED');
  assert.equal(await opened(), 0);
});

test('a hundred streams of events at once, each with every event', async (t) => {
  const { application } = await networkOf(t);
  const first = await application.emitted('zero');
  const streams = await Promise.all(Array.from({ length: 100 }, () =>
    application.network.getChaincodeEvents('basic', { startBlock: first.blockNumber })));
  for (const name of ['one', 'two']) await application.emitted(name);
  for (const stream of streams) {
    const iterator = stream[Symbol.asyncIterator]();
    const names = [];
    while (names.length < 3) names.push((await next(iterator)).eventName);
    assert.deepEqual(names, ['zero', 'one', 'two']);
    stream.close();
  }
});

test('what other tools of Fabric call is refused by name', async (t) => {
  const { application } = await networkOf(t);
  const called = (method) => new Promise((resolve) => {
    const asIs = (bytes) => bytes;
    application.client.makeUnaryRequest(method, asIs, asIs, Buffer.alloc(0), resolve);
  });
  for (const method of [
    '/protos.Endorser/ProcessProposal', '/orderer.AtomicBroadcast/Broadcast', '/discovery.Discovery/Discover',
  ]) {
    const error = await called(method);
    assert.equal(error.code, 12, `${method}: ${error.message}`);
    assert.ok(error.details.length > 40, `a sentence that says what to use: ${error.details}`);
  }
  const lifecycle = application.network.getContract('_lifecycle');
  assert.match(
    (await rejection(lifecycle.evaluateTransaction('QueryInstalledChaincodes'))).message, /ccbus chaincode/);
});
