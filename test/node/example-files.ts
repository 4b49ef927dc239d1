import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mergeTrees, type Mapping } from '@dozlab/charts/schema';
import { parse } from 'yaml';
import { uniqueName } from '../cluster/cluster';
import { REPOSITORY } from '../support/cli';
import type { Files } from '../support/project';
import type { Internet } from './internet';
import { nodeValues } from './sessions';

/** The cohorts of the example project, and their sessions. */
export const COHORTS = [
  ['classroom', ['alice-001', 'bob-001', 'charlie-001']],
  ['sandbox', ['custom-initrd-001', 'docker-001', 'vm-001']],
] as const;

export const namespaceOf = (cohort: string): string => uniqueName(`lab-${cohort}`);

/** The files of the example, with the images and the internet of these tests, in namespaces of their own. */
export function exampleFiles(internet: Internet): Files {
  const values = nodeValues(internet.guestUrl);
  const files: Record<string, unknown> = {};
  for (const folder of ['labs', ...COHORTS.map(([cohort]) => `sessions/${cohort}`)])
    for (const name of readdirSync(join(REPOSITORY, folder))) {
      const path = `${folder}/${name}`;
      files[path] = adapted(path, parse(readFileSync(join(REPOSITORY, path), 'utf8')) as Mapping, values);
    }
  return files;
}

function adapted(path: string, document: Mapping, values: Mapping): Mapping {
  if (path.startsWith('labs/')) {
    const { spec } = document as { readonly spec: { readonly values: Mapping } };
    // The size of disk and microVM stay those of the lab.
    const { rootfs, firecracker, ...own } = values as Record<string, Mapping>;
    const { vm: _, ...machine } = firecracker ?? {};
    const given = { ...own, firecracker: machine, rootfs: { imageUrl: rootfs?.['imageUrl'] } };
    return { ...document, spec: { ...spec, values: mergeTrees(spec.values, given as Mapping) } };
  }
  if (!path.endsWith('/cohort.yaml')) return document;
  const { spec, metadata } = document as { readonly spec: Mapping; readonly metadata: { readonly name: string } };
  return { ...document, spec: { ...spec, namespace: namespaceOf(metadata.name) } };
}
