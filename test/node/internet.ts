import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/project';
import { GUEST, guestFile } from './images/guest';

/** The address that plays the internet: it is outside the private ranges that sessions may not reach. */
export const INTERNET = '203.0.113.1';

/** A web server in place of one on the internet. It serves the guest's root file system, and what a test adds. */
export class Internet {
  private readonly folder = temporaryFolder();
  private server: ChildProcess | undefined;
  private port = 0;

  async start(): Promise<void> {
    symlinkSync(guestFile(GUEST), join(this.folder, GUEST));
    const server = spawn(process.execPath, [join(__dirname, 'internet-process.js'), this.folder, INTERNET], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.server = server;
    const [line] = (await once(server.stdout.setEncoding('utf8'), 'data')) as [string];
    this.port = Number(line);
  }

  stop(): void {
    this.server?.stdin?.end();
  }

  /** Serves a copy of a file, and gives its URL. */
  add(file: string, name: string): string {
    copyFileSync(file, join(this.folder, name));
    return this.urlOf(name);
  }

  /** URL of the guest's root file system. */
  get guestUrl(): string {
    return this.urlOf(GUEST);
  }

  urlOf(name: string): string {
    return `http://${INTERNET}:${String(this.port)}/${name}`;
  }
}
