import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Keeper } from './keeper';
import { temporaryFolder } from '../support/project';

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const emptyFolder = (): string => mkdtempSync(join(temporaryFolder(), 'keeper-'));

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !isSo(); tries++) await sleep(50);
  expect(isSo()).toBe(true);
}

test('stopping ends a program and its children, and removes the folder', async () => {
  const keeper = new Keeper(emptyFolder());
  const file = join(temporaryFolder(), 'pids');
  keeper.start({
    name: 'sleeper',
    command: 'sh',
    args: ['-c', `sleep 300 & echo $$ $! > ${file}.new; mv ${file}.new ${file}; wait`],
  });
  await until(() => existsSync(file));
  const pids = readFileSync(file, 'utf8').split(' ').map(Number);
  expect(pids.map(isAlive)).toEqual([true, true]);

  await keeper.stop();

  await until(() => !pids.some(isAlive));
  expect(existsSync(keeper.folder)).toBe(false);
});

test.each<NodeJS.Signals>(['SIGINT', 'SIGTERM', 'SIGKILL'])(
  'programs end when the process that started them ends by %s',
  async (signal) => {
    const folder = emptyFolder();
    const line = JSON.stringify({ name: 'sleeper', command: 'sh', args: ['-c', 'echo $$ > pid; exec sleep 300'] });
    const script = `
      const options = { stdio: ['pipe', 'inherit', 'inherit'], detached: true };
      const keeper = require('node:child_process').spawn(process.execPath, ${JSON.stringify([join(__dirname, 'keeper-process.js'), folder])}, options);
      keeper.stdin.write(${JSON.stringify(`${line}\n`)});
      console.log(String(keeper.pid));
    `;
    const owner = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [keeper] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string];
    const file = join(folder, 'pid');
    await until(() => existsSync(file) && readFileSync(file, 'utf8') !== '');
    const pids = [Number(keeper), Number(readFileSync(file, 'utf8'))];
    expect(pids.map(isAlive)).toEqual([true, true]);

    owner.kill(signal);

    await until(() => !pids.some(isAlive));
    expect(existsSync(folder)).toBe(false);
  },
);

test('a program that fails tells how, with the end of its log', async () => {
  const keeper = new Keeper(emptyFolder());
  try {
    const failing = keeper.run({ name: 'failing', command: 'sh', args: ['-c', 'echo what went wrong >&2; exit 3'] });
    await expect(failing).rejects.toThrow('failing ended: exit code 3\nwhat went wrong');
    await expect(keeper.run({ name: 'missing', command: 'no-such-program' })).rejects.toThrow(
      /missing ended: .*ENOENT/,
    );
    await expect(keeper.run({ name: 'fine', command: 'true' })).resolves.toBeUndefined();
    keeper.start({ name: 'gone', command: 'false' });
    await until(() => {
      try {
        keeper.expectRunning();
        return false;
      } catch {
        return true;
      }
    });
    expect(() => {
      keeper.expectRunning();
    }).toThrow('gone ended: exit code 1');
  } finally {
    await keeper.stop();
  }
});
