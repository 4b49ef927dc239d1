import { z } from 'zod';
import {
  labelMap,
  labelName,
  labelText,
  listField,
  object,
  objectName,
  oneOf,
  qualifiedName,
  shared,
  whole,
} from './fields';

/** The API server applies the same checks. */

const requirement = (operators: readonly [string, ...string[]], value: z.ZodType<string>) =>
  object({ key: qualifiedName(), operator: oneOf(...operators), values: listField(value).optional() }).superRefine(
    (given, context) => {
      const count = given.values?.length ?? 0;
      const wanted = given.operator.endsWith('In')
        ? count > 0
        : ['Gt', 'Lt'].includes(given.operator)
          ? count === 1
          : count === 0;
      if (!wanted) {
        context.addIssue({
          code: 'custom',
          path: ['values'],
          message: 'at least one value for In and NotIn, one for Gt and Lt, none for Exists and DoesNotExist',
        });
      }
    },
  );

export const labelSelector = shared('LabelSelector', () =>
  object({
    matchLabels: labelMap().optional(),
    matchExpressions: listField(requirement(['In', 'NotIn', 'Exists', 'DoesNotExist'], labelText())).optional(),
  }),
);

const toleration = object({
  key: qualifiedName().optional(),
  operator: oneOf('Exists', 'Equal').optional(),
  value: labelText().optional(),
  effect: oneOf('NoSchedule', 'PreferNoSchedule', 'NoExecute').optional(),
  tolerationSeconds: z.int({ error: 'a whole number of seconds' }).optional(),
}).superRefine((given, context) => {
  const refuse = (path: string, message: string) => {
    context.addIssue({ code: 'custom', path: [path], message });
  };
  if (given.operator === 'Exists' && given.value !== undefined && given.value !== '')
    refuse('value', 'no value with operator Exists');
  if (given.key === undefined && given.operator !== 'Exists') refuse('operator', 'Exists, as there is no key');
  if (given.tolerationSeconds !== undefined && given.effect !== 'NoExecute')
    refuse('effect', 'NoExecute, as tolerationSeconds is given');
});

/** Kubernetes, "Taints and Tolerations". */
export const tolerations = () => listField(toleration);

const nodeSelectorTerm = shared('NodeSelectorTerm', () =>
  object({
    matchExpressions: listField(
      requirement(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'], labelText()),
    ).optional(),
    matchFields: listField(
      object({
        key: z.literal('metadata.name', { error: 'metadata.name' }),
        operator: oneOf('In', 'NotIn'),
        values: z.array(objectName(), { error: 'a list' }).length(1, { error: 'a list of one node name' }),
      }),
    ).optional(),
  }),
);

const podAffinityTerm = object({
  labelSelector: labelSelector().optional(),
  namespaceSelector: labelSelector().optional(),
  namespaces: listField(labelName()).optional(),
  topologyKey: qualifiedName(),
});

const weight = () => whole(1, 100);

const podAffinity = shared('PodAffinity', () =>
  object({
    requiredDuringSchedulingIgnoredDuringExecution: listField(podAffinityTerm).optional(),
    preferredDuringSchedulingIgnoredDuringExecution: listField(
      object({ weight: weight(), podAffinityTerm }),
    ).optional(),
  }),
);

/** Kubernetes, "Assigning Pods to Nodes". */
export const affinity = () =>
  object({
    nodeAffinity: object({
      requiredDuringSchedulingIgnoredDuringExecution: object({
        nodeSelectorTerms: listField(nodeSelectorTerm()).min(1, { error: 'a list of at least one term' }),
      }).optional(),
      preferredDuringSchedulingIgnoredDuringExecution: listField(
        object({ weight: weight(), preference: nodeSelectorTerm() }),
      ).optional(),
    }).optional(),
    podAffinity: podAffinity().optional(),
    podAntiAffinity: podAffinity().optional(),
  });

const spread = object({
  maxSkew: whole(1, 2147483647),
  minDomains: whole(1, 2147483647).optional(),
  topologyKey: qualifiedName(),
  whenUnsatisfiable: oneOf('DoNotSchedule', 'ScheduleAnyway'),
  labelSelector: labelSelector().optional(),
  nodeAffinityPolicy: oneOf('Honor', 'Ignore').optional(),
  nodeTaintsPolicy: oneOf('Honor', 'Ignore').optional(),
}).superRefine((given, context) => {
  if (given.minDomains !== undefined && given.whenUnsatisfiable !== 'DoNotSchedule') {
    context.addIssue({ code: 'custom', path: ['whenUnsatisfiable'], message: 'DoNotSchedule, as minDomains is given' });
  }
});

/** Kubernetes, "Pod Topology Spread Constraints". */
export const topologySpreadConstraints = () =>
  listField(spread).superRefine((given, context) => {
    const seen = new Set<string>();
    given.forEach((constraint, index) => {
      const pair = `${constraint.topologyKey} ${constraint.whenUnsatisfiable}`;
      if (seen.has(pair))
        context.addIssue({
          code: 'custom',
          path: [index, 'topologyKey'],
          message: 'a topologyKey once for each whenUnsatisfiable',
        });
      seen.add(pair);
    });
  });
