import { parse, stringify } from 'yaml';
import { loadProject } from '../../src/source/load-project';
import { isError, type Problem } from '../../src/core/diagnostics';
import { resolveProject } from '../../src/resolve/resolve';
import { problemLines } from '../../src/cli/output';
import { cohort, session, type Files } from '../support/project';
import { placeOf } from '../support/problems';
import { ALICE, SEALED, SECRET_FILE, sealedText, secretProject, sops } from '../support/secret-project';
import { OPENS, OPENS_TOO, SOPS_TEXT } from '../support/sops-secret';

const PLANTED = 'hunter2-hunter2';
const CODED = Buffer.from(PLANTED).toString('base64');
const SOPS = sops(OPENS.recipient, OPENS_TOO.recipient);
const { name, namespace } = ALICE;
const ENC = 'ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]';

/** The problems of a project; asserts that none shows the planted password. */
function problemsOf(secrets: object, files: Files): readonly Problem[] {
  const { problems } = resolveProject(loadProject(secretProject(secrets, files)));
  const shown = [JSON.stringify(problems), ...problemLines(problems, process.stdout)].join('\n');
  for (const text of [PLANTED, CODED, 'hunter2']) expect(shown).not.toContain(text);
  return problems;
}

const errors = (secrets: object, files: Files): Problem[] => problemsOf(secrets, files).filter(isError);
const warnings = (secrets: object, files: Files): string[] =>
  problemsOf(secrets, files)
    .filter(({ severity, code }) => severity === 'warning' && code === 'unused-secret')
    .map(placeOf);

const metadata = { name, namespace };
const clear = (more: object = {}) => ({ apiVersion: 'v1', kind: 'Secret', metadata, ...more });
/** As text: a time stays in quotes, without which SOPS does not read it. */
const encrypted = (more: object = {}): string =>
  stringify({ ...(parse(SOPS_TEXT) as object), ...more }, { version: '1.1' });

const CLEAR: [string, object, string][] = [
  ['data', clear({ data: { 'vscode-password': CODED } }), 'data["vscode-password"]'],
  ['stringData', clear({ stringData: { 'vscode-password': PLANTED } }), 'stringData["vscode-password"]'],
  ['another key', clear({ stringData: { 'vscode-password': ENC, other: PLANTED } }), 'stringData.other'],
  ['a list', clear({ data: [PLANTED] }), 'data'],
  ['text', clear({ stringData: PLANTED }), 'stringData'],
  ['a mapping', clear({ data: { 'vscode-password': { [PLANTED]: PLANTED } } }), 'data["vscode-password"]'],
];

describe('a Secret in the clear in secrets/', () => {
  test.each([...CLEAR])('is refused where the provider is sops or sealed-secrets: %s', (_, content) => {
    for (const secrets of [SOPS, SEALED])
      expect(errors(secrets, { [SECRET_FILE]: content }).map(({ file, code }) => [file, code])).toEqual([
        [SECRET_FILE, 'secret-in-file'],
      ]);
  });

  test('is refused with every other provider, and without a session', () => {
    const content = clear({ stringData: { 'vscode-password': PLANTED } });
    const codes = [{}, { provider: 'external-secrets' }].map((secrets) =>
      errors(secrets, { [SECRET_FILE]: content }).map(({ code }) => code),
    );
    const stray = errors(SOPS, { [SECRET_FILE]: encrypted(), 'secrets/class/bob.yaml': content });
    expect([...codes, stray.map(({ code }) => code)]).toEqual([
      ['secret-in-file'],
      ['secret-in-file'],
      ['secret-in-file'],
    ]);
  });

  test('is refused in the copy of kubectl, which SOPS does not encrypt', () => {
    const annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(clear({ data: { 'vscode-password': CODED } })),
    };
    const found = errors(SOPS, { [SECRET_FILE]: encrypted({ metadata: { ...metadata, annotations } }) });
    expect(found.map(({ code }) => code)).toEqual(['secret-in-file']);
  });

  test('is refused beside encrypted values, under a key that only looks right', () => {
    for (const key of ['stringdata', 'Data', 'password']) {
      const found = errors(SOPS, { [SECRET_FILE]: encrypted({ [key]: { 'vscode-password': PLANTED } }) });
      expect(found.map(({ file }) => file)).toEqual([SECRET_FILE]);
    }
  });

  const text = sealedText('hunter2-sealed');

  test.each([
    ['as a value', text.replace(/(vscode-password: ).*/, `$1${PLANTED}`)],
    ['in its template', text.replace('  template:\n', `  template:\n    data:\n      vscode-password: ${PLANTED}\n`)],
  ])('is refused in a SealedSecret, %s', (_, content) => {
    expect(content).toContain(PLANTED);
    expect(errors(SEALED, { [SECRET_FILE]: content })).toHaveLength(1);
  });
});

describe('a file in secrets/ that its provider cannot open', () => {
  const sealed = (place: object = {}) => sealedText(PLANTED, place);
  const path = (of: string, code: string) => expect.stringMatching(new RegExp(`^${SECRET_FILE}:\\d+:\\d+ ${of} \\[${code}\\]$`)) as string; // prettier-ignore

  test.each<[string, unknown, string]>([
    ['the name of another', sealed({ name: 'other' }), 'metadata.name'],
    ['another namespace', sealed({ namespace: 'other' }), 'metadata.namespace'],
    ['another kind', sealed().replace('kind: SealedSecret', 'kind: ConfigMap'), 'kind'],
    ['another version', sealed().replace('v1alpha1', 'v1alpha2'), 'apiVersion'],
    ['another key', sealed({ key: 'other' }), 'spec.encryptedData.vscode-password'],
    ['a value that is cut off', sealed().replace(/([A-Za-z0-9+/]{50})[A-Za-z0-9+/=]{200,}/, '$1'), 'spec.encryptedData.vscode-password'], // prettier-ignore
    ['a list', [PLANTED], 'apiVersion'],
    ['text', `${PLANTED}\n`, 'apiVersion'],
    ['a number', '7\n', 'apiVersion'],
  ])('is refused by sealed-secrets: %s', (_, content, of) => {
    const [first] = errors(SEALED, { [SECRET_FILE]: content }).map(placeOf);
    expect(first).toEqual(path(of, '(wrong-value|missing)'));
  });

  test.each<[string, unknown, string]>([
    ['the name of another', encrypted({ metadata: { name: 'x', namespace } }), 'metadata.name'],
    ['no namespace', encrypted({ metadata: { name } }), 'metadata.namespace'],
    ['another kind', encrypted({ kind: 'ConfigMap' }), 'kind'],
    ['another key', encrypted({ stringData: { other: ENC } }), 'stringData.vscode-password'],
    ['nothing of SOPS', clear({ stringData: { 'vscode-password': ENC } }), 'sops'],
    ['all encrypted', { apiVersion: ENC, kind: ENC, metadata: ENC, sops: {} }, 'kind'],
    ['a list', [PLANTED], 'apiVersion'],
  ])('is refused by sops: %s', (_, content, of) => {
    const [first] = errors(SOPS, { [SECRET_FILE]: content }).map(placeOf);
    expect(first).toEqual(path(of, '(wrong-value|missing)'));
  });

  test('is reported with line and column', () => {
    const text = sealed({ name: 'other' });
    const line = text.split('\n').indexOf('  name: other') + 1;
    expect(errors(SEALED, { [SECRET_FILE]: text }).map(placeOf)).toEqual([
      `${SECRET_FILE}:${String(line)}:9 metadata.name [wrong-value]`,
    ]);
  });

  test.each([
    ['several documents', `${sealed()}---\n${sealed()}`],
    ['a Secret in the clear behind it', `${sealed()}---\nkind: Secret\nstringData: {a: ${PLANTED}}\n`],
    ['nothing', ''],
    ['a bracket too few', `a: [${PLANTED}\n`],
    ['the marks of a merge', `<<<<<<< HEAD\na: ${PLANTED}\n=======\na: b\n>>>>>>> x\n`],
    ['a key twice', `${sealed()}kind: ${PLANTED}\n`],
    ['a tag that nobody knows', `!${PLANTED} ${PLANTED}\n`],
  ])('is malformed: %s', (_, content) => {
    for (const secrets of [SEALED, SOPS]) {
      const codes = errors(secrets, { [SECRET_FILE]: content }).map(({ file, code }) => `${file} ${code}`);
      expect(new Set(codes)).toEqual(new Set([`${SECRET_FILE} malformed`]));
    }
  });

  test('is reported with the command that makes it, when it is missing', () => {
    for (const secrets of [SEALED, SOPS]) {
      const found = errors(secrets, {});
      expect(found.map(placeOf)).toEqual(['sessions/class/alice.yaml:1:1 [missing-secret]']);
      expect(found[0]?.message).toContain('dozlab secret set class/alice');
    }
  });

  test('is reported by its kind: a SealedSecret with sops, an encrypted Secret with sealed-secrets', () => {
    expect(errors(SOPS, { [SECRET_FILE]: sealed() }).map(({ path: of }) => of)).toEqual(['apiVersion', 'kind']);
    expect(errors(SEALED, { [SECRET_FILE]: encrypted() }).map(({ path: of }) => of)).toEqual(['apiVersion', 'kind']);
  });
});

describe('a file in secrets/ that no session reads', () => {
  const sealed = sealedText(PLANTED);

  test('is reported: no session, another provider, a session that names a Secret', () => {
    expect(warnings({}, { [SECRET_FILE]: sealed })).toEqual([`${SECRET_FILE}:1:1 [unused-secret]`]);
    expect(warnings(SEALED, { [SECRET_FILE]: sealed, 'secrets/class/bob.yaml': sealed })).toEqual(['secrets/class/bob.yaml:1:1 [unused-secret]']); // prettier-ignore
    expect(warnings(SEALED, { 'secrets/other/alice.yaml': sealed })).toEqual([
      'secrets/other/alice.yaml:1:1 [unused-secret]',
    ]);
    const named = session('alice', { values: { codeServer: { existingSecret: 'mine' } } });
    expect(warnings(SEALED, { [SECRET_FILE]: sealed, 'sessions/class/alice.yaml': named })).toEqual([`${SECRET_FILE}:1:1 [unused-secret]`]); // prettier-ignore
  });

  test('is refused in a wrong place', () => {
    const files = {
      [SECRET_FILE]: sealed,
      'secrets/alice.yaml': sealed,
      'secrets/class/bob.yml': sealed,
      'secrets/class/bob.json': '{}',
      'secrets/class/more/alice.yaml': sealed,
      'secrets/class/note.txt': PLANTED,
    };
    expect(errors(SEALED, files).map(placeOf)).toEqual([
      'secrets/alice.yaml:1:1 [misplaced]',
      'secrets/class/bob.json:1:1 [misplaced]',
      'secrets/class/bob.yml:1:1 [misplaced]',
      'secrets/class/more:1:1 [misplaced]',
    ]);
  });
});

test.each([
  ['a SealedSecret', sealedText(PLANTED), 'misplaced'],
  ['a Secret', clear({ stringData: { 'vscode-password': PLANTED } }), 'secret-in-file'],
])('%s in the file of a session, a cohort, a lab or the project is refused', (_, content, code) => {
  for (const file of ['sessions/class/bob.yaml', 'sessions/class/cohort.yaml', 'labs/other.yaml', 'dozlab.yaml']) {
    const found = errors({}, { [file]: content, 'sessions/more/cohort.yaml': cohort('more') });
    expect(found.map((problem) => [problem.file, problem.code])).toEqual([[file, code]]);
  }
});
