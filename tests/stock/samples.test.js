'use strict';

// Chaincode and an application with the shape of fabric-samples, of fabric-samples/asset-transfer-basic: the
// chaincode as a client and as a service, the application by its environment variables alone.
const assert = require('node:assert/strict');
const { execFile, execFileSync } = require('node:child_process');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { promisify } = require('node:util');

const { Network } = require('./support/network');

const SAMPLES = path.join(__dirname, 'fabric-samples/asset-transfer-basic');
const MODULES = path.join(__dirname, 'node-application/node_modules');

let folder;
let network;

/** Builds a chaincode in Go, and returns the program's path. */
function built(sample) {
  const program = path.join(folder, sample);
  execFileSync(process.env.GO ?? 'go', ['build', '-mod=readonly', '-o', program, '.'], {
    cwd: path.join(SAMPLES, sample), stdio: 'pipe',
  });
  return program;
}

/** Runs the application, and returns what it prints. */
async function runApplication(chaincode) {
  const { stdout } = await promisify(execFile)(
    process.execPath, [path.join(SAMPLES, 'application-gateway-javascript/src/app.js')], {
      env: {
        ...process.env,
        NODE_PATH: MODULES,
        CRYPTO_PATH: network.cryptoPath,
        PEER_ENDPOINT: network.bridgeClients,
        CHAINCODE_NAME: chaincode,
      },
    });
  return stdout;
}

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'ccbus-samples-'));
  network = await Network.start({ tls: 'of the bridge' });
});

after(async () => {
  await network?.stop();
  rmSync(folder, { recursive: true });
});

const PRINTED =
  /^transferring (asset\d+) from Tom to Saptha\nasset: [^]*Saptha[^]*\nassets: .*asset1 .*\nas expected: Org1MSP: .*asset70 does not exist/;

test('an application in JavaScript with chaincode in Go', async (t) => {
  const chaincode = await network.startGo(built('chaincode-go'), 'sample');
  t.after(() => chaincode.stop());
  assert.match(await runApplication('sample'), PRINTED);
});

test('an application in JavaScript with chaincode in Go as a service', async (t) => {
  const chaincode = await network.startGoService(built('chaincode-external'), 'external');
  t.after(() => chaincode.stop());
  assert.match(await runApplication('external'), PRINTED);
});
