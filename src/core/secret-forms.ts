/** A secret by its form, whatever its key. */
interface SecretForm {
  /** Completes "is …". */
  readonly name: string;
  /** Matches also the start of such a secret, as a cut text has it. */
  readonly pattern: string;
}

const BASE64_LINES =
  '(?:(?:\\\\[nrt]|[\\s+|>-])*[A-Za-z0-9+/=]{16,})*(?:(?:\\\\[nrt]|[\\s+|>-])*[A-Za-z0-9+/=]{1,16}(?=(?:\\\\[nrt]|[\\s+|>])*-----END))?';

const FORMS: readonly SecretForm[] = [
  {
    name: 'a private key',
    pattern: `-----BEGIN[A-Z0-9 ]* PRIVATE KEY(?: BLOCK)?-----${BASE64_LINES}(?:(?:\\\\[nrt]|[\\s+|>])*-----END[A-Z0-9 ]*-----)?`,
  },
  { name: 'a private key', pattern: 'b3BlbnNzaC1rZXkt[A-Za-z0-9+/=]{8,}' },
  { name: 'an age private key', pattern: '(?:AGE-SECRET-KEY-|age-secret-key-|AGE-PLUGIN-)[A-Za-z0-9-]{4,}' },
  { name: 'a GitHub token', pattern: '(?:gh[opusr]_[A-Za-z0-9]{16,}|github_pat_\\w{16,})' },
  { name: 'a GitLab token', pattern: 'gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|imt|oas|wt|ffct|rtr)-[\\w.-]{16,}' },
  { name: 'an AWS access key', pattern: '(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}' },
  {
    name: 'a Slack token',
    pattern: '(?:xox[a-z](?:\\.xox[a-z])?-[\\w-]{8,}|xapp-[\\w-]{8,}|https://hooks\\.slack\\.com/[\\w/-]+)',
  },
  { name: 'a JSON Web Token', pattern: 'eyJ[\\w-]{8,}\\.(?:[\\w-]+(?:\\.[\\w-]*)?)?' },
  { name: 'a Google key', pattern: '(?:AIza[\\w-]{30,}|ya29\\.[\\w-]{16,}|GOCSPX-[\\w-]{16,})' },
  { name: 'a Stripe key', pattern: '(?:[sr]k|whsec)_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9]{16,}' },
  {
    name: 'a token',
    pattern:
      '(?:npm_[A-Za-z0-9]{30,}|pypi-[\\w-]{30,}|dckr_(?:pat|oat)_[\\w-]{16,}|hf_[A-Za-z0-9]{30,}|hv[sbr]\\.(?=[\\w-]*[A-Z])[\\w-]{20,}|do[opr]_v1_[a-f0-9]{32,}|SG\\.[\\w-]{16,}\\.[\\w-]{16,}|sk-(?:(?:ant|proj)-[\\w-]{16,}|[A-Za-z0-9]{32,})|tskey-(?:auth|client|api)-[\\w-]{8,}|glsa_[\\w+/=]{20,}|glc_[\\w+/=]{20,}|dapi[a-f0-9]{32}|ATATT3x[\\w=-]{16,}|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|pul-[a-f0-9]{40})',
  },
  {
    name: 'the hash of a password',
    pattern:
      '\\${1,2}(?:argon2(?:id|i|d)|scrypt|pbkdf2[\\w-]*)\\${1,2}[\\w$./+,=-]+|\\${1,2}2[abxy]?\\${1,2}\\d\\d\\${1,2}[\\w./]{16,}|\\${1,2}(?:1|5|6|7|y|gy|apr1)\\${1,2}(?:rounds=\\d+\\${1,2})?[\\w./]{1,24}\\${1,2}(?:[\\w./]{1,86}\\${1,2})?[\\w./]{16,}|pbkdf2_sha\\d+\\$[\\w$./+=-]{16,}|\\{(?:SSHA|SHA|SMD5)\\d*\\}[\\w+/=]{16,}',
  },
];

const WORD_START = '(?<![A-Za-z0-9])';
const KEPT = FORMS.map(({ name, pattern }) => ({ name, regex: new RegExp(`${WORD_START}(?:${pattern})`) }));
const ANY = new RegExp(`${WORD_START}(?:${FORMS.map(({ pattern }) => pattern).join('|')})`, 'g');

/** Each form contains one of these. A text without them needs no further search. */
const HINT =
  /PRIVATE KEY|b3Blbn|AGE-|age-secret|gh[opusr]_|github_pat|gl[a-z]{2,5}-|A[KSBC][IC]A|xox|xapp-|hooks\.slack|eyJ|AIza|ya29|GOCSPX|[sr]k_|whsec|npm_|pypi-|dckr_|hf_|hv[sbr]\.|do[opr]_v1|SG\.|sk-|tskey|glsa_|glc_|dapi|ATATT|shp|pul-|\$|\{S/;

/** Such as "a GitHub token"; undefined for other texts. */
export const secretForm = (text: string): string | undefined =>
  HINT.test(text) ? KEPT.find(({ regex }) => regex.test(text))?.name : undefined;

/** Offset of the first secret. */
export const secretOffset = (text: string): number => (HINT.test(text) ? text.search(ANY) : -1);

/** `user:password@` of a URL, or a user that may be a token. A short user such as `git` is a name. */
const USER_INFO = /\b([a-z][a-z0-9+.-]{1,20}:\/\/)(?:[^\s/?#@"'`]*:[^\s/?#@"'`]*|[^\s/?#@:"'`]{20,})@/gi;

/** The password may contain `/`, `?` or `#`; it ends at the last `@` before a host. */
const LOOSE_USER_INFO =
  /\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/?#@:"'`]*:(?!\d{1,5}[/?#])[^\s@"'`]+@(?!sha256:)(?=[A-Za-z0-9[])/gi;

/** A parameter with a credential: `?token=…`, `&X-Amz-Signature=…`. */
const PARAMETER =
  /([?&;](?:[\w.-]*(?:token|secret|passw(?:or)?d|signature|credential|api[-_]?key|access[-_]?key)[\w.-]*|sig|pwd|key|code|auth)=)[^\s&;#"'`)<>…]+/gi;

const HEADER =
  /\b((?:proxy-)?authorization["']?\s*[:=]?\s*["']?(?:bearer|basic|token)\s+|bearer\s+(?=[\w.~+/-]*\d))["']?[\w.~+/=-]{8,}/gi;

export const NOT_SHOWN = '(not shown)';

/** Replaces secrets whose form is certain. */
export function withoutForms(text: string): string {
  const shown = HINT.test(text) ? text.replace(ANY, NOT_SHOWN) : text;
  const isPlain = !/:\/\/|[?&;]\w|earer\s|uthorization/.test(shown);
  if (isPlain) return shown;
  return shown
    .replace(USER_INFO, `$1${NOT_SHOWN}@`)
    .replace(LOOSE_USER_INFO, `$1${NOT_SHOWN}@`)
    .replace(PARAMETER, `$1${NOT_SHOWN}`)
    .replace(HEADER, `$1${NOT_SHOWN}`);
}

/** Characters. */
const SHORTEST_RANDOM = 20;

const RUN = new RegExp(`[A-Za-z0-9+/_=-]{${String(SHORTEST_RANDOM)},}`, 'g');

/** Age recipients and SSH public keys are public. */
const PUBLIC = /^(?:age1[02-9ac-hj-np-z]{58}$|AAAA[A-Z])/;

/** Digests, UIDs, commits and numbers. */
const HEXADECIMAL = /^[0-9a-f]+$/i;

/** True for text with high entropy, such as base64 of random bytes. Words in camelCase and paths are none. */
export function isRandom(text: string): boolean {
  return (text.match(RUN) ?? []).some((run) => {
    if (PUBLIC.test(run) || HEXADECIMAL.test(run.replaceAll('-', ''))) return false;
    const separators = run.match(/[+/_-]/g)?.length ?? 0;
    const parts = separators * 8 > run.length ? run.split(/[/_-]/) : [run];
    return parts.some((part) => part.length >= SHORTEST_RANDOM && isMixed(part));
  });
}

/** Random text changes between lower case, upper case and digits far more often than words do. */
function isMixed(text: string): boolean {
  if (HEXADECIMAL.test(text)) return false;
  const kinds: readonly string[] = Array.from(text, (each) =>
    /[a-z]/.test(each) ? 'a' : /[A-Z]/.test(each) ? 'A' : /[0-9]/.test(each) ? '0' : '',
  );
  const isChange = (kind: string, index: number): boolean => {
    const before = kinds[index - 1] ?? '';
    return kind !== '' && before !== '' && kind !== before;
  };
  const changes = kinds.filter(isChange).length / (text.length - 1);
  const has = (kind: string): boolean => kinds.includes(kind);
  if (has('a') && has('A') && has('0')) return changes >= 0.3;
  if (has('a') && has('A')) return text.length >= 24 && changes >= 0.4;
  return has('0') && text.length >= 24 && changes >= 0.25;
}

/** Replaces runs with high entropy. Not for names of people, images or files, which may look alike. */
export const withoutRandom = (text: string): string => text.replace(RUN, (run) => (isRandom(run) ? NOT_SHOWN : run));
