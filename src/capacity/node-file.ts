import { z } from 'zod';
import type { Amounts } from '../model/pod-requests';
import { problemAt, type Problem } from '../core/diagnostics';
import { readYamlDocuments } from '../source/yaml';
import { at, type Path } from '@dozlab/charts/schema';
import { labelMap, labelText, list, matching, object, objectName, oneOf, qualifiedName, quantity, whole } from '../api/values/fields'; // prettier-ignore
import { checkSchema } from '../core/value-problem';
import { nano, type Quantity } from '../api/values/quantity';
import { UNSCHEDULABLE, type NodePool } from './scheduling-rules';

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

/** Pods a node, if `allocatable` does not say (Kubernetes, KubeletConfiguration, `maxPods`). */
const PODS = 110;

const NAMES =
  'a resource of nodes: cpu, memory, ephemeral-storage, pods, hugepages-2Mi, or one with a prefix such as devices.kubevirt.io/kvm';

const amounts = () =>
  z.record(
    matching(/^(cpu|memory|ephemeral-storage|pods|hugepages-[0-9]+[KMG]i|.*\/.*)$/, NAMES, 317).and(qualifiedName()),
    quantity(),
    { error: 'a mapping of resource names to quantities' },
  );

/** Equal nodes. */
const pool = object({
  name: objectName(),
  count: whole(0, 100_000).default(1),
  allocatable: amounts(),
  reserved: amounts().default({}),
  labels: labelMap().default({}),
  taints: list(object({ key: qualifiedName(), value: labelText().optional(), effect: oneOf(...EFFECTS) })).default([]),
});

const text = z.string({ error: 'text' });

/** The parts of a Node that placement uses. */
const node = z.looseObject(
  {
    metadata: z.looseObject(
      { name: text, labels: z.record(text, text, { error: 'a mapping of labels' }).default({}) },
      { error: 'a mapping' },
    ),
    spec: z
      .looseObject(
        {
          unschedulable: z.boolean({ error: 'true or false' }).default(false),
          taints: z
            .array(
              z.looseObject({ key: text, value: text.optional(), effect: oneOf(...EFFECTS) }, { error: 'a mapping' }),
              { error: 'a list' },
            )
            .default([]),
        },
        { error: 'a mapping' },
      )
      .prefault({}),
    status: z.looseObject(
      { allocatable: z.record(text, quantity(), { error: 'a mapping of resource names to quantities' }) },
      { error: 'a mapping' },
    ),
  },
  { error: 'a mapping' },
);

/** If the problems have an error, pools may be missing. */
export interface ReadNodes {
  readonly pools: readonly NodePool[];
  readonly problems: readonly Problem[];
}

type Locate = (path: Path, key?: boolean) => { readonly line: number; readonly column: number };

/**
 * Reads the output of `kubectl get nodes -o yaml` or `-o json` (a List of Node), any number of Nodes, or a list of pools
 * `{name, count, allocatable, reserved, labels, taints}`.
 * @param path file name for the problems
 */
export function readNodes(path: string, content: string): ReadNodes {
  const parsed = parsedJson(content);
  if (parsed !== undefined) {
    const read = nodesIn(path, parsed, () => ({ line: 1, column: 1 }));
    if (read.problems.length === 0) return read;
  }
  const documents = readYamlDocuments(path, content);
  const problems: Problem[] = [];
  const pools: NodePool[] = [];
  for (const document of documents) {
    if (!('locate' in document)) problems.push(document);
    else if (document.content !== null || documents.length === 1) {
      const read = nodesIn(path, document.content, (place, key) => document.locate(place, key));
      problems.push(...read.problems);
      pools.push(...read.pools);
    }
  }
  return { pools, problems };
}

/** JSON is YAML too, but JSON.parse is much faster. */
function parsedJson(content: string): unknown {
  try {
    return JSON.parse(content) as unknown;
  } catch {
    return undefined;
  }
}

function nodesIn(path: string, content: unknown, locate: Locate): ReadNodes {
  if (Array.isArray(content)) return poolsIn(path, content, locate);
  const kind = at(content, ['kind']);
  const items = at(content, ['items']);
  if (kind === 'Node') return nodeAt(path, content, [], locate);
  if ((kind === 'List' || kind === 'NodeList') && Array.isArray(items)) {
    const read = items.map((item: unknown, index) => nodeAt(path, item, ['items', index], locate, kind === 'NodeList'));
    return { pools: read.flatMap(({ pools }) => pools), problems: read.flatMap(({ problems }) => problems) };
  }
  const message =
    'is neither a Node, nor a List of Nodes, nor a list of pools; accepted: what kubectl get nodes -o yaml prints, or a list of pools with name, count and allocatable';
  return { pools: [], problems: [problemAt('error', 'wrong-type', path, locate([]), [], message)] };
}

function nodeAt(path: string, content: unknown, place: Path, locate: Locate, isOfKind = false): ReadNodes {
  const kind = at(content, ['kind']);
  if (kind !== 'Node' && !(isOfKind && kind === undefined)) {
    const message = 'is no Node; accepted: Nodes alone, as kubectl get nodes -o yaml prints them';
    return { pools: [], problems: [problemAt('error', 'wrong-value', path, locate([...place, 'kind']), [...place, 'kind'], message)] }; // prettier-ignore
  }
  const { data, problems } = checkSchema(node, content);
  if (data === undefined) return { pools: [], problems: located(path, problems, place, locate) };
  const { metadata, spec, status } = data;
  return {
    pools: [
      {
        name: metadata.name,
        count: 1,
        allocatable: amountsOf({ pods: PODS, ...status.allocatable }),
        taken: new Map(),
        labels: metadata.labels,
        taints: [...spec.taints, ...(spec.unschedulable ? [UNSCHEDULABLE] : [])],
      },
    ],
    problems: [],
  };
}

function poolsIn(path: string, content: unknown, locate: Locate): ReadNodes {
  const { data = [], problems } = checkSchema(z.array(pool, { error: 'a list' }), content);
  const found = located(path, problems, [], locate);
  const seen = new Set<string>();
  for (const [index, { name }] of data.entries()) {
    const message = `is ${name}, which another pool has; accepted: a name of its own`;
    if (seen.has(name))
      found.push(problemAt('error', 'conflict', path, locate([index, 'name']), [index, 'name'], message));
    seen.add(name);
  }
  const pools = data.map(({ name, count, allocatable, reserved, labels, taints }) => {
    const available = amountsOf({ pods: PODS, ...allocatable });
    return { name, count, allocatable: available, taken: amountsOf(reserved), labels, taints };
  });
  return { pools, problems: found };
}

const located = (
  file: string,
  problems: ReturnType<typeof checkSchema>['problems'],
  place: Path,
  locate: Locate,
): Problem[] =>
  problems.map(({ severity, code, path, key, message }) => {
    const full = [...place, ...path];
    return problemAt(severity, code, file, locate(full, key), full, message);
  });

const amountsOf = (quantities: Readonly<Record<string, Quantity>>): Amounts =>
  new Map(Object.entries(quantities).map(([resource, quantity]) => [resource, nano(quantity)]));
