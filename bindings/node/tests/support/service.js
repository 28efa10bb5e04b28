'use strict';

const { execFile } = require('node:child_process');
const path = require('node:path');
const { promisify } = require('node:util');

const { Process } = require('./process');

const CLI = path.join(__dirname, '../../lib/cli.js');

/** @param {'CCBUSD' | 'CCBUS'} name */
function binary(name) {
  const found = process.env[name];
  if (!found) throw new Error(`${name} is not set: the path of the ${name.toLowerCase()} binary`);
  return found;
}

/** A loopback address that only this process uses, so that a port stays free during a restart. */
function ownAddress() {
  const { pid } = process;
  return `127.${(pid >> 16) & 255}.${(pid >> 8) & 255}.${pid & 255}:0`;
}

/** A ccbusd for one test, with a ledger in memory. */
class Service {
  #process;
  #settings;

  /**
   * @param {Record<string, string>} [settings] such as `{'chaincode.executetimeout': '2s'}`
   * @returns {Promise<InstanceType<this>>}
   */
  static async start(settings = {}) {
    const service = new this();
    service.#settings = {
      'ledger.directory': ':memory:',
      'operations.listenAddress': '',
      'peer.listenAddress': ownAddress(),
      'peer.chaincodeListenAddress': ownAddress(),
      ...settings,
    };
    await service.#spawn();
    return service;
  }

  async kill() {
    this.#process.kill('SIGKILL');
    await this.#process.exited();
  }

  /** Kills it, and starts it again on the same ports, with an empty ledger. */
  async restart() {
    await this.kill();
    Object.assign(this.#settings, {
      'peer.listenAddress': this.clientEndpoint,
      'peer.chaincodeListenAddress': this.chaincodeEndpoint,
    });
    await this.#spawn();
  }

  stop() {
    return this.#process.stop();
  }

  /**
   * Starts `ccbus-chaincode-node` and waits until it is registered.
   *
   * @param {string} modulePath
   * @param {string} [name]
   */
  startChaincode(modulePath, name = 'basic') {
    return this.startProgram([CLI, 'start', '--module-path', modulePath], {
      name,
      // For a contract outside of this package.
      env: { NODE_PATH: path.join(__dirname, '../../node_modules') },
    });
  }

  /**
   * Starts a chaincode's program by Node.js, and waits until it is registered.
   *
   * @param {string[]} args of node; the address and the name follow
   * @param {{name?: string, cwd?: string, env?: Record<string, string>}} [options]
   */
  async startProgram(args, { name = 'basic', cwd, env } = {}) {
    const chaincode = new Process(
      process.execPath,
      [...args, '--peer.address', this.chaincodeEndpoint, '--chaincode-id-name', name],
      { cwd, env: { ...process.env, ...env } });
    await chaincode.waitForLine(/is registered with/);
    return chaincode;
  }

  /**
   * Runs a transaction by the ccbus command.
   *
   * @param {string[]} args the function's name first
   * @param {{name?: string, transient?: Record<string, string>, isInit?: boolean}} [options]
   * @returns {Promise<object>} what the command prints
   */
  invoke(args, options) {
    return this.#ask('invoke', args, options);
  }

  async #ask(command, args, { name = 'basic', transient, isInit } = {}) {
    const options = ['--address', this.clientEndpoint, '-C', 'mychannel', '-n', name, '--json'];
    if (isInit) options.push('--isInit');
    if (transient) {
      const encoded = Object.entries(transient)
        .map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
      options.push('--transient', JSON.stringify(Object.fromEntries(encoded)));
    }
    const printed = await new Promise((resolve, reject) => {
      execFile(
        binary('CCBUS'), [command, ...options, '-c', JSON.stringify({ Args: args })],
        // A refusal is a valid answer; only a command without output has failed.
        (error, stdout) => (stdout ? resolve(stdout) : reject(error)));
    });
    return JSON.parse(printed);
  }

  /**
   * Defines a chaincode by the ccbus command.
   *
   * @param {string[]} options of `ccbus chaincode define`
   * @param {string} [name]
   */
  async define(options, name = 'basic') {
    await promisify(execFile)(binary('CCBUS'), [
      'chaincode', 'define', '--address', this.clientEndpoint, '-C', 'mychannel', '-n', name,
      ...options]);
  }

  /** Runs a transaction that must succeed, and returns its payload. */
  async run(args, options) {
    return this.#payloadOf(args, await this.invoke(args, options));
  }

  /** Evaluates a transaction that must succeed, without a block, and returns its payload. */
  async query(args, options) {
    return this.#payloadOf(args, await this.#ask('query', args, options));
  }

  #payloadOf(args, answer) {
    const reasons = [answer.message, ...answer.details.map((detail) => detail.message)];
    if (!answer.ok) throw new Error(`${args[0]}: ${reasons.join(': ')}`);
    return answer.payload;
  }

  /** Like run(), and parses the payload as JSON. */
  async runJson(args, options) {
    return JSON.parse(await this.run(args, options));
  }

  async #spawn() {
    const settings = Object.entries(this.#settings)
      .flatMap(([key, value]) => ['--set', `${key}=${value}`]);
    this.#process = new Process(binary('CCBUSD'), ['--json', ...settings]);
    const ready = JSON.parse(await this.#process.waitForLine(/"event":"ready"/));
    this.chaincodeEndpoint = ready.chaincode_endpoint;
    this.clientEndpoint = ready.client_endpoint;
  }
}

module.exports = { CLI, Service };
