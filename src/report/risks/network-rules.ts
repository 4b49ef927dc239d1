import { at, listAt } from '@dozlab/charts/schema';

const DIRECTIONS = [
  ['Ingress', 'ingress', 'from'],
  ['Egress', 'egress', 'to'],
] as const;

/** Whether a NetworkPolicy allows traffic that it did not allow, or selects other pods (Kubernetes, "Network Policies"). */
export function allowsMore(before: unknown, after: unknown): boolean {
  const [was, is] = [at(before, ['spec']), at(after, ['spec'])];
  if (text(at(was, ['podSelector'])) !== text(at(is, ['podSelector']))) return true;
  return DIRECTIONS.some(([type, rules, peers]) => {
    if (!isIsolated(was, type)) return false;
    if (!isIsolated(is, type)) return true;
    const old = listAt(was, [rules]);
    return listAt(is, [rules]).some((rule) => !old.some((each) => covers(each, rule, peers)));
  });
}

/** Policies add up: beside one that isolates its pods, a new one with rules allows more. */
export const addsTraffic = (existing: readonly unknown[], added: unknown): boolean =>
  DIRECTIONS.some(
    ([type, rules]) =>
      isIsolated(at(added, ['spec']), type) &&
      listAt(added, ['spec', rules]).length > 0 &&
      existing.some((policy) => isIsolated(at(policy, ['spec']), type)),
  );

/** Without `policyTypes`, a policy applies to ingress, and to egress only with such rules. */
function isIsolated(spec: unknown, type: 'Ingress' | 'Egress'): boolean {
  const types = listAt(spec, ['policyTypes']);
  if (types.length > 0) return types.includes(type);
  return type === 'Ingress' || at(spec, ['egress']) !== undefined;
}

function covers(wide: unknown, narrow: unknown, peers: 'from' | 'to'): boolean {
  const isWithin = (key: string, isCovered: (wide: unknown, narrow: unknown) => boolean): boolean => {
    const [many, few] = [listAt(wide, [key]), listAt(narrow, [key])];
    if (many.length === 0) return true;
    return few.length > 0 && few.every((each) => many.some((other) => isCovered(other, each)));
  };
  return isWithin(peers, coversPeer) && isWithin('ports', (one, other) => text(one) === text(other));
}

function coversPeer(wide: unknown, narrow: unknown): boolean {
  if (text(wide) === text(narrow)) return true;
  const [many, few] = [at(wide, ['ipBlock', 'cidr']), at(narrow, ['ipBlock', 'cidr'])];
  if (many === undefined || many !== few) return false;
  const blocked = listAt(narrow, ['ipBlock', 'except']);
  return listAt(wide, ['ipBlock', 'except']).every((range) => blocked.includes(range));
}

const text = (tree: unknown): string => JSON.stringify(tree ?? null);
