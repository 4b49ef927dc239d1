import { DozlabError } from '../core/errors';
import { errorMessageIn, sendRequest, type HttpRequest, type HttpResponse } from '../core/http';
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
  ) {}

  /** Undefined without the tag. */
  async manifest(tag: string, mediaType: string): Promise<string | undefined> {
    const { status, text } = await this.ask(`manifests/${tag}`, { method: 'GET', headers: { accept: mediaType } }, 404);
    return status === 404 ? undefined : text;
  }

  async pushBlob({ digest, content }: RegistryBlob): Promise<void> {
    const { status } = await this.ask(`blobs/${digest}`, { method: 'HEAD' }, 404);
    if (status !== 404) return;
    const { headers } = await this.ask('blobs/uploads/', { method: 'POST' });
    const location = headers.get('location') ?? '';
    if (!URL.canParse(location, this.base))
      throw new DozlabError('failed-registry', `${this.place.host} does not say where to send a blob`);
    const target = new URL(location, this.base);
    target.searchParams.set('digest', digest);
    const upload = { 'content-type': 'application/octet-stream' };
    await this.ask(target.href, { method: 'PUT', headers: upload, body: content });
  }

  /** Push blobs first. */
  async pushManifest(tag: string, { mediaType, content }: RegistryBlob): Promise<void> {
    await this.ask(`manifests/${tag}`, { method: 'PUT', headers: { 'content-type': mediaType }, body: content });
  }

  private get base(): string {
    return `${this.place.root}/v2/${this.place.repository}/`;
  }

  /** @param accepted beside 200 to 299 */
  private async ask(path: string, request: HttpRequest, accepted?: number): Promise<HttpResponse> {
    const url = new URL(path, this.base).href;
    let response = await this.send(url, request);
    // A registry may upload blobs to another host, which must not get the login.
    if (response.status === 401 && this.isOwn(url)) {
      this.authorization = await authorizationFor(
        {
          url,
          header: response.headers.get('www-authenticate') ?? '',
          scope: `repository:${this.place.repository}:pull,push`,
        },
        this.credentials(),
      );
      response = await this.send(url, request);
    }
    const { status, text } = response;
    if ((status >= 200 && status < 300) || status === accepted) return response;
    const message = errorMessageIn(text);
    throw new DozlabError(
      'failed-registry',
      `${this.place.host} refuses ${this.place.repository} (${String(status)})${message === '' ? '' : `: ${message}`}${HINTS[status] ?? ''}`,
    );
  }

  private isOwn(url: string): boolean {
    return new URL(url).origin === new URL(this.base).origin;
  }

  private send(url: string, request: HttpRequest): Promise<HttpResponse> {
    const { authorization } = this;
    const isLoggedIn = authorization !== undefined && this.isOwn(url);
    const headers = isLoggedIn ? { ...request.headers, authorization } : (request.headers ?? {});
    return sendRequest(url, { ...request, headers }, TIME_LIMIT, 'failed-registry');
  }
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
