import { DozlabError } from '../core/errors';
import { silenceOf } from '../core/http-error';

const TIME_LIMIT = 120_000;

export interface Request {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly content?: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * Sends a request over HTTP. It goes nowhere else, whatever the answer says, as another place must not get a login.
 * @throws DozlabError with code `failed-registry` without an answer
 */
export async function send(url: string, { method, headers = {}, content }: Request): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIME_LIMIT),
      headers: { 'user-agent': 'dozlab', ...headers },
      ...(content === undefined ? {} : { body: content }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (error) {
    throw new DozlabError('failed-registry', `${new URL(url).host} does not answer (${silenceOf(error, TIME_LIMIT)})`);
  }
}
