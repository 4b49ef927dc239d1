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

/** Waits until something is so. Gives the seconds that it took. */
export async function eventually(
  isSo: () => boolean,
  state: () => unknown = () => undefined,
  limit = 60,
): Promise<number> {
  const start = Date.now();
  for (let asked = start; !isSo(); asked = Date.now()) {
    if (Date.now() - start > limit * 1000)
      throw new Error(`not so in ${String(limit)} s: ${JSON.stringify(state(), undefined, 2)}`);
    // To ask takes time of the cluster too: less than half.
    await sleep(Math.max(200, Date.now() - asked));
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

  /** What Flux has applied of each cohort. */
  allApplied(): Map<string, unknown> {
    const found = kubectl.list('kustomizations', '-n', this.flux);
    return new Map(
      found.map(({ metadata, status }) => [
        metadata.name.replace(/^lab-/, ''),
        (status as Readonly<Record<string, unknown>> | undefined)?.['lastAppliedRevision'],
      ]),
    );
  }

  /** The same; nothing when an API server that has a thousand sessions to take in does not answer. */
  private appliedIfTold(): Map<string, unknown> {
    try {
      return this.allApplied();
    } catch {
      return new Map();
    }
  }

  /** Waits until Flux has applied of cohorts what the registry has. Gives the seconds that it took. */
  async untilApplied(...cohorts: string[]): Promise<number> {
    const wanted = cohorts.map((cohort) => [cohort, `latest@${this.digestOf(cohort)}`] as const);
    const isApplied = (): boolean => {
      const applied = this.appliedIfTold();
      return wanted.every(([cohort, revision]) => applied.get(cohort) === revision);
    };
    // A thousand sessions take their time.
    return eventually(isApplied, () => kubectl.list('ocirepositories,kustomizations', '-n', this.flux), 600);
  }
}
