'use strict';

const shim = require('fabric-shim');

const Counter = class {
  async Init() {
    return shim.success();
  }

  async Invoke(stub) {
    const { fcn, params } = stub.getFunctionAndParameters();
    if (typeof this[fcn] !== 'function') return shim.error(Buffer.from(`${fcn} is no function`));
    try {
      return shim.success(await this[fcn](stub, ...params));
    } catch (error) {
      return shim.error(error);
    }
  }

  async add(stub, name) {
    const count = Number((await stub.getState(name)).toString() || '0') + 1;
    await stub.putState(name, Buffer.from(`${count}`));
    stub.setEvent('added', Buffer.from(name));
    return Buffer.from(`${count}`);
  }

  async fail(stub, reason) {
    throw new Error(reason);
  }
};

shim.start(new Counter());
