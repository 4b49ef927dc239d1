import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileChange } from '../../src/source/changes';
import { loadProject } from '../../src/source/load-project';
import { editedFile, newCohort, newSession, removedFile } from '../../src/edit/session-file';
import { writeChanges } from '../../src/edit/write-changes';
import { contentsOf } from '../support/folder';
import { addFiles, projectWith, smallProject } from '../support/project';

const ALICE = 'sessions/class/alice.yaml';

/** What somebody else does between the reading and the writing of a command. */
const overtaken: Readonly<Record<string, (folder: string) => FileChange>> = {
  'an edit of a file that was edited': (folder) => changeOf(folder, 'edited', 'kind: LabSession # mine\n'),
  'an edit of a file that was removed or emptied': (folder) => changeOf(folder, 'edited', ''),
  'the end of a session that was extended': (folder) => changeOf(folder, 'removed', 'kind: LabSession # mine\n'),
  'a new session where there is one by now': (folder) => {
    const change = newSession(loadProject(folder), { id: 'bob', cohort: 'class', userId: 'bob', lab: 'vm' });
    addFiles(folder, { 'sessions/class/bob.yaml': '# mine\n' });
    return change;
  },
  'a new cohort where there is one by now': (folder) => {
    const change = newCohort(loadProject(folder), 'new', {});
    addFiles(folder, { 'sessions/new/cohort.yaml': '# mine\n' });
    return change;
  },
};

function changeOf(folder: string, kind: 'edited' | 'removed', mine: string): FileChange {
  const alice = loadProject(folder).cohorts[0]?.sessions[0];
  if (alice === undefined) throw new Error('there is no session');
  const change = kind === 'removed' ? removedFile(alice) : editedFile(alice, [{ path: ['suspended'], value: true }]);
  writeFileSync(join(folder, ALICE), mine);
  if (change === undefined) throw new Error('nothing changes');
  return change;
}

test.each(Object.entries(overtaken))('writeChanges refuses %s, and changes nothing', (_, changeIn) => {
  const folder = projectWith(smallProject());
  const other = newSession(loadProject(folder), { id: 'other', cohort: 'class', userId: 'other', lab: 'vm' });
  const change = changeIn(folder);
  const before = contentsOf(folder);
  expect(() => {
    writeChanges(folder, [other, change]);
  }).toThrow(`${change.path} changed while the command ran; nothing was written`);
  expect(contentsOf(folder)).toEqual(before);
});

test('writeChanges makes all changes if no file has changed', () => {
  const folder = projectWith(smallProject());
  const loaded = loadProject(folder);
  const alice = loaded.cohorts[0]?.sessions[0];
  if (alice === undefined) throw new Error('there is no session');
  const bob = newSession(loaded, { id: 'bob', cohort: 'class', userId: 'bob', lab: 'vm' });
  writeChanges(folder, [bob, removedFile(alice)]);
  expect(Array.from(contentsOf(folder).keys()).filter((path) => path.startsWith('sessions'))).toEqual([
    'sessions/class/bob.yaml',
    'sessions/class/cohort.yaml',
  ]);
});
