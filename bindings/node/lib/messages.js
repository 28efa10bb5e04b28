'use strict';

/** The field of READY's payload that ccbus adds: see proto/fabric/peer/chaincode_shim.proto. */
const LOCAL_MSP_ID = 1001;

/** The event of an ERROR to a chaincode that has dialled the endpoint for clients. */
const WRONG_ENDPOINT = 'wrong-endpoint';

/** Makes and reads chaincode messages with one copy of fabric-protos. */
class Messages {
  #peer;
  #BinaryReader;
  #statements;

  /** @param {{peer: object, BinaryReader: Function}} packages */
  constructor({ peer, BinaryReader }) {
    this.#peer = peer;
    this.#BinaryReader = BinaryReader;
    const { Type } = peer.ChaincodeMessage;
    this.Type = Type;
    /** The messages of the chaincode that have no answer. */
    this.#statements = new Set([Type.REGISTER, Type.COMPLETED, Type.ERROR, Type.KEEPALIVE]);
  }

  /**
   * @param {Uint8Array} frame
   * @throws {Error} if it is no ChaincodeMessage
   */
  decode(frame) {
    try {
      return this.#peer.ChaincodeMessage.deserializeBinary(frame);
    } catch {
      throw new Error(`the peer sent ${frame.length} bytes that are no ChaincodeMessage`);
    }
  }

  /** @param {string} chaincodeId */
  registration(chaincodeId) {
    const id = new this.#peer.ChaincodeID();
    id.setName(chaincodeId);
    const message = new this.#peer.ChaincodeMessage();
    message.setType(this.Type.REGISTER);
    message.setPayload(id.serializeBinary());
    return message;
  }

  /** Whether the peer answers this message of the chaincode. */
  isRequest(message) {
    return !this.#statements.has(message.getType());
  }

  /**
   * Makes the ERROR that ends a request or a transaction.
   *
   * @param {object} message of the request, or of the transaction's response
   * @param {string} reason
   */
  failureOf(message, reason) {
    const failure = new this.#peer.ChaincodeMessage();
    failure.setType(this.Type.ERROR);
    failure.setTxid(message.getTxid());
    failure.setChannelId(message.getChannelId());
    failure.setPayload(Buffer.from(reason));
    return failure;
  }

  /** @returns {string} the MSP id of the peer, '' if its READY has none */
  localMspIdOf(ready) {
    const reader = new this.#BinaryReader(ready.getPayload_asU8());
    while (reader.nextField() && !reader.isEndGroup()) {
      if (reader.getFieldNumber() === LOCAL_MSP_ID) return reader.readString();
      reader.skipField();
    }
    return '';
  }

  /** Whether the ERROR says that this endpoint is not for chaincodes. */
  isFromWrongEndpoint(error) {
    return error.getChaincodeEvent()?.getEventName() === WRONG_ENDPOINT;
  }

  /**
   * Throws if the stock handler cannot encode the response, which would then never be sent.
   *
   * @param {{status: number, message?: string, payload?: Uint8Array}} response
   */
  checkResponse({ status, message, payload }) {
    const encoded = new this.#peer.Response();
    encoded.setStatus(status);
    encoded.setMessage(message);
    encoded.setPayload(payload);
    encoded.serializeBinary();
  }
}

module.exports = { Messages };
