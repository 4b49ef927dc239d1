import { createReadStream, statSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { DozlabError, type ErrorCode } from './errors';
import { withoutSecrets } from './redact';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface FileRequest {
  readonly method: 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  /** Path of the body, which may be larger than the memory. */
  readonly file: string;
}

/** A response whose body is still to come. */
export interface OpenResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Throws a DozlabError if nothing comes for the time limit. */
  readonly body: AsyncIterable<Uint8Array>;
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

/**
 * Sends a file without loading it, which fetch of Node 20 does. Follows no redirect.
 * @param timeLimit milliseconds without any progress
 * @throws DozlabError with `code`
 */
export async function sendFile(
  url: string,
  { method, headers = {}, file }: FileRequest,
  timeLimit: number,
  code: ErrorCode,
): Promise<HttpResponse> {
  try {
    return await upload(url, { method, headers, file }, timeLimit);
  } catch (error) {
    throw new DozlabError(code, `${new URL(url).host} does not answer (${failureOf({ cause: error }, timeLimit)})`);
  }
}

function upload(url: string, { method, headers, file }: FileRequest, timeLimit: number): Promise<HttpResponse> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method,
      timeout: timeLimit,
      headers: { 'user-agent': 'dozlab', ...headers, 'content-length': statSync(file).size },
    });
    sent.on('timeout', () => sent.destroy(Object.assign(new Error('no progress'), { code: 'ETIMEDOUT' })));
    sent.on('error', reject);
    sent.on('response', (response) => {
      text(response).then((body) => {
        resolve({ status: response.statusCode ?? 0, headers: new Headers(pairsOf(response)), text: body });
      }, reject);
    });
    // A registry may answer before it has read all, and its answer counts.
    pipeline(createReadStream(file), sent).catch(() => undefined);
  });
}

const pairsOf = ({ headers }: IncomingMessage): [string, string][] =>
  Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));

/**
 * Follows no redirect. Read or cancel the body.
 * @param timeLimit milliseconds without any progress
 * @throws DozlabError with `code`
 */
export async function openRequest(
  url: string,
  headers: Readonly<Record<string, string>>,
  timeLimit: number,
  code: ErrorCode,
): Promise<OpenResponse> {
  const patience = new Patience(timeLimit);
  const failed = (error: unknown): DozlabError => {
    patience.end();
    return new DozlabError(code, `${new URL(url).host} does not answer (${failureOf(error, timeLimit)})`);
  };
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: patience.signal,
      headers: { 'user-agent': 'dozlab', ...headers },
    });
    const body = async function* (): AsyncGenerator<Uint8Array> {
      try {
        for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
          patience.renew();
          yield chunk;
        }
      } catch (error) {
        throw failed(error);
      } finally {
        patience.end();
      }
    };
    return { status: response.status, headers: response.headers, body: body() };
  } catch (error) {
    throw failed(error);
  }
}

/** Aborts after a time without progress. */
class Patience {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  constructor(timeLimit: number) {
    this.timer = setTimeout(() => {
      this.controller.abort(new DOMException('no progress', 'TimeoutError'));
    }, timeLimit).unref();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  renew(): void {
    this.timer.refresh();
  }

  end(): void {
    clearTimeout(this.timer);
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
