import { BlockList } from 'node:net';

/** Whom a rule of a NetworkPolicy is for: the parts of its API that the rendered policies use. */
interface Peer {
  readonly namespaceSelector?: { readonly matchLabels?: Labels };
  readonly podSelector?: { readonly matchLabels?: Labels };
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface Rule {
  readonly ports?: readonly { readonly port: number; readonly protocol: string }[];
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
}

export interface NetworkPolicy {
  readonly kind: string;
  readonly metadata: { readonly namespace: string };
  readonly spec: {
    readonly podSelector: { readonly matchLabels?: Labels };
    readonly policyTypes: readonly string[];
    readonly ingress?: readonly Rule[];
    readonly egress?: readonly Rule[];
  };
}

type Labels = Readonly<Record<string, string>>;

/** One end of a connection. What is no pod has no namespace. */
export interface End {
  readonly ip: string;
  readonly namespace?: string;
  readonly labels?: Labels;
}

/**
 * Whether policies allow a TCP connection, by the text of the NetworkPolicy API: an end that some policy selects for a direction needs one rule of
 * those policies that allows the other end. What is no pod is selected by none.
 */
export function isAllowed(policies: readonly NetworkPolicy[], from: End, to: End, port: number): boolean {
  return isOpen(policies, 'Egress', from, to, port) && isOpen(policies, 'Ingress', to, from, port);
}

function isOpen(policies: readonly NetworkPolicy[], type: string, own: End, other: End, port: number): boolean {
  const selecting = policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === own.namespace &&
      spec.policyTypes.includes(type) &&
      matches(spec.podSelector.matchLabels, own.labels),
  );
  if (selecting.length === 0) return true;
  return selecting
    .flatMap(
      ({ spec, metadata }) =>
        (type === 'Egress' ? spec.egress : spec.ingress)?.map((rule) => ({ rule, ...metadata })) ?? [],
    )
    .some(({ rule, namespace }) => {
      const peers = type === 'Egress' ? rule.to : rule.from;
      const hasPort = rule.ports?.some((each) => each.protocol === 'TCP' && each.port === port) ?? true;
      return hasPort && (peers?.some((peer) => isPeer(peer, other, namespace)) ?? true);
    });
}

function isPeer(
  { namespaceSelector, podSelector, ipBlock }: Peer,
  { ip, namespace, labels }: End,
  own: string,
): boolean {
  if (ipBlock !== undefined)
    return isIn(ip, ipBlock.cidr) && !(ipBlock.except?.some((range) => isIn(ip, range)) ?? false);
  if (namespace === undefined) return false;
  const isNamespace =
    namespaceSelector === undefined
      ? namespace === own
      : matches(namespaceSelector.matchLabels, { 'kubernetes.io/metadata.name': namespace });
  return isNamespace && matches(podSelector?.matchLabels, labels);
}

const matches = (wanted: Labels = {}, labels: Labels = {}): boolean =>
  Object.entries(wanted).every(([name, value]) => labels[name] === value);

function isIn(ip: string, cidr: string): boolean {
  const [network = '', length] = cidr.split('/');
  const list = new BlockList();
  list.addSubnet(network, Number(length));
  return list.check(ip);
}
