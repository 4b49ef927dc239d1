import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { PROCESSES, runProgram } from '../run';
import { committedProject } from './dozlab';
import type { Runner, Site } from './runner';

export interface Transfer {
  readonly reads: readonly string[];
  readonly folders: readonly string[];
  readonly writes: readonly { readonly path: string; readonly bytes: number }[];
}

export async function limit(site: Site): Promise<Runner> {
  const project = await committedProject(site);
  const place = join(site.folder, 'limit');
  mkdirSync(place);
  const output = join(place, 'output');
  const below = (...names: string[]) => names.flatMap((name) => filesBelow(join(project, name)));
  const writes = below('dist', 'fluxcd').map((path) => ({
    path: join(output, relative(project, path)),
    bytes: statSync(path).size,
  }));
  const transfer: Transfer = {
    reads: [join(project, 'dozlab.yaml'), ...below('labs', 'sessions')],
    folders: [...new Set(writes.map(({ path }) => dirname(path)))],
    writes,
  };
  const list = join(place, 'transfer.json');
  writeFileSync(list, JSON.stringify(transfer));
  return {
    reset: () => rmSync(output, { recursive: true, force: true }),
    run: () => runProgram(process.execPath, [join(PROCESSES, 'limit.js'), list]),
  };
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
