import { createHash } from 'node:crypto';
import {
  LABEL_VALUE,
  base64,
  dnsLabel,
  expandPattern,
  hasAuthentication,
  imageReference,
  labelValue,
  shortHash,
} from '../../../src/api/values/names';
import { HOSTILE_TEXTS } from '../../support/hostile-texts';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

it('the short hash is the beginning of the SHA-256 of the text in UTF-8', () => {
  expect(shortHash('')).toBe('e3b0c442');
  expect(shortHash('é😀')).toBe(hash('é😀'));
});

describe('a text as a label value', () => {
  it.each(['', 'alice', 'A', '0o17', 'null', 'a_b.c-D', 'x'.repeat(63)])('%p stays as it is', (text) => {
    expect(labelValue(text)).toBe(text);
  });

  it.each([
    ['alice@example.com', 'alice-example.com'],
    [' alice ', 'alice'],
    ['Zoë', 'Zo'],
    ['-a-', 'a'],
    ['a\nb', 'a-b'],
    ['x'.repeat(64), 'x'.repeat(54)],
    [`${'x'.repeat(53)}@y`, 'x'.repeat(53)],
  ])('%p becomes ASCII with a hash', (text, start) => {
    expect(labelValue(text)).toBe(`${start}-${hash(text)}`);
  });

  it.each(['@', '日本', '...', ' '])('%p, of which nothing remains, becomes the hash alone', (text) => {
    expect(labelValue(text)).toBe(hash(text));
  });

  it('is always valid', () => {
    for (const text of HOSTILE_TEXTS) expect(labelValue(text)).toMatch(LABEL_VALUE);
  });

  it('keeps apart what only differs in what a label cannot hold', () => {
    const values = ['alice@example.com', 'alice example.com', 'alice+example.com', 'alice-example.com'].map(labelValue);

    expect(new Set(values).size).toBe(4);
  });
});

describe('a text as one label of a DNS name', () => {
  it.each(['alice', '007', 'a-b', 'x'.repeat(33)])('%p stays as it is', (text) => {
    expect(dnsLabel(text)).toBe(text);
  });

  it.each([
    ['Alice', 'alice'],
    ['alice@example.com', 'alice-example-com'],
    ['a_b', 'a-b'],
    ['x'.repeat(34), 'x'.repeat(24)],
    ['', ''],
    ['日本', ''],
  ])('%p becomes lower-case ASCII with a hash', (text, start) => {
    expect(dnsLabel(text)).toBe(start === '' ? hash(text) : `${start}-${hash(text)}`);
  });

  it('tells Alice from alice', () => {
    expect(dnsLabel('Alice')).not.toBe(dnsLabel('alice'));
  });

  it('is valid and at most 33 characters long', () => {
    for (const text of [...HOSTILE_TEXTS, 'x'.repeat(256)])
      expect(dnsLabel(text)).toMatch(/^[a-z0-9](-?[a-z0-9]){0,32}$/);
  });
});

describe('a pattern', () => {
  it.each([
    ['{id}.labs.example.com', 'alice-001.labs.example.com'],
    ['{user}', 'alice'],
    ['{id}-{user}-{id}', 'alice-001-alice-alice-001'],
    ['fixed.example.com', 'fixed.example.com'],
    ['{ID}{other}{', '{ID}{other}{'],
  ])('%p gives %p', (pattern, text) => {
    expect(expandPattern(pattern, 'alice-001', 'alice')).toBe(text);
  });

  it('makes a DNS label of the user', () => {
    expect(expandPattern('{user}.example.com', 'a', 'Bob $& {id}')).toBe(`bob-id-${hash('Bob $& {id}')}.example.com`);
  });
});

describe('an image reference', () => {
  const digest = `sha256:${'a'.repeat(64)}`;

  it.each<[string, string, string | undefined, string]>([
    ['busybox', 'latest', undefined, 'busybox:latest'],
    ['busybox', '1.36', digest, `busybox@${digest}`],
    ['busybox:1.35', '1.36', undefined, 'busybox:1.35'],
    ['busybox:1.35', '1.36', digest, 'busybox:1.35'],
    [`busybox@${digest}`, '1.36', undefined, `busybox@${digest}`],
    [`busybox:1@${digest}`, '1.36', undefined, `busybox:1@${digest}`],
    ['registry.example.com:5000/team/image', 'v1', undefined, 'registry.example.com:5000/team/image:v1'],
    ['registry.example.com:5000/team/image:v0', 'v1', undefined, 'registry.example.com:5000/team/image:v0'],
  ])('of %p, tag %p, digest %p is %p', (image, tag, given, reference) => {
    expect(imageReference(image, tag, given)).toBe(reference);
  });
});

describe('annotations that ask for a login', () => {
  it.each([
    'nginx.ingress.kubernetes.io/auth-url',
    'nginx.ingress.kubernetes.io/auth-type',
    'haproxy.org/auth-type',
    'traefik.ingress.kubernetes.io/router.middlewares',
  ])('%s does', (name) => {
    expect(hasAuthentication({ name: 'x', [name]: 'something' })).toBe(true);
  });

  it.each(['nginx.ingress.kubernetes.io/proxy-read-timeout', 'auth-url', 'auth.example.com/note', 'x/router.other'])(
    '%s does not',
    (name) => {
      expect(hasAuthentication({ [name]: 'something' })).toBe(false);
    },
  );

  it('one that is empty does not', () => {
    expect(hasAuthentication({ 'nginx.ingress.kubernetes.io/auth-url': '' })).toBe(false);
    expect(hasAuthentication({})).toBe(false);
  });
});

it('base64 is that of UTF-8', () => {
  expect(base64('pä😀\n')).toBe('cMOk8J+YgAo=');
});
