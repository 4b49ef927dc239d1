import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The oldest Go that builds the tools. */
export const OLDEST_GO = '1.26.8';

/** Where the Go modules of tools are: those of the control plane, and those of the real node. */
const FOLDERS = [join(__dirname, 'tools'), join(__dirname, '..', 'node', 'tools')];

/**
 * The folder of a tool's Go module, which pins all it is built from.
 * @throws Error when there is none
 */
export function moduleOf(tool: string): string {
  const found = FOLDERS.map((folder) => join(folder, tool)).find(existsSync);
  if (found === undefined) throw new Error(`no Go module pins the tool ${tool}`);
  return found;
}

/** @throws Error when there is no Go, or one that is too old */
export function requireGo(environment: NodeJS.ProcessEnv = process.env): void {
  const version = go(['env', 'GOVERSION'], moduleOf('kube'), environment).trim();
  if (!isNewEnough(version))
    throw new Error(`the tools of the cluster tests need Go ${OLDEST_GO} or newer; this is ${version}`);
}

/** Whether a version as Go prints it, such as go1.26.8, is one that builds the tools. */
export function isNewEnough(version: string): boolean {
  const numbers = /^(?:devel )?go(\d+)\.(\d+)(?:\.(\d+))?/
    .exec(version)
    ?.slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  if (numbers === undefined) return false;
  const oldest = OLDEST_GO.split('.').map(Number);
  const index = numbers.findIndex((number, at) => number !== oldest[at]);
  return index < 0 || (numbers[index] ?? 0) > (oldest[index] ?? 0);
}

/** The folder with the sources of a Go module, in the version that a tool's module pins. */
export function sourcesOf(tool: string, module: string): string {
  const { Dir } = JSON.parse(go(['mod', 'download', '-json', module], moduleOf(tool))) as { Dir: string };
  return Dir;
}

function go(args: readonly string[], cwd: string, environment: NodeJS.ProcessEnv = process.env): string {
  const { error, status, stdout, stderr } = spawnSync('go', args, { cwd, env: environment, encoding: 'utf8' });
  if (error !== undefined)
    throw new Error(`the tools of the cluster tests need Go ${OLDEST_GO} or newer on the PATH`, { cause: error });
  if (status !== 0) throw new Error(`go ${args.join(' ')} failed\n${stdout}${stderr}`);
  return stdout;
}
