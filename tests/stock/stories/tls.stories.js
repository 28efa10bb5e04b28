'use strict';

// Chaincode that connects to the bridge with TLS, with a certificate of its own as Fabric's peer gives it one.
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');

/** @param {import('../support/languages').Language} language */
module.exports = (language) => describe(`TLS: ${language.name}`, () => {
  let folder;
  let service;

  /** Makes a certificate with this common name, which is its own authority. */
  function makeCertificate(name) {
    execFileSync('openssl', [
      'req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-days', '1',
      '-subj', `/CN=${name}`, '-keyout', path.join(folder, `${name}.key`),
      '-out', path.join(folder, `${name}.crt`)], { stdio: 'pipe' });
    for (const file of [`${name}.key`, `${name}.crt`]) {
      const encoded = readFileSync(path.join(folder, file)).toString('base64');
      writeFileSync(path.join(folder, `${file}.base64`), encoded);
    }
  }

  /** The variables of a chaincode with such a certificate: those for Java and Node.js name files in base64. */
  const variables = (name) => ({
    CORE_PEER_TLS_ENABLED: 'true',
    CORE_PEER_TLS_ROOTCERT_FILE: path.join(tlsFolder(), 'ca.crt'),
    CORE_TLS_CLIENT_KEY_FILE: path.join(folder, `${name}.key`),
    CORE_TLS_CLIENT_CERT_FILE: path.join(folder, `${name}.crt`),
    CORE_TLS_CLIENT_KEY_PATH: path.join(folder, `${name}.key.base64`),
    CORE_TLS_CLIENT_CERT_PATH: path.join(folder, `${name}.crt.base64`),
  });

  const tlsFolder = () => path.join(
    folder, 'organizations/peerOrganizations/org1.example.com/peers/peer0.org1.example.com/tls');

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'ccbus-bridge-tls-'));
    execFileSync(process.env.CCBUS, ['dev', 'crypto', '--out', folder, '--orgs', 'Org1']);
    for (const name of ['basic', 'other', 'stranger']) makeCertificate(name);
    service = await language.start({}, {
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

  const ended = async (chaincode) => assert.equal((await chaincode.exited()).code, language.expects.lost);

  test('it registers under the name of its certificate', async (t) => {
    const chaincode = await service.startContract('contract', 'basic', { env: variables('basic') });
    t.after(() => chaincode.stop());
    assert.equal(await service.run(['join', 'a', 'b']), 'a+b');
  });

  test('it may not register under another name', async () => {
    const chaincode = service.spawnContract('contract', 'basic', variables('other'));
    await ended(chaincode);
    assert.match(chaincode.output, /permission_?denied.*may not register as 'basic'/i);
  });

  test('a certificate of another authority, or none, is refused in the handshake', async () => {
    const stranger = service.spawnContract('contract', 'stranger', variables('stranger'));
    await ended(stranger);
    const inTheClear = service.spawnContract('contract', 'basic');
    await ended(inTheClear);
    assert.equal(await service.readyCount('stranger') + await service.readyCount('basic'), 0);
  });
});
