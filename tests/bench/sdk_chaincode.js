'use strict';

// The chaincode of bench_sdk on the Node binding: the functions of sdk_chaincode.cc that it needs.

const { Shim } = require('../../bindings/node/node_modules/fabric-shim');
const { start } = require('../../bindings/node');

const keyOf = (number) => `key${String(number).padStart(8, '0')}`;
const valueOf = (number) => `value of ${keyOf(number)} `.padEnd(100, '.');

const functions = {
  async nothing() {
    return Buffer.alloc(0);
  },

  async store(stub, first, count) {
    for (let key = Number(first); key < Number(first) + Number(count); ++key) {
      await stub.putState(keyOf(key), Buffer.from(valueOf(key)));
    }
    return Buffer.alloc(0);
  },

  async gets(stub, first, count) {
    let value = Buffer.alloc(0);
    for (let key = Number(first); key < Number(first) + Number(count); ++key) {
      value = await stub.getState(keyOf(key));
    }
    return Buffer.from(value);
  },

  async put(stub, key, value) {
    const before = await stub.getState(key);
    await stub.putState(key, Buffer.from(value));
    return Buffer.from(before);
  },
};

class Chaincode {
  async Init() {
    return Shim.success(Buffer.alloc(0));
  }

  async Invoke(stub) {
    const { fcn, params } = stub.getFunctionAndParameters();
    return Shim.success(await functions[fcn](stub, ...params));
  }
}

const [peerAddress, chaincodeId] = process.argv.slice(2);
start(new Chaincode(), { peerAddress, chaincodeId });
