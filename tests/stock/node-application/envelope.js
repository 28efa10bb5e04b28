'use strict';

const { createHash } = require('node:crypto');

const { common, gateway, ledger, msp, peer } = require('@hyperledger/fabric-protos');

/** Returns the MSPs of those who have endorsed a transaction. */
function endorsersOf(transaction) {
  const prepared = gateway.PreparedTransaction.deserializeBinary(transaction.getBytes());
  const payload = common.Payload.deserializeBinary(prepared.getEnvelope().getPayload_asU8());
  const actions = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  return actions.flatMap((action) => {
    const decoded = peer.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8());
    return decoded.getAction().getEndorsementsList().map((endorsement) =>
      msp.SerializedIdentity.deserializeBinary(endorsement.getEndorser_asU8()).getMspid());
  });
}

/** An element of DER: its tag, its length, its content. */
function der(tag, content) {
  const length = content.length < 128
    ? [content.length] : [0x81, content.length]; // Nothing here is longer than 255 bytes.
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function integer(number) {
  const digits = number.toString(16);
  const bytes = Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex');
  return der(2, bytes[0] & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** Returns what the next block has to have as the hash of the one before. */
function hashOf(header) {
  const fields = [
    integer(header.getNumber()),
    der(4, Buffer.from(header.getPreviousHash_asU8())),
    der(4, Buffer.from(header.getDataHash_asU8())),
  ];
  return createHash('sha256').update(der(0x30, Buffer.concat(fields))).digest('hex');
}

/** Returns the private writes of a transaction, each as a text. */
function privateWritesOf(privateData) {
  return privateData.getNsPvtRwsetList().flatMap((namespace) =>
    namespace.getCollectionPvtRwsetList().flatMap((collection) => {
      const set = ledger.rwset.kvrwset.KVRWSet.deserializeBinary(collection.getRwset_asU8());
      return set.getWritesList().map((write) => {
        const value = Buffer.from(write.getValue_asU8()).toString();
        return `${namespace.getNamespace()} ${collection.getCollectionName()} ${write.getKey()}: ${value}`;
      });
    }));
}

module.exports = { endorsersOf, hashOf, privateWritesOf };
