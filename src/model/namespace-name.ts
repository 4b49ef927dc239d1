/** Namespaces that are not ours to make: every cluster has them, for pods of any kind. */
const EXISTING = /^(default|kube-.*)$/;

/** Whether a namespace is made for sessions, and for nothing else. */
export const isOwnNamespace = (name: string): boolean => !EXISTING.test(name);
