import { DozlabError, type ErrorCode } from './errors';
import { withoutSecrets } from './redact';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface HttpResponse {
  /** 200 to 399. */
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * Follows no redirect: the other host would receive the login or the body.
 * @param timeLimit milliseconds
 * @throws DozlabError with `code` if the response does not arrive in time
 */
export async function sendRequest(
  url: string,
  { method, headers = {}, body }: HttpRequest,
  timeLimit: number,
  code: ErrorCode,
): Promise<HttpResponse> {
  try {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeLimit),
      headers: { 'user-agent': 'dozlab', ...headers },
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (error) {
    throw new DozlabError(code, `${new URL(url).host} does not answer (${failureOf(error, timeLimit)})`);
  }
}

/** The error's message may quote the request. */
function failureOf(error: unknown, timeLimit: number): string {
  const { name, cause } = error as Error;
  if (name === 'TimeoutError') return `no answer in ${String(timeLimit / 1000)} s`;
  return (cause as NodeJS.ErrnoException | undefined)?.code ?? 'unknown error';
}

export const isLoopback = ({ hostname }: URL): boolean => ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);

const MAX_LENGTH = 500;

/** GitHub: `message`, `errors`. GitLab: `message`, `error`. Registries: `errors`. */
export const errorMessageIn = (text: string): string => withoutSecrets(messageIn(text)).slice(0, MAX_LENGTH);

function messageIn(text: string): string {
  try {
    const { message, error, errors } = JSON.parse(text) as Record<string, unknown>;
    const details = Array.isArray(errors) ? errors.map((each) => textOf((each as Partial<Error>).message ?? each)) : [];
    return [textOf(message ?? error ?? ''), ...details]
      .filter(Boolean)
      .join(': ')
      .replace(/[\s\x00-\x1f\x7f-\x9f]+/gu, ' ');
  } catch {
    return '';
  }
}

const textOf = (part: unknown): string => (typeof part === 'string' ? part : JSON.stringify(part));
