import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmdirSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Keeper } from '../cluster/keeper';
import { until } from '../cluster/until';
import { placeEnvironment, type Place } from './place';

/** Namespaces of their own, in which a control plane and a node run and reach no other network. */
export class Machine {
  private constructor(
    private readonly keeper: Keeper,
    private readonly place: Place,
  ) {}

  /** Makes the namespaces. Needs root. */
  static async start(bin: string, images: string): Promise<Machine> {
    const folder = stackableFolder('dozlab-node-');
    const cgroup = `dozlab-node-${createHash('sha256').update(folder).digest('hex').slice(0, 8)}`;
    const keeper = new Keeper(folder);
    const namespaces = ['--net', '--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child'];
    keeper.start({
      name: 'machine',
      command: 'unshare',
      args: [...namespaces, 'bash', join(__dirname, 'machine.sh'), folder],
    });
    const machine = new Machine(keeper, { bin, images, folder, cgroup });
    try {
      await until(keeper, () => existsSync(join(folder, 'ready')));
    } catch (error) {
      await machine.stop();
      throw error;
    }
    return machine;
  }

  /** Runs a program inside, on the terminal of this process, and gives its exit code. */
  run(command: string, args: readonly string[]): Promise<number> {
    const init = readFileSync(join(this.place.folder, 'init.pid'), 'utf8').trim();
    const enter = ['-t', init, '--mount', '--net', '--pid', '--uts', '--ipc', '--', 'env', '-C', process.cwd()];
    const child = spawn('nsenter', [...enter, command, ...args], {
      stdio: 'inherit',
      env: { ...process.env, ...placeEnvironment(this.place), PATH: `${this.place.bin}:${process.env['PATH'] ?? ''}` },
    });
    return new Promise((resolve, reject) => {
      child.on('error', reject).on('exit', (code) => {
        resolve(code ?? 1);
      });
    });
  }

  /** Ends all that runs inside, and removes its files and control groups. */
  async stop(): Promise<void> {
    await this.keeper.stop();
    for (const controller of readdirSync('/sys/fs/cgroup'))
      await removeGroup(join('/sys/fs/cgroup', controller, this.place.cgroup));
    await removeGroup(join('/sys/fs/cgroup', this.place.cgroup));
  }
}

/** The magic number of overlayfs in statfs(2). */
const OVERLAYFS = 0x794c7630;

/** Makes a folder that overlayfs, which containers use, can write to: overlayfs cannot be stacked. */
export function stackableFolder(prefix: string): string {
  const candidates = [tmpdir(), '/var/tmp', '/dev/shm'];
  const found = candidates.find((candidate) => existsSync(candidate) && statfsSync(candidate).type !== OVERLAYFS);
  if (found === undefined)
    throw new Error(`containers need a folder that is not on overlayfs, unlike ${candidates.join(', ')}: set TMPDIR`);
  return mkdtempSync(join(found, prefix));
}

/** Removes a control group and those below it. It is busy for a moment after its last process. */
async function removeGroup(folder: string): Promise<void> {
  for (let attempts = 50; existsSync(folder); attempts -= 1) {
    try {
      for (const entry of readdirSync(folder, { withFileTypes: true }))
        if (entry.isDirectory()) await removeGroup(join(folder, entry.name));
      rmdirSync(folder);
    } catch (error) {
      if (attempts === 0) throw error;
      await sleep(100);
    }
  }
}
