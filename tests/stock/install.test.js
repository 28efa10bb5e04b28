'use strict';

// Fabric's chaincode packages: made as test-network's deployCCAAS.sh and as `ccbus chaincode package` make
// them, installed by `ccbus chaincode install`, of a contract on the stock shim for Go that is told only the
// package's id.
const assert = require('node:assert/strict');
const { execFile, execFileSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { test } = require('node:test');
const { promisify } = require('node:util');

const { freeAddress } = require('./support/address');
const { BridgedService } = require('./support/bridge');

const run = promisify(execFile);

const OWNER_INDEX = { index: { fields: ['docType', 'owner'] }, ddoc: 'indexOwnerDoc', name: 'indexOwner', type: 'json' };

async function serviceOf(t) {
  const service = await BridgedService.start();
  t.after(() => service.stop());
  return service;
}

/** An empty folder for this test. */
function folderOf(t) {
  const folder = mkdtempSync(path.join(tmpdir(), 'ccbus-install-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function writeJson(file, value) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(value));
}

/** Packages as test-network does; returns the file. */
function packByTar(folder, { label, type = 'ccaas', connection, indexes = {} }) {
  writeJson(path.join(folder, 'src/connection.json'), connection);
  for (const [name, index] of Object.entries(indexes)) {
    writeJson(path.join(folder, 'src/META-INF/statedb/couchdb', name), index);
  }
  writeJson(path.join(folder, 'pkg/metadata.json'), { type, label });
  const tar = (from, file, parts) => execFileSync('tar', ['-C', path.join(folder, from), '-czf', file, ...parts]);
  tar('src', path.join(folder, 'pkg/code.tar.gz'), ['.']);
  tar('pkg', path.join(folder, `${label}.tgz`), ['metadata.json', 'code.tar.gz']);
  return path.join(folder, `${label}.tgz`);
}

/** The id that Fabric gives the package. */
const packageIdOf = (label, file) => `${label}:${createHash('sha256').update(readFileSync(file)).digest('hex')}`;

async function shownDefinition(service, name) {
  const { stdout } = await service.ccbus('chaincode', 'show', '-C', 'mychannel', '-n', name, '--json');
  return JSON.parse(stdout).chaincodes[0];
}

test('a package is installed, and its chaincode runs, also after a restart of the bridge', async (t) => {
  const service = await serviceOf(t);
  const address = await freeAddress();
  const [host, port] = address.split(':');
  const file = packByTar(folderOf(t), {
    label: 'basic_1.0',
    connection: { address: `{{.peername}}:${port}`, dial_timeout: '10s', tls_required: false },
  });
  const id = packageIdOf('basic_1.0', file);
  process.env.CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG = JSON.stringify({ peername: host });
  t.after(() => delete process.env.CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG);

  const { stdout } = await service.ccbusOfBridge('chaincode', 'install', file);
  assert.match(stdout, new RegExp(`^Chaincode code package identifier: ${id}$`, 'm'));
  const chaincode = service.spawnGoService('contract', id, address);
  t.after(() => chaincode.stop());
  await service.waitForReady('basic', 1);
  assert.equal(await service.run(['join', 'a', 'b']), 'a+b');

  const { stdout: shown } = await service.ccbusOfBridge('chaincode', 'services');
  assert.match(shown, new RegExp(`^basic {2}${address} {2}called(, .*)?\n {2}package id ${id}$`, 'm'));
  await service.restartBridge();
  await service.waitForReady('basic', 1);
  assert.equal(await service.run(['join', 'a', 'b']), 'a+b');
});

test('its indexes are defined on the channel, and the rest of a definition stays', async (t) => {
  const service = await serviceOf(t);
  const folder = folderOf(t);
  const collections = path.join(folder, 'collections.json');
  writeJson(collections, [{ name: 'secrets', policy: "OR('Org1MSP.member')" }]);
  await service.define(['--version', '2.0', '--collections-config', collections]);
  const file = packByTar(folder, {
    label: 'basic_2',
    connection: { address: 'unknown.example.com:9999' },
    indexes: {
      'indexes/owner.json': OWNER_INDEX,
      'collections/secrets/indexes/owner.json': OWNER_INDEX,
      'collections/others/indexes/owner.json': OWNER_INDEX,
    },
  });
  const address = await freeAddress();
  const { stdout, stderr } = await service.ccbusOfBridge(
    'chaincode', 'install', file, '-C', 'mychannel', '--address', service.clientEndpoint,
    '--chaincode-address', address, '--json');
  const installed = JSON.parse(stdout);
  assert.equal(installed.package_id, packageIdOf('basic_2', file));
  assert.deepEqual([installed.name, installed.addresses, installed.definition.ok], ['basic', [address], true]);
  assert.match(stderr, /collections\/others\/indexes\/owner\.json: no index is made .* others is not defined/);

  const { version, collections: defined, indexes } = await shownDefinition(service, 'basic');
  assert.equal(version, '2.0');
  assert.deepEqual(defined.map(({ name }) => name), ['secrets']);
  assert.deepEqual(
    indexes.map((one) => [one.collection || '', one.design_document, one.name, one.fields]),
    ['', 'secrets'].map((collection) => [collection, 'indexOwnerDoc', 'indexOwner', ['docType', 'owner']]));

  const chaincode = service.spawnGoService('contract', installed.package_id, address);
  t.after(() => chaincode.stop());
  await service.waitForReady('basic', 1);
  assert.equal(await service.run(['join', 'a', 'b']), 'a+b');
});

test('what is not defined yet is defined, and a channel that is missing stops the installation', async (t) => {
  const service = await serviceOf(t);
  const file = packByTar(folderOf(t), {
    label: 'fresh_1', connection: { address: '127.0.0.1:1' }, indexes: { 'indexes/owner.json': OWNER_INDEX },
  });
  const install = (channel) => service.ccbusOfBridge(
    'chaincode', 'install', file, '-C', channel, '--address', service.clientEndpoint);
  await assert.rejects(install('nowhere'), { code: 1, stderr: /channel 'nowhere' not found/ });
  assert.match((await service.ccbusOfBridge('chaincode', 'services')).stdout, /calls no chaincode/);
  assert.match((await install('mychannel')).stdout, /^defined fresh 1\.0 on mychannel: 0 collections, 1 indexes, block/m);
  assert.match((await install('mychannel')).stdout, /^unchanged: fresh is defined like this already$/m);
});

test('a chaincode as a client registers by a package id, and gets the name that was given', async (t) => {
  const service = await serviceOf(t);
  const folder = folderOf(t);
  writeJson(path.join(folder, 'connection.json'), { address: '127.0.0.1:1' });
  const file = path.join(folder, 'basic.tgz');
  const { stdout } = await run(process.env.CCBUS, [
    'chaincode', 'package', file, '--label', 'basic_1.0', '--connection', path.join(folder, 'connection.json'), '--json']);
  const { package_id: id } = JSON.parse(stdout);
  assert.equal(id, packageIdOf('basic_1.0', file));
  await service.ccbusOfBridge('chaincode', 'install', file, '--name', 'assets');
  const chaincode = await service.startGo('contract', 'assets', { CORE_CHAINCODE_ID_NAME: id });
  t.after(() => chaincode.stop());
  assert.equal(await service.run(['join', 'a', 'b'], { name: 'assets' }), 'a+b');
});

test('what cannot be installed is refused before anything is sent', async (t) => {
  const folder = folderOf(t);
  const install = (...args) =>
    run(process.env.CCBUS, ['chaincode', 'install', ...args, '--bridge', 'http://127.0.0.1:1']);
  const connection = { address: '{{.peername}}:9999' };
  await assert.rejects(
    install(packByTar(folder, { label: 'go_1', type: 'golang', connection })),
    { code: 2, stderr: /go_1\.tgz: it has the source of a chaincode of type golang, which ccbus does not build/ });
  await assert.rejects(
    install(packByTar(folder, { label: 'named_1', connection })),
    { code: 2, stderr: /connection\.json: address has \{\{\.peername\}\}, and there is no value of it/ });
  await assert.rejects(
    install(packByTar(folder, { label: 'a.b_1', connection }), '--chaincode-address', 'host:1'),
    { code: 2, stderr: /'a\.b' is no name of a chaincode .* give one with --name/ });
  const whole = packByTar(folder, { label: 'ok_1', connection: { address: 'host:1' } });
  await assert.rejects(install(whole), { code: 3, stderr: /no answer from http:\/\/127\.0\.0\.1:1/ });
  await assert.rejects(install(path.join(folder, 'none.tgz')), { code: 2, stderr: /none\.tgz/ });
});
