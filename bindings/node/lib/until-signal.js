'use strict';

/**
 * Ends the process in good order when a signal asks for it: the connection is stopped first, which
 * tells the peer.
 *
 * @param {{stop(): void}} connection
 */
function stopOnSignal(connection) {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      connection.stop();
      // A chaincode with a listener of its own decides by itself when it ends.
      if (process.listenerCount(signal) === 0) process.exit(0);
    });
  }
}

module.exports = { stopOnSignal };
