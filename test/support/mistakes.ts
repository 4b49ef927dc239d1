import { Random } from './random';
import { Leaf, YamlWriter, plant, type Branch, type Mark } from './yaml-writer';
import { lab, project, cohort, type Files } from './project';

interface Mistake {
  /** Undefined if the schema accepts several types: it then cannot separate a wrong type from a wrong value. */
  readonly code?: string;
  readonly at: readonly string[];
  readonly of: Mark['of'];
  readonly texts: readonly string[];
  readonly says: string;
}

const values = (...path: string[]): string[] => ['spec', 'values', ...path];

export const SCHEMA_MISTAKES: Readonly<Record<string, Mistake>> = {
  unknownKey: {
    code: 'unknown-key',
    at: values('firecracker', 'vm', 'memroy'),
    of: 'key',
    texts: ['2048'],
    says: 'did you mean memory?',
  },
  unknownKeyOfSpec: {
    code: 'unknown-key',
    at: ['spec', 'expireAt'],
    of: 'key',
    texts: ['never'],
    says: 'did you mean expiresAt?',
  },
  wrongType: {
    code: 'wrong-type',
    at: values('networkPolicy', 'enabled'),
    of: 'value',
    texts: ['"true"', 'yes', '1'],
    says: 'accepted: true or false',
  },
  listForMapping: {
    code: 'wrong-type',
    at: values('volumes'),
    of: 'value',
    texts: ['[]', '[a, b]'],
    says: 'is a list; accepted: a mapping',
  },
  outOfRange: {
    code: 'wrong-value',
    at: values('terminationGracePeriodSeconds'),
    of: 'value',
    texts: ['86401', '-1', '100000'],
    says: 'a whole number from 0 to 86400',
  },
  badQuantity: {
    at: values('terminal', 'resources', 'limits', 'memory'),
    of: 'value',
    texts: ['1 GB', '"-1Gi"', '1gib'],
    says: 'a Kubernetes quantity',
  },
  otherName: {
    code: 'conflict',
    at: ['metadata', 'name'],
    of: 'value',
    texts: ['another', '"another"'],
    says: '"another"',
  },
  badUrl: {
    code: 'wrong-value',
    at: values('rootfs', 'imageUrl'),
    of: 'value',
    texts: ['ftp://example.com/x', '"example.com"', "'https://'"],
    says: 'an https or http URL',
  },
  labelWithoutQuotes: {
    code: 'wrong-type',
    at: values('labels', 'year'),
    of: 'value',
    texts: ['2024', '1e3', '1.5'],
    says: 'in quotes if it looks like a number',
  },
  badDate: {
    code: 'wrong-value',
    at: ['spec', 'expiresAt'],
    of: 'value',
    texts: ['2027-01-31', '2027-02-30T00:00:00Z', 'tomorrow'],
    says: 'a date and time with its zone',
  },
  badItem: {
    code: 'wrong-type',
    at: values('imagePullSecrets'),
    of: 'value',
    texts: ['registry', '"registry"'],
    says: 'accepted: a list',
  },
};

export const VALUE_MISTAKES: Readonly<Record<string, Mistake>> = {
  smallLimit: {
    code: 'conflict',
    at: values('firecracker', 'resources', 'limits', 'memory'),
    of: 'value',
    texts: ['512Mi', '0.5Gi', '"1000Mi"'],
    says: "less than the microVM's 1024 MiB",
  },
  farAddress: {
    code: 'conflict',
    at: values('network', 'vmIp'),
    of: 'value',
    texts: ['172.16.1.2', '"10.0.0.2"'],
    says: 'outside the gateway',
  },
};

export const LAB_MISTAKES: Readonly<Record<string, Mistake>> = {
  unknownLab: {
    code: 'unknown-lab',
    at: ['spec', 'lab'],
    of: 'value',
    texts: ['kubernets', '"kubernets"'],
    says: 'did you mean kubernetes?',
  },
};

export interface Planted {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly code: string | undefined;
  readonly says: string;
}

/** A session has mistakes of one kind, but may have several. */
export function projectWithMistakes(
  seed: number,
  sessions: number,
  share: number,
): { files: Files; planted: Planted[] } {
  const random = new Random(seed);
  const names = Array.from({ length: sessions }, (_, index) => `s${String(index).padStart(4, '0')}`);
  const order = random.shuffled(names);
  const third = Math.floor(sessions / 4);
  const places: readonly (readonly [Readonly<Record<string, Mistake>>, readonly string[]])[] = [
    [LAB_MISTAKES, order.slice(0, third)],
    [VALUE_MISTAKES, order.slice(third, 2 * third)],
    [SCHEMA_MISTAKES, order.slice(2 * third)],
  ];
  const mistakes = new Map<string, Mistake[]>(names.map((name) => [name, []]));
  for (const [kinds, where] of places)
    for (const kind of Object.values(kinds))
      for (const name of random.shuffled(where).slice(0, share)) mistakes.get(name)?.push(kind);

  const cohorts = Array.from({ length: 10 }, (_, index) => `c${String(index)}`);
  const files: Record<string, unknown> = {
    'dozlab.yaml': project({ values: QUIET }),
    'labs/vm.yaml': lab('vm'),
    'labs/kubernetes.yaml': lab('kubernetes'),
    ...Object.fromEntries(cohorts.map((name) => [`sessions/${name}/cohort.yaml`, cohort(name)])),
  };
  const planted: Planted[] = [];
  for (const [name, kinds] of mistakes) {
    const file = `sessions/${random.pick(cohorts)}/${name}.yaml`;
    const writer = new YamlWriter(random);
    files[file] = writer.document(sessionTree(random, name, kinds));
    for (const { at, code, says } of kinds) {
      const place = writer.places.get(at.join('.'));
      if (place === undefined) throw new Error(`the mistake ${at.join('.')} was not written`);
      planted.push({ file, ...place, path: at.join('.'), code, says });
    }
  }
  return { files, planted };
}

const QUIET = {
  initContainers: { rootfs: { tag: 'v1' }, network: { tag: 'v1' } },
  firecracker: { tag: 'v1', resources: { requests: { cpu: '250m' } } },
  terminal: { tag: 'v1' },
  codeServer: { tag: 'v1' },
};

function sessionTree(random: Random, name: string, kinds: readonly Mistake[]): Branch {
  const tree: Branch = new Map();
  const set = (path: readonly string[], text: string, mark?: Mark) => {
    plant(tree, path, new Leaf(text, mark));
  };
  set(['apiVersion'], 'dozlab.io/v1alpha1');
  set(['kind'], random.pick(['LabSession', '"LabSession"']));
  set(['metadata', 'name'], name);
  set(['spec', 'userId'], random.pick(['alice@example.com', '"a: b"', "'{{ x }}'", 'Zoë', '"0o17"']));
  set(['spec', 'lab'], random.pick(['vm', 'kubernetes', "'vm'"]));
  const optional: readonly (readonly [readonly string[], string])[] = [
    [values('labels', 'course'), '"101"'],
    [values('labels', 'team'), 'a.b'],
    [values('annotations', 'note'), '"text: {with} # signs\\n and \\\\"'],
    [values('podLabels', 'term'), "'2024'"],
    [values('firecracker', 'vm', 'cpuCount'), '1'],
    [values('tolerations'), '[{key: lab, operator: Exists}]'],
    [values('nodeSelector', 'disk'), 'ssd'],
    [values('network', 'tapDevice'), 'tap1'],
    [values('priorityClassName'), 'low'],
    [['spec', 'suspended'], 'true'],
  ];
  for (const [path, text] of optional) if (random.chance(0.4)) set(path, text);
  for (const { at, of, texts } of kinds) set(at, random.pick(texts), { id: at.join('.'), of });
  return tree;
}
