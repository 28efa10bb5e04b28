'use strict';

const { randomInt } = require('node:crypto');
const { Router } = require('zeromq');

const { Messages } = require('../../lib/messages');
const { StockPackages } = require('../../lib/stock-packages');
const { within } = require('./deadline');

const packages = StockPackages.of(__dirname);
const { peer } = packages;
const messages = new Messages(packages);
const { Type } = messages;

/**
 * @param {number} type
 * @param {{payload?: string | Uint8Array, txid?: string, channelId?: string}} [fields]
 */
function message(type, { payload = '', txid = '', channelId = '' } = {}) {
  const made = new peer.ChaincodeMessage();
  made.setType(type);
  made.setPayload(Buffer.from(payload));
  made.setTxid(txid);
  made.setChannelId(channelId);
  return made;
}

/** An endpoint on a loopback address of its own, so that no other process takes its port. */
function freeEndpoint() {
  return `tcp://127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(1, 255)}:7052`;
}

/** The peer's end of the connection, which the test plays itself. */
class ScriptedRouter {
  #router = new Router({ linger: 100, mandatory: true });

  /** @param {string} [endpoint] an earlier one, to play a peer that restarted */
  static async listen(endpoint = freeEndpoint()) {
    const router = new ScriptedRouter();
    await within(router.#bind(endpoint), `a free ${endpoint}`);
    return router;
  }

  /** libzmq closes in the background, so the previous router may still hold the port. */
  async #bind(endpoint) {
    for (;;) {
      try {
        return await this.#router.bind(endpoint);
      } catch (error) {
        if (error.code !== 'EADDRINUSE') throw error;
        await new Promise(setImmediate);
      }
    }
  }

  get endpoint() {
    return this.#router.lastEndpoint;
  }

  /** @returns {Promise<{from: Buffer, frames: Buffer[]}>} */
  async receiveFrames() {
    const [from, ...frames] = await within(this.#router.receive(), 'a message of the chaincode');
    return { from, frames };
  }

  /** @returns {Promise<{from: Buffer, message: peer.ChaincodeMessage}>} */
  async receive() {
    const { from, frames } = await this.receiveFrames();
    return { from, message: peer.ChaincodeMessage.deserializeBinary(frames[0]) };
  }

  send(to, said) {
    return this.#router.send([to, said.serializeBinary()]);
  }

  sendFrames(to, ...frames) {
    return this.#router.send([to, ...frames]);
  }

  /** Sends the empty frame. */
  end(to) {
    return this.sendFrames(to, '');
  }

  /** Takes a REGISTER and answers REGISTERED and READY. */
  async admit() {
    const registered = await this.receive();
    await this.send(registered.from, message(Type.REGISTERED));
    await this.send(registered.from, message(Type.READY));
    return registered;
  }

  close() {
    this.#router.close();
  }
}

module.exports = { ScriptedRouter, Type, freeEndpoint, message, messages, peer };
