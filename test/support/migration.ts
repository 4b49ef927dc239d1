import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import type { Difference } from '../../src/migrate/compare';
import type { migrationData } from '../../src/migrate/report';
import type { Manifest } from '@dozlab/charts/yaml';
import { isMapping, type Path, pathText } from '@dozlab/charts/schema';
import { dozlabRun } from './cli-runs';
import { podOf } from './manifests';
import { addFiles, project, projectWith, temporaryFolder, type Files } from './project';

export type MigrationData = ReturnType<typeof migrationData>;

export const TEMPLATE = readFileSync(join(__dirname, '../fixtures/migrate/lab-pod-with-sidecar.yaml'), 'utf8');

export const REQUIRED = {
  SESSION_ID: 'alice-001',
  USER_ID: 'alice@example.com',
  ROOTFS_IMAGE_URL: 'https://storage.example.com/dozlab-k8s.ext4',
};

export const envFile = (variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

export function originalObjects(variables: Readonly<Record<string, string>>): Manifest[] {
  const text = TEMPLATE.replace(/\$\{(\w+)(?::-([^}]*))?\}/g, (source, name: string, fallback: string | undefined) =>
    name === 'POD_IP' ? source : (variables[name] ?? fallback ?? ''),
  );
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

export class MigrationRun {
  readonly folder: string;
  readonly inputs = temporaryFolder();

  constructor(files: Files = {}) {
    this.folder = projectWith({ 'dozlab.yaml': project(), ...files });
  }

  run(inputs: Files, ...options: string[]) {
    addFiles(this.inputs, inputs);
    const files = Object.keys(inputs).filter((name) => name !== 'env');
    const env = 'env' in inputs ? ['--env-file', 'env'] : [];
    return dozlabRun(['migrate', ...files, ...env, '--project', this.folder, ...options], { cwd: this.inputs });
  }

  migrate(inputs: Files, ...options: string[]): MigrationData {
    const { status, stdout, stderr } = this.run(inputs, '-o', 'json', ...options);
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as MigrationData;
  }

  read(path: string): Record<string, unknown> {
    return parse(readFileSync(join(this.folder, path), 'utf8')) as Record<string, unknown>;
  }

  rendered(cohort: string, id: string): Manifest[] {
    const { status, stderr } = dozlabRun(['synth', '--project', this.folder]);
    if (status !== 0) throw new Error(stderr);
    const text = readFileSync(join(this.folder, 'dist/sessions', cohort, `${id}.yaml`), 'utf8');
    return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
  }
}

/** Of the API server. */
const PROBE_DEFAULTS = { initialDelaySeconds: 0, periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 };

export function fieldsOf(pod: Manifest | undefined): Map<string, string> {
  const spec = structuredClone(pod === undefined ? undefined : podOf(pod)?.spec) as Record<string, unknown>;
  const containers = spec['containers'] as Record<string, unknown>[];
  const ports = new Map(
    containers.flatMap(({ ports: own }) =>
      (own as { name: string; containerPort: number }[]).map(({ name, containerPort }) => [name, containerPort]),
    ),
  );
  for (const container of containers)
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
      container[probe] = { ...PROBE_DEFAULTS, ...(container[probe] as object) };
  const fields = new Map<string, string>();
  const add = (value: unknown, path: Path): void => {
    const key = ['mountPath', 'name'].find(
      (name) => Array.isArray(value) && value.length > 0 && value.every((item) => isMapping(item) && name in item),
    );
    if (Array.isArray(value) && key !== undefined) {
      for (const { [key]: name, ...rest } of value as Record<string, unknown>[]) add(rest, [...path, String(name)]);
    } else if (isMapping(value)) {
      for (const [name, child] of Object.entries(value)) add(child, [...path, name]);
    } else {
      const plain = path.at(-1) === 'port' ? (ports.get(String(value)) ?? value) : value;
      fields.set(pathText(path), JSON.stringify(plain));
    }
  };
  add(spec, ['spec']);
  return fields;
}

export function differingFields(was: Manifest | undefined, is: Manifest | undefined): string[] {
  const [before, after] = [fieldsOf(was), fieldsOf(is)];
  const defaults: Readonly<Record<string, string>> = {
    'spec.restartPolicy': '"Always"',
    'spec.terminationGracePeriodSeconds': '30',
  };
  const isDefault = (path: string): boolean => path.endsWith('.fieldRef.apiVersion');
  const all = Array.from(new Set([...before.keys(), ...after.keys()])).filter((path) => !isDefault(path));
  const valueIn = (fields: Map<string, string>, path: string) => {
    const image = path.endsWith('.image') && !/:[^/"]*"$/.test(fields.get(path) ?? '"');
    return image ? fields.get(path)?.replace(/"$/, ':latest"') : (fields.get(path) ?? defaults[path]);
  };
  return all.filter((path) => valueIn(before, path) !== valueIn(after, path)).sort();
}

export const reportedFields = (differences: readonly Difference[]): string[] =>
  differences
    .filter(({ object, path }) => object === 'Pod' && path.startsWith('spec.'))
    .map(({ path }) => path)
    .sort();

export const podIn = (objects: readonly Manifest[]): Manifest | undefined =>
  objects.find((each) => podOf(each) !== undefined);
