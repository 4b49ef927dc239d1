import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What most programs expect of a file system. */
export function addSystem(root: string): void {
  for (const name of ['bin', 'dev', 'etc', 'home', 'proc', 'root', 'run', 'sys', 'tmp', 'usr', 'var'])
    mkdirSync(join(root, name), { recursive: true });
  chmodSync(join(root, 'tmp'), 0o1777);
  const users = [
    'root:x:0:0:root:/root:/bin/sh',
    'coder:x:1000:1000::/home/coder:/bin/sh',
    'nobody:x:65534:65534::/:/bin/false',
  ];
  writeFileSync(join(root, 'etc/passwd'), `${users.join('\n')}\n`);
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\ncoder:x:1000:\nnobody:x:65534:\n');
}

/** busybox with all its commands. */
export function addBusybox(root: string): void {
  addSystem(root);
  addFile(root, 'bin/busybox', '/bin/busybox');
  const commands = execFileSync('/bin/busybox', ['--list'], { encoding: 'utf8' }).split('\n');
  for (const command of commands)
    if (command !== '' && command !== 'busybox') symlinkSync('busybox', join(root, 'bin', command));
  symlinkSync('../bin', join(root, 'usr/bin'));
  symlinkSync('bin', join(root, 'sbin'));
}

export function addFile(root: string, path: string, from: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  cpSync(from, join(root, path), { dereference: true });
}

/** A program of this machine, at its own path, with the libraries that it is linked with. */
export function addProgram(root: string, path: string): void {
  addFile(root, path, path);
  const linked = execFileSync('ldd', [path], { encoding: 'utf8' });
  for (const library of linked.match(/\/\S+/g) ?? []) addFile(root, library, library);
}

export function addText(root: string, path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text, { mode });
}
