'use strict';

// `ccbus dev up`: chaincode and an application with the shape of fabric-samples run with what it says, and
// nothing is left when it ends.
const assert = require('node:assert/strict');
const { execFile, execFileSync } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { promisify } = require('node:util');

const { Process } = require('../../bindings/node/tests/support/process');

const SAMPLES = path.join(__dirname, 'fabric-samples/asset-transfer-basic');
const MODULES = path.join(__dirname, 'node-application/node_modules');
const run = promisify(execFile);

let folder;
let chaincodeProgram;

before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ccbus-dev-up-'));
  chaincodeProgram = path.join(folder, 'chaincode-go');
  execFileSync(process.env.GO ?? 'go', ['build', '-mod=readonly', '-o', chaincodeProgram, '.'], {
    cwd: path.join(SAMPLES, 'chaincode-go'), stdio: 'pipe',
  });
});

after(() => rmSync(folder, { recursive: true }));

/** Starts it in a folder; returns the process, and what it has said when it was ready. */
async function devUp(t, directory, ...options) {
  const up = new Process(process.env.CCBUS, [
    'dev', 'up', '--free-ports', '--json', '--directory', path.join(folder, directory), ...options]);
  t.after(() => up.stop());
  return { up, ...JSON.parse(await up.waitForLine(/^\{.*"event":"ready"/)) };
}

/** Starts the chaincode as a developer does in another terminal, and waits until it is ready. */
async function startChaincode(t, { variables }) {
  const chaincode = new Process(chaincodeProgram, ['-peer.address', variables.chaincode.CORE_PEER_ADDRESS], {
    env: { ...process.env, ...variables.chaincode, CORE_CHAINCODE_ID_NAME: 'basic' },
  });
  t.after(() => chaincode.stop());
  const isReady = async () => {
    const { stdout } = await run(process.env.CCBUS, ['status'], { env: { ...process.env, ...variables.Org1MSP } });
    return /^basic .* ready/m.test(stdout);
  };
  while (chaincode.running && !await isReady()) { /* The command takes its time. */ }
  assert.ok(chaincode.running, chaincode.output);
}

/** Runs the application with an organisation's variables, and returns what it prints. */
async function runApplication({ variables }, mspId) {
  const { stdout } = await run(
    process.execPath, [path.join(SAMPLES, 'application-gateway-javascript/src/app.js')],
    { env: { ...process.env, NODE_PATH: MODULES, ...variables[mspId] } });
  return stdout;
}

/** Whether a process runs; one that has ended and that nobody has waited for does not. */
function runs(pid) {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

test('a chaincode and an application run with its variables, and SIGTERM leaves nothing', async (t) => {
  const network = await devUp(t, 'first');
  const pids = [network.service.pid, network.bridge.pid];
  assert.deepEqual(pids.map(runs), [true, true]);
  await startChaincode(t, network);
  assert.match(await runApplication(network, 'Org1MSP'), /^transferring (asset\d+) from Tom to Saptha\n/);
  network.up.kill('SIGTERM');
  assert.deepEqual(await network.up.exited(), { code: 0, signal: null });
  assert.deepEqual(pids.map(runs), [false, false]);
  assert.match(network.up.output, /^\[ccbusd\] .*service\.stopped$/m);
  assert.match(network.up.output, /^\[ccbus-bridge\] .*bridge\.stopped$/m);
});

test('collections are defined, and transactions are invoked, without an identity', async (t) => {
  const network = await devUp(t, 'defines');
  await startChaincode(t, network);
  const env = { ...process.env, CCBUS_ADDRESS: network.variables.Org1MSP.CCBUS_ADDRESS };
  const collections = path.join(__dirname, 'application/collections_config.json');
  await run(process.env.CCBUS, [
    'chaincode', 'define', '-C', 'mychannel', '-n', 'basic', '--collections-config', collections], { env });
  await run(process.env.CCBUS, ['invoke', '-C', 'mychannel', '-n', 'basic', '-c', '{"Args":["InitLedger"]}'], { env });
  assert.match(await runApplication(network, 'Org2MSP'), /^transferring /);
});

test('a second run has the identities, the ledger and the variables of the first', async (t) => {
  const first = await devUp(t, 'twice');
  await startChaincode(t, first);
  await runApplication(first, 'Org1MSP');
  const height = async ({ variables }) => JSON.parse(
    (await run(process.env.CCBUS, ['status', '--json', '--address', variables.Org1MSP.CCBUS_ADDRESS])).stdout)
    .channels.find((channel) => channel.channel_id === 'mychannel').height;
  const [before, identity] = [await height(first), first.variables.Org1MSP.CERT_DIRECTORY_PATH];
  const certificate = () => readFileSync(path.join(identity, 'User1@org1.example.com-cert.pem'), 'utf8');
  const known = certificate();
  await first.up.stop();
  const second = await devUp(t, 'twice');
  assert.ok(before > 1);
  assert.equal(await height(second), before);
  assert.equal(certificate(), known);
  assert.equal(second.variables.Org1MSP.CRYPTO_PATH, first.variables.Org1MSP.CRYPTO_PATH);
  const exported = readFileSync(path.join(second.directory, 'Org1MSP.env'), 'utf8');
  assert.match(exported, new RegExp(`^export PEER_ENDPOINT='${second.variables.Org1MSP.PEER_ENDPOINT}'$`, 'm'));
});

test('when one of the two programs dies, the other one is ended, and it is said which', async (t) => {
  for (const [killed, other] of [['service', 'bridge'], ['bridge', 'service']]) {
    const network = await devUp(t, `killed-${killed}`);
    process.kill(network[killed].pid, 'SIGKILL');
    assert.deepEqual(await network.up.exited(), { code: 1, signal: null });
    const name = killed === 'service' ? 'ccbusd' : 'ccbus-bridge';
    assert.match(network.up.output, new RegExp(`^ccbus dev up: ${name} has ended by signal 9`, 'm'));
    assert.equal(runs(network[other].pid), false);
  }
});

test('without TLS an application connects in the clear', async (t) => {
  const network = await devUp(t, 'clear', '--no-tls');
  assert.equal(network.variables.Org1MSP.CORE_PEER_TLS_ENABLED, 'false');
  assert.equal(network.variables.Org1MSP.TLS_CERT_PATH, undefined);
  const grpc = require(path.join(MODULES, '@grpc/grpc-js'));
  const client = new grpc.Client(network.variables.Org1MSP.PEER_ENDPOINT, grpc.credentials.createInsecure());
  t.after(() => client.close());
  await promisify(client.waitForReady.bind(client))(Date.now() + 10_000);
});
