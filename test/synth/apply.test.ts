import fs, {
  chmodSync,
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { applyPlans } from '../../src/synth/apply';
import { isStale, planOutput } from '../../src/synth/plan';
import { HEADER } from '../../src/manifests/manifest-file';
import type { OutputFile } from '@dozlab/charts';
import { contentsOf, identitiesOf, pathsBelow } from '../support/folder';
import { addFiles, temporaryFolder } from '../support/project';

const file = (path: string, text = 'a'): OutputFile => ({ path, content: `${HEADER}${text}\n` });
const FILES = [file('infra/namespaces/one.yaml'), file('sessions/one/alice.yaml'), file('sessions/one/bob.yaml')];

const write = (folder: string, files: readonly OutputFile[]): void => {
  applyPlans([planOutput(folder, files)]);
};

const written = (files = FILES): string => {
  const folder = join(temporaryFolder(), 'dist');
  write(folder, files);
  return folder;
};

afterEach(() => {
  jest.restoreAllMocks();
});

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
    const manifests = { '.more/a.yml': '', 'sessions/one/.hidden.yaml': '', 'sessions/one/mine.yaml': 'kind: Mine\n' };
    const foreign = { ...manifests, 'notes.txt': `not ${HEADER}`, '.hidden': HEADER };
    addFiles(folder, foreign);
    const plan = planOutput(folder, []);
    expect(plan.foreign).toEqual([...Object.keys(manifests), 'notes.txt'].sort()); // Flux applies hidden manifests too
    applyPlans([plan]);
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

describe('what killed processes leave, and what others are doing', () => {
  const staging = (pid: number, start = startOf(pid)): string => `.dozlab-${String(pid)}-${start}.staged`;
  const startOf = (pid: number): string => {
    const file = `/proc/${String(pid)}/stat`;
    return existsSync(file) ? (readFileSync(file, 'utf8').split(') ')[1]?.split(' ')[19] ?? '0') : '0';
  };
  const beside = (folder: string) => readdirSync(dirname(folder));

  test.each([
    ['one that is no more', spawnSync(process.execPath, ['-e', '']).pid, '1'],
    ['one whose id another one has by now', process.ppid, '1'],
    ['this one', process.pid, startOf(process.pid)],
  ])('the folder of %s is removed, even when there is nothing to write', (_, pid, start) => {
    const folder = written();
    for (const place of [dirname(folder), folder])
      addFiles(place, { [`${staging(pid, start)}/1/sessions/one/alice.yaml`]: 'half' });
    write(folder, FILES);
    expect(beside(folder)).toEqual(['dist']);
    expect(contentsOf(folder)).toEqual(new Map(FILES.map(({ path, content }) => [path, content])));
  });

  test('while another process writes, nothing is written', () => {
    const folder = written();
    const other = staging(process.ppid);
    addFiles(dirname(folder), { [`${other}/1`]: 'new' });
    expect(() => {
      write(folder, FILES.slice(1));
    }).toThrow(
      `another dozlab (process ${String(process.ppid)}) is writing in ${dirname(folder)}: nothing was written`,
    );
    expect(contentsOf(dirname(folder))).toEqual(
      new Map([
        [`${other}/1`, 'new'],
        ...FILES.map(({ path, content }): [string, string] => [`dist/${path}`, content]),
      ]),
    );
    rmSync(join(dirname(folder), other), { recursive: true });
    write(folder, FILES.slice(1));
    expect(pathsBelow(folder)).toHaveLength(2);
  });

  test.each<[string, (folder: string) => void]>([
    [
      'replaced another file',
      (folder) => {
        write(folder, [...FILES.slice(0, 2), file('sessions/one/bob.yaml', 'c')]);
      },
    ],
    [
      'replaced many files',
      (folder) => {
        write(folder, many('x'));
      },
    ],
    [
      'removed a file',
      (folder) => {
        write(folder, FILES.slice(0, 2));
      },
    ],
    [
      'added a file of its own',
      (folder) => {
        addFiles(folder, { 'sessions/one/mine.yaml': 'mine' });
      },
    ],
    [
      'removed everything',
      (folder) => {
        rmSync(folder, { recursive: true });
      },
    ],
  ])('what somebody else has %s of since a plan was made is not mixed with it', (_, overtake) => {
    // prettier-ignore
    const folder = written();
    const plan = planOutput(folder, [file('sessions/one/alice.yaml', 'b'), ...FILES.slice(2)]);
    overtake(folder);
    const before = contentsOf(dirname(folder));
    expect(() => {
      applyPlans([plan]);
    }).toThrow('changed while the command ran; nothing was written');
    expect(contentsOf(dirname(folder))).toEqual(before);
  });
});

/** More files than are renamed one by one, in three folders. */
const many = (text: string, from = 0): OutputFile[] =>
  Array.from({ length: 30 }, (_, index) =>
    file(`sessions/class-${String(index % 3)}/s${String(from + index)}.yaml`, text),
  );

describe('where many files change, folders are replaced', () => {
  const moved = (act: () => void): string[] => {
    const rename = jest.spyOn(fs, 'renameSync');
    act();
    const paths = rename.mock.calls.map(([, to]) => String(to));
    rename.mockRestore();
    return paths;
  };
  const asMap = (files: readonly OutputFile[]) => new Map(files.map(({ path, content }) => [path, content]).sort() as [string, string][]); // prettier-ignore

  test('by a handful of renames, with what stays in them', () => {
    const folder = written([...many('a'), ...FILES]);
    const next = [...many('b', 5), ...FILES];
    expect(moved(() => { write(folder, next); }).length).toBeLessThan(10); // prettier-ignore
    expect(contentsOf(folder)).toEqual(asMap(next));
    expect(readdirSync(dirname(folder))).toEqual(['dist']);
  });

  test('and where they are new or go altogether, by one', () => {
    const folder = join(temporaryFolder(), 'dist');
    expect(moved(() => { write(folder, many('a')); })).toEqual([folder]); // prettier-ignore
    expect(moved(() => { write(folder, []); })).toHaveLength(1); // prettier-ignore
    expect(readdirSync(folder)).toEqual([]);
  });

  test('files in which nothing changes are the same still, written when they were, and folders have the rights that they had', () => {
    const folder = written([...many('a'), ...FILES]);
    chmodSync(join(folder, 'sessions/class-1'), 0o2750);
    const identity = (path: string) => {
      const { ino, mtimeMs } = lstatSync(join(folder, path));
      return { ino, mtimeMs };
    };
    const [before, other] = [identity('sessions/one/bob.yaml'), identitiesOf(join(folder, 'infra'))];
    write(folder, [...many('b'), ...FILES]);
    expect(identity('sessions/one/bob.yaml')).toEqual(before);
    expect(identitiesOf(join(folder, 'infra'))).toEqual(other);
    expect(lstatSync(join(folder, 'sessions/class-1')).mode & 0o7777).toBe(0o2750);
  });

  test.each([
    ['a file', 'sessions/class-0/mine.yaml'],
    ['a hidden file', 'sessions/class-0/.mine'],
    ['a file in a hidden folder', 'sessions/.mine/deep.yaml'],
  ])('but never a folder with %s of others: that is where it was, and the same', (_, path) => {
    const folder = written(many('a'));
    addFiles(folder, { [path]: 'mine' });
    const before = identitiesOf(folder).get(path);
    write(folder, many('b', 5));
    expect(identitiesOf(folder).get(path)).toBe(before);
    expect(contentsOf(folder)).toEqual(new Map([...asMap(many('b', 5)), [path, 'mine'] as const].sort()));
  });

  test('nor one with a link of others', () => {
    const folder = written(many('a'));
    symlinkSync('s0.yaml', join(folder, 'sessions/class-0/link'));
    const { ino } = lstatSync(join(folder, 'sessions/class-0/link'));
    write(folder, many('b'));
    expect(lstatSync(join(folder, 'sessions/class-0/link')).ino).toBe(ino);
  });

  /** As a system answers that cannot do one of these. */
  const failing = (name: 'renameSync' | 'linkSync', code: string, isMeant: (from: string) => boolean) => {
    const real = fs[name];
    return jest.spyOn(fs, name).mockImplementation((from, to) => {
      if (isMeant(String(from))) throw Object.assign(new Error(code), { code, path: from, dest: to });
      real(from, to);
    });
  };

  test.each<[string, 'renameSync' | 'linkSync', string]>([
    ['rename folders', 'renameSync', 'EXDEV'],
    ['link files', 'linkSync', 'EPERM'],
  ])('where the system cannot %s, it is done by files', (_, name, code) => {
    const folder = written([
      ...many('a'),
      ...many('a').map(({ path, content }) => ({ path: `${path}.yaml`, content })),
      ...FILES,
    ]);
    const isInOutput = (from: string) =>
      from.startsWith(folder) && (name === 'linkSync' || lstatSync(from).isDirectory());
    const mock = failing(name, code, isInOutput);
    const next = [...many('b', 5), ...many('a').map(({ path, content }) => ({ path: `${path}.yaml`, content }))];
    write(folder, next);
    const tried = mock.mock.calls.filter(([from]) => String(from).startsWith(folder));
    mock.mockRestore();
    expect(tried.length).toBeGreaterThan(0);
    expect(contentsOf(folder)).toEqual(asMap(next));
    expect(readdirSync(dirname(folder))).toEqual(['dist']);
    expect(readdirSync(folder)).toEqual(['sessions']);
  });

  test.each([[3], [40]])('an error at one of the renames undoes those before it: %i files', (length) => {
    const folder = written([...many('a'), ...FILES]);
    const before = contentsOf(dirname(folder));
    const next = [...many('a').map((each, index) => (index < length ? { ...each, content: `${each.content}b` } : each)), file('infra/namespaces/one.yaml', 'b')]; // prettier-ignore
    let renames = 0;
    const mock = failing('renameSync', 'EIO', () => (renames += 1) === 3);
    expect(() => { write(folder, next); }).toThrow(expect.objectContaining({ code: 'write-failed' }) as Error); // prettier-ignore
    mock.mockRestore();
    expect(renames).toBeGreaterThanOrEqual(5);
    expect(contentsOf(dirname(folder))).toEqual(before);
  });

  test('of two output folders both are changed, or none', () => {
    const folder = temporaryFolder();
    const outputs = (files: readonly OutputFile[]) => ['dist', 'fluxcd'].map((name) => planOutput(join(folder, name), files)); // prettier-ignore
    applyPlans(outputs(many('a')));
    const before = contentsOf(folder);
    const plans = outputs(many('b'));
    rmSync(join(folder, 'fluxcd/sessions/class-0/s0.yaml'));
    before.delete('fluxcd/sessions/class-0/s0.yaml');
    expect(() => { applyPlans(plans); }).toThrow('changed while the command ran'); // prettier-ignore
    expect(contentsOf(folder)).toEqual(before);
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

  test('what comes into the way after the plan was made leaves everything as it was', () => {
    const folder = written();
    const plan = planOutput(folder, [file('sessions/one/alice.yaml', 'b'), file('sessions/three/carol.yaml')]);
    writeFileSync(join(folder, 'sessions/three'), 'in the way');
    expect(() => {
      applyPlans([plan]);
    }).toThrow(expect.objectContaining({ code: 'write-failed' }) as Error);
    expect(contentsOf(folder)).toEqual(
      new Map([
        ...FILES.map(({ path, content }): [string, string] => [path, content]),
        ['sessions/three', 'in the way'],
      ]),
    );
  });
});
