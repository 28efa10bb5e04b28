'use strict';

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');

const { features: FEATURES, notOffered: NOT_OFFERED } =
  JSON.parse(readFileSync(path.join(__dirname, '../application/features.json'), 'utf8'));

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
 * Runs an application, which has to perform every check of features.json that its library offers, and each
 * with success. Where STOCK_RESULTS names a folder, the outcomes are written there, for features.js.
 *
 * @param {string} language
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} variables
 */
async function performsAll(language, command, args, variables) {
  const printed = await outcomes(command, args, variables);
  if (process.env.STOCK_RESULTS) {
    mkdirSync(process.env.STOCK_RESULTS, { recursive: true });
    const file = path.join(process.env.STOCK_RESULTS, `application-${language}.json`);
    writeFileSync(file, `${JSON.stringify(printed, null, 2)}\n`);
  }
  assert.deepEqual(printed.filter(({ ok }) => !ok), []);
  const offered =
    Object.values(FEATURES).flat().filter((feature) => !Object.hasOwn(NOT_OFFERED[language], feature));
  assert.deepEqual(printed.map(({ check }) => check), offered);
}

module.exports = { performsAll };
