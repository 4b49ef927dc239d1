import { isHidden } from '../../core/redact';
import type { Path } from '@dozlab/charts/schema';

/** Programs and expressions of our own, in which signs stand that addresses with credentials have too. */
const OWN_PROGRAMS = ['command', 'expression', 'messageExpression', 'readyExpr'];

const IS_SECRET = /pass(word|wd|phrase)?$|secret|token|credential|api-?key|private-?key|authorization/i;

/** Of these everything below is secret as well. */
const IS_PASSWORD = /pass(word|wd|phrase)/i;

/** Keys that name where a secret is. */
const IS_REFERENCE =
  /^(tlsSecretName|secretName|existingSecret|existingSecretKey|imagePullSecrets|secretKeyRef|secretRef|decryptionSecret|secretStoreRef|name|key|kind|namespace)$/;

/** Whether the text or number at a path is not to be shown to reviewers: it stands where secrets are, or looks like one. */
export function isSecretText(path: Path, value: unknown): boolean {
  if (isCredential(value)) return true;
  const key = path.findLast((step) => typeof step === 'string') ?? '';
  if (OWN_PROGRAMS.includes(key)) return false;
  const isBelowPassword = path.some((step) => typeof step === 'string' && IS_PASSWORD.test(step));
  return (!IS_REFERENCE.test(key) && (isBelowPassword || IS_SECRET.test(key))) || isHidden(path, value);
}

/** What an HTTP header with credentials looks like. */
const HEADER = /\b(authorization|bearer|basic)\b\s*[:"' ]\s*\S/i;

/** `password: …`, `DB_PASSWORD=…`, `{"api-token":"…"}`: a text, such as a file or a program, in which a secret gets its value. */
const ASSIGNMENT = /(pass(word|wd|phrase)?|secret|token|api[-_]?key)[\w-]*["']?\s*[:=]\s*["']?[^\s"']/i;

const isCredential = (value: unknown): boolean =>
  typeof value === 'string' && (HEADER.test(value) || ASSIGNMENT.test(value));

/** Whether an argument of a program is an option, so that the next argument is secret. */
export const isSecretOption = (argument: unknown): boolean =>
  typeof argument === 'string' && /^--?[\w-]*(pass(word|wd|phrase)?|secret|token|api[-_]?key)$/i.test(argument);
