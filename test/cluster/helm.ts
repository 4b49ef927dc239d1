import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { HELMS } from '../parity/helm';
import { temporaryFolder } from '../support/project';
import { binFolder } from './tools';

/** One of the real Helms, with settings of its own. */
export class Helm {
  private readonly environment: NodeJS.ProcessEnv;

  constructor(readonly name: (typeof HELMS)[number]) {
    const home = temporaryFolder();
    this.environment = {
      ...process.env,
      HELM_CACHE_HOME: join(home, 'cache'),
      HELM_CONFIG_HOME: join(home, 'config'),
      HELM_DATA_HOME: join(home, 'data'),
    };
  }

  /** Runs Helm and gives what it printed. Throws what it said when it fails. */
  run(args: readonly string[]): string {
    const { status, stdout, stderr } = this.spawn(args);
    if (status !== 0) throw new Error(`${this.name} ${args.join(' ')}\n${stdout}${stderr}`);
    return stdout;
  }

  /** What Helm says when it refuses. */
  refusal(args: readonly string[]): string {
    const { status, stdout, stderr } = this.spawn(args);
    if (status === 0) throw new Error(`${this.name} ${args.join(' ')} succeeded\n${stdout}`);
    return stderr;
  }

  private spawn(args: readonly string[]) {
    const { error, status, stdout, stderr } = spawnSync(join(binFolder(), this.name), args, {
      env: this.environment,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (error !== undefined) throw error;
    return { status, stdout, stderr };
  }
}

/** Both Helms, as rows of `describe.each`. */
export const BOTH: readonly (readonly [name: string, helm: Helm])[] = HELMS.map((name) => [name, new Helm(name)]);
