import { isRandom, secretForm, secretOffset, withoutForms, withoutRandom } from '../../src/core/secret-forms';
import { Random } from '../support/random';
import { FURTHER_FORMS, pieces, RANDOM_SECRET, SECRET_FORMS, URL_SECRET } from '../support/planted-secrets';
import { AGE_KEYS, CERTIFICATE } from '../support/test-keys';

describe.each(Object.entries(SECRET_FORMS))('%s', (_, [secret, form]) => {
  test('has its name, also inside other text and when it is cut', () => {
    for (const text of [
      secret,
      `token: ${secret} # note`,
      `"${secret}"`,
      secret.slice(0, Math.max(40, secret.length - 10)),
    ])
      expect([text, secretForm(text)]).toEqual([text, form]);
    expect(secretOffset(`a\n${secret}`)).toBe(2);
  });

  test.each([
    ['a line', (text: string) => `a.yaml:1:1 error is ${text}, not good`],
    ['JSON', (text: string) => JSON.stringify({ message: text, next: 'kept' })],
    ['a diff', (text: string) => text.replace(/^/gm, '+ ')],
    ['a quoted cut', (text: string) => `"${text.slice(0, 64)}…"`],
  ])('is not in %s', (__, around) => {
    const shown = withoutForms(around(secret));
    expect(pieces(secret).filter((piece) => shown.includes(piece))).toEqual([]);
    expect(shown).toContain('(not shown)');
  });
});

const WAYS = Object.entries({
  'a line': (text: string) => `a.yaml:1:1 error is ${text}, not good`,
  JSON: (text: string) => JSON.stringify({ message: text, next: 'kept' }),
  'JSON in JSON': (text: string) => JSON.stringify(JSON.stringify({ message: text })),
  'a diff': (text: string) => text.replace(/^/gm, '+ '),
});

test.each(Object.entries(FURTHER_FORMS))('%s has its name, and no piece of it is shown', (_, { text, form, core }) => {
  for (const whole of [text, `note: ${text}\nnext: x`, text.trim().replaceAll('\n', ' ')])
    expect([whole, secretForm(whole)]).toEqual([whole, form]);
  expect(secretOffset(`a: ${'b'.repeat(30)}\n${text}`)).toBeGreaterThanOrEqual(34);
  for (const [way, around] of WAYS) {
    const shown = withoutForms(around(text));
    expect([
      way,
      pieces(core)
        .filter((piece) => shown.includes(piece))
        .slice(0, 1),
    ]).toEqual([way, []]);
    expect(shown).toContain('(not shown)');
  }
});

test.each(['b', 'bb', 'bbb'])('base64 that touches the word %s is found', (word) => {
  const { text, form } = FURTHER_FORMS['base64 of a token'] ?? { text: '', form: '' };
  expect(secretForm(`data:${word}/${text}`)).toBe(form);
});

test('JSON stays JSON', () => {
  const further = Object.values(FURTHER_FORMS).map(({ text }) => text);
  for (const secret of [...Object.values(SECRET_FORMS).map(([text]) => text), ...further]) {
    const shown = withoutForms(JSON.stringify({ message: `is ${secret}`, next: 'kept' }));
    expect(JSON.parse(shown)).toEqual({ message: expect.stringContaining('(not shown)') as string, next: 'kept' });
  }
});

test.each([
  ['https://lab:pa55-word@example.com/x', 'https://(not shown)@example.com/x'],
  ['https://ghostuser0123456789abc@example.com/x', 'https://(not shown)@example.com/x'],
  ['postgres://u:a/b?c@db:5432', 'postgres://(not shown)@db:5432'],
  ['https://example.com/a?sig=abc%2Bdef&x=1', 'https://example.com/a?sig=(not shown)&x=1'],
  ['https://example.com/a?X-Amz-Signature=0123abcd', 'https://example.com/a?X-Amz-Signature=(not shown)'],
  ['Authorization: Bearer abcdefgh12345', 'Authorization: Bearer (not shown)'],
])('%s becomes %s', (text, shown) => {
  expect(withoutForms(text)).toBe(shown);
});

/** What output must show. */
const PUBLIC = [
  `sha256:${'0123456789abcdef'.repeat(4)}`,
  `ghcr.io/dozlab/terminal@sha256:${'9f86d081884c7d65'.repeat(4)}`,
  `oci://ghcr.io/dozlab/charts/lab-session@sha256:${'9f86d081884c7d65'.repeat(4)}`,
  '3fa85f64-5717-4562-b3fc-2c963f66afa6',
  'fcf090d1c2b3a4958677665544332211ffeeddcc',
  AGE_KEYS[0].recipient,
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGm0Xq3kJYzT8eJ5yTg1nXk1f1P4tq7m9s2rWq0hVb1c',
  'https://example.com/dozlab-docker.ext4',
  'https://example.com:8080/@scope/package',
  'ssh://git@github.com/dozlab/labs.git',
  'git@github.com:dozlab/labs.git',
  'lab-session-alice-001-secrets',
  'lab-session-alice-001-7d9f8b6c5d-x2x4z',
  'requiredDuringSchedulingIgnoredDuringExecution',
  'ValidatingAdmissionPolicyBinding',
  'sessions/classroom/Kubernetes101-README-Version2.yaml',
  'dist/infra/namespaces/lab-2026-spring-group-12.yaml',
  'registry.example.com/Team/Image2:v1.2.3-rc1',
  'rewrite ^/(.*)$ /$1$2 break; set $session_id $request_id;',
  'sk-learn-introduction-for-beginners-2026',
  '{id}-vscode.labs.example.com',
  '2027-01-31T18:00:00Z',
  'nginx.ingress.kubernetes.io/auth-response-headers',
  'Alexandra-Konstantinopolskaya',
  'ENC[AES256_GCM,data:aGVsbG8=,type:str]',
  'proxy_set_header Authorization $http_authorization;',
  'Authorization: Bearer <token>',
  '{"kty":"OKP","crv":"Ed25519","kid":"2026"}',
  '{"auth":"required","auths":{}}',
  'cache-key-2026-spring, monkey-0123456789ab',
  'SKU-2026-us12',
];

test.each(PUBLIC)('%s is shown', (text) => {
  expect([secretForm(text), isRandom(text), withoutForms(text), withoutRandom(text)]).toEqual([
    undefined,
    false,
    text,
    text,
  ]);
});

test.each([
  'postgres://user:password@db.example.com',
  'postgres://lab:$(DB_PASSWORD)@db:5432',
  'https://USER:<token>@example.com',
  'data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=',
])('%s may be in Git', (text) => {
  expect(secretForm(text)).toBeUndefined();
});

test('a certificate is public, also as base64', () => {
  expect(secretForm(CERTIFICATE)).toBeUndefined();
  expect(secretForm(Buffer.from(CERTIFICATE).toString('base64'))).toBeUndefined();
});

test.each([
  RANDOM_SECRET,
  Buffer.from('a text of words, in base64').toString('base64'),
  'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKx',
  'k3j2h4g5z8x7c6v5b4n3m2q1w9e8r7t6',
])('%s is random', (text) => {
  expect([isRandom(text), withoutRandom(`is ${text}; no`)]).toEqual([true, 'is (not shown); no']);
});

test('base64 of random bytes is random in all but few cases', () => {
  const random = new Random(7);
  const texts = Array.from({ length: 2000 }, () =>
    Buffer.from(Array.from({ length: 32 }, () => random.whole(0, 255))).toString('base64'),
  );
  expect(texts.filter((text) => !isRandom(text)).length).toBeLessThanOrEqual(2);
});

test('a user of a URL with a password is not shown', () => {
  expect(pieces(URL_SECRET).filter((piece) => withoutForms(URL_SECRET).includes(piece))).toEqual([]);
});
