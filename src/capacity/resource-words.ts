const WORDS: Readonly<Record<string, string>> = {
  cpu: 'CPU',
  memory: 'memory',
  'ephemeral-storage': 'ephemeral storage',
  storage: 'storage of claims',
  pods: 'pods',
  'count/pods': 'pods',
  persistentvolumeclaims: 'claims',
  'count/persistentvolumeclaims': 'claims',
};

/**
 * A resource as people say it, by the name that nodes or a quota have for it.
 * @example `CPU` for requests.cpu, `limits of memory` for limits.memory, `devices (devices.kubevirt.io/kvm)`
 */
export function resourceWords(resource: string): string {
  const name = resource.replace(/^(requests|limits)\./, '');
  const word = WORDS[name] ?? (name.includes('/') ? `devices (${name})` : name);
  return resource.startsWith('limits.') ? `limits of ${word}` : word;
}
