import { createHash } from 'node:crypto';
import type { SessionValues } from '../api/values/schema';
import { renderSession } from '../manifests/lab-session-chart';
import type { KubeObject, LabSessionObject, OwnerReference } from './live-objects';

/** Digest of an object as it was rendered, on the object: two equal ones need no write, also where the API server adds defaults. */
export const DIGEST_ANNOTATION = 'dozlab.io/digest';

/** Digest of a pod's spec: another one needs another pod, while labels and annotations can change. */
const SPEC_DIGEST_ANNOTATION = 'dozlab.io/spec-digest';

/** What a session needs in the cluster. */
export interface Desired {
  /** Undefined while the session is suspended. */
  readonly pod: KubeObject | undefined;
  /** All else but the Secret with the password, in the order to apply them. */
  readonly others: readonly KubeObject[];
  /** The Secret that the controller makes. Undefined if the values name an existing one. */
  readonly secret: { readonly name: string; readonly key: string } | undefined;
}

/** The objects of a session: the same as in its manifests, with a Pod of its own in place of a Deployment. */
export function desiredObjects(session: LabSessionObject, values: SessionValues): Desired {
  const { namespace } = session.metadata;
  const asPod = { ...values, workload: { ...values.workload, kind: 'Pod' as const } };
  const objects = renderSession(asPod, namespace).map((object) => owned(session, object));
  const { existingSecret, existingSecretKey } = values.codeServer;
  return {
    pod: objects.find(({ kind }) => kind === 'Pod'),
    others: objects.filter(({ kind }) => kind !== 'Pod'),
    secret:
      existingSecret === undefined
        ? { name: `lab-session-${session.metadata.name}-secrets`, key: existingSecretKey }
        : undefined,
  };
}

/** The owner reference by which Kubernetes removes an object with its session. */
export const ownerReference = ({ apiVersion, kind, metadata }: LabSessionObject): OwnerReference => ({
  ...{ apiVersion, kind, name: metadata.name, uid: metadata.uid },
  controller: true,
  blockOwnerDeletion: true,
});

export const isOwnedBy = ({ metadata }: KubeObject, session: LabSessionObject): boolean =>
  metadata.ownerReferences?.some(({ uid }) => uid === session.metadata.uid) === true;

export const digestOf = ({ metadata }: KubeObject): string | undefined => metadata.annotations?.[DIGEST_ANNOTATION];

export const specDigestOf = ({ metadata }: KubeObject): string | undefined =>
  metadata.annotations?.[SPEC_DIGEST_ANNOTATION];

const digest = (part: unknown): string => createHash('sha256').update(JSON.stringify(part)).digest('hex').slice(0, 16);

function owned(session: LabSessionObject, object: KubeObject): KubeObject {
  const { metadata } = object;
  const ofSpec: Record<string, string> =
    object.kind === 'Pod' ? { [SPEC_DIGEST_ANNOTATION]: digest(object['spec']) } : {};
  return {
    ...object,
    metadata: {
      ...metadata,
      annotations: { ...metadata.annotations, ...ofSpec, [DIGEST_ANNOTATION]: digest(object) },
      ownerReferences: [ownerReference(session)],
    },
  };
}
