'use strict';

const { execFile } = require('node:child_process');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { setTimeout: pause } = require('node:timers/promises');
const { promisify } = require('node:util');

const { within } = require('../../../bindings/node/tests/support/deadline');
const { Process } = require('../../../bindings/node/tests/support/process');
const { Service } = require('../../../bindings/node/tests/support/service');
const { freeAddress, listening } = require('./address');
const { javaCommand } = require('./java');

const run = promisify(execFile);

const POLL_MS = 50; // What waits leaves the processor to what is started.
const READY_MS = 60_000; // A virtual machine starts slowly on a busy machine, and calls back off meanwhile.

/** @param {string} name of a variable that ctest sets */
function variable(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

/** The path of a program that the test stock_go_build has built; an absolute one is itself. */
const goProgram = (name) => path.resolve(variable('STOCK_GO_PROGRAMS'), name);

const goCommand = (program) => ({ command: goProgram(program), args: [] });

function spawnNode(contract, args) {
  const modules = path.join(__dirname, '../../../bindings/node/node_modules');
  return new Process(
    process.execPath,
    [path.join(modules, 'fabric-shim/cli.js'), ...args, '--module-path', path.join(__dirname, '..', contract)],
    { env: { ...process.env, NODE_PATH: modules } });
}

/** Starts a chaincode that connects to an address. */
function spawnClient({ command, args }, name, env, address) {
  const variables = { CORE_CHAINCODE_ID_NAME: name, CORE_PEER_TLS_ENABLED: 'false', ...env };
  return new Process(
    command, [...args, '-peer.address', address], { env: { ...process.env, ...variables } });
}

/** Starts a chaincode that listens on an address. */
function spawnService({ command, args }, name, address, env = {}) {
  const variables = {
    CHAINCODE_SERVER_ADDRESS: address, CHAINCODE_ID: name, CORE_CHAINCODE_ID_NAME: name, ...env,
  };
  return new Process(command, args, { env: { ...process.env, ...variables } });
}

/**
 * @typedef {object} ServiceOptions
 * @property {string} [address] where it listens
 * @property {Record<string, string>} [env]
 * @property {object} [connection] further fields of its connection.json
 */

/** A ccbusd with a ccbus-bridge in front of it, for contracts and applications that speak gRPC. */
class BridgedService extends Service {
  #bridge;
  #bridgeSettings;
  #addresses = new Map(); // Of the processes of each chaincode as a service.

  /**
   * @param {Record<string, string>} [settings] of ccbusd
   * @param {Record<string, string>} [bridgeSettings] of ccbus-bridge
   */
  static async start(settings, bridgeSettings = {}) {
    const service = await super.start(settings);
    service.#bridgeSettings = {
      listenAddress: '127.0.0.1:0',
      chaincodeListenAddress: '127.0.0.1:0',
      'operations.listenAddress': '127.0.0.1:0',
      directory: mkdtempSync(path.join(tmpdir(), 'ccbus-bridge-')),
      ...bridgeSettings,
    };
    await service.orStop(service.startBridge());
    return service;
  }

  /** Waits for a part of the start; if that fails, it stops what has started. */
  async orStop(part) {
    try {
      await part;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Starts the bridge; after restartBridge() or restart() on the ports that it had. */
  async startBridge() {
    const settings = {
      ...this.#bridgeSettings,
      'peer.address': this.clientEndpoint,
      'peer.chaincodeAddress': this.chaincodeEndpoint,
    };
    this.#bridge = new Process(variable('CCBUSBRIDGE'), [
      '--json', ...Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`])]);
    const ready = JSON.parse(await this.#bridge.waitForLine(/"event":\s*"ready"/));
    this.bridgeClients = ready.clients;
    this.bridgeChaincode = ready.chaincode;
    this.bridgeOperations = ready.operations;
    Object.assign(this.#bridgeSettings, {
      listenAddress: ready.clients,
      chaincodeListenAddress: ready.chaincode,
      'operations.listenAddress': new URL(ready.operations).host,
    });
  }

  get bridge() {
    return this.#bridge;
  }

  /** Kills the bridge, and starts it again on the same ports. */
  async restartBridge() {
    this.#bridge.kill('SIGKILL');
    await this.#bridge.exited();
    await this.startBridge();
  }

  async stop() {
    if (this.#bridge?.pid) await this.#bridge.stop(); // None: there is no such program.
    await super.stop();
    rmSync(this.#bridgeSettings.directory, { recursive: true });
  }

  /**
   * Starts a program of tests/stock/go as a chaincode that connects to the bridge, and waits until it is
   * registered.
   *
   * @param {string} program
   * @param {string} [name] under which it is then known
   * @param {Record<string, string>} [env] CORE_CHAINCODE_ID_NAME: by which it registers, if by another one
   * @param {string} [address] through which it connects
   */
  startGo(program, name = 'basic', env = {}, address = this.bridgeChaincode) {
    return this.#registered(name, () => this.spawnGo(program, name, env, address));
  }

  /** Does the same with a program of tests/stock/java. */
  startJava(program, name = 'basic', env = {}, address = this.bridgeChaincode) {
    return this.#registered(name, () => this.spawnJava(program, name, env, address));
  }

  /**
   * Starts a contract by `fabric-chaincode-node start` of the stock shim for Node.js, without this project's
   * package, and waits until it is registered.
   */
  startNode(contract, name = 'basic') {
    const args = ['start', '--peer.address', this.bridgeChaincode, '--chaincode-id-name', name];
    return this.#registered(name, () => spawnNode(contract, args));
  }

  /** Starts it by `fabric-chaincode-node server`, has the bridge call it, and waits until it is registered. */
  async startNodeService(contract, name = 'basic') {
    const address = await freeAddress();
    const args = ['server', '--chaincode-address', address, '--chaincode-id', name];
    return this.#registered(name, () => spawnNode(contract, args), () =>
      this.connectChaincode({ name, addresses: this.#withAddress(name, address) }));
  }

  /** Starts it, and does not wait. */
  spawnGo(program, name, env = {}, address = this.bridgeChaincode) {
    return spawnClient(goCommand(program), name, env, address);
  }

  /** Starts it, and does not wait. */
  spawnJava(program, name, env = {}, address = this.bridgeChaincode) {
    return spawnClient(javaCommand(program), name, env, address);
  }

  /**
   * Starts a program of tests/stock/go as a chaincode as a service, has the bridge call it, and waits until it
   * is registered. Processes of one name are a pool.
   *
   * @param {string} program
   * @param {string} [name]
   * @param {ServiceOptions} [options]
   */
  startGoService(program, name = 'basic', options = {}) {
    return this.#startService(goCommand(program), name, options);
  }

  /** Does the same with a program of tests/stock/java. */
  startJavaService(program, name = 'basic', options = {}) {
    return this.#startService(javaCommand(program), name, options);
  }

  async #startService(command, name, { address, env, connection }) {
    const at = address ?? await freeAddress();
    return this.#registered(name, () => spawnService(command, name, at, env), async (chaincode) => {
      await listening(at, chaincode);
      await this.connectChaincode({ name, addresses: this.#withAddress(name, at), ...connection });
    });
  }

  /** Starts it, and does not wait. */
  spawnGoService(program, name, address, env = {}) {
    return spawnService(goCommand(program), name, address, env);
  }

  /** Starts it, and does not wait. */
  spawnJavaService(program, name, address, env = {}) {
    return spawnService(javaCommand(program), name, address, env);
  }

  /** Has the bridge call a chaincode as a service. */
  async connectChaincode(connection) {
    const response = await fetch(
      `${this.bridgeOperations}/chaincodes`, { method: 'PUT', body: JSON.stringify(connection) });
    if (!response.ok) throw new Error(`${connection.name}: ${await response.text()}`);
  }

  /** Has the bridge call it no longer. */
  async disconnectChaincode(name) {
    const response =
      await fetch(`${this.bridgeOperations}/chaincodes?name=${name}`, { method: 'DELETE' });
    if (!response.ok) throw new Error(`${name}: ${await response.text()}`);
  }

  /** Runs a ccbus command against the bridge. */
  ccbusOfBridge(...args) {
    return run(variable('CCBUS'), [...args, '--bridge', this.bridgeOperations]);
  }

  /** Runs a ccbus command against the service. */
  ccbus(...args) {
    return run(variable('CCBUS'), [...args, '--address', this.clientEndpoint]);
  }

  /** How many processes of a chaincode are ready. */
  async readyCount(name) {
    const { stdout } = await this.ccbus('status', '--json');
    const members = JSON.parse(stdout).chaincodes.find((each) => each.name === name)?.members ?? [];
    return members.filter(({ state }) => state === 'ready').length;
  }

  /** Waits until as many processes of a chaincode are ready. */
  waitForReady(name, count, alive = () => true) {
    const counted = async () => {
      while (alive() && await this.readyCount(name) !== count) await pause(POLL_MS);
    };
    return within(counted(), `${count} ready processes of ${name}`, () => this.bridge.output, READY_MS);
  }

  /** The addresses of a chaincode's processes with one more. */
  #withAddress(name, address) {
    const addresses = [...this.#addresses.get(name) ?? [], address];
    this.#addresses.set(name, addresses);
    return addresses;
  }

  /** Starts a process, and waits until the service has one more of this name. */
  async #registered(name, start, connect = async () => {}) {
    const before = await this.readyCount(name);
    const chaincode = start();
    try {
      await connect(chaincode);
      await this.waitForReady(name, before + 1, () => chaincode.running);
      if (!chaincode.running) throw new Error(`${name} ended before it was ready\n${chaincode.output}`);
    } catch (error) {
      await chaincode.stop();
      throw error;
    }
    return chaincode;
  }
}

module.exports = { BridgedService, goProgram };
