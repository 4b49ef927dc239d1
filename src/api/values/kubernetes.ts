import { z } from 'zod';
import {
  flag,
  ipv4Range,
  labelMap,
  labelName,
  labelText,
  listField,
  manyLines,
  matching,
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

const labelSelector = shared('LabelSelector', () =>
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

const networkPolicyPort = object({
  protocol: oneOf('TCP', 'UDP', 'SCTP').optional(),
  port: whole(1, 65535).optional(),
  endPort: whole(1, 65535).optional(),
}).superRefine((given, context) => {
  if (given.endPort !== undefined && (given.port === undefined || given.endPort < given.port)) {
    context.addIssue({
      code: 'custom',
      path: ['endPort'],
      message: 'a port that is not below port, which must be given too',
    });
  }
});

const networkPolicyPeer = shared('NetworkPolicyPeer', () =>
  object({
    ipBlock: object({ cidr: ipv4Range(), except: listField(ipv4Range()).optional() }).optional(),
    namespaceSelector: labelSelector().optional(),
    podSelector: labelSelector().optional(),
  }).superRefine((given, context) => {
    const selectors = given.namespaceSelector !== undefined || given.podSelector !== undefined;
    if (selectors === (given.ipBlock !== undefined)) {
      context.addIssue({
        code: 'custom',
        path: [],
        message: 'either ipBlock, or namespaceSelector, podSelector or both',
      });
    }
    for (const [index, range] of (given.ipBlock?.except ?? []).entries()) {
      if (!isWithin(range, given.ipBlock?.cidr ?? '')) {
        context.addIssue({
          code: 'custom',
          path: ['ipBlock', 'except', index],
          message: 'a range inside cidr and smaller than it',
        });
      }
    }
  }),
);

function isWithin(inner: string, outer: string): boolean {
  const [innerBase, innerLength] = rangeOf(inner);
  const [outerBase, outerLength] = rangeOf(outer);
  const size = 2 ** (32 - outerLength);
  return innerLength > outerLength && Math.floor(innerBase / size) === Math.floor(outerBase / size);
}

function rangeOf(range: string): [base: number, length: number] {
  const [address = '', length = ''] = range.split('/');
  return [address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0), Number(length)];
}

/** Kubernetes, "Network Policies". */
export const ingressRules = () =>
  listField(
    object({ from: listField(networkPolicyPeer()).optional(), ports: listField(networkPolicyPort).optional() }),
  );

export const egressRules = () =>
  listField(object({ to: listField(networkPolicyPeer()).optional(), ports: listField(networkPolicyPort).optional() }));

const dataKey = () =>
  matching(
    /^([-_A-Za-z0-9]|\.[-_A-Za-z0-9])[-._A-Za-z0-9]*$/,
    'a key of at most 253 of A-Z, a-z, 0-9, -, _ and ., that is not . and does not begin with ..',
  );

export const secretKey = dataKey;

const keySelector = () => object({ name: objectName(), key: dataKey(), optional: flag().optional() });

const environmentVariable = object({
  name: matching(
    /^[-._A-Za-z][-._A-Za-z0-9]*$/,
    'a name of A-Z, a-z, 0-9, -, _ and . that does not begin with a digit',
  ),
  value: manyLines(131072).optional(),
  valueFrom: object({
    secretKeyRef: keySelector().optional(),
    configMapKeyRef: keySelector().optional(),
    fieldRef: object({
      fieldPath: matching(
        /^(metadata\.(name|namespace|uid)|spec\.(nodeName|serviceAccountName)|status\.(hostIP|hostIPs|podIP|podIPs))$/,
        'one of metadata.name, metadata.namespace, metadata.uid, spec.nodeName, spec.serviceAccountName, status.hostIP, status.hostIPs, status.podIP, status.podIPs',
      ),
    }).optional(),
  })
    .refine((given) => Object.keys(given).length === 1, { error: 'one of secretKeyRef, configMapKeyRef and fieldRef' })
    .optional(),
}).refine((given) => given.value === undefined || given.valueFrom === undefined, {
  error: 'value or valueFrom, not both',
  path: ['valueFrom'],
});

/** Kubernetes expands `$(NAME)` in the values. */
export const environment = shared('Environment', () =>
  listField(environmentVariable).superRefine((given, context) => uniqueNames(given, context)),
);

export const uniqueNames = (
  given: readonly { readonly name: string }[],
  context: z.core.$RefinementCtx,
  nameOf: (name: string) => string = (name) => name,
): void => {
  const seen = new Set<string>();
  given.forEach(({ name }, index) => {
    if (seen.has(nameOf(name))) {
      context.addIssue({ code: 'custom', path: [index, 'name'], message: 'a name that is not in the list already' });
    }
    seen.add(nameOf(name));
  });
};

/** Kubernetes, "Pull an Image from a Private Registry". */
export const imagePullSecrets = () =>
  listField(object({ name: objectName() })).superRefine((given, context) => uniqueNames(given, context));

const parentReference = object({
  group: objectName().optional(),
  kind: matching(/^[a-zA-Z]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/, 'the kind of an object, such as Gateway', 63).optional(),
  namespace: labelName().optional(),
  name: objectName(),
  sectionName: objectName().optional(),
  port: whole(1, 65535).optional(),
});

/** Gateway API, `ParentReference`. */
export const parentReferences = () =>
  listField(parentReference, 32).superRefine((given, context) => {
    const parentOf = ({ group, kind, namespace, name }: (typeof given)[number]): string =>
      JSON.stringify([group ?? 'gateway.networking.k8s.io', kind ?? 'Gateway', namespace, name]);
    given.forEach((reference, index) => {
      const others = given.filter((other, at) => at !== index && parentOf(other) === parentOf(reference));
      const isDistinct = others.every(
        (other) =>
          reference.sectionName !== undefined &&
          other.sectionName !== undefined &&
          other.sectionName !== reference.sectionName,
      );
      if (!isDistinct) {
        const message = 'a sectionName of its own, as the same parent is named several times';
        context.addIssue({ code: 'custom', path: [index, 'sectionName'], message });
      }
    });
  });
