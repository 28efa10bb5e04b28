'use strict';

const { ChaincodeInterface, Shim } = require('fabric-shim');

/** A chaincode without the contract API: it dispatches and makes its responses itself. */
class InterfaceChaincode extends ChaincodeInterface {
  async Init() {
    return Shim.success(Buffer.from('initialized'));
  }

  async Invoke(stub) {
    const { fcn, params } = stub.getFunctionAndParameters();
    switch (fcn) {
      case 'join': return Shim.success(Buffer.from(params.join('+')));
      case 'refuse': return Shim.error(params[0]);
      case 'status': {
        const [status, message, payload] = params;
        return { status: Number(status), message, payload: Buffer.from(payload) };
      }
      case 'reject': throw new Error(params[0]);
      default: return undefined;
    }
  }
}

module.exports = InterfaceChaincode;
