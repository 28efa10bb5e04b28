'use strict';

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const readline = require('node:readline');
const { test } = require('node:test');

const { Network } = require('./network');

const { features: FEATURES, notOffered: NOT_OFFERED } =
  require('../application/features.json');

/** Runs an application, and returns what it has printed for each check. */
async function outcomes(command, args, variables) {
  const env = { ...process.env, ...variables };
  const application = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const printed = [];
  readline.createInterface({ input: application.stdout }).on('line', (line) => printed.push(JSON.parse(line)));
  await once(application, 'close');
  return printed;
}

/**
 * Runs an application, in the clear, with TLS and with mutual TLS. It has to perform every check of features.json that its
 * library offers, each with success.
 *
 * @param {string} language
 * @param {string} command
 * @param {string[]} [args]
 */
function performsAll(language, command, args = []) {
  const wanted =
    Object.values(FEATURES).flat().filter((feature) => !Object.hasOwn(NOT_OFFERED[language], feature));
  for (const [subject, options] of [
    ['application', {}],
    ['application with TLS', { tls: 'of the bridge' }],
    ['application with mutual TLS', { tls: 'of both sides' }],
  ]) {
    test(`${subject}: ${language}`, async (t) => {
      const network = await Network.start(options);
      t.after(() => network.stop());
      const printed = await outcomes(command, args, network.variables());
      for (const { check, ...outcome } of printed) {
        await t.test(check, () => assert.ok(outcome.ok, JSON.stringify(outcome)));
      }
      assert.deepEqual(printed.map(({ check }) => check), wanted);
    });
  }
}

module.exports = { performsAll };
