import { AGE_KEYS } from './test-keys';

/** The password hunter2-hunter2 of the session alice, which dozlab secret set encrypted for the first two test keys. */
export const SOPS_TEXT = `apiVersion: "v1"
kind: "Secret"
metadata:
  name: "lab-session-alice-secrets"
  namespace: "lab-class"
  labels:
    app.kubernetes.io/managed-by: "dozlab"
    app.kubernetes.io/part-of: "dozlab"
    session-id: "alice"
stringData:
  vscode-password: "ENC[AES256_GCM,data:c1ggVKhlIxABhFvwNlS4,iv:SQpJb5HU5bQIwAdvDZCxHfG9+L7uBGSoK8P6dL9FEzw=,tag:NqQ2adQRI3QXvV65NKolEw==,type:str]"
type: "Opaque"
sops:
  age:
    - recipient: "age1ktgdxn3lsvt8lkmhlsx40ehuz453h28wvuzkjq7xsfzde92zwcls7kx04l"
      enc: |
        -----BEGIN AGE ENCRYPTED FILE-----
        YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBxNVZvQlZzcm1pbXZ4Q0Zo
        L3RsODBTZmFEa3hMYjl4a3VIeTZlczBmZHpNCjk1VEVTUm5tbVhycUloUmdkRDV4
        TEs3cFFGUFZuaytyMkNyK0JGVjZSdmcKLS0tIE9CeENzSEhZYXNCdzRUM3QvOEVu
        OXRtbTJDcndUdjhkSytVUUhpRzQ0Q3cKfA078haNKWocylxOtTYyVvIXXvn97O0q
        9A0B+IQTonWzC6iWTl47LkVPWlb8/lF0nK8m9nCb8wi0bwDEZE6Udw==
        -----END AGE ENCRYPTED FILE-----
    - recipient: "age19h3009rzkpaxz85g2udv3ydngzpn8npe0w6tryjrthw2maawuvpswpc5j7"
      enc: |
        -----BEGIN AGE ENCRYPTED FILE-----
        YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSAzYTNWT3RhcVJzRkY1clBV
        UzNYZ01yMlAwZWNNREt2aVNFd1h4ODlzTjJrCmJXbC81SjdZVjZiRGczWEZLRlRr
        aURMbk1WQVpYcjIvYVB5WTFnd0xTSkkKLS0tIHhTOWZWWkhLS1lnRzEzNE5nRTIv
        WmR3N1ErMFRpZWJzUVVWdktkYWo5Z2cK5Z7Mi0bWj8pMhvokP+v3IVWQYT9cH+6o
        3M4/Fq896dLeulzCcShhFWqycHwaRtNqBR1MztPaoWwd+IdiVLZNgQ==
        -----END AGE ENCRYPTED FILE-----
  lastmodified: "2026-11-30T02:13:39Z"
  mac: "ENC[AES256_GCM,data:Hn/zYwRI5XRNntBrArXTsRZMFlmagcU1E+xvyJMQNcibaWuKmrwROrQmXp52q7l03oeTESA5gym9/rNEtI3nF83RsQ//1Pl9oXb0pvMLYC1/1jVQb/7uo3GO7ETgGtZmJC6gftPOu80CoZ3Q3529N+R8WdqxhPy0jgEVAqcLw1Q=,iv:SNuQg3/eB77MXntX0DdhraOSNV8bULjOb/oHP/18L6I=,tag:E2z+EFu5+e5LjH9zwp61ng==,type:str]"
  encrypted_regex: "^(data|stringData)$"
  version: "3.9.0"
`;

type Change = (text: string) => string;

const without =
  (key: string): Change =>
  (text) =>
    text.replace(new RegExp(`^  ${key}: .*\\n`, 'm'), '');

const withRule =
  (rule: string): Change =>
  (text) =>
    text.replace('encrypted_regex: "^(data|stringData)$"', rule);

/** Faults by which SOPS does not decrypt, or leaves the password encrypted, with the place of the error. */
export const SOPS_FAULTS: readonly (readonly [what: string, change: Change, place: string])[] = [
  ['another encrypted_regex', withRule('encrypted_regex: "^(foo)$"'), 'sops.encrypted_regex [wrong-value]'],
  ['a wider encrypted_regex', withRule('encrypted_regex: "^(stringData|type)$"'), 'sops.encrypted_regex [wrong-value]'],
  ['another encrypted_suffix', withRule('encrypted_suffix: _secret'), 'sops.encrypted_suffix [wrong-value]'],
  ['unencrypted_regex of the password', withRule('unencrypted_regex: "^(stringData)$"'), 'sops.unencrypted_regex [wrong-value]'], // prettier-ignore
  ['no rule at all', without('encrypted_regex'), 'sops.encrypted_regex [wrong-value]'],
  ['two rules', withRule('encrypted_regex: "^(data|stringData)$"\n  unencrypted_suffix: _x'), 'sops.unencrypted_suffix [wrong-value]'], // prettier-ignore
  ['no mac', without('mac'), 'sops.mac [missing]'],
  ['a mac in the clear', (text) => text.replace(/^ {2}mac: .*$/m, '  mac: ABCD'), 'sops.mac [wrong-value]'],
  ['a mac that is cut off', (text) => text.replace(/(mac: .*),tag:[^,]*,/, '$1,tag:AAAA,'), 'sops.mac [wrong-value]'],
  ['no lastmodified', without('lastmodified'), 'sops.lastmodified [missing]'],
  ['another form of time', (text) => text.replace(/lastmodified: .*/, 'lastmodified: "30.11.2026"'), 'sops.lastmodified [wrong-value]'], // prettier-ignore
  ['no recipients', (text) => text.replace(/^ {2}age:\n[^]*?(?=^ {2}lastmodified)/m, '  age: []\n'), 'sops.age [missing]'], // prettier-ignore
  ['nothing of SOPS', (text) => text.replace(/^sops:[^]*/m, ''), 'sops [missing]'],
  ['a day that is none', (text) => text.replace('2026-11-30T', '2026-02-30T'), 'sops.lastmodified [wrong-value]'],
  ['an empty value', (text) => text.replace(/data:c1gg[^,]*,/, 'data:,'), 'stringData.vscode-password [wrong-value]'],
  ['text for a number', (text) => `${text}  shamir_threshold: two\n`, 'sops.shamir_threshold [wrong-value]'],
  ['text for a list', (text) => `${text}  kms: none\n`, 'sops.kms [wrong-value]'],
  ['text for a truth value', (text) => `${text}  mac_only_encrypted: "yes"\n`, 'sops.mac_only_encrypted [wrong-value]'],
  ['a list for text', (text) => text.replace('version: "3.9.0"', 'version: [3]'), 'sops.version [wrong-value]'],
  ['a key of a cloud without its time', (text) => `${text}  kms: [{ arn: x, enc: x }]\n`, 'sops.kms[0] [wrong-value]'],
  [
    'a time without quotes',
    (text) => text.replace(/lastmodified: "(.*)"/, 'lastmodified: $1'),
    'sops.lastmodified [wrong-value]',
  ],
  [
    'bytes in YAML',
    (text) => text.replace(/(vscode-password: .*)type:str/, '$1type:bytes'),
    'stringData.vscode-password [wrong-value]',
  ],
  ['no version', without('version'), 'sops.version [missing]'],
  ['another form of version', (text) => text.replace('3.9.0', '3.9'), 'sops.version [wrong-value]'],
  ['a value that is cut off', (text) => text.replace(/(vscode-password: "ENC.*),tag:[^,]*,/, '$1,tag:AAAA,'), 'stringData.vscode-password [wrong-value]'], // prettier-ignore
];

/** Of an age block: the other one may still open the file, so only the one is at fault. */
export const AGE_FAULTS: readonly (readonly [what: string, change: Change])[] = [
  ['without its last line', (text) => text.replace('-----END AGE ENCRYPTED FILE-----', '')],
  ['without a line', (text) => text.replace(/^ *L3RsODBT.*\n/m, '')],
  ['with a character less', (text) => text.replace('L3RsODBT', 'L3RsODB')],
  ['with another character', (text) => text.replace('YWdlLWVuY3J5', 'YWdlLWVuY3J!')],
  ['with another header', (text) => text.replace('YWdlLWVuY3J5', 'YWdlLWVuY3J6')],
  ['that is empty', (text) => text.replace(/enc: \|\n( {8}.*\n)+/, 'enc: ""\n')],
  ['that is missing', (text) => text.replace(/ {6}enc: \|\n( {8}.*\n)+/, '')],
];

export const [OPENS, OPENS_TOO, CANNOT_OPEN] = AGE_KEYS;
