import { API_VERSION } from '../api/document';
import { CONTAINERS } from '../api/rules/containers';
import { defaultValues } from '../api/values/defaults';
import { dnsLabel } from '../api/values/names';
import { isSameQuantity } from '../api/values/quantity';
import { grouped } from '../core/group-by';
import { layer } from '../resolve/value-layers';
import type { Documents } from '../source/document';
import type { Original } from './original';
import type { OutputFile } from '@dozlab/charts';
import {
  at,
  isMapping,
  mergeTrees,
  mergeTreesKeepingNulls,
  type Mapping,
  type Path,
  type Tree,
} from '@dozlab/charts/schema';
import { toYaml } from '@dozlab/charts/yaml';
import { isDeepStrictEqual } from 'node:util';

export interface Migrant {
  readonly original: Original;
  readonly values: Mapping;
  readonly cohort: string;
  /** @default lab-<cohort> */
  readonly namespace?: string;
}

export interface Layout {
  readonly files: readonly OutputFile[];
  readonly labs: ReadonlyMap<Migrant, string>;
}

/** Sessions with equal keys share a lab. */
const labKey = (values: Mapping): string =>
  JSON.stringify(
    [
      at(values, ['rootfs']),
      at(values, ['firecracker', 'vm']),
      ...CONTAINERS.map((path) => at(values, [...path, 'resources'])),
      at(values, ['volumes']),
    ],
    (_, value: unknown) => (isMapping(value) ? sorted(value) : value),
  );

const sorted = (tree: Mapping): Mapping =>
  Object.fromEntries(Object.entries(tree).sort(([one], [other]) => (one < other ? -1 : 1)));

/** The session or its cohort sets all other values. */
const LAB_KEYS = [
  'rootfs',
  'network',
  'initContainers',
  'firecracker',
  'terminal',
  'codeServer',
  'volumes',
  'imagePullPolicy',
];

export function layOut(project: Documents, migrants: readonly Migrant[]): Layout {
  const base = mergeTrees(defaultValues(), layer(project.project).values);
  const files: OutputFile[] = [];
  const labs = new Map<Migrant, { name: string; values: Mapping }>();
  const taken = new Set(project.labs.map(({ name }) => name));
  for (const [key, group] of grouped(migrants, ({ values }) => labKey(mergeTrees(base, values)))) {
    const there = project.labs.find(
      (lab) => lab.value !== undefined && labKey(mergeTrees(base, layer(lab).values)) === key,
    );
    const lab = there === undefined ? newLab(group, base, taken) : { name: there.name, values: layer(there).values };
    if (there === undefined) files.push(labFile(lab));
    for (const migrant of group) labs.set(migrant, lab);
  }
  for (const [cohort, group] of grouped(migrants, (migrant) => migrant.cohort)) {
    const there = project.cohorts.find(({ name }) => name === cohort);
    const own = new Map(
      group.map((migrant) => [
        migrant,
        overrides(
          migrant.values,
          mergeTrees(mergeTrees(base, labs.get(migrant)?.values ?? {}), there === undefined ? {} : layer(there).values),
        ),
      ]),
    );
    const isClass = there === undefined && group.length > 1;
    const shared = isClass ? common(Array.from(own.values(), (values) => picked(values, LAB_KEYS, false))) : {};
    if (there === undefined) files.push(cohortFile(cohort, group[0]?.namespace, shared));
    for (const [migrant, values] of own)
      files.push(sessionFile(migrant, labs.get(migrant)?.name ?? '', overrides(values, shared)));
  }
  return { files, labs: new Map(Array.from(labs, ([migrant, { name }]) => [migrant, name])) };
}

function newLab(group: readonly Migrant[], base: Mapping, taken: Set<string>): { name: string; values: Mapping } {
  const shared = common(group.map(({ values }) => overrides(picked(values, LAB_KEYS), base)));
  const { codeServer, ...rest } = shared;
  const own = isMapping(codeServer) ? picked(codeServer, ['existingSecret', 'existingSecretKey'], false) : {};
  const values = { ...rest, ...(Object.keys(own).length === 0 ? {} : { codeServer: own }) };
  const name = freeName(labName(group[0]?.values ?? {}), taken);
  // The only required value of a lab.
  const imageUrl = at(group[0]?.values, ['rootfs', 'imageUrl']) as Tree;
  return { name, values: mergeTreesKeepingNulls({ rootfs: { imageUrl } }, values) };
}

function labName(values: Mapping): string {
  const url = at(values, ['rootfs', 'imageUrl']);
  const file = (typeof url === 'string' ? url : '').split('/').at(-1) ?? '';
  return dnsLabel(
    file
      .replace(/\.(ext4|img|gz|zst|xz)+$/i, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'lab',
  );
}

function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}-${String(number)}`;
  taken.add(free);
  return free;
}

const document = (path: string, schema: string, kind: string, name: string, spec: Mapping): OutputFile => ({
  path,
  content: `# yaml-language-server: $schema=${schema}\n${toYaml([{ apiVersion: API_VERSION, kind, metadata: { name }, spec }])}`,
});

const valuesOf = (values: Mapping): Mapping => (Object.keys(values).length === 0 ? {} : { values });

const labFile = ({ name, values }: { name: string; values: Mapping }): OutputFile =>
  document(`labs/${name}.yaml`, '../schemas/lab.json', 'Lab', name, valuesOf(values));

const cohortFile = (name: string, namespace: string | undefined, values: Mapping): OutputFile =>
  document(`sessions/${name}/cohort.yaml`, '../../schemas/cohort.json', 'Cohort', name, {
    ...(namespace === undefined || namespace === `lab-${name}` ? {} : { namespace }),
    ...valuesOf(values),
  });

function sessionFile({ original, cohort }: Migrant, lab: string, values: Mapping): OutputFile {
  const { id, userId, expiresAt, suspended } = original;
  const spec = {
    userId,
    lab,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(suspended === undefined ? {} : { suspended }),
    ...valuesOf(values),
  };
  return document(`sessions/${cohort}/${id}.yaml`, '../../schemas/session.json', 'LabSession', id, spec);
}

function common([first = {}, ...others]: readonly Mapping[]): Mapping {
  const entries = Object.entries(first).flatMap(([key, value]): [string, Tree][] => {
    const values = others.map((other) => (Object.hasOwn(other, key) ? other[key] : undefined));
    if (values.every((other) => isDeepStrictEqual(other, value))) return [[key, value]];
    if (!isMapping(value) || !values.every(isMapping)) return [];
    const inner = common([value, ...values]);
    return Object.keys(inner).length === 0 ? [] : [[key, inner]];
  });
  return Object.fromEntries(entries);
}

/** `null` removes a value. */
function overrides(wanted: Mapping, below: Mapping, path: Path = []): Mapping {
  const entries = Object.entries(wanted).flatMap(([key, value]): [string, Tree][] => {
    const given = Object.hasOwn(below, key) ? below[key] : undefined;
    if (value === null) return given === undefined ? [] : [[key, null]];
    if (isMapping(value)) {
      const inner = overrides(value, isMapping(given) ? given : {}, [...path, key]);
      return Object.keys(inner).length === 0 ? [] : [[key, inner]];
    }
    const isSame =
      isDeepStrictEqual(value, given) ||
      (['resources', 'volumes'].some((step) => path.includes(step)) && isSameQuantity(value, given));
    return isSame ? [] : [[key, value]];
  });
  return Object.fromEntries(entries);
}

const picked = (tree: Mapping, keys: readonly string[], among = true): Mapping =>
  Object.fromEntries(Object.entries(tree).filter(([key]) => keys.includes(key) === among));
