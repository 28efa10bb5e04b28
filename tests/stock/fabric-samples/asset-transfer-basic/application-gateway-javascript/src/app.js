'use strict';

const { connect } = require('@hyperledger/fabric-gateway');

const { newGrpcConnection, newIdentity, newSigner } = require('./connect');

const text = (bytes) => Buffer.from(bytes).toString();

/** Submits a transfer, and goes on before it is committed. */
async function transferAssetAsync(contract, id) {
  const commit = await contract.submitAsync('TransferAsset', { arguments: [id, 'Saptha'] });
  console.log(`transferring ${id} from ${text(commit.getResult())} to Saptha`);
  const { successful, code, transactionId } = await commit.getStatus();
  if (!successful) throw new Error(`${transactionId} has failed with status ${code}`);
}

async function main() {
  const client = await newGrpcConnection();
  const gateway = connect({ client, identity: await newIdentity(), signer: await newSigner() });
  try {
    const network = gateway.getNetwork(process.env.CHANNEL_NAME || 'mychannel');
    const contract = network.getContract(process.env.CHAINCODE_NAME || 'basic');
    const id = `asset${Date.now()}`;
    await contract.submitTransaction('InitLedger');
    await contract.submitTransaction('CreateAsset', id, 'yellow', '5', 'Tom', '1300');
    await transferAssetAsync(contract, id);
    console.log('asset:', JSON.parse(text(await contract.evaluateTransaction('ReadAsset', id))));
    const all = JSON.parse(text(await contract.evaluateTransaction('GetAllAssets')));
    console.log('assets:', all.map(({ ID }) => ID).join(' '));
    try {
      await contract.submitTransaction('UpdateAsset', 'asset70', 'blue', '5', 'Tomoko', '300');
      throw new Error('asset70 was updated');
    } catch (error) {
      if (!error.details) throw error;
      console.log('as expected:', error.details.map(({ mspId, message }) => `${mspId}: ${message}`).join());
    }
  } finally {
    gateway.close();
    client.close();
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
