import { parseAllDocuments } from 'yaml';
import { applyPlans } from '../../src/synth/apply';
import { planOutput } from '../../src/synth/plan';
import { synthesizeProject } from '../../src/synth/synthesize';
import type { Manifest } from '@dozlab/charts/yaml';
import { contentsOf } from '../support/folder';
import { projectWith, session, smallProject, temporaryFolder } from '../support/project';

const USERS = [
  '😀'.repeat(256),
  'x'.repeat(256),
  '"double" and \'single\'',
  '{{ .Values.session.id }} {{- end }} }} {{`',
  '${HOME} $(id) `id` ; rm -rf /',
  'back\\slash \\n \\u0041',
  '# not a comment',
  'a: b',
  '- item',
  '---',
  '...',
  '&anchor',
  '*alias',
  '!tag',
  '@at',
  '%percent',
  '|',
  '>',
  '?',
  '~',
  'null',
  'yes',
  '0o17',
  '1e3',
  '.inf',
  '2024-01-01',
  '12:30:45',
  ' space at both ends ',
  '\u00a0no-break',
  'עברית \u202e mixed',
  '𝕏 é e\u0301',
  '__proto__',
];

const LABELS = {
  octal: '0o17',
  oldOctal: '007',
  truth: 'yes',
  no: 'n',
  exponent: '1e3',
  nothing: 'null',
  tilde: 'on',
  number: '1.0',
  hex: '0x1F',
  sexagesimal: '1_000',
  empty: '',
  yes: 'a',
  null: 'b',
  '0o17': 'c',
};

const ANNOTATIONS = {
  lines: 'one\ntwo\n\n  three\n',
  ends: '\n\n',
  starts: '  \n a',
  tabs: 'a\tb\t',
  backslash: 'C:\\new\\table "quoted" \\\\',
  template: '{{ printf "%s" .Values.x }}\n{{- /* */ -}}',
  yaml: 'a: 1\n---\nb: [2\n...\n# c',
  emoji: 'ünï😀\u200d',
  empty: '',
  spaces: '   ',
  number: '1e3',
};

/** The documents of a text, as readers of both versions of YAML see them: they must see the same. */
function readByAll(text: string): Manifest[] {
  const [old, new_] = (['1.1', '1.2'] as const).map((version) =>
    parseAllDocuments(text, { version, strict: true }).map((document) => {
      expect([...document.errors, ...document.warnings]).toEqual([]);
      return document.toJS() as Manifest;
    }),
  );
  expect(old).toEqual(new_);
  return new_ ?? [];
}

test('synth renders hostile but legal text exactly', () => {
  const sessions = USERS.map((userId, index) => ({ name: `s${String(index)}`, userId }));
  const folder = projectWith(
    smallProject(
      Object.fromEntries(
        sessions.map(({ name, userId }) => [
          `sessions/class/${name}.yaml`,
          // JSON is YAML, so what is written is beyond doubt.
          JSON.stringify(
            session(name, { userId, values: { labels: LABELS, podLabels: LABELS, annotations: ANNOTATIONS } }),
          ),
        ]),
      ),
    ),
  );
  const { files = [], problems } = synthesizeProject(folder);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const dist = temporaryFolder();
  applyPlans([planOutput(dist, files)]);
  const written = contentsOf(dist);

  for (const { name, userId } of sessions) {
    const manifests = readByAll(written.get(`sessions/class/${name}.yaml`) ?? '');
    expect(manifests.length).toBeGreaterThan(2);
    for (const { metadata } of manifests) {
      const { annotations, labels } = metadata as unknown as Record<'annotations' | 'labels', Record<string, string>>;
      expect(annotations).toMatchObject({ ...ANNOTATIONS, 'dozlab.io/user-id': userId });
      expect(labels).toMatchObject(LABELS);
      expect(labels['user-id']).toMatch(/^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/);
    }
    const { spec } = manifests.find(({ kind }) => kind === 'Deployment') as unknown as {
      spec: { template: { metadata: { labels: Record<string, string> } } };
    };
    expect(spec.template.metadata.labels).toMatchObject(LABELS);
  }
});

test('validate rejects text that is too long or has a control character', () => {
  const folder = projectWith(
    smallProject(
      Object.fromEntries(
        ['😀'.repeat(257), 'a\nb', 'a\tb', 'a\u0085b', 'a\ufeffb', 'a\u2028b', ''].map((userId, index) => [
          `sessions/class/s${String(index)}.yaml`,
          JSON.stringify(session(`s${String(index)}`, { userId })),
        ]),
      ),
    ),
  );
  const { files, problems } = synthesizeProject(folder);
  expect(files).toBeUndefined();
  const errors = problems.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ file, path, code }) => [file, path, code])).toEqual(
    [0, 1, 2, 3, 4, 5, 6].map((index) => [`sessions/class/s${String(index)}.yaml`, 'spec.userId', 'wrong-value']),
  );
});
