import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dozlabRun, type Run } from './cli-runs';
import { temporaryFolder } from './project';

export interface SecretRun {
  readonly args: readonly string[];
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Contains only the programs of a folder, and no age keys. */
export const bareEnvironment = (programs: string): Record<string, string> => {
  const home = join(programs, 'home');
  mkdirSync(home, { recursive: true });
  return { PATH: programs, HOME: home, TMPDIR: home, NO_COLOR: '1' };
};

export function secretRuns(runs: readonly SecretRun[], programs = temporaryFolder()): Run[] {
  const bare = bareEnvironment(programs);
  return runs.map(({ args, input, env, cwd }) => dozlabRun(args, { input, cwd, env: { ...bare, ...env } }));
}

export function secretRun(args: readonly string[], run: Omit<SecretRun, 'args'> = {}, programs?: string): Run {
  const [result] = secretRuns([{ args, ...run }], programs);
  if (result === undefined) throw new Error('the program gave nothing');
  return result;
}

export interface Call {
  readonly args: readonly string[];
  readonly input: string;
}

/** Replaces kubectl or sops. `body` uses `args`, `input`, `say`, `fail`. */
export class StandIn {
  constructor(
    readonly folder: string,
    readonly name: string,
    body = '',
  ) {
    const text = `#!${process.execPath}
const { appendFileSync, readFileSync } = require('node:fs');
const args = process.argv.slice(2);
if (args[0] === '--version') process.exit(0);
const input = readFileSync(0, 'utf8');
appendFileSync(${JSON.stringify(this.log)}, JSON.stringify({ args, input }) + '\\n');
const say = (text) => process.stdout.write(text);
const fail = (text) => { process.stderr.write(text); process.exitCode = 1; };
${body}
`;
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  }

  private get log(): string {
    return join(this.folder, `${this.name}.calls`);
  }

  calls(): Call[] {
    if (!existsSync(this.log)) return [];
    return readFileSync(this.log, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Call);
  }
}
