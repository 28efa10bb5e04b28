'use strict';

// Chaincode as a service, which the bridge calls; and what becomes of it when one of the three goes away.
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { describe, test } = require('node:test');

const { freeAddress } = require('../support/address');

/** @param {import('../support/languages').Language} language */
module.exports = (language) => describe(`calls: ${language.name}`, () => {
  async function serviceOf(t) {
    const service = await language.start();
    t.after(() => service.stop());
    return service;
  }

  async function chaincodeOf(t, service, name, options) {
    const chaincode = await service.startContract('contract', name, options);
    t.after(() => chaincode.stop());
    return chaincode;
  }

  test('it is called until it is there', async (t) => {
    const service = await serviceOf(t);
    const address = await freeAddress();
    await service.connectChaincode({ name: 'basic', address });
    const chaincode = service.spawnContract('contract', 'basic', address);
    t.after(() => chaincode.stop());
    await service.waitForReady('basic', 1);
    assert.equal(await service.run(['join', 'a', 'b']), 'a+b');
  });

  test('it is started again, and called again', async (t) => {
    const service = await serviceOf(t);
    const address = await freeAddress();
    const first = await chaincodeOf(t, service, 'basic', { address });
    first.kill('SIGKILL');
    await first.exited();
    await service.waitForReady('basic', 0);
    const second = service.spawnContract('contract', 'basic', address);
    t.after(() => second.stop());
    await service.waitForReady('basic', 1);
    assert.equal(await service.run(['processId']), `${second.pid}`);
  });

  test('the bridge is killed, and calls it again', async (t) => {
    const service = await serviceOf(t);
    const chaincode = await chaincodeOf(t, service);
    for (let restarts = 0; restarts < 2; ++restarts) {
      await service.restartBridge();
      await service.waitForReady('basic', 1);
      assert.equal(await service.run(['processId']), `${chaincode.pid}`);
    }
  });

  test('ccbusd is killed, and it registers again', async (t) => {
    const service = await serviceOf(t);
    const chaincode = await chaincodeOf(t, service);
    for (let restarts = 0; restarts < 2; ++restarts) {
      await service.restart();
      await service.waitForReady('basic', 1);
      assert.equal(await service.run(['processId']), `${chaincode.pid}`);
    }
  });

  test('processes at several addresses are a pool', async (t) => {
    const service = await serviceOf(t);
    const chaincodes = [];
    for (let i = 0; i < 3; ++i) chaincodes.push(await chaincodeOf(t, service));
    await service.waitForReady('basic', 3);
    const pids = new Set();
    while (pids.size < 3) pids.add(await service.run(['processId']));
    assert.deepEqual([...pids].sort(), chaincodes.map(({ pid }) => `${pid}`).sort());
  });

  test('one more address leaves the calls of the others alone', async (t) => {
    const service = await serviceOf(t);
    const first = await chaincodeOf(t, service);
    const answer = service.invoke(['hold']);
    await first.waitForLine(/holding/);
    const second = await chaincodeOf(t, service);
    assert.equal(await service.run(['processId']), `${second.pid}`, 'the first one is still busy');
    first.kill('SIGKILL');
    assert.match((await answer).details[0].message, /chaincode stream terminated/);
  });

  test('it registers by the id of its package', async (t) => {
    const service = await serviceOf(t);
    const packageId = `label_of_its_own:${'0c'.repeat(32)}`;
    await chaincodeOf(t, service, 'packaged', {
      env: { CHAINCODE_ID: packageId }, connection: { package_id: packageId },
    });
    assert.equal(await service.run(['join', 'a', 'b'], { name: 'packaged' }), 'a+b');
  });

  test('it is called no longer', async (t) => {
    const service = await serviceOf(t);
    await chaincodeOf(t, service);
    await service.disconnectChaincode('basic');
    await service.waitForReady('basic', 0);
    await service.restartBridge();
    assert.equal(await service.readyCount('basic'), 0);
  });

  test('TLS, with certificates of both sides', async (t) => {
    const service = await serviceOf(t);
    const folder = mkdtempSync(path.join(tmpdir(), 'ccbus-service-tls-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const address = await freeAddress();
    const [host] = address.split(':');
    execFileSync(process.env.CCBUS, ['dev', 'crypto', '--out', folder, '--orgs', 'Org1', '--hosts', host]);
    const tls = path.join(folder, 'organizations/peerOrganizations/org1.example.com/peers/peer0.org1.example.com/tls');
    const read = (name) => readFileSync(path.join(tls, name), 'utf8');
    await chaincodeOf(t, service, 'basic', {
      address,
      env: {
        CHAINCODE_TLS_KEY: path.join(tls, 'server.key'),
        CHAINCODE_TLS_CERT: path.join(tls, 'server.crt'),
        CHAINCODE_CLIENT_CA_CERT: path.join(tls, 'ca.crt'),
      },
      connection: {
        tls_required: true,
        root_cert: read('ca.crt'),
        client_auth_required: true,
        client_cert: read('server.crt'),
        client_key: read('server.key'),
      },
    });
    assert.equal(await service.run(['join', 'a', 'b']), 'a+b');
  });
});
