import { z } from 'zod';
import type { Amounts } from '../model/pod-requests';
import { Diagnostics, type Place, type Problem } from '../core/diagnostics';
import { readYamlDocuments } from '../source/yaml';
import { at, type Path } from '@dozlab/charts/schema';
import { labelMap, labelText, listField, matching, object, objectName, oneOf, qualifiedName, quantityField, whole } from '../api/values/fields'; // prettier-ignore
import { checkSchema } from '../core/check-schema';
import { nano, type Quantity } from '../api/values/quantity';
import { UNSCHEDULABLE, type NodePool } from './scheduling-rules';

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

/** Pods per node without `allocatable` (Kubernetes, KubeletConfiguration, `maxPods`). */
const PODS = 110;

const NAMES =
  'a resource of nodes: cpu, memory, ephemeral-storage, pods, hugepages-2Mi, or one with a prefix such as devices.kubevirt.io/kvm';

const amounts = () =>
  z.record(
    matching(/^(cpu|memory|ephemeral-storage|pods|hugepages-[0-9]+[KMG]i|.*\/.*)$/, NAMES, 317).and(qualifiedName()),
    quantityField(),
    { error: 'a mapping of resource names to quantities' },
  );

const pool = object({
  name: objectName(),
  count: whole(0, 100_000).default(1),
  allocatable: amounts(),
  reserved: amounts().default({}),
  labels: labelMap().default({}),
  taints: listField(object({ key: qualifiedName(), value: labelText().optional(), effect: oneOf(...EFFECTS) })).default(
    [],
  ),
});

const text = z.string({ error: 'text' });

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
      { allocatable: z.record(text, quantityField(), { error: 'a mapping of resource names to quantities' }) },
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

/**
 * Reads `kubectl get nodes -o yaml` or `-o json`, Nodes, or a list of pools
 * `{name, count, allocatable, reserved, labels, taints}`.
 */
export function readNodes(path: string, content: string): ReadNodes {
  const parsed = parsedJson(content);
  if (parsed !== undefined) {
    const found = new Diagnostics();
    const pools = nodesIn(path, parsed, found);
    if (found.problems.length === 0) return { pools, problems: [] };
  }
  const diagnostics = new Diagnostics();
  const documents = readYamlDocuments(path, content, diagnostics) ?? [];
  const pools = documents
    .filter((document) => document.content !== null || documents.length === 1)
    .flatMap((document) => nodesIn(document, document.content, diagnostics));
  return { pools, problems: diagnostics.problems };
}

/** JSON is YAML too, but JSON.parse is much faster. */
function parsedJson(content: string): unknown {
  try {
    return JSON.parse(content) as unknown;
  } catch {
    return undefined;
  }
}

function nodesIn(file: Place, content: unknown, diagnostics: Diagnostics): NodePool[] {
  if (Array.isArray(content)) return poolsIn(file, content, diagnostics);
  const kind = at(content, ['kind']);
  const items = at(content, ['items']);
  if (kind === 'Node') return nodeAt(file, content, [], diagnostics);
  if ((kind === 'List' || kind === 'NodeList') && Array.isArray(items))
    return items.flatMap((item: unknown, index) =>
      nodeAt(file, item, ['items', index], diagnostics, kind === 'NodeList'),
    );
  const message =
    'is not a Node, a List of Nodes or a list of pools; accepted: the output of kubectl get nodes -o yaml, or a list of pools with name, count and allocatable';
  diagnostics.error(file, [], 'wrong-type', message);
  return [];
}

function nodeAt(file: Place, content: unknown, place: Path, diagnostics: Diagnostics, isOfKind = false): NodePool[] {
  const kind = at(content, ['kind']);
  if (kind !== 'Node' && !(isOfKind && kind === undefined)) {
    const message = 'is not a Node; accepted: the output of kubectl get nodes -o yaml';
    diagnostics.error(file, [...place, 'kind'], 'wrong-value', message);
    return [];
  }
  const { data, problems } = checkSchema(node, content);
  if (data === undefined) {
    for (const problem of problems) diagnostics.report(file, { ...problem, path: [...place, ...problem.path] });
    return [];
  }
  const { metadata, spec, status } = data;
  return [
    {
      name: metadata.name,
      count: 1,
      allocatable: amountsOf({ pods: PODS, ...status.allocatable }),
      taken: new Map(),
      labels: metadata.labels,
      taints: [...spec.taints, ...(spec.unschedulable ? [UNSCHEDULABLE] : [])],
    },
  ];
}

function poolsIn(file: Place, content: unknown, diagnostics: Diagnostics): NodePool[] {
  const { data = [], problems } = checkSchema(z.array(pool, { error: 'a list' }), content);
  for (const problem of problems) diagnostics.report(file, problem);
  const seen = new Set<string>();
  for (const [index, { name }] of data.entries()) {
    const message = `is ${name}, the name of another pool. Fix: use another name`;
    if (seen.has(name)) diagnostics.error(file, [index, 'name'], 'conflict', message);
    seen.add(name);
  }
  return data.map(({ name, count, allocatable, reserved, labels, taints }) => {
    const available = amountsOf({ pods: PODS, ...allocatable });
    return { name, count, allocatable: available, taken: amountsOf(reserved), labels, taints };
  });
}

const amountsOf = (quantities: Readonly<Record<string, Quantity>>): Amounts =>
  new Map(Object.entries(quantities).map(([resource, quantity]) => [resource, nano(quantity)]));
