import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { binFolder } from './tools';

/** What a built tool is given beside its arguments. */
export interface ToolInput {
  /** Its standard input. @default none */
  readonly input?: string;

  /** Environment variables beside those of this process. @default none */
  readonly env?: Readonly<Record<string, string>>;

  /** @default the current folder */
  readonly cwd?: string;
}

/** Runs a built tool and gives what it printed. Throws what it said when it fails. */
export function runTool(name: string, args: readonly string[], { input = '', env = {}, cwd }: ToolInput = {}): string {
  const { error, status, stdout, stderr } = spawnSync(join(binFolder(), name), args, {
    input,
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${name} ${args.join(' ')}\n${stdout}${stderr}`);
  return stdout;
}
