import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import type { OutputFile } from '@dozlab/charts';
import { binFolder } from '../cluster/tools';

const run = promisify(execFile);

/** The versions of Helm that charts support. This build of Helm 3 assumes an old Kubernetes, so `template` names a version. */
export const HELMS = ['helm', 'helm3'] as const;

export type Helm = (typeof HELMS)[number];

export async function helm(program: Helm, args: readonly string[]): Promise<string> {
  const { stdout } = await run(join(binFolder(), program), args, { maxBuffer: 1 << 28 });
  return stdout;
}

export const template = (program: Helm, chart: string, values: string): Promise<string> =>
  helm(program, ['template', 'release', chart, '--kube-version', '1.36.0', '--values', values]);

export function writeFiles(folder: string, files: readonly OutputFile[]): string {
  for (const { path, content } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** A chart of templates and defaults only. */
export const bareChart = (name: string, templates: readonly OutputFile[], defaults: unknown): OutputFile[] => [
  { path: 'Chart.yaml', content: `apiVersion: v2\nname: ${name}\nversion: 0.1.0\n` },
  { path: 'values.yaml', content: JSON.stringify(defaults) },
  ...templates,
];

interface Identified {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
}

/** The objects of a YAML text. Errors and warnings of the reader throw. */
export const objectsIn = (text: string): Identified[] =>
  parseAllDocuments(text).flatMap((document) => {
    const [fault] = [...document.errors, ...document.warnings]; // duplicate keys, above all
    if (fault !== undefined) throw fault;
    const content = document.toJS() as Identified | null;
    return content === null ? [] : [content];
  });

/** Objects by kind and name. */
export const sorted = <T extends Identified>(objects: readonly T[]): T[] => {
  const key = ({ kind, metadata }: Identified): string => `${kind} ${metadata.name}`;
  return [...objects].sort((one, other) => (key(one) < key(other) ? -1 : 1));
};

/** Runs a task for each item, two at a time. */
export async function forEachOf<T>(
  items: readonly T[],
  task: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length) {
      const index = (next += 1) - 1;
      await task(items[index] as T, index);
    }
  };
  await Promise.all([work(), work()]);
}
