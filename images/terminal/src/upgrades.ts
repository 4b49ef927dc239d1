import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Config } from './config';
import type { Log } from './log';
import { sizeOf } from './messages';
import { isAllowedOrigin } from './origin';
import { pathOf } from './routes';
import { isShellId } from './shell-channel';
import type { Shells } from './shells';
import { CLOSE, Viewer } from './viewer';

interface Refusal {
  readonly status: number;
  readonly error: string;
}

/** A large paste of a client that does not split it. */
const FRAME_BYTES = 1024 * 1024;
const ALIVE_MS = 20_000;

/** Makes viewers of WebSocket requests. */
export class Upgrades {
  private readonly viewers = new Set<Viewer>();
  private readonly server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    autoPong: false,
    maxPayload: FRAME_BYTES,
    maxFragments: 1024,
  });
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly config: Config,
    private readonly shells: Shells,
    private readonly log: Log,
    aliveMs = ALIVE_MS,
  ) {
    this.timer = setInterval(() => {
      for (const viewer of this.viewers) viewer.checkAlive();
    }, aliveMs);
  }

  get count(): number {
    return this.viewers.size;
  }

  handle(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => undefined);
    const place = pathOf(request, this.config.basePath);
    const refusal = place === undefined ? NO_PATH : this.refusal(request, place.path, place.query);
    if (place === undefined || refusal !== undefined) {
      const { status, error } = refusal ?? NO_PATH;
      this.log('viewer.refused', { status, problem: error });
      return refuse(socket, { status, error });
    }
    this.server.handleUpgrade(request, socket, head, (webSocket) => {
      const { query } = place;
      const isReadOnly = query.get('readonly') === '1';
      const protocol = query.get('protocol') === '2' ? 2 : 1;
      const id = query.get('shell') ?? undefined;
      const viewer = new Viewer(webSocket, { isReadOnly, protocol });
      this.viewers.add(viewer);
      this.log('viewer.opened', { readonly: isReadOnly, viewers: this.viewers.size });
      webSocket.on('close', (code) => {
        this.viewers.delete(viewer);
        this.log('viewer.closed', { code, viewers: this.viewers.size });
      });
      const size = sizeOf(query.get('cols'), query.get('rows'));
      void this.shells.attach(viewer, { id, canReturn: id !== undefined || protocol === 2, size });
    });
  }

  close(): void {
    clearInterval(this.timer);
    for (const viewer of this.viewers) viewer.close(CLOSE.goingAway);
  }

  /** Ends connections whose other side does not close them. */
  terminate(): void {
    for (const viewer of this.viewers) viewer.terminate();
  }

  private refusal(request: IncomingMessage, path: string, query: URLSearchParams): Refusal | undefined {
    const { sessionId, allowedOrigins, viewerLimit } = this.config;
    if (path !== '/terminal/ws') return NO_PATH;
    if (!isAllowedOrigin(request.headers, allowedOrigins))
      return {
        status: 403,
        error: 'pages of this origin may not open a terminal. Fix: add the origin to ALLOWED_ORIGINS',
      };
    const session = query.get('sessionId');
    if (session !== null && session !== '' && session !== sessionId)
      return { status: 404, error: 'this is the terminal of another session' };
    const shell = query.get('shell');
    if (shell !== null && !isShellId(shell))
      return { status: 400, error: 'shell is no id. Accepted: 6 to 32 of a to z and 0 to 9' };
    if (this.viewers.size >= viewerLimit)
      return {
        status: 503,
        error: `the limit of viewers, ${String(viewerLimit)}, is reached. Fix: close one, or set VIEWER_LIMIT`,
      };
    return undefined;
  }
}

const NO_PATH: Refusal = { status: 404, error: 'there is no such path' };

function refuse(socket: Duplex, { status, error }: Refusal): void {
  const body = JSON.stringify({ error });
  const lines = [
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/json',
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    'Connection: close',
    '',
    body,
  ];
  socket.once('finish', () => socket.destroy());
  socket.end(lines.join('\r\n'));
}
