import { DozlabError } from '../core/errors';
import { saidIn } from '../core/http-error';
import { authorizationFor } from './authorization';
import type { Blob } from './blob';
import type { Credentials } from './credentials';
import type { RegistryPlace } from './place';
import { send, type Answer, type Request } from './request';

/** A repository in a registry, as the protocol of registries has it (OCI, "Distribution Specification"). */
export class RegistryRepository {
  private authorization: string | undefined;

  /** @param credentials asked for when the registry wants a login */
  constructor(
    private readonly place: RegistryPlace,
    private readonly credentials: () => Credentials | undefined,
  ) {}

  /**
   * The manifest that a tag names, as text; undefined when there is none.
   * @throws DozlabError with code `failed-registry`
   */
  async manifest(tag: string, mediaType: string): Promise<string | undefined> {
    const { status, text } = await this.ask(`manifests/${tag}`, { method: 'GET', headers: { accept: mediaType } }, 404);
    return status === 404 ? undefined : text;
  }

  /** Sends a blob, unless it is there. */
  async pushBlob({ digest, content }: Blob): Promise<void> {
    const { status } = await this.ask(`blobs/${digest}`, { method: 'HEAD' }, 404);
    if (status !== 404) return;
    const { headers } = await this.ask('blobs/uploads/', { method: 'POST' });
    const location = headers.get('location') ?? '';
    if (!URL.canParse(location, this.base))
      throw new DozlabError('failed-registry', `${this.place.host} does not say where a blob is to go`);
    const target = new URL(location, this.base);
    target.searchParams.set('digest', digest);
    await this.ask(target.href, { method: 'PUT', headers: { 'content-type': 'application/octet-stream' }, content });
  }

  /** Has a tag name a manifest, whose blobs are there. From then on it is what everybody gets. */
  async pushManifest(tag: string, { mediaType, content }: Blob): Promise<void> {
    await this.ask(`manifests/${tag}`, { method: 'PUT', headers: { 'content-type': mediaType }, content });
  }

  private get base(): string {
    return `${this.place.root}/v2/${this.place.repository}/`;
  }

  /** @param accepted a status beside those of success that is an answer */
  private async ask(path: string, request: Request, accepted?: number): Promise<Answer> {
    const url = new URL(path, this.base).href;
    let answer = await this.send(url, request);
    // Another place, to which a blob may have to go, gets no login.
    if (answer.status === 401 && this.isOwn(url)) {
      this.authorization = await authorizationFor(
        {
          url,
          header: answer.headers.get('www-authenticate') ?? '',
          scope: `repository:${this.place.repository}:pull,push`,
        },
        this.credentials(),
      );
      answer = await this.send(url, request);
    }
    const { status, text } = answer;
    if ((status >= 200 && status < 300) || status === accepted) return answer;
    const said = saidIn(text);
    throw new DozlabError(
      'failed-registry',
      `${this.place.host} refuses ${this.place.repository} (${String(status)})${said === '' ? '' : `: ${said}`}${HINTS[status] ?? ''}`,
    );
  }

  private isOwn(url: string): boolean {
    return new URL(url).origin === new URL(this.base).origin;
  }

  private send(url: string, request: Request): Promise<Answer> {
    if (this.authorization === undefined || !this.isOwn(url)) return send(url, request);
    return send(url, { ...request, headers: { ...request.headers, authorization: this.authorization } });
  }
}

const ELSEWHERE = '; it is elsewhere, and a login is sent to nobody else: write the address that it has now';

const HINTS: Readonly<Record<number, string>> = {
  301: ELSEWHERE,
  302: ELSEWHERE,
  307: ELSEWHERE,
  308: ELSEWHERE,
  401: '; the login is wrong, or no longer holds',
  403: '; the login may not do that',
  404: '; there is no such repository, and the registry does not make it by itself',
};
