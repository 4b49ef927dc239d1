import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { isStale, planOutput, writeOutput } from '../../src/project/output-folder';
import { HEADER } from '../../src/output/header';
import type { OutputFile } from '../../src/render/output-file';
import { contentsOf, identitiesOf, pathsBelow } from '../support/folder';
import { addFiles, temporaryFolder } from '../support/project';

const file = (path: string, text = 'a'): OutputFile => ({ path, content: `${HEADER}${text}\n` });
const FILES = [file('infra/namespaces/one.yaml'), file('sessions/one/alice.yaml'), file('sessions/one/bob.yaml')];

const write = (folder: string, files: readonly OutputFile[]): void => {
  writeOutput(folder, planOutput(folder, files));
};

const written = (files = FILES): string => {
  const folder = join(temporaryFolder(), 'dist');
  write(folder, files);
  return folder;
};

describe('what is written', () => {
  test('every file, with the folders it needs, and nothing beside them', () => {
    expect(contentsOf(written())).toEqual(new Map(FILES.map(({ path, content }) => [path, content])));
  });

  test('only what changed: all other files keep their place on the disk and their times', () => {
    const folder = written();
    const before = identitiesOf(folder);
    const next = [FILES[0], FILES[1], file('sessions/one/bob.yaml', 'b')].filter((each) => each !== undefined);
    write(folder, next);
    const after = identitiesOf(folder);
    expect(Array.from(after.keys()).filter((path) => after.get(path) !== before.get(path))).toEqual([
      'sessions/one/bob.yaml',
    ]);
    write(folder, next);
    expect(identitiesOf(folder)).toEqual(after);
  });

  test('what no longer belongs is removed, with folders that are empty then', () => {
    const folder = written();
    write(folder, FILES.slice(0, 1));
    expect(pathsBelow(folder)).toEqual(['infra/namespaces/one.yaml']);
    expect(() => readFileSync(join(folder, 'sessions'))).toThrow('ENOENT');
  });

  test('foreign files stay, and the folders they are in', () => {
    const folder = written();
    const foreign = { 'sessions/one/mine.yaml': 'kind: Mine\n', 'notes.txt': `not ${HEADER}`, '.hidden': HEADER };
    addFiles(folder, foreign);
    const plan = planOutput(folder, []);
    expect(plan.foreign).toEqual(['notes.txt', 'sessions/one/mine.yaml']);
    writeOutput(folder, plan);
    expect(contentsOf(folder)).toEqual(new Map(Object.entries(foreign).sort()));
  });

  test('a plan says what there is to do, and does nothing', () => {
    const folder = written();
    const before = identitiesOf(folder);
    const plan = planOutput(folder, [file('sessions/one/alice.yaml', 'b'), file('sessions/two/carol.yaml')]);
    expect(plan.created.map(({ path }) => path)).toEqual(['sessions/two/carol.yaml']);
    expect(plan.changed.map(({ path }) => path)).toEqual(['sessions/one/alice.yaml']);
    expect(plan.removed).toEqual(['infra/namespaces/one.yaml', 'sessions/one/bob.yaml']);
    expect(isStale(plan)).toBe(true);
    expect(isStale(planOutput(folder, FILES))).toBe(false);
    expect(identitiesOf(folder)).toEqual(before);
  });
});

describe('unfinished files', () => {
  const ended = (): number => spawnSync(process.execPath, ['-e', '']).pid;

  test('of a process that was killed are removed, those of one at work stay', () => {
    const folder = written();
    const left = `sessions/one/.dozlab-${String(ended())}-3.tmp`;
    const atWork = `sessions/one/.dozlab-${String(process.ppid)}-3.tmp`;
    addFiles(folder, { [left]: 'half', [atWork]: 'half' });
    write(folder, FILES);
    expect(pathsBelow(folder).filter((path) => path.endsWith('.tmp'))).toEqual([atWork]);
  });
});

describe('what stands in the way is told, and nothing is lost', () => {
  const expectRefusal = (folder: string, code: string, files = FILES): void => {
    const before = contentsOf(folder);
    expect(() => {
      write(folder, files);
    }).toThrow(expect.objectContaining({ name: 'DozlabError', code }) as Error);
    expect(contentsOf(folder)).toEqual(before);
  };

  test.each(['.', 'sessions', 'sessions/one', 'sessions/one/alice.yaml'])('a symbolic link in place of %s', (place) => {
    const elsewhere = written();
    const folder = written();
    const before = contentsOf(elsewhere);
    rmSync(join(folder, place), { recursive: true });
    symlinkSync(join(elsewhere, place), join(folder, place));
    expectRefusal(folder, 'unsafe-path', [...FILES, file('sessions/one/carol.yaml')]);
    expect(contentsOf(elsewhere)).toEqual(before);
  });

  test('a symbolic link to nothing', () => {
    const folder = join(temporaryFolder(), 'dist');
    symlinkSync(join(temporaryFolder(), 'nothing'), folder);
    expect(() => planOutput(folder, FILES)).toThrow(expect.objectContaining({ code: 'unsafe-path' }) as Error);
  });

  test('links to other places are not followed when files are removed', () => {
    const elsewhere = written();
    const folder = written();
    symlinkSync(elsewhere, join(folder, 'linked'));
    write(folder, []);
    expect(pathsBelow(elsewhere)).toHaveLength(FILES.length);
  });

  test('a folder where a file goes', () => {
    const folder = written();
    rmSync(join(folder, 'sessions/one/alice.yaml'));
    addFiles(folder, { 'sessions/one/alice.yaml/deep.txt': 'mine' });
    expectRefusal(folder, 'unsafe-path');
  });

  test.each(['sessions', 'sessions/one'])('a file where the folder %s goes', (place) => {
    const folder = written();
    rmSync(join(folder, place), { recursive: true });
    writeFileSync(join(folder, place), 'mine');
    expectRefusal(folder, 'write-failed');
  });

  test('a file where the output folder goes', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'dist'), 'mine');
    expect(() => {
      write(join(folder, 'dist'), FILES);
    }).toThrow(expect.objectContaining({ code: 'write-failed' }) as Error);
    expect(contentsOf(folder)).toEqual(new Map([['dist', 'mine']]));
  });

  test('an error in the middle leaves whole files only, and what was to be removed is there still', () => {
    const folder = written();
    const plan = planOutput(folder, [file('sessions/one/alice.yaml', 'b'), file('sessions/three/carol.yaml')]);
    writeFileSync(join(folder, 'sessions/three'), 'in the way');
    expect(() => {
      writeOutput(folder, plan);
    }).toThrow(expect.objectContaining({ code: 'write-failed' }) as Error);
    expect(pathsBelow(folder)).toEqual([...FILES.map(({ path }) => path), 'sessions/three']);
  });
});
