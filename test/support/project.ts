import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';

/** Text as is, anything else as YAML. */
export type Files = Readonly<Record<string, unknown>>;

const made: string[] = [];

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dozlab-test-'));
  made.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function projectWith(files: Files): string {
  const folder = temporaryFolder();
  addFiles(folder, files);
  return folder;
}

export function addFiles(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === 'string' ? content : stringify(content));
  }
}

const document = (kind: string, name: string, spec: object) => ({
  apiVersion: 'dozlab.io/v1alpha1',
  kind,
  metadata: { name },
  spec,
});

export const project = (spec: object = {}) => document('Project', 'test', spec);
export const ROOTFS = { imageUrl: 'https://example.com/rootfs.ext4' };

export const lab = (name: string, spec: object = {}) => document('Lab', name, { values: { rootfs: ROOTFS }, ...spec });
export const cohort = (name: string, spec: object = {}) => document('Cohort', name, spec);
export const session = (name: string, spec: object = {}) =>
  document('LabSession', name, { userId: 'alice', lab: 'vm', ...spec });

export const smallProject = (files: Files = {}): Files => ({
  'dozlab.yaml': project(),
  'labs/vm.yaml': lab('vm'),
  'sessions/class/cohort.yaml': cohort('class'),
  'sessions/class/alice.yaml': session('alice'),
  ...files,
});

/** Longer than the time resolution of file systems. */
export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

/** What synth keeps of its last run. */
export const LAST_RUN = '.dozlab/run.json';

/** Runs synth until it keeps a cache. A run keeps none if the clock of the disk lags, as it may on a busy machine. */
export async function untilCached(folder: string, synth: () => void): Promise<void> {
  for (let runs = 0; runs < 20; runs += 1) {
    await settle();
    synth();
    if (existsSync(join(folder, LAST_RUN))) return;
  }
  throw new Error('synth keeps no cache');
}
