import { MANAGED_LABELS } from '../namespace/labels';

/** The metadata of an object in the namespace of the exec backend. */
export const objectMetadata = (namespace: string, name: string) => ({ name, namespace, labels: MANAGED_LABELS });
