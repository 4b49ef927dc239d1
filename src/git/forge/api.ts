import { z } from 'zod';
import { DozlabError } from '../../core/errors';
import { errorMessageIn, isLoopback, sendRequest, type HttpRequest } from '../../core/http';
import { maskSecret } from '../../core/redact';

const TIME_LIMIT = 30_000;
const MAX_PAGES = 100;

export class RefusedRequest extends DozlabError {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super('failed-forge', message);
  }
}

/** Without characters that control a terminal. */
export const printableUrl = z.string().regex(/^[^\s\x00-\x1f\x7f-\x9f]+$/u);

/**
 * Sends the token to no other host and shows it in no error.
 * No client library: @gitbeaker/rest follows redirects with its PRIVATE-TOKEN header, and repeats a POST after status
 * 502.
 * @octokit/request reports success if a body does not arrive in time.
 */
export class RestApi {
  private readonly host: string;

  /** @throws DozlabError with code `failed-forge` if the token is malformed or would be sent unencrypted */
  constructor(
    private readonly root: string,
    private readonly token: string,
    private readonly mediaType: string,
  ) {
    maskSecret(token);
    if (!/^[\x21-\x7e]+$/.test(token))
      throw new DozlabError('failed-forge', 'the token contains a space, a line break or a character outside of ASCII');
    if (!URL.canParse(root))
      throw new DozlabError(
        'failed-forge',
        'the address of the API is not a URL. Fix: use one such as https://HOST/api/v3',
      );
    const url = new URL(root);
    const { protocol, host, username, password } = url;
    this.host = host;
    if (protocol !== 'https:' && !isLoopback(url))
      throw new DozlabError('failed-forge', `dozlab sends no token over ${protocol}//${host}. Fix: use https`);
    if (username !== '' || password !== '')
      throw new DozlabError('failed-forge', `the address of the API at ${host} contains a user. Fix: remove it`);
  }

  /** @throws DozlabError with code `failed-forge` if the response has another shape */
  async get<T>(path: string, shape: z.ZodType<T>): Promise<T> {
    return this.parse((await this.request('GET', path)).text, shape);
  }

  async send<T>(method: 'POST' | 'PATCH' | 'PUT', path: string, content: object, shape: z.ZodType<T>): Promise<T> {
    return this.parse((await this.request(method, path, content)).text, shape);
  }

  /** Up to 100 pages of 100 entries. */
  async find<T>(path: string, shape: z.ZodType<T>, matches: (entry: T) => boolean): Promise<T | undefined> {
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      const { text, headers } = await this.request('GET', `${path}?per_page=100&page=${String(page)}`);
      const found = this.parse(text, z.array(shape)).find(matches);
      const isLast = !(headers.get('link') ?? '').includes('rel="next"');
      if (found !== undefined || isLast) return found;
    }
    return undefined;
  }

  private async request(method: HttpRequest['method'], path: string, content?: object) {
    const headers = { accept: this.mediaType, authorization: `Bearer ${this.token}` };
    const request: HttpRequest =
      content === undefined
        ? { method, headers }
        : { method, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(content) };
    const response = await sendRequest(`${this.root}${path}`, request, TIME_LIMIT, 'failed-forge');
    const { status, text } = response;
    if (status < 200 || status > 299) throw new RefusedRequest(status, this.refusal(status, text));
    return response;
  }

  private parse<T>(text: string, shape: z.ZodType<T>): T {
    try {
      const { data, success } = shape.safeParse(JSON.parse(text));
      if (success) return data;
    } catch {
      // Not JSON.
    }
    throw new DozlabError('failed-forge', `${this.host} sent a response that its API does not document`);
  }

  private refusal(status: number, text: string): string {
    const message = errorMessageIn(text);
    return `${this.host} refuses (${String(status)})${message === '' ? '' : `: ${message}`}${HINTS[status] ?? ''}`;
  }
}

const MOVED = '; the repository has moved. Fix: git remote set-url';

const HINTS: Readonly<Record<number, string>> = {
  301: MOVED,
  302: MOVED,
  307: MOVED,
  308: MOVED,
  401: '; the token is wrong or expired',
  403: '; the token lacks the permission (in a pull request from a fork it can only read)',
  404: '; it does not exist, or the token cannot read it',
};
