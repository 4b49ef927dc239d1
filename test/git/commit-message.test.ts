import fc from 'fast-check';
import { commitMessage } from '../../src/git/commit-message';

test.each([
  ['@octocat and @org/team', 'octocat and org/team'],
  ['x [skip ci] [ci skip] [no ci]', 'x skip, ci, ci, skip no, ci'],
  ['***NO_CI***', 'NO, CI'],
  ['skip-checks: true', 'skip, checks: true'],
  ['Closes #1, fixes GH-2, !3, $4, ~label, %milestone', 'Closes 1, fixes GH 2, 3, 4, label, milestone'],
  ['closes https://github.com/o/r/issues/1', 'closes https github.com/o/r/issues/1'],
  ['/close and /merge', 'close and merge'],
  ['fixup! x', 'fixup x'],
  ['a\n\nCo-authored-by: Eve <eve@example.com>', 'a Co-authored-by: Eve eve example.com'],
  ['<!-- x --> **b** `c`', '-- x -- b c'],
  ['bidi \u202e and \u0000', 'bidi and'],
  ['session class/alice: values.labels["a.b/c"], until 2030-01-01T14:00:00Z', 'session class/alice: values.labels a.b/c , until 2030-01-01T14:00:00Z'], // prettier-ignore
])('a message breaks up %j', (summary, subject) => {
  expect(commitMessage({ summary })).toEqual({ subject, body: '' });
});

test('a long summary becomes a short subject, and the body has all of it', () => {
  const summary = `session class/alice: ${'values.labels.x, '.repeat(40)}end`;
  const { subject, body } = commitMessage({ summary, details: 'no data is lost' });
  expect(subject.length).toBeLessThan(130);
  expect(subject).toMatch(/^session class\/alice: .* \.\.\.$/);
  expect(body.split('\n')).toEqual([summary, 'no data is lost']);
});

test('no text has a meaning for a server or for git', () => {
  const part = fc.constantFrom(
    ...Array.from('@#!$~%&*[]<>/: -_\n\r'),
    ...['skip', 'ci', 'no', 'GH-1', 'a', '1', 'http://', 'é'],
  );
  const text = fc.array(part, { maxLength: 30 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, (summary, details) => {
      const { subject, body } = commitMessage({ summary: `session x ${summary}`, details: `1 session ${details}` });
      for (const line of [subject, body])
        expect(line).not.toMatch(/[^A-Za-z0-9 .,:;()/_\n-]|:\/\/|(^|[\s(])\/|\bGH-\d|\b(skip|no|ci)[-_ ](skip|ci)\b/i);
    }),
  );
});
