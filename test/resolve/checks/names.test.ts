import { errorsWith, placeOf, placesWith, problemsIn } from '../../support/problems';
import { cohort, lab, project, projectWith, session, smallProject } from '../../support/project';

describe('names that mean something to another program', () => {
  test.each(['kustomization', 'cloudbuild', 'con', 'nul', 'aux', 'prn', 'com1', 'lpt9'])(
    '%s is no session, cohort, lab or namespace',
    (name) => {
      const errors = errorsWith({
        [`labs/${name}.yaml`]: lab(name),
        [`sessions/${name}/cohort.yaml`]: cohort(name),
        [`sessions/class/${name}.yaml`]: session(name),
        'sessions/other/cohort.yaml': cohort('other', { namespace: name }),
        'sessions/more/cohort.yaml': cohort('more', { infra: { roles: { sessionManager: { namespace: name } } } }),
      });
      expect(errors.map(placeOf).map((place) => place.replace(/:\d+:\d+/, ''))).toEqual(
        [
          `labs/${name}.yaml metadata.name [wrong-value]`,
          `sessions/${name}/cohort.yaml metadata.name [wrong-value]`,
          `sessions/class/${name}.yaml metadata.name [wrong-value]`,
          'sessions/more/cohort.yaml spec.infra.roles.sessionManager.namespace [wrong-value]',
          'sessions/other/cohort.yaml spec.namespace [wrong-value]',
        ].sort(),
      );
      expect(errors.every(({ message }) => message.includes('accepted: another name: '))).toBe(true);
    },
  );

  test.each(['kustomizations', 'component', 'chart', 'console', 'com0', 'default', 'values'])(
    '%s is a name as any other',
    (name) => {
      expect(
        placesWith({
          [`sessions/${name}/cohort.yaml`]: cohort(name),
          [`sessions/${name}/${name}.yaml`]: session(name),
        }),
      ).toEqual([]);
    },
  );

  test('cohort is a cohort, but no session', () => {
    const files = { 'sessions/cohort/cohort.yaml': cohort('cohort'), 'sessions/cohort/one.yaml': session('one') };
    expect(placesWith(files)).toEqual([]);
  });
});

describe('the text by which Argo CD skips a file', () => {
  const MARK = 'x+argocd:skip-file-rendering';

  test.each<[path: string, infra: object]>([
    ['spec.infra.roles.viewers.groups', { roles: { viewers: { groups: ['staff', MARK] } } }],
    ['spec.infra.podMonitor.path', { podMonitor: { enabled: true, path: `/${MARK}` } }],
  ])('is refused in %s', (path, infra) => {
    const inProject = placesWith({ 'dozlab.yaml': project({ infra }) });
    const inCohort = placesWith({ 'sessions/class/cohort.yaml': cohort('class', { infra }) });
    expect([...inProject, ...inCohort].map((place) => place.replace(/:\d+:\d+/, ''))).toEqual([
      `dozlab.yaml ${path} [wrong-value]`,
      `sessions/class/cohort.yaml ${path} [wrong-value]`,
    ]);
  });

  test('may stand in a description, which is in no manifest', () => {
    expect(placesWith({ 'sessions/class/cohort.yaml': cohort('class', { description: MARK }) })).toEqual([]);
  });
});

describe('names that Dozlab composes', () => {
  test('the account of the session manager is not that of a cohort', () => {
    const manager = (name: string) => ({
      delivery: 'helm',
      chart: { oci: { url: 'oci://registry.example.com/charts/lab-session' }, version: '1.0.0' },
      infra: { roles: { sessionManager: { name, namespace: 'lab-room' } } },
    });
    const of = (name: string) => placesWith({ 'sessions/room/cohort.yaml': cohort('room', manager(name)) });
    expect(of('lab-room')).toEqual([
      expect.stringMatching(/^sessions\/room\/cohort.yaml.* spec\.infra\.roles\.sessionManager\.name \[conflict\]$/),
    ]);
    expect(of('manager')).toEqual([]);
  });

  test('an Application of Argo CD is not that of a cohort', () => {
    const of = (name: string) =>
      placesWith({
        'dozlab.yaml': project({ argocd: { name, source: { url: 'https://git.example.com/labs' } } }),
        'sessions/x-infra/cohort.yaml': cohort('x-infra'),
      });
    for (const name of ['lab-class', 'lab-x'])
      expect(of(name)).toEqual([expect.stringMatching(/^dozlab.yaml.* spec\.argocd\.name \[conflict\]$/)]);
    expect(of('lab-other')).toEqual([]);
  });

  test('the source of the project is not the artifact of a cohort', () => {
    const flux = (name: string) => ({
      source: { kind: 'OCIRepository', name, url: 'oci://registry.example.com/project' },
      artifacts: { url: 'oci://registry.example.com/labs' },
    });
    const of = (name: string) => placesWith({ 'dozlab.yaml': project({ flux: flux(name) }) });
    expect(of('lab-class')).toEqual([expect.stringMatching(/^dozlab.yaml.* spec\.flux\.source\.name \[conflict\]$/)]);
    expect(of('lab-other')).toEqual([]);
  });

  test.each<[image: string, isOpen: boolean]>([
    ['ghcr.io/org*', true],
    ['registry.example.com*', true],
    ['ghcr.io/org/*', false],
    ['ghcr.io/org/image:*', false],
    ['ghcr.io/org/image:1.*', false],
    ['ghcr.io/org/image@*', false],
    ['*', false],
    ['ghcr.io/org/image:1', false],
  ])('the admitted image %s is a prefix of other names: %s', (image, isOpen) => {
    const files = smallProject({ 'dozlab.yaml': project({ infra: { podPolicy: { images: [image] } } }) });
    const warned = problemsIn(projectWith(files)).filter(({ path }) => path.startsWith('spec.infra.podPolicy.images'));
    expect(warned).toHaveLength(isOpen ? 1 : 0);
  });
});
