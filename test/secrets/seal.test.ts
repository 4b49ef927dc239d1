import { constants, privateDecrypt } from 'node:crypto';
import fc from 'fast-check';
import { parseDocument } from 'yaml';
import { readCertificate } from '../../src/secrets/certificate';
import { SCOPES, seal, sealedSecretText, scopeOf, unseal } from '../../src/secrets/seal';
import { ALICE, fileProblems, privateKey } from '../support/secret-project';
import { CERTIFICATE, OTHER_PRIVATE_KEY } from '../support/test-keys';

const certificate = readCertificate(CERTIFICATE, 'cert.pem');
const { publicKey } = certificate;
const place = { namespace: 'lab-class', name: 'lab-session-alice-secrets' };
const opened = (sealed: string, scope: (typeof SCOPES)[number], where = place, key = privateKey()) =>
  unseal(sealed, key, scope, where);

describe('a sealed value', () => {
  test.each(SCOPES)('opens with its key at its place, in the scope %s', (scope) => {
    const password = 'pä$$w"rd 😀 \\ {{ }} \u2028';
    expect(opened(seal(password, publicKey, scope, place), scope)).toBe(password);
  });

  test('keeps every text', () => {
    const text = fc.string({ unit: 'binary', maxLength: 2000 });
    fc.assert(
      fc.property(text, fc.constantFrom(...SCOPES), (password, scope) => {
        expect(opened(seal(password, publicKey, scope, place), scope)).toBe(password);
      }),
      { numRuns: 10 },
    );
  });

  test.each([
    ['another name', 'strict', 'strict', { ...place, name: 'other' }],
    ['another namespace', 'strict', 'strict', { ...place, namespace: 'other' }],
    ['another namespace, when it is bound to that', 'namespace-wide', 'namespace-wide', { ...place, namespace: 'x' }],
    ['a wider scope', 'strict', 'namespace-wide', place],
    ['a wider scope still', 'namespace-wide', 'cluster-wide', place],
    ['a narrower scope', 'cluster-wide', 'strict', place],
  ] as const)('does not open with %s', (_, sealedFor, openedFor, where) => {
    const sealed = seal('hunter2-hunter2', publicKey, sealedFor, place);
    expect(() => opened(sealed, openedFor, where)).toThrow(
      expect.objectContaining({ code: 'invalid-secret' }) as Error,
    );
  });

  test('opens under another name or in another namespace if its scope allows it', () => {
    const name = { ...place, name: 'other' };
    expect(opened(seal('hunter2-a', publicKey, 'namespace-wide', place), 'namespace-wide', name)).toBe('hunter2-a');
    const anywhere = { namespace: 'x', name: 'y' };
    expect(opened(seal('hunter2-b', publicKey, 'cluster-wide', place), 'cluster-wide', anywhere)).toBe('hunter2-b');
  });

  test('does not open with another key or after a change, and the error shows nothing of it', () => {
    const sealed = seal('hunter2-hunter2', publicKey, 'strict', place);
    const attempts = [() => opened(sealed, 'strict', place, privateKey(OTHER_PRIVATE_KEY))];
    for (const index of [0, 1, 5, 257, 260, -1, -17]) {
      const bytes = Buffer.from(sealed, 'base64');
      const at = index < 0 ? bytes.length + index : index;
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      attempts.push(() => opened(bytes.toString('base64'), 'strict'));
    }
    for (const text of ['', 'AQ==', 'AQA=', '!!!', sealed.slice(0, 100)]) attempts.push(() => opened(text, 'strict'));
    for (const attempt of attempts) {
      expect(attempt).toThrow(expect.objectContaining({ name: 'DozlabError', code: 'invalid-secret' }) as Error);
      expect(attempt).not.toThrow(/hunter2/);
    }
  });

  test('consists of the length of the sealed key, that key, the value and its tag', () => {
    const bytes = Buffer.from(seal('hunter2-ä', publicKey, 'strict', place), 'base64');
    expect(bytes.readUInt16BE(0)).toBe(256);
    expect(bytes).toHaveLength(2 + 256 + Buffer.byteLength('hunter2-ä') + 16);
    const oaepLabel = Buffer.from('lab-class/lab-session-alice-secrets');
    const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256', oaepLabel };
    expect(privateDecrypt({ key: privateKey(), ...padding }, bytes.subarray(2, 258))).toHaveLength(32);
  });

  test('differs each time', () => {
    const sealed = Array.from({ length: 20 }, () => seal('hunter2-hunter2', publicKey, 'strict', place));
    const parts = sealed.flatMap((text) => {
      const bytes = Buffer.from(text, 'base64');
      return [bytes.subarray(2, 258), bytes.subarray(258, -16), bytes.subarray(-16)].map((part) =>
        part.toString('hex'),
      );
    });
    expect(new Set(parts).size).toBe(parts.length);
  });
});

describe('a SealedSecret', () => {
  const madeAt = new Date('2026-02-03T04:05:06.789Z');
  const textIn = (scope: (typeof SCOPES)[number]) =>
    sealedSecretText('hunter2-hunter2', certificate, scope, ALICE, madeAt);

  test.each(SCOPES)('has all fields that its controller reads, in the scope %s', (scope) => {
    const content: unknown = parseDocument(textIn(scope)).toJS();
    const scoped = scope === 'strict' ? {} : { [`sealedsecrets.bitnami.com/${scope}`]: 'true' };
    const labels = {
      'app.kubernetes.io/managed-by': 'dozlab',
      'app.kubernetes.io/part-of': 'dozlab',
      'session-id': 'alice',
    };
    expect(content).toEqual({
      apiVersion: 'bitnami.com/v1alpha1',
      kind: 'SealedSecret',
      metadata: {
        ...place,
        labels,
        annotations: {
          ...scoped,
          'dozlab.io/password-made-at': '2026-02-03T04:05:06.789Z',
          'dozlab.io/sealed-with': certificate.fingerprint,
        },
      },
      spec: {
        encryptedData: { 'vscode-password': expect.stringMatching(/^[A-Za-z0-9+/]+=*$/) as string },
        template: { metadata: { ...place, labels, annotations: scoped }, type: 'Opaque' },
      },
    });
    expect(scopeOf(content)).toBe(scope);
    expect(fileProblems('sealed-secrets', content, { scope })).toEqual([]);
    expect(textIn(scope)).not.toContain('hunter2');
  });
});
