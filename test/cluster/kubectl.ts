import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { join } from 'node:path';

/** An object as the API server gives it. */
export interface LiveObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: LiveMetadata;
  readonly [key: string]: unknown;
}

export interface LiveMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Objects to be applied: data, or YAML as it was written. */
export type Applied = readonly object[] | string;

/** kubectl with the credentials of one cluster. */
export class Kubectl {
  constructor(
    private readonly bin: string,
    private readonly kubeconfig: string,
  ) {}

  /** Runs kubectl and gives what it printed. Throws what it said when it fails. */
  run(args: readonly string[], input = ''): string {
    const { error, status, stdout, stderr } = this.spawn(args, input);
    if (error !== undefined) throw error;
    if (status !== 0) throw new Error(`kubectl ${args.join(' ')}\n${stderr}`);
    return stdout;
  }

  /** Whether kubectl succeeds. */
  try(args: readonly string[]): boolean {
    return this.spawn(args, '').status === 0;
  }

  /** What kubectl printed, and line by line what it has to say against it: none when it succeeds. */
  ask(args: readonly string[], input: string): { readonly printed: string; readonly refusals: string[] } {
    const { error, status, stdout, stderr } = this.spawn(args, input);
    if (error !== undefined) throw error;
    const lines = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('Warning: '));
    return { printed: stdout, refusals: status === 0 ? [] : lines };
  }

  /** Applies objects by server-side apply and gives them as they are then. */
  apply(objects: Applied, ...options: string[]): LiveObject[] {
    const printed = this.run(['apply', '--server-side', '-f', '-', '-o', 'json', ...options], textOf(objects));
    return itemsOf(JSON.parse(printed) as LiveObject);
  }

  /** One object. */
  get(...args: string[]): LiveObject {
    return JSON.parse(this.run(['get', '-o', 'json', ...args])) as LiveObject;
  }

  /** All objects that `kubectl get` finds. */
  list(...args: string[]): LiveObject[] {
    return itemsOf(this.get(...args));
  }

  private spawn(args: readonly string[], input: string): SpawnSyncReturns<string> {
    return spawnSync(join(this.bin, 'kubectl'), [`--kubeconfig=${this.kubeconfig}`, ...args], {
      input,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
  }
}

/** Objects in the form that kubectl reads. */
export const textOf = (objects: Applied): string =>
  typeof objects === 'string' ? objects : JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });

/** The items of a list, or the one object. */
export const itemsOf = (printed: LiveObject): LiveObject[] =>
  printed.kind === 'List' ? (printed['items'] as LiveObject[]) : [printed];
