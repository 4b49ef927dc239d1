import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectTo } from './connection';
import type { Config } from './config';
import { HostKey } from './host-key';
import type { Log } from './log';
import { PageFiles } from './page-files';
import { Readiness } from './readiness';
import { json, Routes } from './routes';
import { Shells } from './shells';
import { Upgrades } from './upgrades';

/** Enough for all viewers, their pages and probes. */
const CONNECTION_LIMIT = 512;
/** Connections without a request must not keep Kubernetes' probes out. */
const TIMES = { requestTimeout: 10_000, headersTimeout: 10_000, connectionsCheckingInterval: 2000 };
/** Time for WebSockets to close. */
const STOP_MS = 2000;

/** The web terminal of one session. */
export class TerminalServer {
  private readonly server: Server;
  private readonly shells: Shells;
  private readonly upgrades: Upgrades;

  constructor(
    private readonly config: Config,
    pageFolder: string,
    log: Log,
  ) {
    const hostKey = new HostKey((before, now) => log('vm.host-key-changed', { before, now }));
    const readiness = new Readiness(config.vm, () => hostKey.sawDown());
    this.shells = new Shells(config, (signal) => connectTo(config.vm, config.login, hostKey, signal), log);
    this.upgrades = new Upgrades(config, this.shells, log);
    const page = new PageFiles(pageFolder, config.allowedOrigins);
    const counts = () => ({ shells: this.shells.count, viewers: this.upgrades.count });
    const routes = new Routes(config, readiness, page, counts);
    this.server = createServer(TIMES, (request, response) => {
      routes.answer(request, response).catch((error: unknown) => {
        log('request.failed', { problem: String(error) });
        if (!response.headersSent) json(response, 500, { error: 'the terminal has a defect. See its log' });
      });
    });
    this.server.maxConnections = CONNECTION_LIMIT;
    this.server.on('upgrade', (request, socket, head) => this.upgrades.handle(request, socket, head));
  }

  /** Gives the port. */
  start(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject).listen(this.config.port, () => {
        this.server.off('error', reject);
        resolve((this.server.address() as AddressInfo).port);
      });
    });
  }

  /** Closes all connections: viewers get 1001, and may come back to another process. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.upgrades.close();
    this.shells.close();
    this.server.closeIdleConnections();
    const timer = setTimeout(() => {
      this.upgrades.terminate();
      this.server.closeAllConnections();
    }, STOP_MS);
    await closed;
    clearTimeout(timer);
  }
}
