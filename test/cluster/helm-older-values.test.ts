import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { at, type Mapping, mergeTrees } from '@dozlab/charts/schema';
import { chartFolder } from './chart';
import { kubectl, sessionNamespace } from './cluster';
import { BOTH } from './helm';
import { essenceOf, objectsOf, plainEssences, podsOf } from './live-session';
import { Release } from './release';

const file = readFileSync(join(__dirname, 'older-values.yaml'), 'utf8');
const older = parse(file) as Mapping;

/** The keys of requirement 005, with its abbreviations. */
const KEYS = `session.{id,userId}; labels; rootfs.{imageUrl,diskSize}; network.{gatewayIp,vmIp,tapDevice};
initContainers.{rootfs,network}.{image,tag,resources};
firecracker.{image,tag,vm.{cpuCount,memory},resources,livenessProbe,readinessProbe};
terminal.{image,tag,resources,livenessProbe,readinessProbe};
codeServer.{image,tag,password,existingSecret,workspaceReadOnly,resources,livenessProbe,readinessProbe};
service.{type,ports.{vscode,terminal,ssh}}; volumes.{kernels,vmData,vscodeData,sharedConfig}.sizeLimit; restartPolicy`;

function expanded(pattern: string): string[] {
  const [, before = '', alternatives, after = ''] = /^([^{]*)\{([^{}]*)\}(.*)$/.exec(inner(pattern)) ?? [];
  return alternatives === undefined
    ? [pattern]
    : alternatives.split(',').flatMap((one) => expanded(`${before}${one}${after}`));
}

/** A pattern whose innermost braces with a prefix, such as vm.{a,b}, are written out: vm.a,vm.b. */
const inner = (pattern: string): string =>
  pattern.replaceAll(/(\w+\.)\{([^{}]*)\}(?=[,}])(?=[^{]*\})/g, (_, prefix: string, names: string) =>
    names
      .split(',')
      .map((name) => prefix + name)
      .join(','),
  );

test('the file has all keys of the older chart', () => {
  const paths = KEYS.split(/;\s*/).flatMap(expanded);
  expect(paths).toHaveLength(43);
  expect(paths.filter((path) => at(older, path.split('.')) === undefined)).toEqual([]);
  expect(at(older, ['firecracker', 'vm'])).toEqual({ cpuCount: '2', memory: '2048' });
});

const emptyNamespace = sessionNamespace('helm-older-empty');

describe.each(BOTH)('%s', (name, helm) => {
  const namespace = sessionNamespace(`${name}-older`);

  test('installs a values file of the older chart as a Pod', () => {
    new Release(helm, chartFolder(), namespace).install(older);
    expect(objectsOf(namespace, 'old-001').map(essenceOf)).toEqual(plainEssences(older, emptyNamespace));
    expect(objectsOf(namespace, 'old-001').map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([
      'NetworkPolicy/lab-session-old-001',
      'Pod/lab-session-old-001',
      'Service/lab-service-old-001',
    ]);
    expect(podsOf(namespace, 'old-001')).toHaveLength(1);
    const pods = kubectl.list('pods', '-n', namespace, '-l', 'course=kubernetes-101');
    expect(pods.map(({ metadata }) => metadata.name)).toEqual(['lab-session-old-001']);
  });

  test('makes the Secret when the file names no existing one', () => {
    const values = mergeTrees(older, { session: { id: 'old-002' }, codeServer: { existingSecret: null } });
    new Release(helm, chartFolder(), namespace, 'second').install(values);
    expect(objectsOf(namespace, 'old-002').map(essenceOf)).toEqual(plainEssences(values, emptyNamespace));
    expect(kubectl.try(['get', 'secret', 'lab-session-old-002-secrets', '-n', namespace])).toBe(true);
  });
});
