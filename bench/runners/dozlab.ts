import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_FOLDER } from '../../src/cli/version';
import { cohortsFor } from '../plan';
import { bothDeliveries, projectFiles, sessionFile, type ProjectShape } from '../project';
import { runProgram } from '../run';
import { writeFiles } from '../write-files';
import type { Runner, Site } from './runner';

const PROGRAM = join(PACKAGE_FOLDER, 'bin', 'dozlab');

const dozlab = (project: string, ...args: string[]) =>
  runProgram(process.execPath, [PROGRAM, ...args, '--project', project]);

const help = (): Runner => ({ run: () => runProgram(process.execPath, [PROGRAM, '--help']) });
const node = (): Runner => ({ run: () => runProgram(process.execPath, ['-e', '0']) });

export const STARTERS = { help, node };

export async function synth(site: Site): Promise<Runner> {
  const project = await committedProject(site);
  return { reset: () => forget(project), run: () => dozlab(project, 'synth') };
}

export async function unchanged(site: Site): Promise<Runner> {
  const project = await committedProject(site);
  return { run: () => dozlab(project, 'synth') };
}

export async function changed(site: Site): Promise<Runner> {
  const project = await committedProject(site);
  const edit = (round: number) => writeFiles(project, [sessionFile(0, cohortsFor(site.sessions), 5000 + round)]);
  return { reset: edit, run: () => dozlab(project, 'synth') };
}

export async function validate(site: Site): Promise<Runner> {
  const project = await committedProject(site);
  return { run: () => dozlab(project, 'validate') };
}

export async function report(site: Site): Promise<Runner> {
  const project = await committedProject(site);
  return { run: () => dozlab(project, 'report', '--base', 'HEAD') };
}

export function plain(site: Site): Runner {
  const project = join(site.folder, 'plain');
  writeProject(project, site.sessions, () => 'kustomize');
  return { reset: () => forget(project), run: () => dozlab(project, 'synth') };
}

/** Shared by all Dozlab commands. */
export async function committedProject({ folder, sessions }: Site): Promise<string> {
  const project = join(folder, 'project');
  if (existsSync(project)) return project;
  writeProject(project, sessions, bothDeliveries);
  await dozlab(project, 'synth');
  git(project, 'init', '--quiet');
  git(project, 'add', '--all');
  git(project, 'commit', '--quiet', '--message', 'All');
  return project;
}

const writeProject = (project: string, sessions: number, delivery: ProjectShape['delivery']): void =>
  writeFiles(project, projectFiles({ sessions, cohorts: cohortsFor(sessions), delivery }));

function forget(project: string): void {
  for (const name of ['dist', 'fluxcd', '.dozlab']) rmSync(join(project, name), { recursive: true, force: true });
}

const SETTINGS = ['user.name=bench', 'user.email=bench@example.com', 'commit.gpgSign=false', 'gc.auto=0'];

function git(folder: string, ...args: string[]): void {
  execFileSync('git', [...SETTINGS.flatMap((setting) => ['-c', setting]), ...args], { cwd: folder });
}
