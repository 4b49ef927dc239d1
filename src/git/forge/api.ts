import { z } from 'zod';
import { DozlabError } from '../../core/errors';
import { keepSecret } from '../../core/redact';
import { isLoopback, saidIn, silenceOf } from '../../core/http-error';

const TIME_LIMIT = 30_000;
/** Pages of a list that are read at most. */
const MOST_PAGES = 100;

/** An answer that is no success. */
export class RefusedRequest extends DozlabError {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super('failed-forge', message);
  }
}

/** An address in an answer; it is printed, so that nothing may be in it that changes a terminal. */
export const address = z.string().regex(/^[^\s\x00-\x1f\x7f-\x9f]+$/u);

interface Answer {
  readonly content: unknown;
  /** Whether it is the last page of a list. */
  readonly isLast: boolean;
}

/** A REST API that takes and gives JSON. The token goes nowhere else, and is in no error. */
export class Api {
  private readonly host: string;

  /**
   * @param root address that the paths of requests are below
   * @throws DozlabError with code `failed-forge` when the token would go over the network in the clear
   */
  constructor(
    private readonly root: string,
    private readonly token: string,
    private readonly accept: string,
  ) {
    keepSecret(token);
    // What cannot stand in a header.
    if (!/^[\x21-\x7e]+$/.test(token))
      throw new DozlabError('failed-forge', 'the token has characters that no token has, such as spaces');
    if (!URL.canParse(root))
      throw new DozlabError(
        'failed-forge',
        'the address of the API is no URL; accepted: one such as https://HOST/api/v3',
      );
    const url = new URL(root);
    const { protocol, host, username, password } = url;
    this.host = host;
    if (protocol !== 'https:' && !isLoopback(url))
      throw new DozlabError('failed-forge', `a token is not sent over ${protocol}//${host}; accepted: https`);
    if (username !== '' || password !== '')
      throw new DozlabError(
        'failed-forge',
        `the address of the API at ${host} has a user in it; accepted: one without`,
      );
  }

  /** @throws DozlabError with code `failed-forge` when the answer has not the shape that the API gives it */
  async get<T>(path: string, shape: z.ZodType<T>): Promise<T> {
    return this.shaped((await this.request('GET', path)).content, shape);
  }

  /** The same, of what is sent. */
  async send<T>(method: 'POST' | 'PATCH' | 'PUT', path: string, content: object, shape: z.ZodType<T>): Promise<T> {
    return this.shaped((await this.request(method, path, content)).content, shape);
  }

  /** The first entry of a list of many pages that is wanted. */
  async find<T>(path: string, shape: z.ZodType<T>, isWanted: (entry: T) => boolean): Promise<T | undefined> {
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const { content, isLast } = await this.request('GET', `${path}?per_page=100&page=${String(page)}`);
      const found = this.shaped(content, z.array(shape)).find(isWanted);
      if (found !== undefined || isLast) return found;
    }
    return undefined;
  }

  private shaped<T>(content: unknown, shape: z.ZodType<T>): T {
    const { data, success } = shape.safeParse(content);
    if (!success) throw this.strange();
    return data;
  }

  private async request(method: string, path: string, content?: object): Promise<Answer> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.root}${path}`, {
        method,
        // Another place must not get the token, and would take what is sent for a question.
        redirect: 'manual',
        signal: AbortSignal.timeout(TIME_LIMIT),
        headers: {
          accept: this.accept,
          authorization: `Bearer ${this.token}`,
          'user-agent': 'dozlab',
          ...(content === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(content === undefined ? {} : { body: JSON.stringify(content) }),
      });
      text = await response.text();
    } catch (error) {
      // The message of the error may hold the token.
      throw new DozlabError('failed-forge', `${this.host} does not answer (${silenceOf(error, TIME_LIMIT)})`);
    }
    if (!response.ok) throw new RefusedRequest(response.status, this.refusal(response.status, text));
    return { content: this.parsed(text), isLast: !(response.headers.get('link') ?? '').includes('rel="next"') };
  }

  private parsed(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw this.strange();
    }
  }

  private strange(): DozlabError {
    return new DozlabError('failed-forge', `${this.host} answers, but not as its API does`);
  }

  private refusal(status: number, text: string): string {
    const said = saidIn(text);
    return `${this.host} refuses (${String(status)})${said === '' ? '' : `: ${said}`}${HINTS[status] ?? ''}`;
  }
}

const HINTS: Readonly<Record<number, string>> = {
  301: '; the repository has moved: git remote set-url',
  302: '; the repository has moved: git remote set-url',
  307: '; the repository has moved: git remote set-url',
  308: '; the repository has moved: git remote set-url',
  401: '; the token is wrong, or no longer holds',
  403: '; the token may not do that (that of a pull request from a fork only reads)',
  404: '; there is no such thing, or the token does not reach it',
};
