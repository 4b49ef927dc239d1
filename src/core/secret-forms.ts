import { SECRET_PATTERNS } from './secret-patterns';

const WORD_START = '(?<![A-Za-z0-9])';
const FORMS = SECRET_PATTERNS.map(({ name, pattern }) => ({ name, regex: new RegExp(`${WORD_START}(?:${pattern})`) }));
const ANY = new RegExp(`${WORD_START}(?:${SECRET_PATTERNS.map(({ pattern }) => pattern).join('|')})`, 'g');
const HINT = new RegExp(SECRET_PATTERNS.map(({ hint }) => hint).join('|'));

/** Not of documentation, such as `user:password@`, nor a reference such as `$(PASSWORD)`. */
const ADDRESS_WITH_PASSWORD =
  /(?<![A-Za-z0-9])[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/?#@:"'`]*:(?![$<{[*]|(?:password|passwd|pass|pw|secret|token|x+|\.+|…)@)[^\s/?#@"'`]+@(?=[\w[])/i;

const MAY_HAVE_PASSWORD = /:\/\/[^\s/?#@]*:[^\s/?#@]+@/;

const hasPassword = (text: string): boolean => MAY_HAVE_PASSWORD.test(text) && ADDRESS_WITH_PASSWORD.test(text);

export const IN_ADDRESS = 'an address with a password';

/** Such as "a GitHub token"; undefined for other texts. Also finds base64 of secrets. */
export function secretForm(text: string): string | undefined {
  const found = plainForm(text);
  if (found !== undefined) return found;
  for (const { form } of encodedSecrets(text)) return `base64 of ${form}`;
  return undefined;
}

function plainForm(text: string): string | undefined {
  const found = HINT.test(text) ? FORMS.find(({ regex }) => regex.test(text)) : undefined;
  return found?.name ?? (hasPassword(text) ? IN_ADDRESS : undefined);
}

/** Offset of the first secret. */
export function secretOffset(text: string): number {
  const offsets = [
    HINT.test(text) ? text.search(ANY) : -1,
    hasPassword(text) ? text.search(ADDRESS_WITH_PASSWORD) : -1,
    ...Array.from(encodedSecrets(text), ({ index }) => index),
  ].filter((offset) => offset >= 0);
  return offsets.length === 0 ? -1 : Math.min(...offsets);
}

const ENCODED = /[A-Za-z0-9+/_-]{24,}/g;

/** Further lines of base64, in diffs and JSON too. */
const MORE_LINES =
  /(?:=|(?:\\+[nrt]|[\s+|>-]){1,40}[A-Za-z0-9+/_-]{24,})*(?:(?:\\+[nrt]|[\s+|>-]){1,40}[A-Za-z0-9+/_-]+=*(?=["'\s]*$))?/my;

interface Encoded {
  readonly form: string;
  readonly index: number;
  /** With all of its lines. */
  readonly text: string;
}

/** Base64 of a text that contains a secret. The secret may begin anywhere, because words may touch the base64. */
function* encodedSecrets(text: string): Generator<Encoded> {
  let end = 0;
  for (const { 0: line, index } of text.matchAll(ENCODED)) {
    if (index < end || !/[A-Z]/.test(line) || !/[a-z]/.test(line)) continue;
    const form = [0, 1, 2, 3].map((start) => plainForm(decoded(line.slice(start)))).find((each) => each !== undefined);
    if (form === undefined) continue;
    MORE_LINES.lastIndex = index + line.length;
    end = index + line.length + (MORE_LINES.exec(text)?.[0].length ?? 0);
    yield { form, index, text: text.slice(index, end) };
  }
}

const decoded = (run: string): string => Buffer.from(run, 'base64').toString('latin1');

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
  const plain = HINT.test(text) ? text.replace(ANY, NOT_SHOWN) : text;
  const shown = Array.from(encodedSecrets(plain)).reduce(
    (rest, { text: run }) => rest.replaceAll(run, NOT_SHOWN),
    plain,
  );
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
