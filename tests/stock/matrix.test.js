'use strict';

// Contracts with the shape of published ones, with several versions of the stock packages, installed
// in the ways in which people install them.
const assert = require('node:assert/strict');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');

const { Service } = require('../../bindings/node/tests/support/service');
const { Project } = require('./support/project');

const BASIC = 'asset-transfer-basic/chaincode-javascript';
const TYPED = 'asset-transfer-basic/chaincode-typescript';
const EVENTS = 'asset-transfer-events/chaincode-javascript';
const QUERIES = 'asset-transfer-ledger-queries/chaincode-javascript';
const PRIVATE = 'asset-transfer-private-data/chaincode-typescript';
const OWN_START = 'own-start';

const stock = (version, more = {}) => ({
  'fabric-shim': version, 'fabric-contract-api': version, typescript: '~5.8', ...more,
});

// `versions`: what the project then has, so that the row is what it says. The binding's own copies
// are those of its package-lock.json.
const ROWS = [
  {
    name: '2.5.0, protobuf 3.21.2, the command called by its path',
    dependencies: stock('2.5.0'),
    overrides: { 'google-protobuf': '3.21.2' },
    way: 'not at all',
    versions: { 'fabric-shim': '2.5.0', 'google-protobuf': '3.21.2', 'class-transformer': '0.4.1' },
  },
  {
    name: '2.5.4, protobuf 3.21.2, a symbolic link to the package',
    dependencies: stock('2.5.4'),
    overrides: { 'google-protobuf': '3.21.2' },
    way: 'a symbolic link',
    versions: { 'fabric-shim': '2.5.4', 'google-protobuf': '3.21.2' },
  },
  {
    name: '2.5.6, protobuf 3.21.2, npm ci',
    dependencies: stock('2.5.6'),
    overrides: { 'google-protobuf': '3.21.2' },
    way: 'a copy',
    clean: true,
    versions: { 'fabric-shim': '2.5.6', 'google-protobuf': '3.21.2' },
  },
  {
    name: '2.5.8, protobuf 3.21.4, npm pack, in a folder behind a symbolic link',
    dependencies: stock('2.5.8'),
    way: 'npm pack',
    linked: true,
    versions: { 'fabric-shim': '2.5.8', 'google-protobuf': '3.21.4', 'class-transformer': '0.4.1' },
  },
  {
    name: '2.5.8, class-transformer 0.4.0, the newest protos',
    dependencies: stock('2.5.8'),
    overrides: { 'class-transformer': '0.4.0', '@hyperledger/fabric-protos': '0.3.7' },
    way: 'not at all',
    versions: { '@hyperledger/fabric-protos': '0.3.7', 'class-transformer': '0.4.0' },
  },
  {
    name: 'fabric-contract-api 2.5.4 alone, with the shim of the binding',
    dependencies: { 'fabric-contract-api': '2.5.4', typescript: '~5.8', '@types/node': '^20' },
    way: 'not at all',
    versions: { 'fabric-contract-api': '2.5.4', 'fabric-shim': undefined },
  },
];

const base64 = (text) => Buffer.from(text).toString('base64');

const refusal = async (service, args, options) => {
  const answer = await service.invoke(args, options);
  assert.equal(answer.ok, false);
  return answer.chaincode_message;
};

for (const row of ROWS) {
  describe(row.name, () => {
    let project;
    let service;

    before(async () => {
      [project, service] = await Promise.all([
        Project.install(row),
        Service.start({ 'peer.localMspId': 'Org1MSP', 'chaincode.executetimeout': '10s' }),
      ]);
    });

    after(async () => {
      await service?.stop();
      project?.remove();
    });

    /** Starts a contract under its folder's name, and returns that. */
    async function started(t, contract, args = project.startArgs(contract)) {
      const name = contract.replace('/', '-');
      const env = { CORE_PEER_LOCALMSPID: undefined, NODE_PATH: '' };
      const chaincode = await service.startProgram(args, { name, cwd: project.folder, env });
      t.after(() => chaincode.stop());
      return name;
    }

    // [row-201]
    test('the project has these versions', () => {
      for (const [name, version] of Object.entries(row.versions)) {
        assert.equal(project.versionOf(name), version, name);
      }
    });

    // [row-201][row-202]
    test('a contract in JavaScript returns objects, ranges and errors', async (t) => {
      const name = await started(t, BASIC);
      await service.run(['InitLedger'], { name });
      const created = await service.runJson(['CreateAsset', 'a1', 'blue', '5', 'tom', '300'], { name });
      assert.deepEqual(created, { ID: 'a1', Color: 'blue', Size: 5, Owner: 'tom', AppraisedValue: 300 });
      assert.equal(await service.run(['TransferAsset', 'asset1', 'Ann'], { name }), 'Tomoko');
      assert.equal(await service.run(['AssetExists', 'a1'], { name }), 'true');
      const all = await service.runJson(['GetAllAssets'], { name });
      assert.deepEqual(all.map(({ ID, Owner }) => [ID, Owner]),
        [['a1', 'tom'], ['asset1', 'Ann'], ['asset2', 'Brad']]);
      assert.equal(await refusal(service, ['ReadAsset', 'none'], { name }), 'asset none does not exist');
    });

    // [row-201][row-202]
    test('a contract in TypeScript takes and returns its own types', async (t) => {
      await project.compile(TYPED);
      const name = await started(t, TYPED);
      const asset = { ID: 'a1', Size: 5, Owner: 'tom' };
      await service.run(['CreateAsset', JSON.stringify(asset)], { name });
      assert.deepEqual(await service.runJson(['ReadAsset', 'a1'], { name }), asset);
      assert.equal(await service.run(['AssetExists', 'b1'], { name }), 'false');
      assert.match(await refusal(service, ['CreateAsset', '{"ID":7}'], { name }), /should be string/);
    });

    // [row-201][row-203]
    test('transient data, private data, the MSP id and an event', async (t) => {
      await project.compile(PRIVATE);
      const name = await started(t, PRIVATE);
      const collections = path.join(project.pathOf(PRIVATE), 'collections_config.json');
      await service.define(['--collections-config', collections], name);
      const properties = { objectType: 'asset', assetID: 'a1', color: 'green', size: 20, appraisedValue: 100 };
      const transient = { asset_properties: JSON.stringify(properties) };
      const { event } = await service.invoke(['CreateAsset'], { name, transient });
      assert.deepEqual(event, { name: 'CreateAsset', payload_base64: base64('a1') });
      assert.equal((await service.runJson(['ReadAsset', 'a1'], { name })).color, 'green');
      assert.deepEqual(
        await service.runJson(['ReadAssetPrivateDetails', 'Org1MSPPrivateCollection', 'a1'], { name }),
        { assetID: 'a1', appraisedValue: 100 });
      assert.equal(await refusal(service, ['CreateAsset'], { name, transient }), 'asset a1 exists');
    });

    // [row-201][row-203]
    test("an event, and the organisation's own collection", async (t) => {
      const name = await started(t, EVENTS);
      const transient = { asset_properties: '{"price":7}' };
      const args = ['CreateAsset', 'a1', 'blue', '5', 'tom', '300'];
      const { event } = await service.invoke(args, { name, transient });
      assert.equal(event.name, 'CreateAsset');
      assert.equal(JSON.parse(Buffer.from(event.payload_base64, 'base64')).Owner, 'tom');
      const read = await service.runJson(['ReadAsset', 'a1'], { name });
      assert.deepEqual([read.Owner, read.asset_properties], ['tom', { price: 7 }]);
    });

    // [row-201]
    test('rich queries by an index, composite keys and history', async (t) => {
      const name = await started(t, QUERIES);
      await service.define(
        ['--indexes', path.join(project.pathOf(QUERIES), 'META-INF/statedb/couchdb')], name);
      await service.run(['CreateAsset', 'a1', 'blue', '5', 'tom', '35'], { name });
      await service.run(['CreateAsset', 'a2', 'blue', '6', 'ann', '36'], { name });
      assert.equal(await service.run(['TransferAssetByColor', 'blue', 'joe'], { name }), '2');
      const found = await service.runJson(['QueryAssetsByOwner', 'joe'], { name });
      assert.deepEqual(found.map(({ Key }) => Key), ['a1', 'a2']);
      const history = await service.runJson(['GetAssetHistory', 'a1'], { name });
      assert.deepEqual(history.map(({ Value }) => Value.owner), ['joe', 'tom']);
    });

    if (row.dependencies['fabric-shim']) {
      // [row-206][row-207]
      test('a program that calls shim.start itself, with the preload', async (t) => {
        const name = await started(t, OWN_START, project.preloadArgs(OWN_START));
        const { payload, event } = await service.invoke(['add', 'visits'], { name });
        assert.equal(payload, '1');
        assert.deepEqual(event, { name: 'added', payload_base64: base64('visits') });
        assert.equal(await service.run(['add', 'visits'], { name }), '2');
        assert.equal(await refusal(service, ['fail', 'no paint'], { name }), 'no paint');
        assert.equal(await refusal(service, ['paint'], { name }), 'paint is no function');
      });
    }
  });
}
