import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { applyPlans } from '../../src/synth/apply';
import { openCache } from '../../src/synth/open-cache';
import { planOutput } from '../../src/synth/plan';
import { synthesizeProject } from '../../src/synth/synthesize';
import { addFiles, projectWith, session, settle, smallProject } from '../support/project';

/** Synthesizes a project. Something happens just before the cache is written. */
function synthesizedWith(meanwhile: (folder: string) => void, folder: string): void {
  const startedAt = Date.now();
  const open = openCache(folder);
  const { files: dist = [], fluxFiles: fluxcd = [] } = synthesizeProject(folder, { cached: open });
  const plans = Object.entries({ dist, fluxcd }).map(([name, files]) => ({
    name,
    plan: planOutput(join(folder, name), files, open.outputIn(name)),
  }));
  applyPlans(plans.map(({ plan }) => plan));
  const endedAt = Date.now();
  meanwhile(folder);
  const written = new Map(
    plans.flatMap(({ name, plan: { created, changed } }) =>
      [...created, ...changed].map(({ path, content }) => [`${name}/${path}`, Buffer.byteLength(content)] as const),
    ),
  );
  open.cache.commit({ startedAt, endedAt, written }, { problems: [], counts: {} });
}

const removed = (path: string) => (folder: string) => {
  rmSync(join(folder, path));
};

test.each<[string, boolean, (folder: string) => void]>([
  ['nothing', true, () => undefined],
  ['a file that was read is removed', false, removed('sessions/class/alice.yaml')],
  ['a file that was written is removed', false, removed('dist/sessions/class/alice.yaml')],
  ['a file is added', false, (folder) => { addFiles(folder, { 'sessions/class/bob.yaml': session('bob') }); }],
  ['a file is added to the output', false, (folder) => { addFiles(folder, { 'dist/sessions/class/bob.yaml': 'a: b' }); }],
])('the next run finds nothing to do only if nothing happened before the cache was written: %s', async (_, isUnchanged, meanwhile) => {
  const folder = projectWith(smallProject());
  await settle();
  synthesizedWith(meanwhile, folder);
  expect(openCache(folder).summary !== undefined).toBe(isUnchanged);
}); // prettier-ignore

test.each([
  ['a file that was read', 'sessions/class/alice.yaml'],
  ['the file of the project', 'dozlab.yaml'],
  ['a file that was written', 'dist/sessions/class/alice.yaml'],
])('the next run sees a change, made before the cache was written, of %s', async (_, path) => {
  const folder = projectWith(smallProject());
  await settle();
  synthesizedWith((place) => {
    addFiles(place, { [path]: '# another one' });
  }, folder);
  const open = openCache(folder);
  expect(open.summary).toBeUndefined();
  const { files = [], problems } = synthesizeProject(folder, { cached: open });
  const { changed } = planOutput(join(folder, 'dist'), files, open.outputIn('dist'));
  const seen = [
    ...changed.map((file) => `dist/${file.path}`),
    ...problems.filter(({ severity }) => severity === 'error').map(({ file }) => file),
  ];
  expect(seen).toContain(path);
});
