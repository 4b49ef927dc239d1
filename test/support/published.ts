import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { publish } from '../../src/cli/commands/publish';
import { DozlabError } from '../../src/core/errors';
import { applyPlans } from '../../src/synth/apply';
import { planOutput } from '../../src/synth/plan';
import { FLUX_FOLDER, OUTPUT_FOLDER } from '../../src/model/project';
import { synthesizeProject } from '../../src/synth/synthesize';
import type { Run } from './cli-runs';
import { git, VARIABLES } from './git';
import { addFiles, cohort, lab, project, projectWith, session, temporaryFolder, type Files } from './project';
import { TestRegistry } from './registry';

export const registry = new TestRegistry();

beforeAll(async () => {
  Object.assign(process.env, VARIABLES, { DOCKER_CONFIG: temporaryFolder() });
  await registry.start();
});

afterEach(() => {
  registry.reset();
});

afterAll(() => registry.stop());

export const publishedFiles = (artifacts: object | undefined): Files => ({
  'dozlab.yaml': project({ flux: { source: { url: 'https://example.com/labs' }, artifacts } }),
  'labs/vm.yaml': lab('vm'),
  'sessions/one/cohort.yaml': cohort('one'),
  'sessions/one/alice.yaml': session('alice'),
  'sessions/two/cohort.yaml': cohort('two', { delivery: 'helm' }),
  'sessions/two/bob.yaml': session('bob'),
  'sessions/empty/cohort.yaml': cohort('empty'),
});

let template: string | undefined;

export function committed(more: Files = {}): string {
  template ??= newRepository();
  const folder = join(temporaryFolder(), 'project');
  cpSync(template, folder, { recursive: true });
  if (Object.keys(more).length > 0) commit(folder, more);
  return folder;
}

function newRepository(): string {
  const folder = projectWith(publishedFiles({ url: `oci://${registry.host}/labs`, insecure: true }));
  git(folder, 'init', '--quiet', '--template=', '--initial-branch=main');
  commit(folder);
  return folder;
}

export function commit(folder: string, more: Files = {}): string {
  addFiles(folder, more);
  synthIn(folder);
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message=change');
  return git(folder, 'rev-parse', 'HEAD');
}

export function synthIn(folder: string): void {
  const { files = [], fluxFiles = [] } = synthesizeProject(folder);
  for (const [name, wanted] of [[OUTPUT_FOLDER, files] as const, [FLUX_FOLDER, fluxFiles] as const])
    applyPlans([planOutput(join(folder, name), wanted)]);
}

interface PublishArguments {
  readonly cohorts?: readonly string[];
  readonly dryRun?: boolean;
  readonly output?: 'text' | 'json';
}

export async function runPublish(folder: string, options: PublishArguments = {}): Promise<Run> {
  const [stdout, stderr] = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockReturnValue(true),
  );
  const textOf = (spy: typeof stdout): string => spy?.mock.calls.map(([text]) => String(text)).join('') ?? '';
  try {
    const status = await publish.run({ project: folder, output: 'text', ...options });
    return { status, stdout: textOf(stdout), stderr: textOf(stderr) };
  } catch (error) {
    if (!(error instanceof DozlabError)) throw error;
    return { status: 1, stdout: textOf(stdout), stderr: textOf(stderr) + error.message };
  } finally {
    stdout?.mockRestore();
    stderr?.mockRestore();
  }
}

interface Told {
  readonly cohort: string;
  readonly state: string;
}

export async function published(folder: string, options: PublishArguments = {}): Promise<Record<string, string>> {
  const { status, stdout, stderr } = await runPublish(folder, { ...options, output: 'json' });
  if (status !== 0) throw new Error(stderr);
  return Object.fromEntries((JSON.parse(stdout) as Told[]).map(({ cohort: name, state }) => [name, state]));
}
