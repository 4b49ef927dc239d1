import { resolveProject } from '../../src/resolve/resolve';
import { loadProject } from '../../src/source/load-project';
import { placeOf } from '../support/problems';
import { SEALED, SECRET_FILE, sealedText, secretProject, sops } from '../support/secret-project';
import { OPENS, OPENS_TOO, SOPS_TEXT } from '../support/sops-secret';

/** dist/ has the bytes of these files, so Flux must read in them what validate does. */
const FORMS = [
  ['sops', sops(OPENS.recipient, OPENS_TOO.recipient), SOPS_TEXT],
  ['sealed-secrets', SEALED, sealedText('hunter2-hunter2').replace(/^ {2}annotations:\n( {4}.*\n)+/m, '')],
] as const;

describe.each(FORMS)('a file of %s', (_, secrets, whole) => {
  const problems = (text: string): string[] =>
    resolveProject(loadProject(secretProject(secrets, { [SECRET_FILE]: text })))
      .problems.filter(({ file }) => file === SECRET_FILE)
      .map((problem) => placeOf(problem).slice(SECRET_FILE.length + 1));
  const end = String(whole.split('\n').length);
  const metadata = (line: string): string => whole.replace('metadata:\n', `metadata:\n  ${line}\n`);

  test.each([
    ['that began a line for Go and a comment for us', `${whole}# x\u0085immutable: true\n`],
    ['of another line separator', `${whole}# x\u2028immutable: true\n`],
    ['of a lone carriage return', `${whole}# x\rimmutable: true\n`],
    ['that Go refuses in a comment', `${whole}# x\0\n`],
  ])('is refused with a character %s', (_unused, text) => {
    expect(problems(text)).toEqual([`${end}:4 [malformed]`]);
  });

  test('is refused with the text by which Argo CD skips a file, also in a comment', () => {
    expect(problems(`${whole}# +argocd:skip-file-rendering\n`)).toEqual([`${end}:3 [malformed]`]);
  });

  test('is refused with a directive, which dist/ would have behind a comment', () => {
    expect(problems(`%YAML 1.2\n---\n${whole}`)).toEqual(['1:1 [malformed]']);
  });

  test.each([
    ['yes', 'annotations: { x: yes }', 'annotations.x'],
    ['on', 'annotations: { x: on }', 'annotations.x'],
    ['1_000', 'annotations: { x: 1_000 }', 'annotations.x'],
  ])('is refused with %s without quotes, which YAML 1.1 does not take for text', (_unused, line, path) => {
    expect(problems(metadata(line))).toEqual([`4:21 metadata.${path} [wrong-value]`]);
  });

  test.each([
    ['a number in a label', 'annotations: { x: 1 }', '4:21 metadata.annotations.x'],
    ['a list', 'annotations: [x]', '4:16 metadata.annotations'],
    ['a key that is no name', 'annotations: { "a b": "x" }', '4:18 metadata.annotations["a b"]'],
    ['a time that is none', 'creationTimestamp: today', '4:22 metadata.creationTimestamp'],
  ])('is refused with metadata that the API server refuses: %s', (_unused, line, place) => {
    expect(problems(metadata(line))).toEqual([`${place} [wrong-value]`]);
  });

  test('is refused with the label of another session, by which people delete it', () => {
    expect(
      problems(whole.replace(/session-id: .*/g, 'session-id: "bob"')).map((each) => each.replace(/^\S+ /, '')),
    ).toEqual(
      expect.arrayContaining([expect.stringMatching(/metadata\.labels\.session-id \[wrong-value\]$/)]) as string[],
    );
  });

  test.each([
    ['a comment with other letters', `# für Jürgen 🎉\n${whole}`],
    ['line ends of Windows', whole.replaceAll('\n', '\r\n')],
    ['what kubectl leaves', metadata('creationTimestamp: null')],
    ['texts in quotes', metadata('annotations: { x: "yes", z: "1" }')],
    ['a time without quotes', metadata('creationTimestamp: 2026-11-30T00:00:00Z')],
  ])('is accepted with %s', (_unused, text) => {
    expect(problems(text)).toEqual([]);
  });
});
