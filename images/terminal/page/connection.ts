import { reconnectDelay } from './delay';

export type Received =
  | { readonly type: 'output'; readonly data: string; readonly replay?: boolean }
  | { readonly type: 'error'; readonly message: string }
  | { readonly type: 'shell'; readonly id: string; readonly kept: boolean; readonly readonly: boolean }
  | { readonly type: 'size'; readonly cols: number; readonly rows: number }
  | { readonly type: 'exit'; readonly code?: number };

export interface Handlers {
  /** The query of the next connection. */
  readonly query: () => Record<string, string>;
  readonly onMessage: (message: Received) => void;
  readonly onOpen: () => void;
  /** The connection is lost, and the next one is made after these milliseconds. */
  readonly onWait: (milliseconds: number, reason: string) => void;
}

/** A paste is sent in parts, so that the server's limit of a message does not matter. */
const PART = 16_384;

/** The WebSocket to the server, made again until stop(). */
export class Connection {
  private socket: WebSocket | undefined;
  private timer: number | undefined;
  private attempts = 0;
  private reason = '';
  private isStopped = true;

  constructor(private readonly handlers: Handlers) {}

  /** Connects at once. */
  start(): void {
    this.stop();
    this.isStopped = false;
    this.attempts = 0;
    this.open();
  }

  stop(): void {
    this.isStopped = true;
    window.clearTimeout(this.timer);
    this.socket?.close();
    this.socket = undefined;
  }

  input(data: string): void {
    for (let start = 0; start < data.length;) {
      let end = Math.min(start + PART, data.length);
      // Not between the halves of a character.
      if (end < data.length && /[\uD800-\uDBFF]/.test(data.charAt(end - 1))) end--;
      this.send({ type: 'input', data: data.slice(start, end) });
      start = end;
    }
  }

  resize(cols: number, rows: number): void {
    this.send({ type: 'resize', cols, rows });
  }

  private send(message: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private open(): void {
    const url = new URL('terminal/ws', document.baseURI);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    url.search = new URLSearchParams({ protocol: '2', ...this.handlers.query() }).toString();
    const socket = new WebSocket(url);
    this.socket = socket;
    this.reason = '';
    socket.onopen = () => this.handlers.onOpen();
    socket.onmessage = ({ data }) => {
      if (this.socket !== socket) return;
      const message = JSON.parse(data as string) as Received;
      if (message.type === 'error') this.reason = message.message;
      // The server has a shell for this page: the next loss is a new one.
      if (message.type === 'output') this.attempts = 0;
      this.handlers.onMessage(message);
    };
    socket.onclose = () => {
      if (this.socket === socket && !this.isStopped) void this.wait();
    };
  }

  private async wait(): Promise<void> {
    this.socket = undefined;
    const delay = reconnectDelay(this.attempts++, Math.random());
    this.timer = window.setTimeout(() => this.open(), delay);
    this.handlers.onWait(delay, this.reason === '' ? await serverProblem() : this.reason);
  }
}

/** Why a WebSocket was refused, which browsers do not show. */
async function serverProblem(): Promise<string> {
  try {
    const response = await fetch('ready', { signal: AbortSignal.timeout(3000) });
    if (response.ok) return 'the connection was closed';
    const { error } = (await response.json()) as { error?: string };
    return error ?? `the server answers ${String(response.status)}`;
  } catch {
    return 'the server does not answer';
  }
}
