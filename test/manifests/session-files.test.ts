import fc from 'fast-check';
import { labSessionChart } from '../../src/manifests/lab-session-chart';
import { HEADER } from '../../src/manifests/manifest-file';
import { synthesizeProject } from '../../src/synth/synthesize';
import { checkValues } from '../../src/api/values/check';
import { arbitraryValues } from '../support/arbitrary-values';
import { cohort, lab, project, projectWith, session, type Files } from '../support/project';
import { expectProperty } from '../support/property';

test('what prints one session prints another that differs in who it is for as that would be printed alone', () => {
  let printed = 0;
  expectProperty(fc.tuple(arbitraryValues(), arbitraryValues()), ([one, other]) => {
    const [values, others] = [checkValues(one).values, checkValues(other).values];
    if (values === undefined || others === undefined) return;
    const { suspended: _, ...rest } = values;
    const { session: who, suspended } = others;
    const alike = { ...rest, session: who, ...(suspended === undefined ? {} : { suspended }) };
    for (const namespace of ['labs', undefined])
      expect(labSessionChart.printer(values, namespace)(alike)).toBe(labSessionChart.text(alike, namespace));
    printed += 1;
  });
  expect(printed).toBeGreaterThan(50);
});

const FILES: Files = {
  'dozlab.yaml': project({ flux: { source: { url: 'https://git.example.com/labs.git' } }, values: { labels: { a: 'b' } } }),
  'labs/vm.yaml': lab('vm'),
  'sessions/kustomize/cohort.yaml': cohort('kustomize'),
  'sessions/helm/cohort.yaml': cohort('helm', { delivery: 'helm' }),
  'sessions/generated/cohort.yaml': cohort('generated', { delivery: 'helm', secrets: { provider: 'generated' } }),
  'sessions/external/cohort.yaml': cohort('external', { secrets: { provider: 'external-secrets' } }),
  ...Object.fromEntries(
    ['kustomize', 'helm', 'generated', 'external'].flatMap((name) =>
      [
        {},
        { suspended: true },
        { expiresAt: '2030-01-31T18:00:00Z' },
        { values: { firecracker: { vm: { memory: 4096 } } } },
        { values: { codeServer: { existingSecret: 'own' }, podLabels: { x: 'y' } } },
        // Something is said of this one alone.
        { values: { terminal: { tag: 'latest' } } },
        ...(name === 'external' ? [{ secretGeneration: 3 }] : []),
      ].map((spec, index) => [
        `sessions/${name}/${name}-${String(index)}.yaml`,
        session(`${name}-${String(index)}`, { userId: `user ${String(index)}`, ...spec }),
      ]),
    ),
  ),
}; // prettier-ignore

test('a project prints the manifests of each session as the constructs of that session alone give them', () => {
  const { files = [], sessions, problems } = synthesizeProject(projectWith(FILES));
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const printed = new Map(files.map(({ path, content }) => [path, content]));
  const own = Array.from(printed.keys()).filter((path) => /^(sessions|releases)\/[^/]+\/[^/]+-\d[^/]*$/.test(path));
  expect(own).toHaveLength(6 + 2 * 6 + 2 * 6 + 2 * 7 - 1);
  for (const { id, cohort: name, values, namespace } of sessions)
    expect(printed.get(`sessions/${name}/${id}.yaml`)).toBe(HEADER + labSessionChart.text(values, namespace));
});
