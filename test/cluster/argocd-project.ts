import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Files } from '../support/project';
import { ARGOCD_PORTS, argocdController, argocdSettings } from './argocd';
import { kubectl, uniqueName } from './cluster';
import { FluxProject } from './flux-project';
import { Keeper } from './keeper';
import type { LiveObject } from './kubectl';
import { freePorts } from './ports';
import { binFolder } from './tools';
import { answers, until } from './until';

/** How much of Argo CD's log an error shows. */
const LOG_LINES = 30;
/** One request in at least 15 s. */
const TRIES_A_REQUEST = 60;

interface ApplicationStatus {
  readonly conditions?: readonly { readonly type: string; readonly message: string }[];
  readonly sync?: { readonly status: string; readonly revision?: string };
  readonly operationState?: {
    readonly phase: string;
    readonly message?: string;
    readonly syncResult?: { readonly revision?: string };
  };
}

/** A project that an Argo CD of its own brings into the cluster, and Flux too where a test bootstraps it. */
export class ArgocdProject extends FluxProject {
  /** Namespace of Argo CD, and name of its root Application. */
  readonly argocd: string;

  private readonly keeper = new Keeper(mkdtempSync(join(tmpdir(), 'dozlab-argocd-')));

  constructor(name: string, spec: { readonly flux?: object; readonly [key: string]: unknown }, files: Files) {
    const argocd = uniqueName(`argocd-${name}`);
    // An Argo CD prunes what another one tracks for an Application of the same name.
    super(name, { argocd: { name: argocd, namespace: argocd }, ...spec }, files);
    this.argocd = argocd;
  }

  get sharedApplications(): string[] {
    return [this.argocd, `${this.argocd}-infra`];
  }

  /** Starts Argo CD, pushes the project, and applies the one file that a user applies. */
  async install(): Promise<void> {
    kubectl.apply(argocdSettings(this.argocd));
    const ports = await freePorts(ARGOCD_PORTS);
    const { program, sign } = argocdController(binFolder(), this.argocd, this.keeper.folder, ports);
    this.keeper.start({ ...program, env: { KUBECONFIG: process.env['KUBECONFIG'] ?? '', ...program.env } });
    await until(this.keeper, () => answers(sign));
    this.push();
    kubectl.run(['apply', '-f', join(this.git.folder, 'dist/argocd/root.yaml')]);
  }

  /** Pushes, and waits until Argo CD has applied all that it can, and these cohorts. */
  async deliverByArgocd(...cohorts: string[]): Promise<void> {
    this.push();
    await this.syncByArgocd(...cohorts);
  }

  /** Waits until Argo CD has applied the newest commit: what cohorts share, and the cohorts that are named. */
  async syncByArgocd(...cohorts: string[]): Promise<void> {
    this.refresh();
    for (const name of [...this.sharedApplications, ...cohorts.map((cohort) => `lab-${cohort}`)])
      await this.untilApplication(name, ({ sync, operationState }) => {
        const isRunning = operationState?.phase === 'Running';
        return sync?.status === 'Synced' && sync.revision === this.git.head && !isRunning;
      });
  }

  /** Waits until Argo CD gives a commit up for a cohort, and returns why. */
  async failure(cohort: string): Promise<string> {
    const { operationState } = await this.untilApplication(`lab-${cohort}`, ({ operationState: state }) => {
      return state?.phase === 'Failed' && state.syncResult?.revision === this.git.head;
    });
    return operationState?.message ?? '';
  }

  /** Has Argo CD compare a cohort with the cluster, and waits until it finds it as Git has it. */
  async settled(cohort: string): Promise<void> {
    const name = `lab-${cohort}`;
    this.refresh();
    await this.untilApplication(name, ({ sync, operationState }, { annotations = {} }) => {
      // Argo CD removes the request with the result. Its times are to the second: two comparisons can have the same.
      const isCompared = !(REFRESH in annotations);
      return isCompared && sync?.status === 'Synced' && operationState?.phase !== 'Running';
    });
  }

  /** Has Argo CD look at the repository, as a webhook does. */
  refresh(): void {
    kubectl.run(['annotate', 'applications', '--all', '-n', this.argocd, '--overwrite', `${REFRESH}=normal`]);
  }

  async untilApplication(
    name: string,
    isSo: (status: ApplicationStatus, metadata: LiveObject['metadata']) => boolean,
    seconds = 120,
  ): Promise<ApplicationStatus> {
    let status: ApplicationStatus = {};
    for (let tries = 0; tries < seconds * 4; tries++) {
      const found = kubectl.list('applications', '-n', this.argocd).find(({ metadata }) => metadata.name === name);
      status = found?.['status'] ?? {};
      if (found !== undefined && isSo(status, found.metadata)) return status;
      this.keeper.expectRunning();
      // A comparison that a fetch from Git has failed for is left until the next one is asked for.
      if (tries % TRIES_A_REQUEST === TRIES_A_REQUEST - 1) this.refresh();
      await sleep(250);
    }
    const log = readFileSync(join(this.keeper.folder, 'log/argocd.log'), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(-LOG_LINES);
    throw new Error([`${name} is not so: ${JSON.stringify(status, undefined, 2)}`, ...log].join('\n'));
  }

  applications(): string[] {
    return kubectl.list('applications', '-n', this.argocd).map(({ metadata }) => metadata.name);
  }

  /** Ends Argo CD. What it has made of cohorts must be gone before. */
  async stop(): Promise<void> {
    await this.keeper.stop();
    kubectl.run(['delete', 'applications,appprojects', '--all', '-n', this.argocd, '--wait=false']);
    kubectl.run(['delete', `namespace/${this.argocd}`, '--wait=false']);
  }
}

const REFRESH = 'argocd.argoproj.io/refresh';
