'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { X509Certificate, createHash } = require('node:crypto');
const { mkdirSync, mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');

/** @param {import('../support/languages').Language} language */
module.exports = (language) => describe(`transaction: ${language.name}`, () => {
  let service;
  let chaincode;
  let directory;

  /** Makes a certificate with attributes, as Fabric's CA issues it. */
  function makeIdentity(identity, attributes) {
    mkdirSync(identity);
    const value = Buffer.from(JSON.stringify({ attrs: attributes })).toString('hex');
    execFileSync('openssl', [
      'req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
      '-keyout', path.join(identity, 'key.pem'), '-out', path.join(identity, 'cert.pem'),
      '-subj', '/C=DE/O=stock/CN=user1', '-days', '1',
      '-addext', `1.2.3.4.5.6.7.8.1=DER:${value}`], { stdio: 'pipe' });
  }

  before(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'ccbus-stock-'));
    makeIdentity(path.join(directory, 'identity'), { color: 'blue' });
    service = await language.start({
      'peer.localMspId': 'StockMSP',
      'ledger.directory': directory,
    });
    process.env.CORE_PEER_LOCALMSPID = 'StockMSP'; // A peer sets it for its chaincodes.
    chaincode = await service.startContract('contract');
  });

  after(async () => {
    await chaincode?.stop();
    await service?.stop();
    rmSync(directory, { recursive: true });
  });

  const sha256 = (...parts) => {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    return hash.digest('hex');
  };

  test('the stub knows the transaction that the client knows', async () => {
    const before = Date.now();
    const answer = await service.invoke(['context', 'one', 'zwei']);
    const context = JSON.parse(answer.payload);
    assert.equal(context.txId, answer.transaction_id);
    assert.equal(context.channelId, 'mychannel');
    assert.deepEqual(context.functionAndParameters, { fcn: 'context', params: ['one', 'zwei'] });
    assert.deepEqual(context.args, ['context', 'one', 'zwei']);
    assert.deepEqual(context.stringArgs, context.args);
    assert.deepEqual(
      context.bufferArgs, context.args.map((arg) => Buffer.from(arg).toString('base64')));
    assert.equal(context.localMspId, 'StockMSP');

    const date = Date.parse(context.date);
    assert.ok(date >= before - 1 && date <= Date.now() + 1, context.date);
    assert.equal(context.seconds, Math.floor(date / 1000));
    assert.equal(Math.floor(context.nanos / 1e6), date % 1000);
    assert.match(context.binding, /^[0-9a-f]{64}$/);
  });

  test("the creator is the service's MSP and a certificate", async () => {
    const client = await service.runJson(['client']);
    assert.equal(client.creator.mspid, 'StockMSP');
    assert.equal(client.mspId, 'StockMSP');
    assert.equal(client.pem, client.creator.pem);
    assert.equal(client.contextId, client.id);
    assert.equal(client.attribute, 'blue');
    assert.equal(client.hasAttribute, true);
    assert.equal(client.hasOtherValue, false);
    assert.equal(client.noAttribute, null);
    assert.equal(client.hasNoAttribute, false);

    const certificate = new X509Certificate(client.creator.pem);
    assert.equal(client.id, language.expects.clientId(certificate));
  });

  test('the signed proposal carries what the id and the binding are made of', async () => {
    const answer = await service.invoke(['signedProposal']);
    const proposal = JSON.parse(answer.payload);
    const nonce = Buffer.from(proposal.nonce, 'base64');
    const creator = Buffer.from(proposal.creator, 'base64');
    assert.equal(proposal.type, 3, 'ENDORSER_TRANSACTION');
    assert.equal(proposal.channelId, 'mychannel');
    assert.equal(proposal.txId, answer.transaction_id);
    assert.equal(proposal.txId, sha256(nonce, creator));
    assert.equal(proposal.epoch, 0);
    assert.equal(proposal.binding, sha256(nonce, creator, Buffer.alloc(8)));
  });

  test('two transactions have different nonces and ids', async () => {
    const [one, two] =
      await Promise.all([service.runJson(['signedProposal']), service.runJson(['signedProposal'])]);
    assert.notEqual(one.nonce, two.nonce);
    assert.notEqual(one.txId, two.txId);
  });

  test('transient data reaches the chaincode', async () => {
    const transient = { price: '110', 'größe': 'riesig' };
    assert.deepEqual(
      Object.fromEntries(await service.runJson(['transient'], { transient })), transient);
    assert.deepEqual(await service.runJson(['transient']), []);
  });

  test('the last event of a transaction reaches the client', async () => {
    const { event } = await service.invoke(['emit', 'first', 'second']);
    assert.equal(event.name, 'second');
    assert.equal(Buffer.from(event.payload_base64, 'base64').toString(), 'about second');
    assert.equal((await service.invoke(['put', 'k', 'v'])).event, null);
  });

  test('what the stub refuses by itself', async () => {
    assert.deepEqual(await service.runJson(['misuse']), language.expects.misuse);
  });

  // [row-123]
  test('what a contract throws reaches the client with status 500, nothing is stored', async () => {
    const answer = await service.invoke(['writeAndFail', 'unpaid', 'die Farbe ist aus']);
    assert.equal(answer.ok, false);
    assert.equal(answer.chaincode_status, 500);
    assert.equal(answer.chaincode_message, 'die Farbe ist aus');
    assert.match(answer.details[0].message, /die Farbe ist aus/);
    assert.equal(answer.validation_code, 'NOT_VALIDATED');
    assert.equal(await service.run(['get', 'unpaid']), '');
  });

  test('a function that the contract does not have is a failure', async () => {
    const answer = await service.invoke(['paint']);
    assert.equal(answer.chaincode_status, 500);
    assert.match(answer.chaincode_message, /paint/);
  });

  // [row-66]
  test('thirty transactions at once all succeed', async () => {
    const keys = Array.from({ length: 30 }, (_, i) => `parallel${i}`);
    await Promise.all(keys.map((key) => service.run(['put', key, key])));
    assert.deepEqual(await service.runJson(['getAtOnce', keys.join()]), keys);
  });
});
