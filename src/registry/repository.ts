import { DozlabError } from '../core/errors';
import {
  errorMessageIn,
  openRequest,
  sendFile,
  sendRequest,
  type FileRequest,
  type HttpRequest,
  type HttpResponse,
  type OpenResponse,
} from '../core/http';
import type { RegistryBlob } from './artifact';
import { authorizationFor } from './authorization';
import type { Credentials } from './credentials';

/** Milliseconds. */
const TIME_LIMIT = 120_000;

export interface RegistryPlace {
  /** With the port. */
  readonly host: string;
  readonly root: string;
  /** `labs/classroom`. */
  readonly repository: string;
}

const API_HOSTS: Readonly<Record<string, string>> = { 'docker.io': 'registry-1.docker.io' };

/** @param url `oci://host/repository` */
export function placeOf(url: string, insecure: boolean): RegistryPlace {
  const [host = '', ...names] = url.replace(/^oci:\/\//, '').split('/');
  return {
    host,
    root: `${insecure ? 'http' : 'https'}://${API_HOSTS[host] ?? host}`,
    repository: names.join('/'),
  };
}

/** Methods throw DozlabError with code `failed-registry`. */
export class RegistryRepository {
  private authorization: string | undefined;

  constructor(
    private readonly place: RegistryPlace,
    private readonly credentials: () => Credentials | undefined,
    private readonly actions: 'pull' | 'pull,push' = 'pull,push',
  ) {}

  /** Undefined without the tag. */
  async manifest(tag: string, mediaType: string): Promise<string | undefined> {
    const { status, text } = await this.ask(`manifests/${tag}`, { method: 'GET', headers: { accept: mediaType } }, 404);
    return status === 404 ? undefined : text;
  }

  async pushBlob({ digest, content }: RegistryBlob): Promise<void> {
    const target = await this.uploadFor(digest);
    if (target !== undefined) await this.ask(target, { method: 'PUT', headers: UPLOAD, body: content });
  }

  /** Reads the file while it sends it. */
  async pushFile(digest: string, file: string): Promise<void> {
    const target = await this.uploadFor(digest);
    if (target !== undefined) await this.ask(target, { method: 'PUT', headers: UPLOAD, file });
  }

  /** The digest is not checked. */
  async blob(digest: string): Promise<AsyncIterable<Uint8Array>> {
    let url = new URL(`blobs/${digest}`, this.base).href;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      const response = await this.open(url);
      const { status, headers, body } = response;
      if (status === 200) return body;
      const next = status >= 300 && status < 400 ? (headers.get('location') ?? '') : '';
      const message = next === '' ? await startOf(body) : '';
      if (next === '' || !URL.canParse(next, url)) throw this.refusal(status, message);
      const target = new URL(next, url);
      if (new URL(url).protocol === 'https:' && target.protocol !== 'https:')
        throw new DozlabError(
          'failed-registry',
          `${this.place.host} redirects a blob from https to ${target.protocol}`,
        );
      url = target.href;
    }
    throw new DozlabError('failed-registry', `${this.place.host} redirects a blob too often`);
  }

  /** Where to send a blob; undefined if the repository has it. */
  private async uploadFor(digest: string): Promise<string | undefined> {
    const { status } = await this.ask(`blobs/${digest}`, { method: 'HEAD' }, 404);
    if (status !== 404) return undefined;
    const { headers } = await this.ask('blobs/uploads/', { method: 'POST' });
    const location = headers.get('location') ?? '';
    if (!URL.canParse(location, this.base))
      throw new DozlabError('failed-registry', `${this.place.host} does not say where to send a blob`);
    const target = new URL(location, this.base);
    target.searchParams.set('digest', digest);
    return target.href;
  }

  /** Push blobs first. */
  async pushManifest(tag: string, { mediaType, content }: RegistryBlob): Promise<void> {
    await this.ask(`manifests/${tag}`, { method: 'PUT', headers: { 'content-type': mediaType }, body: content });
  }

  private get base(): string {
    return `${this.place.root}/v2/${this.place.repository}/`;
  }

  /** @param accepted beside 200 to 299 */
  private async ask(path: string, request: HttpRequest | FileRequest, accepted?: number): Promise<HttpResponse> {
    const url = new URL(path, this.base).href;
    let response = await this.send(url, request);
    // A registry may upload blobs to another host, which must not get the login.
    if (response.status === 401 && this.isOwn(url)) {
      await this.logIn(url, response.headers);
      response = await this.send(url, request);
    }
    const { status, text } = response;
    if ((status >= 200 && status < 300) || status === accepted) return response;
    throw this.refusal(status, errorMessageIn(text));
  }

  private refusal(status: number, message: string): DozlabError {
    return new DozlabError(
      'failed-registry',
      `${this.place.host} refuses ${this.place.repository} (${String(status)})${message === '' ? '' : `: ${message}`}${HINTS[status] ?? ''}`,
    );
  }

  private async logIn(url: string, headers: Headers): Promise<void> {
    const header = headers.get('www-authenticate') ?? '';
    const scope = `repository:${this.place.repository}:${this.actions}`;
    this.authorization = await authorizationFor({ url, header, scope }, this.credentials());
  }

  private async open(url: string): Promise<OpenResponse> {
    const response = await openRequest(url, this.headersFor(url), TIME_LIMIT, 'failed-registry');
    if (response.status !== 401 || !this.isOwn(url)) return response;
    await startOf(response.body);
    await this.logIn(url, response.headers);
    return openRequest(url, this.headersFor(url), TIME_LIMIT, 'failed-registry');
  }

  private isOwn(url: string): boolean {
    return new URL(url).origin === new URL(this.base).origin;
  }

  private send(url: string, request: HttpRequest | FileRequest): Promise<HttpResponse> {
    const headers = { ...request.headers, ...this.headersFor(url) };
    return 'file' in request
      ? sendFile(url, { ...request, headers }, TIME_LIMIT, 'failed-registry')
      : sendRequest(url, { ...request, headers }, TIME_LIMIT, 'failed-registry');
  }

  private headersFor(url: string): Record<string, string> {
    return this.authorization !== undefined && this.isOwn(url) ? { authorization: this.authorization } : {};
  }
}

const UPLOAD = { 'content-type': 'application/octet-stream' };
const MOST_REDIRECTS = 5;
const MOST_OF_ERROR = 100_000;

/** Ends the response. */
async function startOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    if ((length += chunk.length) > MOST_OF_ERROR) break;
  }
  return errorMessageIn(Buffer.concat(chunks).toString('utf8'));
}

const MOVED = '; the repository has moved, and dozlab sends a login to no other host. Fix: use the new address';

const HINTS: Readonly<Record<number, string>> = {
  301: MOVED,
  302: MOVED,
  307: MOVED,
  308: MOVED,
  401: '; the login is wrong or expired',
  403: '; the login lacks the permission',
  404: '; the repository does not exist, and the registry does not create it',
};
