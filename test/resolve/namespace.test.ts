import { placesWith } from '../support/problems';
import { cohort, project } from '../support/project';

describe('validate rejects a namespace', () => {
  const shared = (one: object, other: object): string[] =>
    placesWith({
      'sessions/class/cohort.yaml': cohort('class', { namespace: 'rooms', ...one }),
      'sessions/other/cohort.yaml': cohort('other', { namespace: 'rooms', ...other }),
    });
  const CONFLICT = ['sessions/other/cohort.yaml:6:14 spec.namespace [conflict]'];

  test('that cohorts share with different maxSessions or infra', () => {
    expect(shared({ maxSessions: 1 }, { maxSessions: 2 })).toEqual(CONFLICT);
    expect(shared({}, { infra: { podMonitor: { enabled: true } } })).toEqual(CONFLICT);
    expect(shared({ maxSessions: 2 }, { maxSessions: 2, infra: { podMonitor: { enabled: false } } })).toEqual([]);
  });

  test.each([
    ['execbox', { execBackend: {} }],
    ['flux-system', {}],
    ['gitops', { flux: { namespace: 'gitops' } }],
    ['dozlab-device-plugin', {}],
    ['dozlab-pre-pull', {}],
    ['argocd', { argocd: { source: { url: 'https://git.example.com/labs' } } }],
  ])('that another part uses: %s', (namespace, spec) => {
    const settings = { infra: { roles: { sessionManager: { namespace } } }, ...spec };
    expect(
      placesWith({ 'dozlab.yaml': project(spec), 'sessions/class/cohort.yaml': cohort('class', { namespace }) }),
    ).toEqual(['sessions/class/cohort.yaml:6:14 spec.namespace [conflict]']);
    expect(placesWith({ 'dozlab.yaml': project(settings) })).toEqual([
      'dozlab.yaml:9:20 spec.infra.roles.sessionManager.namespace [conflict]',
    ]);
  });

  test.each([
    ['ingress-nginx', {}],
    ['traefik', { values: { networkPolicy: { ingressNamespaces: ['traefik'] } } }],
    ['metrics', { infra: { podMonitor: { enabled: true, namespace: 'metrics' } } }],
  ])('whose pods sessions answer: %s', (namespace, spec) => {
    const files = { 'sessions/class/cohort.yaml': cohort('class', { namespace }) };
    expect(placesWith({ 'dozlab.yaml': project(spec), ...files })).toEqual([
      'sessions/class/cohort.yaml:6:14 spec.namespace [conflict]',
    ]);
  });

  test('but not its own, or that of Prometheus where nothing is measured', () => {
    const values = { networkPolicy: { ingressNamespaces: ['lab-class'] } };
    const files = { 'sessions/other/cohort.yaml': cohort('other', { namespace: 'monitoring' }) };
    expect(placesWith({ 'dozlab.yaml': project({ values }), ...files })).toEqual([]);
  });

  test('whose images are more than an expression of Kubernetes can hold', () => {
    const images = (number: number) => ({
      infra: {
        podPolicy: { images: Array.from({ length: number }, (_, index) => `${'x'.repeat(490)}/${String(index)}`) },
      },
    });
    expect(placesWith({ 'dozlab.yaml': project(images(150)) })).toEqual([]);
    expect(placesWith({ 'dozlab.yaml': project(images(190)) })).toEqual([
      'dozlab.yaml:9:9 spec.infra.podPolicy.images [wrong-value]',
    ]);
  });

  test('that follows from the name of a cohort, at the spec', () => {
    expect(placesWith({ 'dozlab.yaml': project({ execBackend: { namespace: 'lab-class' } }) })).toEqual([
      'sessions/class/cohort.yaml:5:7 spec.namespace [conflict]',
    ]);
  });
});
