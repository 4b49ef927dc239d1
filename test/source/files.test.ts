import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesizeProject } from '../../src/synth/synthesize';
import { errorsIn, placeOf, placesWith, sessionText } from '../support/problems';
import { cohort, projectWith, session, smallProject, temporaryFolder } from '../support/project';

const SESSION = 'sessions/class/alice.yaml';
const placesIn = (folder: string): string[] => errorsIn(folder).map(placeOf);

describe('validate rejects', () => {
  test('a file of more than 1 MiB, but not of 1 MiB', () => {
    const text = sessionText('');
    const most = text + '#'.repeat(1024 * 1024 - text.length);
    expect(placesWith({ [SESSION]: most })).toEqual([]);
    expect(placesWith({ [SESSION]: `${most}#` })).toEqual([`${SESSION}:1:1 [unreadable]`]);
  });

  test('text that is not UTF-8', () => {
    const folder = projectWith(smallProject());
    writeFileSync(
      join(folder, SESSION),
      Buffer.concat([Buffer.from(sessionText('')), Buffer.from([0x23, 0xff, 0x0a])]),
    );
    expect(placesIn(folder)).toEqual([`${SESSION}:1:1 [unreadable]`]);
  });

  test('a pipe', () => {
    const folder = projectWith(smallProject());
    rmSync(join(folder, SESSION));
    execFileSync('mkfifo', [join(folder, SESSION)]);
    expect(placesIn(folder)).toEqual([`${SESSION}:1:1 [unreadable]`]);
  });

  test('a folder with the name of a file', () => {
    const folder = projectWith(smallProject());
    mkdirSync(join(folder, 'sessions/class/bob.yaml'));
    mkdirSync(join(folder, 'labs/linux.yaml'));
    expect(placesIn(folder)).toEqual(['labs/linux.yaml:1:1 [misplaced]', 'sessions/class/bob.yaml:1:1 [misplaced]']);
  });

  test('a link to nothing, and a link to itself', () => {
    const folder = projectWith(smallProject());
    symlinkSync('nothing.yaml', join(folder, 'sessions/class/bob.yaml'));
    symlinkSync('loop.yaml', join(folder, 'labs/loop.yaml'));
    expect(placesIn(folder)).toEqual(['labs/loop.yaml:1:1 [unreadable]', 'sessions/class/bob.yaml:1:1 [unreadable]']);
  });
});

describe('a link', () => {
  const outside = (): string => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'bob.yaml'), sessionText('', 'bob'));
    writeFileSync(join(folder, 'cohort.yaml'), 'kind: Cohort\n');
    return folder;
  };

  test('to a file outside the project is rejected', () => {
    const folder = projectWith(smallProject());
    symlinkSync(join(outside(), 'bob.yaml'), join(folder, 'sessions/class/bob.yaml'));
    expect(placesIn(folder)).toEqual(['sessions/class/bob.yaml:1:1 [outside-project]']);
  });

  test.each(['sessions/other', 'labs/other'])('to a folder outside the project is rejected: %s', (place) => {
    const folder = projectWith(smallProject());
    symlinkSync(outside(), join(folder, place));
    const places = placesIn(folder);
    expect(places.length).toBeGreaterThan(0);
    expect(places.every((each) => each.startsWith(`${place}:1:1 `) || each.startsWith(`${place}/`))).toBe(true);
    expect(synthesizeProject(folder).files).toBeUndefined();
  });

  test.each(['labs', 'sessions', 'dozlab.yaml'])('in place of %s is rejected', (place) => {
    const folder = projectWith(smallProject());
    rmSync(join(folder, place), { recursive: true });
    symlinkSync(join(outside(), place === 'dozlab.yaml' ? 'bob.yaml' : '.'), join(folder, place));
    expect(placesIn(folder)).toContain(`${place}:1:1 [outside-project]`);
  });

  test('to a folder whose name begins like that of the project is rejected', () => {
    const folder = projectWith(smallProject());
    const twin = `${folder}-twin`;
    mkdirSync(twin);
    try {
      writeFileSync(join(twin, 'bob.yaml'), sessionText('', 'bob'));
      symlinkSync(join(twin, 'bob.yaml'), join(folder, 'sessions/class/bob.yaml'));
      expect(placesIn(folder)).toEqual(['sessions/class/bob.yaml:1:1 [outside-project]']);
    } finally {
      rmSync(twin, { recursive: true });
    }
  });

  test('within the project is followed', () => {
    const folder = projectWith({ ...smallProject(), 'shared/bob.yaml': session('bob') });
    symlinkSync('../../shared/bob.yaml', join(folder, 'sessions/class/bob.yaml'));
    expect(placesIn(folder)).toEqual([]);
    expect(synthesizeProject(folder).sessions.map(({ id }) => id)).toEqual(['alice', 'bob']);
  });
});

describe('validate checks names and places:', () => {
  test('it rejects the endings .yml and .json, and a session outside cohorts', () => {
    const places = placesWith({
      'labs/linux.yml': 'x',
      'sessions/class/bob.yml': session('bob'),
      'sessions/class/carol.json': '{}',
      'sessions/dave.yaml': session('dave'),
    });
    expect(places).toEqual([
      'labs/linux.yml:1:1 [misplaced]',
      'sessions/class/bob.yml:1:1 [misplaced]',
      'sessions/class/carol.json:1:1 [misplaced]',
      'sessions/dave.yaml:1:1 [misplaced]',
    ]);
  });

  test.each([
    ...['labs/linux.YAML', 'labs/linux.Yml', 'sessions/class/bob.yaml.txt', 'sessions/class/bob.JSON', 'sessions/dave.YAML'],
    ...['secrets/class/alice.YAML', 'secrets/class/alice.yaml.txt'],
  ])('it rejects the near miss %s, which nothing reads', (path) => {
    expect(placesWith({ [path]: 'x' })).toEqual([`${path}:1:1 [misplaced]`]);
  }); // prettier-ignore

  test('it rejects folders that some file systems take for those of a project', () => {
    const files = {
      'Sessions/class/bob.yaml': 'x',
      'DIST/infra/x.yaml': 'x',
      'session/a.yaml': 'x',
      'docs/a.yaml': 'x',
    };
    expect(placesWith(files)).toEqual(['DIST:1:1 [misplaced]', 'Sessions:1:1 [misplaced]']);
  });

  test('it ignores other files and hidden files', () => {
    const files = {
      'README.md': 'x',
      'labs/README.md': 'x',
      'sessions/class/notes.txt': 'x',
      'sessions/class/.alice.yaml.swp': '{',
    };
    expect(placesWith(files)).toEqual([]);
  });

  test('it rejects a cohort without cohort.yaml', () => {
    expect(placesWith({ 'sessions/other/bob.yaml': session('bob') })).toEqual([
      'sessions/other/bob.yaml:1:1 [unknown-cohort]',
    ]);
  });

  test('it rejects a name that differs from the file or folder', () => {
    const text =
      'apiVersion: dozlab.io/v1alpha1\nkind: LabSession\nmetadata:\n  # who\n  name:   bob\nspec: {userId: a, lab: vm}\n';
    expect(placesWith({ [SESSION]: text })).toEqual([`${SESSION}:5:11 metadata.name [conflict]`]);
    expect(placesWith({ 'sessions/other/cohort.yaml': cohort('another') })).toEqual([
      'sessions/other/cohort.yaml:4:9 metadata.name [conflict]',
    ]);
  });

  test('it rejects a file of another kind or version', () => {
    const text = sessionText('').replace('LabSession', 'Session').replace('v1alpha1', 'v1');
    expect(placesWith({ [SESSION]: text })).toEqual([
      `${SESSION}:1:13 apiVersion [wrong-value]`,
      `${SESSION}:2:7 kind [wrong-value]`,
    ]);
  });

  test('it rejects a folder without dozlab.yaml', () => {
    expect(() => errorsIn(temporaryFolder())).toThrow(expect.objectContaining({ code: 'missing-project' }) as Error);
    expect(() => errorsIn('/does/not/exist')).toThrow(expect.objectContaining({ code: 'missing-project' }) as Error);
  });
});

describe('a byte order mark', () => {
  test('and Windows line ends change no positions', () => {
    const folder = projectWith(smallProject({ [SESSION]: sessionText('  values: {labels: {a: b}}\n') }));
    const expected = synthesizeProject(folder).files;
    const text = readFileSync(join(folder, SESSION), 'utf8');
    writeFileSync(join(folder, SESSION), `\ufeff${text.replaceAll('\n', '\r\n')}`);
    expect(synthesizeProject(folder).files).toEqual(expected);
    writeFileSync(join(folder, SESSION), `\ufeff${text.replace('a: b', 'a: 1').replaceAll('\n', '\r\n')}`);
    expect(placesIn(folder)).toEqual([`${SESSION}:7:24 spec.values.labels.a [wrong-type]`]);
  });

  test('does not move an error in the first line', () => {
    expect(placesWith({ [SESSION]: `\ufeff${sessionText('').replace('v1alpha1', 'v1')}` })).toEqual([
      `${SESSION}:1:13 apiVersion [wrong-value]`,
    ]);
  });
});
