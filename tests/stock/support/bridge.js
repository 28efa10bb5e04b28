'use strict';

const { execFile } = require('node:child_process');
const { once } = require('node:events');
const { mkdtempSync, rmSync } = require('node:fs');
const net = require('node:net');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { promisify } = require('node:util');

const { within } = require('../../../bindings/node/tests/support/deadline');
const { Process } = require('../../../bindings/node/tests/support/process');
const { Service } = require('../../../bindings/node/tests/support/service');

const run = promisify(execFile);

/** @param {string} name of a variable that ctest sets */
function variable(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

/** The path of a program that the test stock_go_build has built. */
const goProgram = (name) => path.join(variable('STOCK_GO_PROGRAMS'), name);

/** A port of the loopback address that nothing listens on. */
async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** A ccbusd with a ccbus-bridge in front of it, for contracts and applications that speak gRPC. */
class BridgedService extends Service {
  #bridge;
  #bridgeSettings;

  /**
   * @param {Record<string, string>} [settings] of ccbusd
   * @param {Record<string, string>} [bridgeSettings] of ccbus-bridge
   */
  static async start(settings, bridgeSettings = {}) {
    const service = await super.start(settings);
    service.#bridgeSettings = {
      listenAddress: '127.0.0.1:0',
      chaincodeListenAddress: '127.0.0.1:0',
      'operations.listenAddress': '',
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
    Object.assign(this.#bridgeSettings, {
      listenAddress: ready.clients, chaincodeListenAddress: ready.chaincode,
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

  /** Starts it, and does not wait. */
  spawnGo(program, name, env = {}, address = this.bridgeChaincode) {
    const variables = { CORE_CHAINCODE_ID_NAME: name, CORE_PEER_TLS_ENABLED: 'false', ...env };
    return new Process(
      goProgram(program), ['-peer.address', address], { env: { ...process.env, ...variables } });
  }

  /** Starts a program of tests/stock/go as a chaincode that the bridge connects to. */
  async startGoService(program, name = 'basic', env = {}) {
    const address = `127.0.0.1:${await freePort()}`;
    const variables = {
      CHAINCODE_SERVER_ADDRESS: address, CHAINCODE_ID: name, CORE_CHAINCODE_ID_NAME: name, ...env,
    };
    return this.#registered(name, async () => {
      const started = new Process(goProgram(program), [], { env: { ...process.env, ...variables } });
      await this.command('chaincode', 'connect', name, '--address', address);
      return started;
    });
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
      while (alive() && await this.readyCount(name) !== count) { /* The command takes its time. */ }
    };
    return within(counted(), `${count} ready processes of ${name}`, () => this.bridge.output);
  }

  async #registered(name, start) {
    const before = await this.readyCount(name);
    const chaincode = await start();
    await this.waitForReady(name, before + 1, () => chaincode.running);
    if (!chaincode.running) throw new Error(`${name} ended before it was ready\n${chaincode.output}`);
    return chaincode;
  }
}

module.exports = { BridgedService, goProgram };
