'use strict';

const { parseArgs } = require('node:util');

const { version } = require('../package.json');
const { parseEndpoint } = require('./address');
const { curveOptions } = require('./curve-keys');

const DEFAULT_ADDRESS = 'tcp://127.0.0.1:7052';

/** What `fabric-chaincode-node start` takes beside the address, the name and the folder. */
const STOCK_START_OPTIONS = [
  'grpc.max_send_message_length',
  'grpc.max_receive_message_length',
  'grpc.keepalive_time_ms',
  'grpc.http2.min_time_between_pings_ms',
  'grpc.keepalive_timeout_ms',
  'grpc.http2.max_pings_without_data',
  'grpc.keepalive_permit_without_calls',
  'ssl-target-name-override',
];

/** Those of them that ZeroMQ has too, with the smallest value, and the name that it has there. */
const SOCKET_OPTIONS = {
  'grpc.max_receive_message_length': { socketOption: 'maxMessageSize', min: 1 },
  'grpc.keepalive_time_ms': { socketOption: 'heartbeatInterval', min: 1 },
  'grpc.keepalive_timeout_ms': { socketOption: 'heartbeatTimeout', min: 1 },
};

const STOCK_SERVER_OPTIONS = [
  'chaincode-address', 'chaincode-id', 'module-path', ...STOCK_START_OPTIONS.slice(0, -1),
  'chaincode-tls-cert-file', 'chaincode-tls-cert-path', 'chaincode-tls-key-file',
  'chaincode-tls-key-path', 'chaincode-tls-client-cacert-file', 'chaincode-tls-client-cacert-path',
];

const START_OPTIONS = [
  'peer.address', 'chaincode-id-name', 'module-path', 'key', 'server-key', ...STOCK_START_OPTIONS,
];

const USAGE = `\
Runs a Fabric chaincode written for Node.js against a ccbus peer until SIGINT or SIGTERM.

usage: ccbus-chaincode-node start [options]

  --peer.address ADDRESS      host:port or tcp://host:port
                              (CORE_PEER_ADDRESS, else ${DEFAULT_ADDRESS})
  --chaincode-id-name NAME    the name to register, such as basic or basic:1.0
                              (CORE_CHAINCODE_ID_NAME)
  --module-path PATH          the contract's folder, with its package.json
                              (CORE_MODULE_PATH, else the current folder)
  --key FILE                  the certificate of the chaincode's key, where the service asks for
                              one; made by \`ccbus keygen\` (CCBUS_KEY)
  --server-key FILE           the public certificate of the service (CCBUS_SERVER_KEY)
  --grpc.max_receive_message_length BYTES  the largest message that is taken (-1: 100 MiB)
  --grpc.keepalive_time_ms MS              between two heartbeats of the connection (5000)
  --grpc.keepalive_timeout_ms MS           a connection ends without an answer in this time (15000)
  --help, --version           this text, the version

Example:
  ccbus-chaincode-node start --peer.address tcp://127.0.0.1:7052 --chaincode-id-name basic

The other options of fabric-chaincode-node start are taken and have no effect: they are gRPC's.
CORE_CHAINCODE_LOGGING_LEVEL is critical, error, warning, info or debug, as for Fabric.
CORE_PEER_LOCALMSPID, if it is not set, becomes the service's peer.localMspId.
A program that calls shim.start itself: node --require ccbus-chaincode-node/register PROGRAM [options]
Exit codes: 0 stopped by a signal, 1 the contract cannot be loaded or connected, 2 wrong usage.
`;

const camelCase = (name) => name.replace(/[-.](\w)/g, (_, letter) => letter.toUpperCase());

/** For parseArgs: each option, also by the name in camel case that yargs accepts. */
function withSpellings(names) {
  const options = {};
  for (const name of names) {
    options[name] = { type: 'string' };
    options[camelCase(name)] = { type: 'string' };
  }
  return options;
}

/** Whether the next argument is this one's value. */
const isOption = (arg) => /^--[^=]+$/.test(arg ?? '');

/** Joins an option and a value that begins with a dash, such as -1, which parseArgs refuses apart. */
function joinNegativeNumbers(args) {
  const joined = [];
  for (const arg of args) {
    const last = joined.at(-1);
    if (/^-\d+$/.test(arg) && isOption(last)) joined[joined.length - 1] = `${last}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

function parseSocketOptions(valueOf) {
  const socketOptions = {};
  for (const name of STOCK_START_OPTIONS) {
    const text = valueOf(name);
    if (text === undefined || name === 'ssl-target-name-override') continue;
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value)) {
      throw new TypeError(`--${name} is a whole number, not '${text}'`);
    }
    const known = SOCKET_OPTIONS[name];
    if (known && value >= known.min) socketOptions[known.socketOption] = value;
  }
  return socketOptions;
}

/**
 * Reads the options of `start`.
 *
 * @param {string[]} args without the command
 * @param {NodeJS.ProcessEnv} env
 * @param {{strict: boolean}} reading strict: what is not an option of `start` is an error; otherwise
 *     it is the program's own
 * @returns {{peerAddress: string, chaincodeId: string, modulePath: string, socketOptions: object}}
 * @throws {TypeError} if an option is invalid
 */
function parseStart(args, env, { strict }) {
  const { values, positionals } = parseArgs({
    args: joinNegativeNumbers(args),
    strict,
    allowPositionals: true,
    options: withSpellings(START_OPTIONS),
  });
  if (strict && positionals.length > 0) throw new TypeError(`'${positionals[0]}' follows 'start'`);
  const valueOf = (name) => {
    const value = values[name] ?? values[camelCase(name)];
    // Only without `strict`; otherwise parseArgs has said so.
    if (value === true) throw new TypeError(`--${name} needs a value`);
    return value;
  };
  const peerAddress = valueOf('peer.address') ?? env.CORE_PEER_ADDRESS ?? DEFAULT_ADDRESS;
  const chaincodeId = valueOf('chaincode-id-name') ?? env.CORE_CHAINCODE_ID_NAME;
  const modulePath = valueOf('module-path') ?? env.CORE_MODULE_PATH ?? process.cwd();
  parseEndpoint(peerAddress);
  if (!chaincodeId) throw new TypeError('--chaincode-id-name or CORE_CHAINCODE_ID_NAME is needed');
  const keys = curveOptions(
    valueOf('key') ?? env.CCBUS_KEY, valueOf('server-key') ?? env.CCBUS_SERVER_KEY);
  const socketOptions = { ...parseSocketOptions(valueOf), ...keys };
  return { peerAddress, chaincodeId, modulePath, socketOptions };
}

/** @param {string} [id] the chaincode's id, as a server has it */
function insteadOfServer(id = 'NAME') {
  return 'a chaincode server waits for its peer, and a chaincode of ccbus connects to the service ' +
    `itself: ccbus-chaincode-node start --peer.address ${DEFAULT_ADDRESS} ` +
    `--chaincode-id-name ${id.split(':')[0]}`;
}

/** @throws {TypeError} always: it says what to use instead of `server` */
function refuseServer(args) {
  const { values } = parseArgs({
    args: joinNegativeNumbers(args),
    allowPositionals: true,
    options: withSpellings(STOCK_SERVER_OPTIONS),
  });
  throw new TypeError(insteadOfServer(values['chaincode-id'] ?? values.chaincodeId));
}

/**
 * Reads the command line of `ccbus-chaincode-node`.
 *
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {{text: string} | {peerAddress: string, chaincodeId: string, modulePath: string,
 *     socketOptions: object}}
 * @throws {TypeError} if the arguments are invalid
 */
function parseCommand(args, env) {
  if (args.includes('--help') || args.includes('-h')) return { text: USAGE };
  if (args.includes('--version') || args.includes('-v')) return { text: `v${version}\n` };
  const at = args.findIndex((arg, index) => !arg.startsWith('-') && !isOption(args[index - 1]));
  const rest = args.filter((_, index) => index !== at);
  switch (args[at]) {
    case 'start': return parseStart(rest, env, { strict: true });
    case 'server': return refuseServer(rest);
    case 'metadata':
      throw new TypeError("'metadata' is a command of fabric-shim: npx fabric-chaincode-node metadata");
    default: throw new TypeError("the one command is 'start'");
  }
}

module.exports = { insteadOfServer, parseCommand, parseStart };
