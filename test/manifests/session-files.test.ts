import fc from 'fast-check';
import { externalSecretChart } from '../../src/manifests/external-secret';
import { labSessionChart } from '../../src/manifests/lab-session-chart';
import { releaseChart } from '../../src/manifests/release-chart';
import { releaseOf } from '../../src/manifests/release-props';
import { batchOf, sessionsIn } from '../../src/manifests/session-batch';
import { sessionFiles } from '../../src/manifests/session-files';
import { synthesizeProject, type SynthesizedProject } from '../../src/synth/synthesize';
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

const TEMPLATES = {
  session: labSessionChart.printer,
  release: releaseChart.printer,
  externalSecret: externalSecretChart.printer,
};

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

/** Files of sessions by their paths: as a project gives them, and as they come of a batch that was handed over. */
function bothWays(): { readonly given: Map<string, string>; readonly batched: Map<string, string> } {
  const batched = new Map<string, string>();
  const synthesized: SynthesizedProject = synthesizeProject(projectWith(FILES), {
    listen: () => (delivered, flux, sessions) => {
      const release = releaseOf(delivered, flux);
      const batch = batchOf({ cohort: delivered.name, namespace: delivered.namespace, release }, sessions);
      const taken = structuredClone(batch);
      const render = sessionFiles(TEMPLATES, taken.release);
      for (const { path, content } of sessionsIn(taken).flatMap(render)) batched.set(path, content);
    },
  });
  expect(synthesized.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const files = (synthesized.files ?? []).filter(({ isKnown }) => isKnown !== undefined);
  return { given: new Map(files.map(({ path, content }) => [path, content])), batched };
}

test('a batch of sessions that was handed over gives the files that the project gives', () => {
  const { given, batched } = bothWays();
  expect(given.size).toBe(6 + 2 * 6 + 2 * 6 + 2 * 7 - 1);
  expect(batched).toEqual(given);
});
