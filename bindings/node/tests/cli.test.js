'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { test } = require('node:test');

const { Process } = require('./support/process');
const { ScriptedRouter, Type, message, peer } = require('./support/scripted-router');
const { CLI } = require('./support/service');

const SAMPLE = path.join(__dirname, '../samples/asset-transfer');

/** Runs the command with no settings in the environment except `env`. */
function command(t, args, env = {}) {
  const clean = Object.entries(process.env).filter(([name]) => !name.startsWith('CORE_'));
  const running = new Process(
    process.execPath, [CLI, ...args], { env: { ...Object.fromEntries(clean), ...env } });
  t.after(() => running.stop());
  return running;
}

/** A folder with a contract. */
function contractFolder(t, source, manifest = { main: 'index.js' }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ccbus-node-test-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  fs.writeFileSync(path.join(folder, 'index.js'), source);
  return folder;
}

/** A folder with a program, which finds the stock packages. */
function programFolder(t, source) {
  const folder = contractFolder(t, source);
  fs.symlinkSync(path.join(__dirname, '../node_modules'), path.join(folder, 'node_modules'));
  return folder;
}

async function router(t) {
  const listening = await ScriptedRouter.listen();
  t.after(() => listening.close());
  return listening;
}

async function registeredName(listening) {
  const { message: register } = await listening.admit();
  return peer.ChaincodeID.deserializeBinary(register.getPayload_asU8()).getName();
}

test('--version shows that of the package', async (t) => {
  const shown = command(t, ['--version']);
  assert.deepEqual(await shown.exited(), { code: 0, signal: null });
  assert.equal(shown.output, `v${require('../package.json').version}`);
});

test('--help shows an example and the exit codes', async (t) => {
  const help = command(t, ['--help']);
  assert.deepEqual(await help.exited(), { code: 0, signal: null });
  assert.match(help.output, /ccbus-chaincode-node start --peer\.address tcp:\/\/127\.0\.0\.1:7052/);
  assert.match(help.output, /Exit codes: 0 .*, 1 .*, 2 .*/);
});

const WRONG_USES = [
  [[], /'start'/],
  [['stop'], /'start'/],
  [['start', 'again'], /'again' follows 'start'/],
  [['server', '--chaincode-address', '0.0.0.0:9999', '--chaincode-id', 'basic_1.0:4f9c'],
    /connects to the service itself: ccbus-chaincode-node start .* --chaincode-id-name basic_1\.0/],
  [['start'], /--chaincode-id-name or CORE_CHAINCODE_ID_NAME is needed/],
  [['start', '--chaincode-id-name'], /--chaincode-id-name/],
  [['start', '--chaincode-id-name', 'basic', '--colour', 'blue'], /--colour/],
  [['start', '--chaincode-id-name', 'basic', '--peer.address', 'nowhere'], /'nowhere' is not/],
];

for (const [args, reason] of WRONG_USES) {
  test(`wrong usage leaves with 2 and says why: [${args.join(' ')}]`, async (t) => {
    const wrong = command(t, args);
    assert.deepEqual(await wrong.exited(), { code: 2, signal: null });
    assert.match(wrong.output, reason);
  });
}

test('flags say where the peer is and which name to register', async (t) => {
  const listening = await router(t);
  command(t, ['start', `--peer.address=${listening.endpoint}`, '--chaincode-id-name', 'basic:1.0',
    '--module-path', SAMPLE]);
  assert.equal(await registeredName(listening), 'basic:1.0');
});

test('the environment does as well, with an address without a scheme', async (t) => {
  const listening = await router(t);
  command(t, ['start'], {
    CORE_PEER_ADDRESS: listening.endpoint.replace('tcp://', ''),
    CORE_CHAINCODE_ID_NAME: 'from-environment',
    CORE_MODULE_PATH: SAMPLE,
  });
  assert.equal(await registeredName(listening), 'from-environment');
});

test('TLS that the environment asks for is said to have no effect', async (t) => {
  const listening = await router(t);
  const chaincode = command(t, ['start', '--peer.address', listening.endpoint,
    '--chaincode-id-name', 'basic', '--module-path', SAMPLE], { CORE_PEER_TLS_ENABLED: 'true' });
  await chaincode.waitForLine(/CORE_PEER_TLS_ENABLED has no effect/);
});

test('a refused registration is printed with its reason', async (t) => {
  const listening = await router(t);
  const chaincode = command(t, ['start', '--peer.address', listening.endpoint,
    '--chaincode-id-name', 'basic', '--module-path', SAMPLE]);
  const { from } = await listening.receive();
  await listening.send(from, message(Type.ERROR, { payload: 'the name is taken' }));
  await listening.end(from);
  await chaincode.waitForLine(/refused the registration of basic: the name is taken/);
});

test('a reason that stays the same is printed once', async (t) => {
  const listening = await router(t);
  const chaincode = command(t, ['start', '--peer.address', listening.endpoint,
    '--chaincode-id-name', 'basic', '--module-path', SAMPLE]);
  for (const payload of ['the name is taken', 'the name is taken', 'the name is too short']) {
    const { from } = await listening.receive();
    await listening.send(from, message(Type.ERROR, { payload }));
    await listening.end(from);
  }
  await chaincode.waitForLine(/the name is too short/);
  assert.equal(chaincode.output.match(/the name is taken/g).length, 1);
});

// [row-211]
test('an endpoint that is not for chaincodes is named once, and the command leaves with 1', async (t) => {
  const listening = await router(t);
  const chaincode = command(t, ['start', '--peer.address', listening.endpoint,
    '--chaincode-id-name', 'basic', '--module-path', SAMPLE]);
  const { from } = await listening.receive();
  const refusal = message(Type.ERROR, { payload: 'chaincodes connect to tcp://127.0.0.1:7052' });
  const event = new peer.ChaincodeEvent();
  event.setEventName('wrong-endpoint');
  refusal.setChaincodeEvent(event);
  await listening.send(from, refusal);
  await listening.end(from);
  assert.deepEqual(await chaincode.exited(), { code: 1, signal: null });
  assert.equal(chaincode.output.match(/chaincodes connect to tcp/g).length, 1);
  assert.doesNotMatch(chaincode.output, /^\s+at /m);
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  test(`${signal} tells the peer and leaves with 0`, async (t) => {
    const listening = await router(t);
    const chaincode = command(t, ['start', '--peer.address', listening.endpoint,
      '--chaincode-id-name', 'basic', '--module-path', SAMPLE]);
    await listening.admit();
    await chaincode.waitForLine(/basic is registered with/);
    chaincode.kill(signal);
    assert.deepEqual((await listening.receiveFrames()).frames, [Buffer.alloc(0)]);
    assert.deepEqual(await chaincode.exited(), { code: 0, signal: null });
  });
}

test('a contract that throws while it is loaded leaves with 1 and its stack', async (t) => {
  const folder = contractFolder(t, "throw new Error('no such paint')");
  const chaincode = command(t, ['start', '--chaincode-id-name', 'basic', '--module-path', folder]);
  assert.deepEqual(await chaincode.exited(), { code: 1, signal: null });
  assert.match(chaincode.output, /cannot start the contract in .*: Error: no such paint/);
  assert.match(chaincode.output, /at .*index\.js:1/);
});

test('a folder without a package leaves with 1 and names the file', async (t) => {
  const chaincode = command(
    t, ['start', '--chaincode-id-name', 'basic', '--module-path', path.join(__dirname, 'support')]);
  assert.deepEqual(await chaincode.exited(), { code: 1, signal: null });
  assert.match(chaincode.output, /package\.json/);
});

test('a link to this package without its dependencies says what to install, without a stack', async (t) => {
  const folder = contractFolder(t, 'module.exports = class {};');
  const copy = path.join(folder, 'copy');
  for (const each of ['package.json', 'lib']) {
    fs.cpSync(path.join(__dirname, '..', each), path.join(copy, each), { recursive: true });
  }
  const linked = new Process(process.execPath,
    [path.join(copy, 'lib/cli.js'), 'start', '--chaincode-id-name', 'basic', '--module-path', folder]);
  assert.deepEqual(await linked.exited(), { code: 1, signal: null });
  assert.match(linked.output, /copy has no dependencies installed; .*npm install --install-links/);
  assert.doesNotMatch(linked.output, /^\s+at /m);
});

test("a contract's fabric-shim that is too old is named, with what to install", async (t) => {
  const folder = contractFolder(t, '');
  const shim = path.join(folder, 'node_modules/fabric-shim');
  fs.mkdirSync(shim, { recursive: true });
  fs.writeFileSync(path.join(shim, 'package.json'), JSON.stringify({ version: '2.2.0' }));
  const chaincode = command(t, ['start', '--chaincode-id-name', 'basic', '--module-path', folder]);
  assert.deepEqual(await chaincode.exited(), { code: 1, signal: null });
  assert.match(chaincode.output, /fabric-shim 2\.2\.0, but 2\.5 is needed: npm install/);
});

test('a chaincode with Init and Invoke starts without the contract API', async (t) => {
  const listening = await router(t);
  const folder = contractFolder(t, `module.exports = class {
    async Init() {}
    async Invoke() { return { status: 200, payload: Buffer.from('raw') }; }
  };`);
  command(t, ['start', '--peer.address', listening.endpoint, '--chaincode-id-name', 'raw',
    '--module-path', folder]);
  const { from } = await listening.admit();
  await listening.send(from, message(Type.TRANSACTION, { txid: 'tx1', channelId: 'ch1' }));
  const { message: completed } = await listening.receive();
  const response = peer.Response.deserializeBinary(completed.getPayload_asU8());
  assert.equal(Buffer.from(response.getPayload_asU8()).toString(), 'raw');
});

// [row-206]
test('a program that calls shim.start runs with the preload, and close() ends it', async (t) => {
  const listening = await router(t);
  const folder = programFolder(t, `
    const shim = require('fabric-shim');
    const answer = async (stub) => shim.success(Buffer.from(stub.getMspID()));
    const client = shim.start({ Init: answer, Invoke: async (stub) => {
      setImmediate(() => client.close());
      return answer(stub);
    } });`);
  const program = new Process(process.execPath, ['--require', path.join(__dirname, '../register.js'),
    path.join(folder, 'index.js'), '--peer.address', listening.endpoint, '--its-own', 'option'],
  { env: { ...process.env, CORE_CHAINCODE_ID_NAME: 'own', CORE_PEER_LOCALMSPID: 'OwnMSP' } });
  t.after(() => program.stop());
  const { from } = await listening.admit();
  const input = new peer.ChaincodeInput();
  await listening.send(from, message(Type.TRANSACTION, {
    payload: input.serializeBinary(), txid: 'tx1', channelId: 'ch1' }));
  const { message: completed } = await listening.receive();
  const response = peer.Response.deserializeBinary(completed.getPayload_asU8());
  assert.equal(Buffer.from(response.getPayload_asU8()).toString(), 'OwnMSP');
  assert.deepEqual((await listening.receiveFrames()).frames, [Buffer.alloc(0)]);
  assert.deepEqual(await program.exited(), { code: 0, signal: null });
});

// [row-206]
test('a program that is an ES module runs with the preload', async (t) => {
  const listening = await router(t);
  const folder = programFolder(t, '');
  fs.writeFileSync(path.join(folder, 'index.mjs'), `
    import shim from 'fabric-shim';
    const answer = async () => shim.success();
    shim.start({ Init: answer, Invoke: answer });`);
  const program = new Process(process.execPath, ['--require', path.join(__dirname, '../register.js'),
    path.join(folder, 'index.mjs'), '--peer.address', listening.endpoint, '--chaincode-id-name', 'esm']);
  t.after(() => program.stop());
  assert.equal(await registeredName(listening), 'esm');
});

// [row-205]
test('a program that calls shim.server is told what to use instead', async (t) => {
  const folder = programFolder(t, `
    require('fabric-shim').server({}, { ccid: 'basic_1.0:4f9c', address: '0.0.0.0:9999' });`);
  const program = new Process(process.execPath,
    ['--require', path.join(__dirname, '../register.js'), path.join(folder, 'index.js')]);
  assert.deepEqual(await program.exited(), { code: 1, signal: null });
  assert.match(program.output, /a chaincode of ccbus connects to the service itself: .*basic_1\.0/);
});

test('a program that names no chaincode leaves with 1 and says what is needed', async (t) => {
  const folder = programFolder(t, `
    require('fabric-shim').start({ Init: async () => {}, Invoke: async () => {} });`);
  const program = new Process(process.execPath,
    ['--require', path.join(__dirname, '../register.js'), path.join(folder, 'index.js')]);
  assert.deepEqual(await program.exited(), { code: 1, signal: null });
  assert.match(program.output, /--chaincode-id-name or CORE_CHAINCODE_ID_NAME is needed/);
});
