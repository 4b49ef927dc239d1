import fc from 'fast-check';
import { stringify } from 'yaml';
import { isMapping, type Mapping, mergeTrees, type Path } from '@dozlab/charts/schema';
import { IDENTITY_RULES, RULES } from '../../src/api/rules/all';
import { IDENTITY_KEYS } from '../../src/api/session';
import { checkValues } from '../../src/api/values/check';
import { CommitSource } from '../../src/source/commit-source';
import type { Documents } from '../../src/source/document';
import { loadDocuments, loadProject } from '../../src/source/load-project';
import { resolveProject } from '../../src/resolve/resolve';
import { SessionClasses } from '../../src/resolve/session-class';
import { sessionValues, type LayeredValues, type SessionFiles } from '../../src/resolve/value-layers';
import { inOrder } from '../../src/core/diagnostics';
import { arbitraryValues } from '../support/arbitrary-values';
import { cohort, lab, project, projectWith, ROOTFS, session, smallProject, type Files } from '../support/project';
import { expectProperty } from '../support/property';
import { breakages, identities, PLAIN, styles, type Identity, type Style } from '../support/session-texts';

/** A session of a class is what it would be if no other session had its class. */

const sourceOf = (files: Files): CommitSource =>
  new CommitSource(
    new Map(
      Object.entries(files).map(([path, content]) => [
        path,
        { content: typeof content === 'string' ? content : stringify(content), isLink: false },
      ]),
    ),
  );

const loaded = (files: Files): Documents => loadDocuments(sourceOf(files));

/** A project with one of the sessions of another, whose other files need not be parsed again. */
const loadedAlone = (files: Files, whole: Documents): Documents =>
  loadDocuments(sourceOf(files), { ...whole, cohorts: whole.cohorts.map((each) => ({ ...each, sessions: [] })) });

/** What one file may set. */
const layered = (): fc.Arbitrary<Mapping> =>
  fc.tuple(arbitraryValues(), fc.infiniteStream(fc.nat(5))).map(([values, chances]) => {
    const { session: _session, suspended: _suspended, codeServer, ...rest } = values;
    const { password: _password, ...others } = (codeServer ?? {}) as Mapping;
    // Most parts are left to other files; some are taken back.
    return Object.fromEntries(
      Object.entries({ ...rest, codeServer: others }).flatMap(([name, part]): [string, typeof part | null][] => {
        const chance = (chances.next().value as number | undefined) ?? 0;
        if (chance > 1) return [];
        return [[name, chance === 0 && name !== 'rootfs' ? null : part]];
      }),
    );
  });

/** A microVM that would be killed, whatever else is set. */
const WRONG: Mapping = { firecracker: { vm: { memory: 2048 }, resources: { limits: { memory: '64Mi' } } } };

/** What there is to say of each in its own file. */
const WARNED: Mapping = { terminal: { tag: 'latest' }, firecracker: { livenessProbe: { path: '/x' } } };

/** Routes that are right for some sessions only: the name of a host has at most 63 characters between its dots. */
const ROUTES: Mapping = {
  ingress: { enabled: true, vscode: { host: `{id}-${'h'.repeat(56)}.example.com` }, tls: { enabled: true } },
  httpRoute: { enabled: true, parentRefs: [{ name: 'g' }], vscode: { host: '{user}.example.com' } },
  annotations: { 'dozlab.io/expires-at': 'never' },
};

interface Case {
  readonly ofProject: Mapping;
  readonly ofLab: Mapping;
  readonly ofCohort: Mapping;
  readonly own: readonly Mapping[];
  readonly written: readonly {
    readonly style: Style;
    readonly identity: Identity;
    readonly isValid: boolean;
    readonly values: number;
    readonly broken: ((text: string) => string) | undefined;
  }[];
}

const cases = fc.record<Case>({
  ofProject: layered(),
  ofLab: layered(),
  ofCohort: layered(),
  own: fc.tuple(fc.constantFrom(WRONG, WARNED, ROUTES), layered()),
  written: fc.array(
    fc.record({
      style: fc.oneof({ weight: 3, arbitrary: fc.constant(PLAIN) }, styles),
      identity: identities,
      isValid: fc.integer({ min: 0, max: 3 }).map((chance) => chance > 0),
      values: fc.nat(2),
      broken: fc.option(breakages, { nil: undefined, freq: 1 }),
    }),
    { minLength: 5, maxLength: 5 },
  ),
});

/** A valid identity; sessions with the same values have the same fields. */
const valid = (index: number, values: number): Identity => ({
  name: `s${String(index)}`,
  userId: `user-${String(index)}@example.com`,
  expiresAt: values === 1 ? undefined : `"20${String(30 + index)}-01-31T18:00:00Z"`,
  suspended: values === 0 ? undefined : String(index % 2 === 0),
});

const lines = (values: Mapping): string => stringify({ values }).replaceAll(/^(?=.)/gm, '  ');

/** Files of sessions by their paths. */
function textsOf({ own, written }: Case): Map<string, string> {
  const ways = [undefined, ...own];
  return new Map(
    written.map(({ style, identity, isValid, values, broken }, index) => {
      const set = ways[values];
      const text = style(isValid ? valid(index, values) : identity, set === undefined ? '' : lines(set));
      const name = isValid ? `s${String(index)}` : index % 2 === 0 ? 'alice' : `bob-${String(index)}`;
      return [`sessions/class/${name}.yaml`, broken === undefined || isValid ? text : broken(text)];
    }),
  );
}

const sharedFiles = ({ ofProject, ofLab, ofCohort }: Case): Files => ({
  'dozlab.yaml': project({ values: ofProject }),
  'labs/vm.yaml': lab('vm', { values: mergeTrees({ rootfs: ROOTFS }, ofLab), diskSize: { min: '2G', max: '8G' } }),
  'sessions/class/cohort.yaml': cohort('class', { values: ofCohort }),
});

/** The sessions of a project, each with the files that it is made of. */
const sessionsIn = (whole: Documents): Map<string, SessionFiles> =>
  new Map(
    whole.cohorts.flatMap((each) =>
      each.sessions.flatMap((session): [string, SessionFiles][] => {
        const { value } = session;
        if (value === undefined) return [];
        const vm = whole.labs.find(({ name }) => name === value.spec.lab);
        return [[session.path, { documents: whole, lab: vm, cohort: each, session, content: value }]];
      }),
    ),
  );

const data = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

const plain = ({ values, given, problems }: LayeredValues) => ({
  values: data(values),
  given: data(given),
  problems: inOrder(problems),
});

const places = (content: unknown, path: Path = []): Path[] => [
  path,
  [...path, 'absent'],
  ...(isMapping(content) ? Object.entries(content).flatMap(([name, child]) => places(child, [...path, name])) : []),
];

/** A session's file as it was read. */
const read = ({ session: { name, path, file, value, isFlawed } }: SessionFiles) => ({
  ...{ name, path, value, isFlawed, text: file?.text, mark: file?.mark, content: file?.content },
  places: places(file?.content).flatMap((place) => [file?.locate(place), file?.locate(place, true)]),
});

describe('a session of a class', () => {
  it('is read and resolved as if it were alone', () => {
    let shared = 0;
    let alone = 0;
    let warned = 0;
    expectProperty(cases, (given) => {
      const texts = textsOf(given);
      const files = sharedFiles(given);
      const whole = loaded({ ...files, ...Object.fromEntries(texts) });
      const sessions = sessionsIn(whole);
      const classes = new SessionClasses();
      const seen = new Set<unknown>();
      for (const [path, text] of texts) {
        const single = loadedAlone({ ...files, [path]: text }, whole);
        const [ofWhole, ofSingle] = [sessions.get(path), sessionsIn(single).get(path)];
        const about = (project: Documents) => project.problems.filter(({ file }) => file === path);
        expect({ text, problems: about(whole) }).toEqual({ text, problems: about(single) });
        expect(ofWhole && read(ofWhole)).toEqual(ofSingle && read(ofSingle));
        if (ofWhole === undefined || ofSingle === undefined) continue;
        const found = classes.valuesOf(ofWhole);
        expect({ text, ...plain(found) }).toEqual({ text, ...plain(sessionValues(ofSingle)) });
        if (found.sessionClass !== undefined && seen.has(found.sessionClass)) {
          shared += 1;
          if (found.problems.some(({ file }) => file === path)) warned += 1;
        } else alone += 1;
        seen.add(found.sessionClass);
      }
    });
    expect(shared).toBeGreaterThan(30);
    expect(alone).toBeGreaterThan(60);
    expect(warned).toBeGreaterThan(3);
  });

  it('is rendered as if it were alone', () => {
    let valid = 0;
    expectProperty(cases, (given) => {
      const texts = Array.from(textsOf(given))
        .slice(0, 4)
        .sort(([one], [other]) => (one < other ? -1 : 1));
      const files = sharedFiles(given);
      const whole = loaded({ ...files, ...Object.fromEntries(texts) });
      const found = (project: Documents) =>
        resolveProject(project).sessions.map(({ sessionClass: _, ...session }) => session);
      const alone = texts.flatMap(([path, text]) => found(loadedAlone({ ...files, [path]: text }, whole)));
      expect(found(whole)).toEqual(alone);
      valid += alone.length;
    });
    expect(valid).toBeGreaterThan(50);
  });

  it('has the values and problems of its cohort if another cohort has equal values', () => {
    let shared = 0;
    let ofCohort = 0;
    expectProperty(cases, (given) => {
      const texts = Array.from(textsOf(given)).slice(0, 2);
      const { 'sessions/class/cohort.yaml': own = '', ...files } = sharedFiles(given);
      const other = cohort('other', { description: 'Moves the lines of the values', values: given.ofCohort });
      const whole = loaded({
        ...{ ...files, 'sessions/class/cohort.yaml': own, 'sessions/other/cohort.yaml': other },
        ...Object.fromEntries(texts),
        ...Object.fromEntries(texts.map(([path, text]) => [path.replace('class', 'other'), text])),
      });
      const classes = new SessionClasses();
      const cohorts = new Map<unknown, string>();
      for (const each of sessionsIn(whole).values()) {
        const found = classes.valuesOf(each);
        expect(plain(found)).toEqual(plain(sessionValues(each)));
        const { sessionClass, problems } = found;
        if (problems.some(({ file }) => file === each.cohort.path)) ofCohort += 1;
        if (sessionClass === undefined) continue;
        if ((cohorts.get(sessionClass) ?? each.cohort.name) !== each.cohort.name) shared += 1;
        cohorts.set(sessionClass, each.cohort.name);
      }
    });
    expect(shared).toBeGreaterThan(10);
    expect(ofCohort).toBeGreaterThan(10);
  });

  it('does not share values with the same file of another cohort', () => {
    const text = PLAIN({ name: 'a', userId: 'a', expiresAt: undefined, suspended: undefined }, '');
    const { sessions } = resolveProject(
      loaded({
        'dozlab.yaml': project(),
        'labs/vm.yaml': lab('vm'),
        'sessions/one/cohort.yaml': cohort('one', { values: { labels: { of: 'one' } } }),
        'sessions/one/a.yaml': text,
        'sessions/one/b.yaml': text.replace('name: a', 'name: b'),
        'sessions/two/cohort.yaml': cohort('two', { values: { labels: { of: 'two' } } }),
        'sessions/two/a.yaml': text,
      }),
    );
    expect(sessions.map(({ id, values }) => [id, values.labels])).toEqual([
      ['a', { of: 'one' }],
      ['b', { of: 'one' }],
      ['a', { of: 'two' }],
    ]);
    const [first, second, third] = sessions.map(({ sessionClass }) => sessionClass);
    expect(first).toBeDefined();
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('has no class if its Secret has a name of its own', () => {
    const text = PLAIN(
      { name: 'a', userId: 'a', expiresAt: undefined, suspended: undefined },
      '  secretGeneration: 2\n',
    );
    const { sessions } = resolveProject(
      loaded({
        'dozlab.yaml': project({ secrets: { provider: 'external-secrets' } }),
        'labs/vm.yaml': lab('vm'),
        'sessions/one/cohort.yaml': cohort('one'),
        'sessions/one/a.yaml': text,
        'sessions/one/b.yaml': text.replace('name: a', 'name: b'),
      }),
    );
    expect(sessions.map(({ sessionClass, values }) => [sessionClass, values.codeServer.existingSecret])).toEqual([
      [undefined, 'lab-session-a-secrets-2'],
      [undefined, 'lab-session-b-secrets-2'],
    ]);
  });
});

test('only the named rules read the identity', () => {
  const others = RULES.filter((rule) => !IDENTITY_RULES.includes(rule));
  let asked = 0;
  expectProperty(arbitraryValues(), (given) => {
    const { values } = checkValues(given);
    if (values === undefined) return;
    const watched = new Proxy(values, {
      get(all, name) {
        if (IDENTITY_KEYS.includes(String(name))) throw new Error(`a rule reads ${String(name)}`);
        return Reflect.get(all, name) as unknown;
      },
      ownKeys() {
        throw new Error('a rule reads all keys');
      },
    });
    for (const rule of others) expect(() => rule(watched)).not.toThrow();
    asked += 1;
  });
  expect(asked).toBeGreaterThan(50);
});

test('sessions in a folder have the values that each has alone', () => {
  const MORE: Record<string, object> = {
    a: { userId: 'a', suspended: true, expiresAt: '2030-01-01T00:00:00Z' },
    b: { userId: 'b' },
    c: { userId: 'c', suspended: false },
  };
  const fileOf = (id: string): Files => ({ [`sessions/class/${id}.yaml`]: session(id, MORE[id] ?? {}) });
  const valuesOf = (ids: readonly string[]) =>
    resolveProject(loadProject(projectWith(smallProject(Object.assign({}, ...ids.map(fileOf)) as Files))))
      .sessions.filter(({ id }) => id !== 'alice')
      .map(({ values }) => values);
  expect(valuesOf(['a', 'b', 'c'])).toEqual(['a', 'b', 'c'].flatMap((id) => valuesOf([id])));
});
