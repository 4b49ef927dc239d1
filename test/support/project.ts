import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
