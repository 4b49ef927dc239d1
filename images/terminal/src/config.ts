import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { Login } from './login';
import type { VmAddress } from './vm-problem';

export interface Config {
  readonly sessionId: string;
  readonly vm: VmAddress;
  readonly login: Login;
  readonly port: number;
  /** Path in front of all paths, without a slash at its end. Empty if the ingress strips it. */
  readonly basePath: string;
  /** Origins of pages that may open a terminal. Empty: the origin of the request's host. */
  readonly allowedOrigins: readonly string[];
  readonly shellLimit: number;
  readonly viewerLimit: number;
  /** How long a shell without viewers keeps its connection to the VM. */
  readonly graceSeconds: number;
  /** Recent output of each shell that a viewer gets who comes back. */
  readonly outputBytes: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** All problems of the environment, one a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const NETWORK_CONFIG = '/shared/network-config';

/**
 * Reads the environment. VM_IP is also in the file that the container network-setup writes; the environment wins.
 * @throws ConfigError
 */
export function readConfig(environment: Environment): Config {
  const reader = new Reader(environment);
  const config: Config = {
    sessionId: reader.sessionId(),
    vm: { host: reader.vmIp(), port: reader.integer('VM_SSH_PORT', 22, 1, 65_535) },
    login: {
      user: reader.text('SSH_USER') ?? 'root',
      keyFile: reader.text('SSH_KEY_FILE'),
      passwordFile: reader.text('SSH_PASSWORD_FILE'),
      password: environment['SSH_PASSWORD'],
    },
    port: reader.integer('PORT', 8081, 0, 65_535),
    basePath: reader.basePath(),
    allowedOrigins: reader.origins(),
    shellLimit: reader.integer('SHELL_LIMIT', 8, 1, 64),
    viewerLimit: reader.integer('VIEWER_LIMIT', 32, 1, 256),
    graceSeconds: reader.integer('SHELL_GRACE_SECONDS', 600, 0, 86_400),
    outputBytes: reader.integer('SHELL_OUTPUT_KIB', 256, 4, 1024) * 1024,
  };
  if (reader.problems.length > 0) throw new ConfigError(reader.problems.join('\n'));
  return config;
}

class Reader {
  readonly problems: string[] = [];

  constructor(private readonly environment: Environment) {}

  /** An empty variable counts as unset, as in a pod with a default in its template. */
  text(name: string): string | undefined {
    const value = this.environment[name];
    return value === '' ? undefined : value;
  }

  integer(name: string, fallback: number, least: number, most: number): number {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    this.report(`${name}: ${JSON.stringify(text)} is no whole number from ${String(least)} to ${String(most)}`);
    return fallback;
  }

  sessionId(): string {
    const id = this.text('SESSION_ID');
    if (id === undefined) this.report('SESSION_ID is not set. Fix: set it to the id of the session');
    return id ?? '';
  }

  vmIp(): string {
    const file = this.text('NETWORK_CONFIG_FILE') ?? NETWORK_CONFIG;
    const ip = this.text('VM_IP') ?? this.networkConfig(file)['VM_IP'];
    if (ip === undefined) this.report(`VM_IP is neither set nor in ${file}. Fix: set it to the address of the VM`);
    else if (isIP(ip) === 0) this.report(`VM_IP: ${JSON.stringify(ip)} is no IP address`);
    return ip ?? '';
  }

  basePath(): string {
    const path = this.text('BASE_PATH')?.replace(/\/+$/, '') ?? '';
    if (path !== '' && !/^(\/[\w.~-]+)+$/.test(path))
      this.report(`BASE_PATH: ${JSON.stringify(path)} is no path. Accepted: for example /sessions/alice-001/terminal`);
    return path;
  }

  origins(): string[] {
    const texts = (this.text('ALLOWED_ORIGINS') ?? '').split(/[\s,]+/).filter((text) => text !== '');
    for (const text of texts)
      if (!URL.canParse(text) || new URL(text).origin !== text)
        this.report(
          `ALLOWED_ORIGINS: ${JSON.stringify(text)} is no origin. Accepted: for example https://labs.example.com`,
        );
    return texts;
  }

  private networkConfig(file: string): Record<string, string> {
    try {
      const lines = readFileSync(file, 'utf8').matchAll(/^(\w+)=(.*?)\s*$/gm);
      return Object.fromEntries(Array.from(lines, ([, key = '', value = '']) => [key, value]));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT') this.report(`${file} cannot be read: ${code ?? message}`);
      return {};
    }
  }

  private report(problem: string): void {
    this.problems.push(problem);
  }
}
