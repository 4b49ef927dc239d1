import fc from 'fast-check';
import type { Mapping } from '@dozlab/charts/schema';
import { all, few, labelNames, labelValues, labels, maybe, objectNames, qualifiedNames, some } from './arbitrary-parts';

const operatorAndValues = (): fc.Arbitrary<Mapping> =>
  fc.oneof(
    fc.record({
      operator: fc.constantFrom('In', 'NotIn'),
      values: fc.array(labelValues(), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ operator: fc.constantFrom('Exists', 'DoesNotExist') }),
  );

const requirements = (): fc.Arbitrary<Mapping[]> =>
  few(fc.tuple(qualifiedNames(), operatorAndValues()).map(([key, rest]) => ({ key, ...rest })));

export const labelSelector = (): fc.Arbitrary<Mapping> =>
  some({ matchLabels: labels(), matchExpressions: requirements() });

const nodeTerm = (): fc.Arbitrary<Mapping> =>
  some({
    matchExpressions: fc.oneof(requirements(), fc.constant([{ key: 'cores', operator: 'Gt', values: ['4'] }])),
    matchFields: objectNames().map((name) => [{ key: 'metadata.name', operator: 'In', values: [name] }]),
  });

const podTerm = (): fc.Arbitrary<Mapping> =>
  all({
    topologyKey: fc.constantFrom('kubernetes.io/hostname', 'topology.kubernetes.io/zone'),
    labelSelector: maybe(labelSelector()),
    namespaceSelector: maybe(labelSelector()),
    namespaces: maybe(few(labelNames())),
  });

const weight = (): fc.Arbitrary<number> => fc.integer({ min: 1, max: 100 });

const podAffinity = (): fc.Arbitrary<Mapping> =>
  some({
    requiredDuringSchedulingIgnoredDuringExecution: few(podTerm()),
    preferredDuringSchedulingIgnoredDuringExecution: few(all({ weight: weight(), podAffinityTerm: podTerm() })),
  });

export const affinity = (): fc.Arbitrary<Mapping> =>
  some({
    nodeAffinity: some({
      requiredDuringSchedulingIgnoredDuringExecution: fc.record({ nodeSelectorTerms: few(nodeTerm(), 1) }),
      preferredDuringSchedulingIgnoredDuringExecution: few(fc.record({ weight: weight(), preference: nodeTerm() })),
    }),
    podAffinity: podAffinity(),
    podAntiAffinity: podAffinity(),
  });

export const tolerations = (): fc.Arbitrary<Mapping[]> =>
  few(
    fc.oneof(
      fc.constant({ operator: 'Exists' }),
      all({
        key: qualifiedNames(),
        operator: fc.constant('Equal'),
        value: labelValues(),
        effect: maybe(fc.constantFrom('NoSchedule', 'PreferNoSchedule', 'NoExecute')),
      }),
      all({
        key: qualifiedNames(),
        operator: fc.constant('Exists'),
        effect: fc.constant('NoExecute'),
        tolerationSeconds: fc.integer({ min: -1, max: 9999 }),
      }),
    ),
  );

export const topologySpread = (): fc.Arbitrary<Mapping[]> =>
  fc.uniqueArray(
    all({
      maxSkew: fc.integer({ min: 1, max: 9 }),
      topologyKey: fc.constantFrom('kubernetes.io/hostname', 'zone'),
      whenUnsatisfiable: fc.constantFrom('DoNotSchedule', 'ScheduleAnyway'),
      labelSelector: maybe(labelSelector()),
      nodeAffinityPolicy: maybe(fc.constantFrom('Honor', 'Ignore')),
      nodeTaintsPolicy: maybe(fc.constantFrom('Honor', 'Ignore')),
    }),
    {
      maxLength: 2,
      selector: ({ topologyKey, whenUnsatisfiable }) => JSON.stringify([topologyKey, whenUnsatisfiable]),
    },
  );
