'use strict';

const { once } = require('node:events');
const net = require('node:net');

/** A TCP connection between two programs that can be cut. */
class Wire {
  #server;
  #sockets = new Set();

  /** @param {string} target host:port */
  static async to(target) {
    const wire = new Wire();
    const [host, port] = target.split(':');
    wire.#server = net.createServer((near) => wire.#join(near, net.connect({ host, port: Number(port) })));
    wire.#server.listen(0, '127.0.0.1');
    await once(wire.#server, 'listening');
    return wire;
  }

  /** host:port of the near end. */
  get address() {
    return `127.0.0.1:${this.#server.address().port}`;
  }

  /** Resets the connections on both sides. */
  cut() {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  close() {
    this.cut();
    this.#server.close();
  }

  #join(near, far) {
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.on('error', () => {}); // 'close' follows.
      socket.on('close', () => this.#sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
  }
}

module.exports = { Wire };
