'use strict';

const { once } = require('node:events');
const net = require('node:net');

// What a peer sends that keeps none of HTTP/2's rules but its form: frames as bytes (RFC 9113), with
// headers that no table has (RFC 7541, 6.2.2).
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const Type = {
  data: 0, headers: 1, reset: 3, settings: 4, ping: 6, windowUpdate: 8, continuation: 9,
};
const END_STREAM = 1;
const END_HEADERS = 4;

/** @param {number} type @param {number} flags @param {number} stream @param {Buffer} [payload] */
function frame(type, flags, stream, payload = Buffer.alloc(0)) {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

function hpackString(text) {
  const bytes = Buffer.from(text);
  const length = [];
  if (bytes.length < 127) {
    length.push(bytes.length);
  } else {
    length.push(127);
    let rest = bytes.length - 127;
    for (; rest >= 128; rest >>= 7) length.push((rest & 127) | 128);
    length.push(rest);
  }
  return Buffer.concat([Buffer.from(length), bytes]);
}

/** @param {Record<string, string>} fields */
function headerBlock(fields) {
  return Buffer.concat(Object.entries(fields).map(([name, value]) =>
    Buffer.concat([Buffer.from([0]), hpackString(name), hpackString(value)])));
}

const callHeaders = (path) => ({
  ':method': 'POST', ':scheme': 'http', ':path': path, ':authority': 'localhost',
  'content-type': 'application/grpc', te: 'trailers',
});

/** One connection of such a peer. */
class Http2Peer {
  #socket;
  #next = 1;

  /** @param {string} address @param {{reads?: boolean, initialWindow?: number}} [options] */
  static async to(address, { reads = true, initialWindow } = {}) {
    const peer = await Http2Peer.silent(address);
    if (!reads) peer.#socket.pause();
    const settings = Buffer.alloc(initialWindow === undefined ? 0 : 6);
    if (initialWindow !== undefined) {
      settings.writeUInt16BE(4, 0); // SETTINGS_INITIAL_WINDOW_SIZE
      settings.writeUInt32BE(initialWindow, 2);
    }
    await peer.write(PREFACE, frame(Type.settings, 0, 0, settings), frame(Type.settings, 1, 0));
    return peer;
  }

  /** Connects and says nothing. */
  static async silent(address) {
    const [, host, port] = /^(.*):(\d+)$/.exec(address);
    const peer = new Http2Peer();
    peer.#socket = net.connect(Number(port), host);
    peer.#socket.on('error', () => {}); // 'close' follows.
    peer.#socket.setMaxListeners(0);
    await once(peer.#socket, 'connect');
    peer.#socket.resume();
    return peer;
  }

  get isOpen() {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  /** Waits until the other side has ended the connection. */
  async ended() {
    if (!this.#socket.closed) await new Promise((resolve) => { this.#socket.once('close', resolve); });
  }

  /** Sends bytes; waits while the other side does not take them, until the connection is over. */
  async write(...parts) {
    if (!this.isOpen) return;
    if (this.#socket.write(Buffer.concat(parts))) return;
    await Promise.race([once(this.#socket, 'drain').catch(() => {}), this.ended()]);
  }

  /** The frames that begin a call, and the number of its stream. */
  call(path, extra = {}) {
    const stream = this.#next;
    this.#next += 2;
    const block = headerBlock({ ...callHeaders(path), ...extra });
    return { stream, frames: frame(Type.headers, END_HEADERS, stream, block) };
  }

  destroy() {
    this.#socket.destroy();
  }
}

module.exports = { END_HEADERS, END_STREAM, Http2Peer, PREFACE, Type, frame, headerBlock };
