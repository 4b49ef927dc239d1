import { setTimeout as sleep } from 'node:timers/promises';
import type { Files } from '../support/project';
import { kubectl, uniqueName } from './cluster';
import { FluxProject } from './flux-project';
import { systems } from './systems';
import { runTool } from './tool-run';

/** What Flux has applied of a cohort, and of which commit that is. */
interface Applied {
  readonly revision: unknown;
  readonly commit: unknown;
}

interface Told {
  readonly cohort: string;
  readonly state: string;
}

/** Waits until something is so, for at most a minute. Gives the seconds that it took. */
export async function eventually(isSo: () => boolean, state: () => unknown = () => undefined): Promise<number> {
  const start = Date.now();
  while (!isSo()) {
    if (Date.now() - start > 60_000) throw new Error(`not so in a minute: ${JSON.stringify(state(), undefined, 2)}`);
    await sleep(200);
  }
  return (Date.now() - start) / 1000;
}

/** A project whose cohorts are published to the registry of this run, from which Flux takes each by itself. */
export class PublishedProject extends FluxProject {
  /** Where the artifacts are, as crane names it. */
  readonly registry: string;

  constructor(name: string, flux: object, files: Files) {
    const registry = `${systems().registry}/${uniqueName(name)}`;
    super(name, { flux: { artifacts: { url: `oci://${registry}`, interval: '1s', insecure: true }, ...flux } }, files);
    this.registry = registry;
  }

  /** Publishes the project, and tells which cohorts were pushed. */
  publish(): string[] {
    const told = this.read('publish') as Told[];
    return told.filter(({ state }) => state === 'pushed').map(({ cohort }) => cohort);
  }

  /** Digest of the artifact that the registry has. */
  digestOf(cohort: string): string {
    return runTool('crane', ['digest', '--insecure', `${this.registry}/${cohort}:latest`]).trim();
  }

  applied(cohort: string): Applied {
    const { status } = kubectl.get('kustomization', `lab-${cohort}`, '-n', this.flux) as unknown as {
      readonly status?: Readonly<Record<string, unknown>>;
    };
    return { revision: status?.['lastAppliedRevision'], commit: status?.['lastAppliedOriginRevision'] };
  }

  /** Waits until Flux has applied of cohorts what the registry has. */
  async untilApplied(...cohorts: string[]): Promise<void> {
    const wanted = cohorts.map((cohort) => `latest@${this.digestOf(cohort)}`);
    const isApplied = (): boolean => cohorts.every((cohort, index) => this.applied(cohort).revision === wanted[index]);
    await eventually(isApplied, () => kubectl.list('ocirepositories,kustomizations', '-n', this.flux));
  }
}
