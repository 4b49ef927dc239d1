import { Random } from './random';
import { AGE_KEYS, PRIVATE_KEY } from './test-keys';

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const random = new Random(16);
const made = (length: number, from = BASE64): string =>
  Array.from({ length }, () => random.pick(Array.from(from))).join('');

const encoded = (object: object): string => Buffer.from(JSON.stringify(object)).toString('base64url');

/** Made for tests: no service knows one of them. Put together here, so that scanners of repositories find none. */
export const SECRET_FORMS: Readonly<Record<string, readonly [secret: string, form: string]>> = {
  'an age key': [AGE_KEYS[0].identity, 'an age private key'],
  'an age key in lower case': [AGE_KEYS[1].identity.toLowerCase(), 'an age private key'],
  'a GitHub token': [`ghp_${made(36)}`, 'a GitHub token'],
  'a fine-grained GitHub token': [`github_pat_${made(22)}_${made(59)}`, 'a GitHub token'],
  'a GitLab token': [`glpat-${made(20)}`, 'a GitLab token'],
  'an AWS key': [`AKIA${made(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`, 'an AWS access key'],
  'a Slack token': [`xoxb-${made(12, '0123456789')}-${made(24)}`, 'a Slack token'],
  'a Slack hook': [
    `https://hooks.slack.com/services/T${made(8, 'ABCDEFGH0123')}/B${made(8, 'ABCDEFGH0123')}/${made(24)}`,
    'a Slack token',
  ],
  'a JSON Web Token': [
    `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ sub: made(10) })}.${made(43)}`,
    'a JSON Web Token',
  ],
  'a PEM key': [PRIVATE_KEY, 'a private key'],
  'a Google key': [`AIza${made(35)}`, 'a Google key'],
  'a Stripe key': [`sk_live_${made(24)}`, 'a Stripe key'],
  'an npm token': [`npm_${made(36)}`, 'a token'],
  'an argon2 hash': [`$argon2id$v=19$m=65536,t=3,p=4$${made(22)}$${made(43)}`, 'the hash of a password'],
  'a bcrypt hash': [`$2b$12$${made(53)}`, 'the hash of a password'],
  'a sha512crypt hash': [`$6$${made(16)}$${made(86)}`, 'the hash of a password'],
  'a yescrypt hash': [`$y$j9T$${made(22)}$${made(43)}`, 'the hash of a password'],
};

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const inLines = (text: string): string => text.replace(/.{76}/g, '$&\n');
const hexadecimal = (length: number): string => made(length, '0123456789abcdef');

interface Planted {
  readonly text: string;
  readonly form: string;
  /** The part of `text` that must not be shown. */
  readonly core: string;
}

const around = (form: string, core: string, text: (core: string) => string = (same) => same): Planted => ({
  ...{ text: text(core), form, core },
});

const armored = (kind: string, headers: string) => (core: string) =>
  `-----BEGIN ${kind}-----\n${headers}${inLines(core)}\n-----END ${kind}-----\n`;
const json = (core: object): string => JSON.stringify(core);
const dockerLogin = (core: string): string => json({ auths: { 'ghcr.io': { auth: core } } });

/** Further shapes of keys and tokens, and other encodings of them. */
export const FURTHER_FORMS: Readonly<Record<string, Planted>> = {
  'an encrypted PEM key with headers': around(
    'a private key',
    made(290),
    armored('RSA PRIVATE KEY', `Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,${hexadecimal(32)}\n\n`),
  ),
  'a PGP key with a comment': around(
    'a private key',
    made(290),
    armored('PGP PRIVATE KEY BLOCK', 'Version: GnuPG v2\nComment: of the lab\n\n'),
  ),
  'a key of SSH2': around(
    'a private key',
    made(290),
    (core) =>
      `---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: "of the lab"\n${inLines(core)}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----\n`,
  ),
  'a key of PuTTY': around(
    'a private key',
    made(90),
    (core) =>
      `PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: x\nPublic-Lines: 1\nAAAAC3NzaC1lZDI1\nPrivate-Lines: 2\n${inLines(core)}\nPrivate-MAC: ${hexadecimal(64)}\n`,
  ),
  'a key of minisign': around('a private key', made(200), (core) => `RWRTY0Iy${core}`),
  'a JSON Web Key': around('a private key', made(43), (d) => json({ kty: 'EC', crv: 'P-256', d })),
  'a symmetric JSON Web Key': around('a private key', made(43), (k) => json({ kty: 'oct', k })),
  'base64 of a PEM key': around('base64 of a private key', base64(PRIVATE_KEY)),
  'base64 of a PEM key in lines': around('base64 of a private key', base64(PRIVATE_KEY), inLines),
  'base64 of an age key': around('base64 of an age private key', base64(AGE_KEYS[0].identity)),
  'base64 of a token': around('base64 of a GitHub token', base64(`token=ghp_${made(36)}`)),
  'base64 of a login of Docker': around('base64 of the login of a registry', base64(dockerLogin(base64(`x:${made(30)}`)))), // prettier-ignore
  'a PEM key in a URL': around('a private key', encodeURIComponent(PRIVATE_KEY.replace(/-----[A-Z ]+-----/g, '')), (core) => `-----BEGIN%20PRIVATE%20KEY-----${core}-----END%20PRIVATE%20KEY-----`), // prettier-ignore
  'a login of Docker': around('the login of a registry', base64(`robot:${made(20)}`), dockerLogin),
  'a secret key of AWS': around('an AWS access key', made(40), (core) => `aws_secret_access_key = ${core}`),
  'a connection of Azure': around('an Azure key', made(86), (core) => `DefaultEndpointsProtocol=https;AccountName=labs;AccountKey=${core}==`), // prettier-ignore
  'a secret of an Azure client': around('an Azure key', made(34), (core) => `Kx18Q~${core}`),
  'a signed address': around('a signed address', made(40), (core) => `https://labs.example.com/x?sv=2022-11-02&sig=${core}%3D`), // prettier-ignore
  'a new GitLab token': around('a GitLab token', made(27), (core) => `glpat-${core}.01.${made(9)}`),
  'a GitLab runner token': around('a GitLab token', made(20), (core) => `GR1348941${core}`),
  'a refresh token of Google': around('a Google key', made(60), (core) => `1//0g${core}`),
  'a line of .npmrc': around('a token', made(36), (core) => `//registry.example.com/:_authToken=${core}`),
  'a header with a login': around('a login', base64(`lab:${made(20)}`), (core) => `Authorization: Basic ${core}`),
  'a header with a token': around('a login', made(40), (core) => `proxy_set_header Authorization "Bearer ${core}"`),
  'a SCRAM hash': around('the hash of a password', made(43), (core) => `SCRAM-SHA-256$4096:${made(22)}==$${core}=:${made(43)}=`), // prettier-ignore
  'a Sentry token': around('a token', hexadecimal(64), (core) => `sntryu_${core}`),
  'an OpenAI service key': around('a token', made(48), (core) => `sk-svcacct-${core}`),
  'a Bitbucket token': around('a token', `${made(24)}1A2B3C4D`, (core) => `ATBB${core}`),
  'a hook of Discord': around('a token', made(68), (core) => `https://discord.com/api/webhooks/123456789012345678/${core}`), // prettier-ignore
  'an address with a password': around('an address with a password', made(20), (core) => `amqp://lab:${core}@queue.example.com/labs`), // prettier-ignore
};

/** No form names it: only its entropy does. */
export const RANDOM_SECRET = made(43);

export const URL_SECRET = `https://lab:${made(12)}-pw@registry.example.com/v2`;

/** All pieces of eight characters that are specific: not the prefix of the form, nor its fixed text. */
export function pieces(secret: string): string[] {
  const start =
    /^(?:AGE-SECRET-KEY-1|github_pat_|-----BEGIN PRIVATE KEY-----\n|https:\/\/hooks\.slack\.com\/services\/|https:\/\/lab:|\$argon2id\$v=19\$m=65536,t=3,p=4\$|eyJ[\w-]+\.|xoxb-)/i;
  const body = secret
    .replace(start, '')
    .replace(/-----END.*\n?$/, '')
    .replace(/@registry.*$/, '');
  return Array.from({ length: Math.max(body.length - 7, 0) }, (_, index) => body.slice(index, index + 8)).filter(
    (piece) => !/[\n-]/.test(piece),
  );
}
