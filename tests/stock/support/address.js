'use strict';

const { once } = require('node:events');
const net = require('node:net');
const { setTimeout: pause } = require('node:timers/promises');

const { within } = require('../../../bindings/node/tests/support/deadline');

const POLL_MS = 50; // What waits leaves the processor to what is started.
const LISTENS_MS = 60_000; // A virtual machine starts slowly on a busy machine.

/** An address of the loopback network on which only this process listens, with a port that is free. */
async function freeAddress() {
  const { pid } = process;
  const host = `127.${(pid >> 16) & 255}.${(pid >> 8) & 255}.${pid & 255}`;
  const server = net.createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return `${host}:${port}`;
}

/** Waits until a process listens on an address, or has ended. */
async function listening(address, listener) {
  const [host, port] = address.split(':');
  const reached = () => new Promise((resolve) => {
    const socket = net.connect({ host, port: Number(port) });
    socket.on('error', () => resolve(false));
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
  const wait = async () => {
    while (listener.running && !await reached()) await pause(POLL_MS);
  };
  return within(wait(), `a listener on ${address}`, () => listener.output, LISTENS_MS);
}

module.exports = { freeAddress, listening };
