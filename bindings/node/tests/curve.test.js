'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { test } = require('node:test');

const { curveOptions, refusalOf } = require('../lib/curve-keys');
const { parseCommand } = require('../lib/options');
const { Process } = require('./support/process');
const { Service } = require('./support/service');

const PUBLIC = 'Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID';
const SECRET = 'D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs';
const SAMPLE = path.join(__dirname, '../samples/asset-transfer');
const CLI = path.join(__dirname, '../lib/cli.js');

function folder(t) {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'ccbus-keys-'));
  t.after(() => fs.rmSync(made, { recursive: true }));
  return made;
}

function write(directory, name, lines) {
  const file = path.join(directory, name);
  fs.writeFileSync(file, `metadata\n    public-key = "not this"\ncurve\n${lines.join('\n')}\n`);
  return file;
}

test('the keys are read as CZMQ and pyzmq write them', (t) => {
  const directory = folder(t);
  const key = write(directory, 'app.key', [`    public-key = "${PUBLIC}"`]);
  assert.throws(() => curveOptions(key, PUBLIC), /app\.key: it has no secret key/);
  write(directory, 'app.key_secret', [`    public-key = '${PUBLIC}'`, `    secret-key = ${SECRET}`]);
  const expected = { curveServerKey: PUBLIC, curvePublicKey: PUBLIC, curveSecretKey: SECRET };
  assert.deepEqual(curveOptions(key, PUBLIC), expected);
  assert.deepEqual(curveOptions(`${key}_secret`, key), expected);
  assert.deepEqual(curveOptions(undefined, undefined), {});
  assert.throws(() => curveOptions(key, ''), /CCBUS_SERVER_KEY/);
  assert.throws(() => curveOptions('', key), /CCBUS_KEY/);
  assert.throws(() => curveOptions(`${key}x`, PUBLIC), /app\.keyx/);
  const short = write(directory, 'short.key', ['    public-key = "short"']);
  assert.throws(() => curveOptions(short, PUBLIC), /'public-key' is not a key/);
  const none = write(directory, 'none.key', []);
  assert.throws(() => curveOptions(none, PUBLIC), /no public key/);

  const env = { CCBUS_KEY: key, CCBUS_SERVER_KEY: PUBLIC, CORE_CHAINCODE_ID_NAME: 'basic' };
  assert.deepEqual(parseCommand(['start'], env).socketOptions, expected);
  assert.deepEqual(
    parseCommand(['start', '--key', key, '--serverKey', PUBLIC], { CORE_CHAINCODE_ID_NAME: 'basic' })
      .socketOptions, expected);
});

test('a handshake that fails for another reason is not taken for a wrong key', () => {
  assert.equal(refusalOf('handshake:error:other', undefined, false), undefined);
  assert.equal(refusalOf('handshake:error:protocol', { code: 'ERR_ZMTP_UNSPECIFIED' }, true), undefined);
  assert.equal(refusalOf('disconnect', undefined, true), undefined);
});

test('a chaincode connects with its key, and says which of them is wrong', async (t) => {
  const directory = folder(t);
  const ccbus = (...args) => execFileSync(process.env.CCBUS, args, { cwd: directory });
  for (const name of ['server', 'basic', 'stranger']) ccbus('keygen', name);
  ccbus('keys', 'allow', 'basic.key', '--register', 'basic', '--keys', 'allowed');
  const at = (name) => path.join(directory, name);
  const service = await Service.start({
    'security.serverKey': at('server.key'), 'security.keys': at('allowed'),
  });
  t.after(() => service.stop());

  const chaincode = await service.startProgram([CLI, 'start', '--module-path', SAMPLE], {
    env: { CCBUS_KEY: at('basic.key'), CCBUS_SERVER_KEY: at('server.key') },
  });
  await chaincode.stop();

  for (const [key, serverKey, why] of [
    ['stranger.key', 'server.key', /does not accept this key/],
    ['basic.key', 'stranger.key', /the server key that was given is not the one/],
    [undefined, undefined, /the service asks for a key/],
  ]) {
    const env = { ...process.env };
    if (key) Object.assign(env, { CCBUS_KEY: at(key), CCBUS_SERVER_KEY: at(serverKey) });
    const refused = new Process(process.execPath, [
      CLI, 'start', '--module-path', SAMPLE, '--peer.address', service.chaincodeEndpoint,
      '--chaincode-id-name', 'basic'], { env });
    await refused.waitForLine(why);
    await refused.stop();
  }
});
