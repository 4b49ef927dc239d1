import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readWhole } from '../../src/cache/store';
import { differingFolders, digestsOf, INPUTS, listNow, OUTPUT } from '../../src/cache/fingerprint';
import { Memory } from '../../src/cache/cache';
import { applyPlans } from '../../src/synth/apply';
import { planOutput } from '../../src/synth/plan';
import { synthesizeProject } from '../../src/synth/synthesize';
import { addFiles, projectWith, session, settle, smallProject } from '../support/project';

/** Synthesizes a project, with something that happens just before what is known is kept. */
function synthesizedWith(meanwhile: (folder: string) => void, folder: string): void {
  const memory = new Memory(folder);
  const synthesized = synthesizeProject(folder, { memory });
  const { files: dist = [], fluxFiles: fluxcd = [] } = synthesized;
  const output = Object.entries({ dist, fluxcd }).map(([name, files]) => ({
    folder: name,
    files,
    plan: planOutput(join(folder, name), files, memory.outputIn(name)),
  }));
  applyPlans(output.map(({ plan }) => plan));
  meanwhile(folder);
  memory.keep(synthesized, output);
}

const removed = (path: string) => (folder: string) => {
  rmSync(join(folder, path));
};

test.each<[string, boolean, (folder: string) => void]>([
  ['nothing', true, () => undefined],
  ['a file that was read goes', false, removed('sessions/class/alice.yaml')],
  ['a file that was written goes', false, removed('dist/sessions/class/alice.yaml')],
  ['a file comes', false, (folder) => { addFiles(folder, { 'sessions/class/bob.yaml': session('bob') }); }],
  ['a file of the output comes', false, (folder) => { addFiles(folder, { 'dist/sessions/class/bob.yaml': 'a: b' }); }],
])('a project is known as a whole unless it has become another one meanwhile: %s', async (_, isKnown, meanwhile) => {
  const folder = projectWith(smallProject());
  await settle();
  synthesizedWith(meanwhile, folder);
  expect(readWhole(folder) !== undefined).toBe(isKnown);
}); // prettier-ignore

test.each([
  ['a file that was read', 'sessions/class/alice.yaml'],
  ['the file of the project', 'dozlab.yaml'],
  ['a file that was written', 'dist/sessions/class/alice.yaml'],
])('%s is kept with what it was, whatever it has become meanwhile', async (_, path) => {
  const folder = projectWith(smallProject());
  await settle();
  synthesizedWith((place) => {
    addFiles(place, { [path]: '# another one' });
  }, folder);
  const whole = readWhole(folder) ?? { inputs: {}, output: {} };
  const differing = [
    ...differingFolders(whole.inputs, digestsOf(listNow(folder, INPUTS))),
    ...differingFolders(whole.output, digestsOf(listNow(folder, OUTPUT))),
  ];
  expect(differing).not.toEqual([]);
  const known = new Memory(folder);
  const { files = [], problems } = synthesizeProject(folder, { memory: known });
  const { changed } = planOutput(join(folder, 'dist'), files, known.outputIn('dist'));
  const seen = [
    ...changed.map((file) => `dist/${file.path}`),
    ...problems.filter(({ severity }) => severity === 'error').map(({ file }) => file),
  ];
  expect(seen).toContain(path);
});
