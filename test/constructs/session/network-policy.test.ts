import type { Mapping } from '@dozlab/charts/schema';
import { goldenSession } from '../../support/golden';
import { labSession, ofKind, one, specOf } from '../../support/manifests';

describe('isolation', () => {
  it('prints rules of a user as they are, after its own', () => {
    const extraIngress: Mapping[] = [
      { from: [{ namespaceSelector: { matchLabels: { team: 'labs' } }, podSelector: {} }] },
      {},
    ];
    const extraEgress = [
      { to: [{ ipBlock: { cidr: '10.9.0.0/16', except: ['10.9.1.0/24'] } }], ports: [{ port: 5000, endPort: 5010 }] },
    ];
    const policy = one(
      goldenSession('network-policy', {
        networkPolicy: {
          ingressNamespaces: ['web', 'admin'],
          blockedRanges: ['10.0.0.0/8'],
          extraIngress,
          extraEgress,
        },
      }),
      'NetworkPolicy',
    );
    const spec = specOf<{ ingress: unknown[]; egress: unknown[]; podSelector: unknown }>(policy);

    expect(spec.podSelector).toEqual({ matchLabels: { app: 'lab-environment', 'session-id': 'alice-001' } });
    expect(spec.ingress[0]).toEqual({
      from: ['web', 'admin'].map((name) => ({
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
      })),
      ports: [8080, 8081, 22].map((port) => ({ protocol: 'TCP', port })),
    });
    expect(spec.ingress.slice(-2)).toEqual(extraIngress);
    expect(spec.egress.slice(1)).toEqual([
      { to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } }] },
      ...extraEgress,
    ]);
  });

  it('has no rule without namespaces: a rule without peers allows all', () => {
    const policy = one(labSession({ networkPolicy: { ingressNamespaces: [] } }), 'NetworkPolicy');
    const { ingress } = specOf<{ ingress: { from?: { namespaceSelector?: unknown; podSelector?: unknown }[] }[] }>(
      policy,
    );

    expect(specOf(policy)['policyTypes']).toEqual(['Ingress', 'Egress']);
    for (const { from = [] } of ingress) {
      expect(from.length).toBeGreaterThan(0);
      for (const peer of from) expect(Object.keys(peer)).toEqual(['podSelector']);
    }
  });

  it('is left out on request', () => {
    expect(
      ofKind(goldenSession('network-policy-disabled', { networkPolicy: { enabled: false } }), 'NetworkPolicy'),
    ).toEqual([]);
  });
});
