'use strict';

const { ChaincodeInterface, Shim } = require('fabric-shim');

/** A chaincode below the contract API: its own dispatch, and its own responses. */
class InterfaceChaincode extends ChaincodeInterface {
  async Init() {
    return Shim.success(Buffer.from('initialized'));
  }

  async Invoke(stub) {
    const { fcn, params } = stub.getFunctionAndParameters();
    switch (fcn) {
      case 'join': return Shim.success(Buffer.from(params.join('+')));
      case 'refuse': return Shim.error(params[0]);
      case 'status': return { status: Number(params[0]), message: params[1], payload: Buffer.from(params[2]) };
      case 'reject': throw new Error(params[0]);
      default: return undefined;
    }
  }
}

module.exports = InterfaceChaincode;
