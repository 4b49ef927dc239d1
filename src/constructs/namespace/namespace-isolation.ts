import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { CLUSTER_DNS } from './cluster-dns';
import { MANAGED_LABELS } from './labels';

export interface NamespaceIsolationProps {
  readonly namespace: string;

  /** Whether pods that no policy allows anything are cut off. */
  readonly defaultDeny: boolean;

  /** The rules of all sessions; none are written when they are not given. */
  readonly sessions?: SessionRules;

  /** Namespace of Prometheus and the port of sessions that it reads. */
  readonly metrics?: { readonly namespace: string; readonly port: string };
}

/** Who may reach sessions, and what they may not reach. */
export interface SessionRules {
  /** Namespaces by name. */
  readonly ingressNamespaces: readonly string[];
  /** Namespaces by labels. */
  readonly ingressNamespaceLabels: Readonly<Record<string, string>>;
  /** Ranges of IPv4 addresses. */
  readonly blockedRanges: readonly string[];
  readonly extraIngress: readonly unknown[];
  readonly extraEgress: readonly unknown[];
}

const SESSIONS = { matchLabels: { app: 'lab-environment' } };
const TEST_PODS = { matchExpressions: [{ key: 'dozlab.io/test-of', operator: 'Exists' }] };
const SOLVER_PODS = { matchLabels: { 'acme.cert-manager.io/http01-solver': 'true' } };
const tcp = (port: number | string) => ({ protocol: 'TCP', port });
const TO_DNS = { to: [CLUSTER_DNS], ports: ['UDP', 'TCP'].map((protocol) => ({ protocol, port: 53 })) };
const APPLICATIONS = [tcp(8080), tcp(8081)];

/**
 * NetworkPolicies of a namespace for sessions (Kubernetes, "Network Policies"): nothing by default, sessions as each session's own policy
 * has it, the pod of `helm test` to sessions, and cert-manager's solvers from outside.
 */
export class NamespaceIsolation extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: NamespaceIsolationProps,
  ) {
    super(scope, id);
    const { defaultDeny, sessions, metrics } = props;
    if (defaultDeny) {
      this.policy('default-deny', {}, {});
      this.policy('helm-test', TEST_PODS, {
        egress: [TO_DNS, { to: [{ podSelector: SESSIONS }], ports: APPLICATIONS }],
      });
      // Whoever routes to sessions routes to these too, on the port that cert-manager's solver listens on.
      this.policy('acme-solver', SOLVER_PODS, { ingress: [{ ports: [tcp(8089)] }] });
    }
    if (sessions !== undefined) this.sessions(sessions);
    if (metrics !== undefined)
      this.policy(
        'session-metrics',
        SESSIONS,
        {
          ingress: [{ from: [namespaceNamed(metrics.namespace)], ports: [tcp(metrics.port)] }],
        },
        ['Ingress'],
      );
  }

  private sessions(rules: SessionRules): void {
    const from = [
      ...rules.ingressNamespaces.map(namespaceNamed),
      ...(Object.keys(rules.ingressNamespaceLabels).length === 0
        ? []
        : [{ namespaceSelector: { matchLabels: rules.ingressNamespaceLabels } }]),
    ];
    this.policy('session-isolation', SESSIONS, {
      ingress: [
        ...(from.length === 0 ? [] : [{ from, ports: [...APPLICATIONS, tcp(22)] }]),
        { from: [{ podSelector: TEST_PODS }], ports: APPLICATIONS },
        ...rules.extraIngress,
      ],
      egress: [TO_DNS, { to: [{ ipBlock: { cidr: '0.0.0.0/0', except: rules.blockedRanges } }] }, ...rules.extraEgress],
    });
  }

  private policy(name: string, podSelector: object, rules: object, policyTypes = ['Ingress', 'Egress']): void {
    new ApiObject(this, name, {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name, namespace: this.props.namespace, labels: MANAGED_LABELS },
      spec: { podSelector, policyTypes, ...rules },
    });
  }
}

const namespaceNamed = (name: string) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});
