'use strict';

const { spawn } = require('node:child_process');
const readline = require('node:readline');

const { within } = require('./deadline');

const OUTPUT_LINES_MAX = 200;

/** A child process of a test, and what it prints on either output. */
class Process {
  #name;
  #child;
  #lines = []; // Not yet consumed by waitForLine().
  #output = []; // The last lines, for the text of a failure.
  #look = () => {};
  #exited;

  /**
   * @param {string} command
   * @param {string[]} args
   * @param {import('node:child_process').SpawnOptions} [options]
   */
  constructor(command, args, options) {
    this.#name = [command, ...args].join(' ');
    this.#child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const output of [this.#child.stdout, this.#child.stderr]) {
      readline.createInterface({ input: output }).on('line', (line) => this.#take(line));
    }
    this.#exited = new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', (code, signal) => {
        this.#look();
        resolve({ code, signal });
      });
    });
    this.#exited.catch(() => {}); // exited() reports the error.
  }

  get pid() {
    return this.#child.pid;
  }

  get running() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The last lines that it printed. */
  get output() {
    return this.#output.join('\n');
  }

  /**
   * Waits for a matching line, and consumes everything up to and including it.
   *
   * @param {RegExp} pattern
   * @returns {Promise<string>} the line
   */
  waitForLine(pattern) {
    const said = new Promise((resolve, reject) => {
      this.#look = () => {
        const index = this.#lines.findIndex((line) => pattern.test(line));
        if (index >= 0) {
          this.#look = () => {};
          resolve(this.#lines.splice(0, index + 1).pop());
        } else if (!this.running) {
          reject(new Error(`${this.#name} ended without ${pattern}\n${this.output}`));
        }
      };
      this.#look();
    });
    return within(said, `${pattern} of ${this.#name}`, () => this.output);
  }

  /** @param {NodeJS.Signals} signal */
  kill(signal) {
    this.#child.kill(signal);
  }

  /** @returns {Promise<{code: number | null, signal: string | null}>} when its output is read */
  exited() {
    return within(this.#exited, `the end of ${this.#name}`, () => this.output);
  }

  /** Ends the process if it is still running. */
  async stop() {
    if (this.running) this.kill('SIGTERM');
    await this.exited();
  }

  #take(line) {
    this.#lines.push(line);
    this.#output.push(line);
    if (this.#output.length > OUTPUT_LINES_MAX) this.#output.shift();
    this.#look();
  }
}

module.exports = { Process };
