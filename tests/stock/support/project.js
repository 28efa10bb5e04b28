'use strict';

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { promisify } = require('node:util');

const BINDING = path.join(__dirname, '../../../bindings/node');
const CONTRACTS = path.join(__dirname, '../fabric-samples');
const NPM = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];

const run = promisify(execFile);

/** How this package gets into a project. Each function returns nothing. */
const WAYS = {
  // Not at all: its command is called by its path.
  'not at all': async () => {},
  'a symbolic link': (project) => project.npm('install', BINDING),
  'a copy': (project) => project.npm('install', '--install-links', BINDING),
  'npm pack': async (project) => {
    const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', project.folder], { cwd: BINDING });
    await project.npm('install', stdout.trim());
  },
};

/**
 * A folder of its own with the contracts of fabric-samples/ and, above them, the stock packages in the
 * versions of one row of the matrix.
 */
class Project {
  #way;

  /**
   * @param {object} row
   * @param {Record<string, string>} row.dependencies of the project
   * @param {Record<string, string>} [row.overrides] of npm
   * @param {keyof WAYS} row.way how this package gets into it
   * @param {boolean} [row.clean] installs it all once more by `npm ci`
   * @param {boolean} [row.linked] reaches the folder through a symbolic link
   */
  static async install({ dependencies, overrides, way, clean, linked }) {
    const project = new Project();
    project.#way = way;
    project.root = fs.mkdtempSync(path.join(os.tmpdir(), 'ccbus-stock-'));
    project.folder = path.join(project.root, 'project');
    fs.mkdirSync(project.folder);
    const manifest = { name: 'project', version: '1.0.0', private: true, dependencies, overrides };
    fs.writeFileSync(path.join(project.folder, 'package.json'), JSON.stringify(manifest));
    await project.npm('install');
    await WAYS[way](project);
    if (clean) await project.npm('ci', '--install-links');
    fs.cpSync(CONTRACTS, path.join(project.folder, 'contracts'), { recursive: true });
    if (linked) {
      const link = path.join(project.root, 'link');
      fs.symlinkSync(project.folder, link);
      project.folder = link;
    }
    return project;
  }

  /** Runs npm in the project. */
  npm(...args) {
    return run('npm', [...args, ...NPM], { cwd: this.folder });
  }

  /** Compiles a contract in TypeScript. */
  compile(contract) {
    const tsc = path.join(this.folder, 'node_modules/typescript/bin/tsc');
    return run(process.execPath, [tsc, '--project', this.pathOf(contract)]);
  }

  pathOf(contract) {
    return path.join(this.folder, 'contracts', contract);
  }

  /** The version of a package that the project has; undefined if it has none. */
  versionOf(name) {
    const manifest = path.join(this.folder, 'node_modules', name, 'package.json');
    return fs.existsSync(manifest) ? JSON.parse(fs.readFileSync(manifest, 'utf8')).version : undefined;
  }

  /** The arguments of node that start a contract by the command. */
  startArgs(contract) {
    const folder = this.#way === 'not at all'
      ? BINDING : path.join(this.folder, 'node_modules/ccbus-chaincode-node');
    return [path.join(folder, 'lib/cli.js'), 'start', '--module-path', this.pathOf(contract)];
  }

  /** The arguments of node that start a program with the preload. */
  preloadArgs(contract) {
    const preload = this.#way === 'not at all'
      ? path.join(BINDING, 'register.js') : 'ccbus-chaincode-node/register';
    return ['--require', preload, path.join(this.pathOf(contract), 'index.js')];
  }

  remove() {
    fs.rmSync(this.root, { recursive: true });
  }
}

module.exports = { Project };
