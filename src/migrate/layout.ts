import { API_VERSION } from '../api/document';
import { layer } from '../resolve/value-layers';
import type { Documents } from '../source/document';
import type { OutputFile } from '@dozlab/charts';
import { toYaml } from '@dozlab/charts/yaml';
import { grouped } from '../core/group-by';
import { at, isMapping, type Mapping, mergeTrees, mergeTreesKeepingNulls, type Tree } from '@dozlab/charts/schema';
import { defaultValues } from '../api/values/defaults';
import { dnsLabel } from '../api/values/names';
import { CONTAINERS } from '../api/rules/container-path';
import type { Original } from './original';
import { common, overrides, picked } from './trees';

/** A session that is to get files. */
export interface Migrant {
  readonly original: Original;
  /** What it sets. */
  readonly values: Mapping;
  readonly cohort: string;
  /** Namespace of the cohort, where it has to say it. */
  readonly namespace?: string;
}

/** The files of sessions, and the lab that each of them has. */
export interface Layout {
  readonly files: readonly OutputFile[];
  readonly labs: ReadonlyMap<Migrant, string>;
}

/** What makes a lab: two sessions that differ in none of these share one. */
const kindOf = (values: Mapping): string =>
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

/** What a lab holds. All else is of a session, or common to its cohort. */
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

/** Lays sessions out in files: the labs that they share, their cohorts, and what is left for each. Labs and cohorts that are there are used. */
export function layOut(project: Documents, migrants: readonly Migrant[]): Layout {
  const base = mergeTrees(defaultValues(), layer(project.project).values);
  const files: OutputFile[] = [];
  const labs = new Map<Migrant, { name: string; values: Mapping }>();
  const taken = new Set(project.labs.map(({ name }) => name));
  for (const [kind, group] of grouped(migrants, ({ values }) => kindOf(mergeTrees(base, values)))) {
    const known = project.labs.find(
      (lab) => lab.value !== undefined && kindOf(mergeTrees(base, layer(lab).values)) === kind,
    );
    const lab = known === undefined ? newLab(group, base, taken) : { name: known.name, values: layer(known).values };
    if (known === undefined) files.push(labFile(lab));
    for (const migrant of group) labs.set(migrant, lab);
  }
  for (const [cohort, group] of grouped(migrants, (migrant) => migrant.cohort)) {
    const known = project.cohorts.find(({ name }) => name === cohort);
    const own = new Map(
      group.map((migrant) => [
        migrant,
        overrides(
          migrant.values,
          mergeTrees(mergeTrees(base, labs.get(migrant)?.values ?? {}), known === undefined ? {} : layer(known).values),
        ),
      ]),
    );
    const isClass = known === undefined && group.length > 1;
    const shared = isClass ? common(Array.from(own.values(), (values) => picked(values, LAB_KEYS, false))) : {};
    if (known === undefined) files.push(cohortFile(cohort, group[0]?.namespace, shared));
    for (const [migrant, values] of own)
      files.push(sessionFile(migrant, labs.get(migrant)?.name ?? '', overrides(values, shared)));
  }
  return { files, labs: new Map(Array.from(labs, ([migrant, { name }]) => [migrant, name])) };
}

/** What all of a group's sessions have, over what the project gives them. */
function newLab(group: readonly Migrant[], base: Mapping, taken: Set<string>): { name: string; values: Mapping } {
  const shared = common(group.map(({ values }) => overrides(picked(values, LAB_KEYS), base)));
  const { codeServer, ...rest } = shared;
  const own = isMapping(codeServer) ? picked(codeServer, ['existingSecret', 'existingSecretKey'], false) : {};
  const values = { ...rest, ...(Object.keys(own).length === 0 ? {} : { codeServer: own }) };
  const name = freeName(labName(group[0]?.values ?? {}), taken);
  // The one thing that a lab must say itself.
  const imageUrl = at(group[0]?.values, ['rootfs', 'imageUrl']) as Tree;
  return { name, values: mergeTreesKeepingNulls({ rootfs: { imageUrl } }, values) };
}

/** A lab's name: that of its root file system. */
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
