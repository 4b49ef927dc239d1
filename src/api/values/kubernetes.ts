import type { z } from 'zod';
import {
  flag,
  ipv4Range,
  labelName,
  listField,
  manyLines,
  matching,
  object,
  objectName,
  oneOf,
  shared,
  whole,
} from './fields';
import { labelSelector } from './scheduling';

/** The API server applies the same checks. */

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
