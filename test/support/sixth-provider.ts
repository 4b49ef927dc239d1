import { section, whole } from '../../src/api/values/fields';
import { newPassword } from '../../src/secrets/password';
import type { SecretProvider } from '../../src/secrets/provider';
import { toYaml } from '@dozlab/charts/yaml';
import { at } from '@dozlab/charts/schema';
import { parseDocument } from 'yaml';

/** Unsafe: writes passwords backwards into files. */

interface Settings {
  readonly days: number;
}

const backwards = (text: string): string => Array.from(text).reverse().join('');

export const mirror: SecretProvider<Settings> = {
  name: 'mirror',
  summary: 'written backwards',
  settings: { key: 'mirror', schema: section({ days: whole(1, 30).default(7).meta({ description: 'Days.' }) }) },
  needsPassword: true,
  file: {
    kind: 'MirroredSecret',
    payload: 'mirrored',
    check: (content, { key }) =>
      typeof at(content, ['mirrored', key]) === 'string'
        ? []
        : [{ severity: 'error', code: 'missing', path: ['mirrored', key], message: 'is not mirrored' }],
  },
  permissions: [{ apiGroup: 'mirror.example.com', resources: ['mirroredsecrets'], verbs: ['get'], purpose: 'mirror' }],
  check: ({ days }, { usesHelm }) =>
    days > 20 && !usesHelm
      ? [{ severity: 'error', code: 'conflict', path: ['mirror', 'days'], message: 'is too long for kustomize' }]
      : [],
  checkSources(_, read) {
    const found = read('mirror.pem');
    if (!('fault' in found)) return [];
    return [
      { severity: 'error', code: 'missing', path: ['mirror'], message: `needs mirror.pem, which ${found.fault}` },
    ];
  },
  checkTogether: (sessions) => sessions.slice(1).map(({ file }) => ({ file, message: 'is one mirror too many' })),
  requirements: ({ settings: { days } }) => [{ kind: 'Mirror', name: `mirror-${String(days)}`, use: 'mirroring' }],
  fluxDecryption: ({ days }) => `mirror-key-${String(days)}`,
  set: ({ place: { name, namespace, key } }, given) => ({
    file: toYaml([
      {
        apiVersion: 'mirror.example.com/v1',
        kind: 'MirroredSecret',
        metadata: { name, namespace },
        mirrored: { [key]: backwards(newPassword(given)) },
      },
    ]),
  }),
  status: ({ text }) => (text === undefined ? { state: 'missing' } : { state: 'present', openedBy: 'a mirror' }),
  privateKey: 'a mirror',
  reveal: ({ text = '', place: { key } }, { privateKey = '' }) =>
    `${privateKey}${backwards(String(at(parseDocument(text).toJS(), ['mirrored', key])))}`,
};
