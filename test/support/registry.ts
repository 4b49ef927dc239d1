import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface WantedLogin {
  readonly scheme: 'basic' | 'bearer';
  readonly username: string;
  readonly password: string;
}

export type Fault = number | 'silence' | 'reset';

const TOKEN = 'token-of-the-test-registry';

const digestOf = (content: Buffer): string => `sha256:${createHash('sha256').update(content).digest('hex')}`;

export class TestRegistry {
  readonly asked: string[] = [];
  readonly blobs = new Map<string, Buffer>();
  readonly manifests = new Map<string, Buffer>();
  /** Runs before a request is read. @returns the failure to simulate */
  before: (request: string) => Fault | undefined = () => undefined;
  login: WantedLogin | undefined;
  /** Some registries accept manifests without their blobs. */
  isCareless = false;
  private server: Server | undefined;
  private port = 0;

  /** Uses the same port after a restart. */
  async start(): Promise<string> {
    this.server = createServer((request, response) => {
      // A killed client sends half of a request.
      this.serve(request, response).catch(() => request.socket.destroy());
    });
    await new Promise<void>((resolve) => this.server?.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
    return this.host;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  reset(): void {
    for (const kept of [this.blobs, this.manifests]) kept.clear();
    this.asked.length = 0;
    this.before = () => undefined;
    this.login = undefined;
    this.isCareless = false;
  }

  async filesOf(name: string): Promise<Map<string, string>> {
    const { config, layers } = this.manifest(name) as unknown as Manifest;
    const [layer] = [...layers, config].map(({ digest, size }) => {
      const content = this.blobs.get(digest);
      if (content?.length !== size || digestOf(content) !== digest) throw new Error(`${name}: ${digest} is not whole`);
      return content;
    });
    const { unpackTar } = await import('modern-tar');
    const entries = await unpackTar(gunzipSync(layer ?? ''), { strict: true });
    return new Map(entries.map(({ header, data }) => [header.name, new TextDecoder().decode(data)]));
  }

  manifest(name: string): Record<string, unknown> {
    return JSON.parse(this.manifests.get(name)?.toString('utf8') ?? '{}') as Record<string, unknown>;
  }

  sent(): string[] {
    return this.asked.splice(0).filter((request) => !/^(GET|HEAD) /.test(request));
  }

  get host(): string {
    return `127.0.0.1:${String(this.port)}`;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', `http://${this.host}`);
    const fault = this.before(`${request.method ?? ''} ${url.pathname}`);
    if (fault === 'silence') return;
    if (fault === 'reset') throw new Error('the connection ends');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const {
      status,
      headers = {},
      content = '',
    } = fault === undefined ? this.answer(request, url, Buffer.concat(chunks)) : refusal(fault, 'it is broken');
    // A client in this process must not reuse a connection after the server has stopped.
    response.writeHead(status, { ...headers, connection: 'close' });
    response.end(content);
  }

  private answer({ method = '', headers }: IncomingMessage, url: URL, content: Buffer): Answer {
    const isAllowed = this.isAllowed(headers.authorization, url);
    if (url.pathname === '/token')
      return isAllowed ? { status: 200, content: JSON.stringify({ token: TOKEN }) } : { status: 401 };
    this.asked.push(`${method} ${url.pathname}`);
    if (!isAllowed) return { status: 401, headers: { 'www-authenticate': this.challenge } };
    const [, repository = '', kind, name = ''] =
      /^\/v2\/(.+)\/(manifests|blobs\/uploads|blobs)\/(.*)$/.exec(url.pathname) ?? [];
    if (kind === 'manifests') return this.answerManifest(method, `${repository}:${name}`, content);
    if (kind === 'blobs') {
      const blob = this.blobs.get(name);
      return blob === undefined ? { status: 404 } : { status: 200, content: blob };
    }
    if (method === 'POST') return { status: 202, headers: { location: `/v2/${repository}/blobs/uploads/one?state=1` } };
    const digest = url.searchParams.get('digest') ?? '';
    if (url.searchParams.get('state') !== '1' || digest !== digestOf(content)) return refusal(400, 'not the digest');
    this.blobs.set(digest, content);
    return { status: 201 };
  }

  private answerManifest(method: string, key: string, content: Buffer): Answer {
    if (method !== 'PUT') {
      const found = this.manifests.get(key);
      return found === undefined ? refusal(404, 'manifest unknown') : { status: 200, content: found };
    }
    const { config, layers } = JSON.parse(content.toString('utf8')) as Manifest;
    if (!this.isCareless && [config, ...layers].some(({ digest, size }) => this.blobs.get(digest)?.length !== size))
      return refusal(400, 'blob unknown');
    this.manifests.set(key, content);
    return { status: 201 };
  }

  private get challenge(): string {
    return this.login?.scheme === 'basic'
      ? 'Basic realm="test"'
      : `Bearer realm="http://${this.host}/token",service="${this.host}"`;
  }

  private isAllowed(given: string | undefined, { pathname, searchParams }: URL): boolean {
    if (this.login === undefined) return true;
    const { scheme, username, password } = this.login;
    if (scheme === 'bearer' && pathname !== '/token') return given === `Bearer ${TOKEN}`;
    const isScoped = scheme === 'basic' || /^repository:.+:pull(,push)?$/.test(searchParams.get('scope') ?? '');
    return isScoped && given === `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly content?: string | Buffer;
}

interface Manifest {
  readonly config: { readonly digest: string; readonly size: number };
  readonly layers: readonly { readonly digest: string; readonly size: number }[];
}

const refusal = (status: number, message: string): Answer => ({
  status,
  content: JSON.stringify({ errors: [{ code: 'REFUSED', message }] }),
});
