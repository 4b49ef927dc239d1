import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { managedMetadata } from './labels';
import { namespaceNamed, tcp, TO_DNS } from './network-rules';

export interface NamespaceIsolationProps {
  readonly namespace: string;

  /** Blocks traffic that no other policy allows. */
  readonly defaultDeny: boolean;

  /** @default - no policy for sessions */
  readonly sessions?: SessionRules;

  /** @default - no policy for metrics */
  readonly metrics?: { readonly namespace: string; readonly port: string };
}

/** Network rules of all sessions. */
export interface SessionRules {
  readonly ingressNamespaces: readonly string[];
  readonly ingressNamespaceLabels: Readonly<Record<string, string>>;
  readonly blockedRanges: readonly string[];
  readonly extraIngress: readonly unknown[];
  readonly extraEgress: readonly unknown[];
}

const SESSIONS = { matchLabels: { app: 'lab-environment' } };
const TEST_PODS = { matchExpressions: [{ key: 'dozlab.io/test-of', operator: 'Exists' }] };
const SOLVER_PODS = { matchLabels: { 'acme.cert-manager.io/http01-solver': 'true' } };
const APPLICATIONS = [tcp(8080), tcp(8081)];

/** NetworkPolicies of a namespace. Users' extra rules print unchanged, so the objects have no generated class. */
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
      // The proxies that route to sessions route to the solvers too. 8089 is the port of cert-manager's solver.
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
      metadata: managedMetadata(this.props.namespace, name),
      spec: { podSelector, policyTypes, ...rules },
    });
  }
}
