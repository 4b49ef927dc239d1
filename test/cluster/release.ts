import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mapping } from '@dozlab/charts/schema';
import { temporaryFolder } from '../support/project';
import type { Helm } from './helm';

/** A values file. Only its owner may read it: it may hold a password. */
export function valuesFile(values: Mapping): string {
  const path = join(temporaryFolder(), 'values.yaml');
  writeFileSync(path, JSON.stringify(values), { mode: 0o600 });
  return path;
}

/** By default Helm forgets all but the last ten revisions. */
const KEEP_ALL = ['--history-max', '0'];

/** A release of a chart in a namespace. */
export class Release {
  constructor(
    private readonly helm: Helm,
    private readonly chart: string,
    readonly namespace: string,
    readonly name = 'lab',
  ) {}

  install(values: Mapping, ...options: string[]): string {
    return this.helm.run(this.withValues('install', values, options));
  }

  upgrade(values: Mapping, ...options: string[]): string {
    return this.helm.run(this.withValues('upgrade', values, [...KEEP_ALL, ...options]));
  }

  /** What Helm says against values. */
  refusal(action: 'install' | 'upgrade', values: Mapping, ...options: string[]): string {
    return this.helm.refusal(this.withValues(action, values, options));
  }

  rollback(revision: number): string {
    return this.helm.run(['rollback', this.name, String(revision), '-n', this.namespace, ...KEEP_ALL]);
  }

  /** Removes the release. What it leaves to the cluster to remove goes later. */
  uninstall(): string {
    return this.helm.run(['uninstall', this.name, '-n', this.namespace]);
  }

  /** The same release from another chart. */
  from(chart: string): Release {
    return new Release(this.helm, chart, this.namespace, this.name);
  }

  private withValues(action: string, values: Mapping, options: readonly string[]): string[] {
    return [action, this.name, this.chart, '-n', this.namespace, '-f', valuesFile(values), ...options];
  }
}
