import { requirementsOf } from '../../../src/resolve/checks/requirements';
import { renderSession } from '../../../src/manifests/lab-session-chart';
import { type Manifest, toYaml } from '@dozlab/charts/yaml';
import { checkValues } from '../../../src/api/values/check';
import type { SessionValues } from '../../../src/api/values/schema';
import type { Mapping } from '@dozlab/charts/schema';
import { arbitraryValues } from '../../support/arbitrary-values';
import { containersOf, metadataOf, podOf, specOf } from '../../support/manifests';
import { expectProperty } from '../../support/property';
import { readYaml } from '../../support/read-yaml';
import { danglingReferences } from '../../support/references';

const NAMESPACE = 'lab-class';
const VALUES = arbitraryValues();

/** A property of the objects of any valid session. At least nine of ten values must be valid, or the test proves nothing. */
function expectOfSessions(holds: (manifests: Manifest[], values: SessionValues) => void): void {
  let generated = 0;
  let accepted = 0;
  expectProperty(VALUES, (input: Mapping) => {
    generated += 1;
    const { values } = checkValues(input);
    if (values === undefined) return;
    accepted += 1;
    holds(renderSession(values, NAMESPACE), values);
  });
  expect(accepted / generated).toBeGreaterThan(0.9);
}

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const QUANTITY = /^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$/;

const isQualifiedName = (key: string): boolean => {
  const [name = '', prefix, ...more] = key.split('/').reverse();
  return (
    more.length === 0 && NAME.test(name) && (prefix === undefined || (prefix.length <= 253 && SUBDOMAIN.test(prefix)))
  );
};

const isLabelValue = (value: string): boolean => value === '' || NAME.test(value);

/** The labels of an object, of its pod and of its selectors. */
function labelMaps(value: unknown): Record<string, string>[] {
  if (Array.isArray(value)) return value.flatMap(labelMaps);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    ['labels', 'matchLabels', 'nodeSelector'].includes(key) ? [child as Record<string, string>] : labelMaps(child),
  );
}

describe('for any valid values', () => {
  it('names are valid, short enough and unique', () => {
    expectOfSessions((manifests) => {
      const names = manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
      expect(new Set(names).size).toBe(names.length);
      for (const { kind, metadata } of manifests) {
        expect(metadata.namespace).toBe(NAMESPACE);
        expect(metadata.name).toMatch(kind === 'Service' ? LABEL : SUBDOMAIN);
        expect(metadata.name.length).toBeLessThanOrEqual(253);
      }
    });
  });

  it('labels and annotations are valid, and the exact user is in an annotation', () => {
    expectOfSessions((manifests, values) => {
      for (const manifest of manifests) {
        const { annotations = {}, labels = {} } = metadataOf(manifest);
        expect(annotations['dozlab.io/user-id']).toBe(values.session.userId);
        expect(labels['session-id']).toBe(values.session.id);
        expect(Object.keys(annotations).filter((key) => !isQualifiedName(key))).toEqual([]);
        expect(Buffer.byteLength(Object.entries(annotations).flat().join(''))).toBeLessThan(262144);
        const entries = labelMaps(manifest).flatMap((map) => Object.entries(map));
        expect(entries.filter(([key, value]) => !isQualifiedName(key) || !isLabelValue(value))).toEqual([]);
        for (const text of [...Object.values(annotations), ...Object.values(labels)])
          expect(typeof text).toBe('string');
      }
    });
  });

  it('labels and annotations of the user are unchanged', () => {
    expectOfSessions((manifests, { labels, annotations, podLabels }) => {
      for (const manifest of manifests) {
        expect(metadataOf(manifest).labels).toMatchObject(
          manifest.kind === 'Pod' ? { ...labels, ...podLabels } : labels,
        );
        // The annotations of a route win.
        const isRoute = ['Ingress', 'HTTPRoute'].includes(manifest.kind);
        expect(metadataOf(manifest).annotations).toMatchObject(isRoute ? {} : annotations);
        expect(podOf(manifest)?.metadata.labels ?? podLabels).toMatchObject(podLabels);
      }
    });
  });

  it('parts of the Kubernetes API are unchanged', () => {
    const orAbsent = <T extends object>(value: T): T | undefined =>
      Object.keys(value).length === 0 ? undefined : value;
    expectOfSessions((manifests, values) => {
      for (const { spec } of manifests.map(podOf).filter((pod) => pod !== undefined)) {
        expect(spec['affinity']).toEqual(values.affinity);
        expect(spec['tolerations']).toEqual(orAbsent(values.tolerations));
        expect(spec['nodeSelector']).toEqual(orAbsent(values.nodeSelector));
        expect(spec['topologySpreadConstraints']).toEqual(orAbsent(values.topologySpreadConstraints));
        const given = [
          values.initContainers.rootfs,
          values.initContainers.network,
          values.firecracker,
          values.terminal,
        ];
        const containers = [...(spec.initContainers ?? []), ...spec.containers];
        [...given, values.codeServer].forEach(({ extraEnv }, index) => {
          const env = containers[index]?.env ?? [];
          expect(env.slice(env.length - extraEnv.length)).toEqual(extraEnv);
        });
      }
      for (const policy of manifests.filter(({ kind }) => kind === 'NetworkPolicy')) {
        const { ingress, egress } = specOf<{ ingress: unknown[]; egress: unknown[] }>(policy);
        const { extraIngress, extraEgress } = values.networkPolicy;
        expect(ingress.slice(ingress.length - extraIngress.length)).toEqual(extraIngress);
        expect(egress.slice(egress.length - extraEgress.length)).toEqual(extraEgress);
      }
    });
  });

  it('quantities are valid, and no request is above its limit', () => {
    expectOfSessions((manifests) => {
      for (const pod of manifests.map(podOf).filter((found) => found !== undefined)) {
        for (const { resources } of containersOf(pod)) {
          const { limits = {}, requests = {} } = resources ?? {};
          for (const quantity of [...Object.values(limits), ...Object.values(requests)]) {
            expect(typeof quantity).toBe('string');
            expect(quantity).toMatch(QUANTITY);
          }
          const above = Object.entries(requests).filter(
            ([name, request]) => amount(request) > amount(limits[name] ?? request) * 1.0000001,
          );
          expect(above).toEqual([]);
        }
        for (const { emptyDir } of pod.spec.volumes ?? []) expect(emptyDir?.sizeLimit ?? '0').toMatch(QUANTITY);
      }
    });
  });

  it('every reference leads to an object or a prerequisite', () => {
    expectOfSessions((manifests, values) => {
      const pods = manifests.filter((manifest) => podOf(manifest) !== undefined);
      expect(pods).toHaveLength(
        (values.suspended ?? false) && (values.workload.kind === 'Pod' || values.restartPolicy !== 'Always') ? 0 : 1,
      );
      if (pods.length === 0) return;
      const namespace: Manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };
      const listed = requirementsOf({ id: values.session.id, cohort: 'class', namespace: NAMESPACE, values });
      expect(danglingReferences([namespace, ...manifests], listed)).toEqual([]);
    });
  });

  it('readers of YAML 1.2 and 1.1 read the written objects', () => {
    expectOfSessions((manifests) => {
      expect(readYaml(toYaml(manifests))).toEqual([manifests, manifests]);
    });
  });

  it('the same values give the same text, whatever the order of their keys', () => {
    expectOfSessions((manifests, values) => {
      expect(toYaml(renderSession(reversed(values) as SessionValues, NAMESPACE))).toBe(toYaml(manifests));
    });
  });

  it('the password is in the Secret only', () => {
    const password = 'hunter2-hunter2';
    expectOfSessions((_, values) => {
      const manifests = renderSession({ ...values, codeServer: { ...values.codeServer, password } }, NAMESPACE);
      const secrets = manifests.filter(({ kind }) => kind === 'Secret');
      expect(secrets).toHaveLength(values.codeServer.existingSecret === undefined ? 1 : 0);
      expect(toYaml(manifests)).not.toContain(password);
      expect(toYaml(manifests.filter(({ kind }) => kind !== 'Secret'))).not.toContain(
        Buffer.from(password).toString('base64'),
      );
    });
  });
});

const SCALES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
};

/** The amount of a quantity as a float, to compare. */
function amount(quantity: string): number {
  const [, number = '', suffix = ''] = /^([0-9.]+(?:[eE][+-]?[0-9]+)?)([a-zA-Z]*)$/.exec(quantity) ?? [];
  const binary = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].indexOf(suffix);
  return Number(number) * (binary < 0 ? (SCALES[suffix] ?? 1) : 1024 ** (binary + 1));
}

/** The same data with the keys of mappings in reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, child]) => [key, reversed(child)]),
  );
}
