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
