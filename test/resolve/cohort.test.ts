import { placeOf, placesWith, problemsOfCode } from '../support/problems';
import { cohort, type Files, project } from '../support/project';

const infra = (settings: object, more: object = {}): Files => ({
  'dozlab.yaml': project({ infra: settings, ...more }),
});

describe('a chart of releases', () => {
  const source = { flux: { source: { url: 'https://example.com/labs' } } };
  const helm = (chart: object, spec: object = source): Files => ({
    'dozlab.yaml': project(spec),
    'sessions/class/cohort.yaml': cohort('class', { delivery: 'helm', chart }),
  });

  test('needs a folder in charts/ for its version', () => {
    expect(placesWith(helm({ version: '0.0.1' }))).toEqual([
      'sessions/class/cohort.yaml:8:14 spec.chart.version [missing-chart]',
    ]);
  });

  test('may have a folder in charts/, or no version', () => {
    expect(
      placesWith({ ...helm({ version: '0.0.1' }), 'charts/lab-session-0.0.1/Chart.yaml': 'version: 0.0.1' }),
    ).toEqual([]);
    expect(placesWith(helm({}))).toEqual([]);
  });

  test('of a registry needs a version or a digest', () => {
    const oci = { url: 'oci://registry.example.com/charts/lab-session' };
    expect(placesWith(helm({ oci }))).toEqual(['sessions/class/cohort.yaml:9:7 spec.chart.oci [missing]']);
    expect(placesWith(helm({ oci, version: '9.9.9' }, {}))).toEqual([]);
    expect(placesWith(helm({ oci: { ...oci, digest: `sha256:${'a'.repeat(64)}` } }, {}))).toEqual([]);
  });

  test.each([{}, { flux: { source: { kind: 'OCIRepository', url: 'oci://example.com/labs' } } }])(
    'needs a Git repository or a registry, unlike %j',
    (spec) => {
      expect(problemsOfCode('missing-source', helm({}, spec)).map(placeOf)).toEqual([
        'sessions/class/cohort.yaml:6:13 spec.delivery [missing-source]',
      ]);
    },
  );
});

test.each([
  [null],
  [{}],
  [{ quota: null }],
  [{ quota: { hard: null, preset: null } }],
  [{ limitRange: { max: null } }],
])('infra %j is valid', (settings) => {
  expect(placesWith(infra(settings as object))).toEqual([]);
  expect(placesWith({ 'sessions/class/cohort.yaml': cohort('class', { infra: settings }) })).toEqual([]);
});
