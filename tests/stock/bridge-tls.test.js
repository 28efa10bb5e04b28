'use strict';

// Chaincode that connects to the bridge with TLS, with a certificate of its own as Fabric's peer gives it one.
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');

const { BridgedService } = require('./support/bridge');

let folder;
let service;

/** Makes a certificate with this common name, which is its own authority. */
function makeCertificate(name) {
  execFileSync('openssl', [
    'req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-days', '1',
    '-subj', `/CN=${name}`, '-keyout', path.join(folder, `${name}.key`),
    '-out', path.join(folder, `${name}.crt`)], { stdio: 'pipe' });
}

/** The variables of a chaincode with such a certificate. */
const variables = (name) => ({
  CORE_PEER_TLS_ENABLED: 'true',
  CORE_PEER_TLS_ROOTCERT_FILE: path.join(tlsFolder(), 'ca.crt'),
  CORE_TLS_CLIENT_KEY_FILE: path.join(folder, `${name}.key`),
  CORE_TLS_CLIENT_CERT_FILE: path.join(folder, `${name}.crt`),
});

const tlsFolder = () => path.join(
  folder, 'organizations/peerOrganizations/org1.example.com/peers/peer0.org1.example.com/tls');

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'ccbus-bridge-tls-'));
  execFileSync(process.env.CCBUS, ['dev', 'crypto', '--out', folder, '--orgs', 'Org1']);
  for (const name of ['basic', 'other', 'stranger']) makeCertificate(name);
  service = await BridgedService.start({}, {
    'chaincodeTls.enabled': 'true',
    'chaincodeTls.clientRootCAs.files': ['basic', 'other'].map((name) => path.join(folder, `${name}.crt`)).join(),
    'tls.cert.file': path.join(tlsFolder(), 'server.crt'),
    'tls.key.file': path.join(tlsFolder(), 'server.key'),
  });
});

after(async () => {
  await service?.stop();
  rmSync(folder, { recursive: true });
});

test('it registers under the name of its certificate', async (t) => {
  const chaincode = await service.startGo('contract', 'basic', variables('basic'));
  t.after(() => chaincode.stop());
  assert.equal(await service.run(['join', 'a', 'b']), 'a+b');
});

test('it may not register under another name', async () => {
  const chaincode = service.spawnGo('contract', 'basic', variables('other'));
  assert.equal((await chaincode.exited()).code, 1);
  assert.match(chaincode.output, /PermissionDenied.*may not register as 'basic'/);
});

test('a certificate of another authority, or none, is refused in the handshake', async () => {
  const stranger = service.spawnGo('contract', 'stranger', variables('stranger'));
  assert.equal((await stranger.exited()).code, 1);
  const inTheClear = service.spawnGo('contract', 'basic');
  assert.equal((await inTheClear.exited()).code, 1);
  assert.equal(await service.readyCount('stranger') + await service.readyCount('basic'), 0);
});
