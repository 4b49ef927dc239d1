/** The labels of all that the project makes for the exec backend. */
export const LABELS = { 'app.kubernetes.io/part-of': 'dozlab', 'app.kubernetes.io/managed-by': 'dozlab' } as const;

/** The metadata of an object in the namespace of the exec backend. */
export const objectMetadata = (namespace: string, name: string) => ({ name, namespace, labels: LABELS });
