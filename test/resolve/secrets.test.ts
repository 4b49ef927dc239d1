import { join } from 'node:path';
import { render } from '../../src/cli/commands/render';
import { problemLines } from '../../src/cli/output';
import { dozlabRun } from '../support/cli-runs';
import { errorsWith, problemsIn, sessionText } from '../support/problems';
import { addFiles, cohort, lab, project, projectWith, smallProject, temporaryFolder } from '../support/project';

const SECRET = 'hunter2';
const SESSION = 'sessions/class/alice.yaml';

/** Values, as lines, that hold a secret where a password goes, well-formed or not. */
const PASSWORDS: readonly string[] = [
  'codeServer: {password: hunter2}',
  'codeServer:\n  password: hunter2',
  'codeServer:\n  password: |\n    hunter2',
  'codeServer: {password: [hunter2]}',
  'codeServer: {password: {hunter2: hunter2}}',
  'codeServer: {password: &hunter2 hunter2}',
  'codeServer: {password: !!str hunter2}',
  '"codeServer": {"password": "hunter2"}',
  'codeServer: &x {password: hunter2}\nterminal: *x',
  'codeServer:\n  password:hunter2',
  'codeServer: {password: *hunter2}',
  'codeServer: {password: !hunter2}',
  'codeServer: {password: !hunter2 hunter2}',
  'codeServer: {password: !<hunter2> x}',
  'codeServer: hunter2',
  'codeServer: [hunter2]',
  'codeServer: {password: "hunter2}',
  "codeServer:\n  password: 'hunter2",
  'codeServer: {password: "\\qhunter2"}',
  'codeServer: {password: @hunter2}',
  'codeServer: {password: `hunter2`}',
  'codeServer:\n  password: %hunter2',
  'codeServer:\n  password: |hunter2',
  'codeServer:\n  password: > hunter2',
  'codeServer: {password: {{hunter2}}}',
  'codeServer:\n  password: hunter2\n  password: hunter2-again',
  'codeServer:\n  password: hunter2\n password: hunter2',
  'codeServer:\n\tpassword: hunter2',
  'codeServer:\n  password: hunter2: hunter2',
  'codeServer:\n  password: hunter2\nhunter2',
  'codeServer:\n  password: "hunter2\\u0007"',
  'codeServer: {Password: hunter2}',
  'codeServer: {passwrd: hunter2}',
  'codeserver: {password: hunter2}',
];

/** Values with a secret in an environment variable or a web address, all of them wrong. */
const OTHERS: readonly string[] = [
  'terminal: {extraEnv: [{name: A, value: "hunter2\\a"}]}',
  'terminal: {extraEnv: [{name: A, value: [hunter2]}]}',
  'terminal: {extraEnv: [{name: A, value: {hunter2: hunter2}}]}',
  'terminal: {extraEnv: {A: hunter2}}',
  'terminal: {extraEnv: [A=hunter2]}',
  'terminal: {extraEnv: hunter2}',
  'terminal: {extraEnv: [{name: A, valeu: hunter2}]}',
  'terminal: {extraEnv: [{name: A, valueFrom: hunter2}]}',
  'terminal: {extraEnv: [{name: A, valueFrom: {secretKeyRef: hunter2}}]}',
  'terminal: {extraEnv: [{name: A, value: hunter2}, {name: A, value: hunter2}]}',
  'terminal: {extraEnv: [{name: A, value: hunter2, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]}',
  'terminal: {extraEnv: [{name: SESSION_ID, value: hunter2}]}',
  'rootfs: {imageUrl: "https://alice:hunter2@example.com/x"}',
  'rootfs: {imageUrl: "https://alice:hunter2@x@example.com/x"}',
  'rootfs: {imageUrl: "https://hunter2@example.com/x"}',
  'rootfs: {imageUrl: "ftp://alice:hunter2@example.com/x"}',
  'rootfs: {imageUrl: "https://example.com/x y?signature=hunter2"}',
  'rootfs: {imageUrl: "https://example.com/x y#hunter2"}',
  'rootfs: {imageUrl: ["https://alice:hunter2@example.com"]}',
  'rootfs: "https://alice:hunter2@example.com"',
];

const ALL = [...PASSWORDS, ...OTHERS];

const indented = (lines: string, by: string): string => lines.replaceAll(/^/gm, by);

/** A session for each, with values that hold the secret. */
const sessionsWith = (all: readonly string[]) =>
  Object.fromEntries(
    all.map((values, index) => [
      `sessions/class/s${String(index)}.yaml`,
      sessionText(`  values:\n${indented(values, '    ')}\n`, `s${String(index)}`),
    ]),
  );

describe('a password in a file of the project', () => {
  const values = { codeServer: { password: SECRET } };
  const refused = {
    session: { [SESSION]: sessionText('  values: {codeServer: {password: hunter2}}\n') },
    cohort: { 'sessions/class/cohort.yaml': cohort('class', { values }) },
    lab: { 'labs/vm.yaml': lab('vm', { values: { ...values, rootfs: { imageUrl: 'https://example.com/x' } } }) },
    project: { 'dozlab.yaml': project({ values }) },
  };

  test.each(Object.entries(refused))('is rejected: %s', (_, files) => {
    const errors = errorsWith(files);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({
      file: Object.keys(files)[0],
      code: 'secret-in-file',
      path: 'spec.values.codeServer.password',
    });
    expect(JSON.stringify(errors)).not.toContain(SECRET);
  });

  test('is rejected at its key, with the other problems of the file', () => {
    const errors = errorsWith({
      [SESSION]: sessionText('  values:\n    codeServer: {password: hunter2, tag: 1}\n    suspend: true\n'),
    });
    expect(errors.map(({ line, column, code }) => [line, column, code])).toEqual([
      [8, 18, 'secret-in-file'],
      [8, 42, 'wrong-type'],
      [9, 5, 'unknown-key'],
    ]);
  });

  test('is rejected whatever its type, null and empty text included', () => {
    for (const value of ['""', 'null', '20072', 'true', '{}', '[]']) {
      const codes = errorsWith({ [SESSION]: sessionText(`  values: {codeServer: {password: ${value}}}\n`) });
      expect(codes.map(({ code }) => code)).toEqual(['secret-in-file']);
    }
  });
});

describe('a secret is not printed', () => {
  const folder = () => projectWith(smallProject(sessionsWith(ALL)));

  test('by the problems of a project, and each file has one', () => {
    const problems = problemsIn(folder());
    const text = [JSON.stringify(problems), ...problemLines(problems, process.stdout)].join('\n');
    expect(text).not.toContain(SECRET);
    const files = new Set(problems.filter(({ severity }) => severity === 'error').map(({ file }) => file));
    expect(ALL.filter((_, index) => !files.has(`sessions/class/s${String(index)}.yaml`))).toEqual([]);
  });

  test.each([
    ['validate'],
    ['validate', '-o', 'json'],
    ['synth'],
    ['synth', '--check'],
    ['synth', '--dry-run'],
    ['app'],
  ])('by dozlab %j', (...args) => {
    const { stdout, stderr, status } = dozlabRun([...args.filter(Boolean), '--project', folder()]);
    expect(status).toBe(1);
    expect(stdout + stderr).toMatch(/secret-in-file/);
    expect(stdout + stderr).not.toContain(SECRET);
  });

  test('by dozlab render when the values are wrong', () => {
    const place = temporaryFolder();
    const printed: string[] = [];
    const keep = (text: unknown): boolean => printed.push(String(text)) > 0;
    const out = jest.spyOn(process.stdout, 'write').mockImplementation(keep);
    const err = jest.spyOn(process.stderr, 'write').mockImplementation(keep);
    try {
      ALL.forEach((values, index) => {
        const path = `v${String(index)}.yaml`;
        const wrong = `session: {id: Alice, userId: alice}\nunknown: true\n${values}\n`; // one that would do makes a Secret
        addFiles(place, { [path]: wrong });
        expect(render.run({ file: join(place, path), output: 'yaml' })).toBe(1);
      });
    } finally {
      out.mockRestore();
      err.mockRestore();
    }
    expect(printed.length).toBeGreaterThanOrEqual(ALL.length);
    expect(printed.join('')).not.toContain(SECRET);
  });
});
