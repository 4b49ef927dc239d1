import { cohortsFor } from '../../bench/plan';
import { bothDeliveries, projectFiles, valuesOf } from '../../bench/project';
import { loadProject } from '../../src/source/load-project';
import { resolveProject } from '../../src/resolve/resolve';
import { parseValues } from '../../src/api/values/check';
import { projectWith } from '../support/project';

test('the sessions that other ways are given are those that our files say', () => {
  const sessions = 60;
  const files = projectFiles({ sessions, cohorts: cohortsFor(sessions), delivery: bothDeliveries });
  const folder = projectWith(Object.fromEntries(files.map(({ path, content }) => [path, content])));
  const resolved = resolveProject(loadProject(folder));
  expect(resolved.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(new Set(resolved.cohorts.map(({ delivery }) => delivery))).toEqual(new Set(['helm', 'kustomize']));
  const given = Array.from({ length: sessions }, (_, index) => parseValues(valuesOf(index)));
  expect(resolved.sessions).toHaveLength(sessions);
  for (const { id, values } of resolved.sessions)
    expect(values).toEqual(given.find(({ session }) => session.id === id));
});
