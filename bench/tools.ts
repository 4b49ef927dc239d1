import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface OtherTool {
  readonly path: string;
  readonly version: string;
}

export interface OtherTools {
  readonly helm?: OtherTool;
  /** kubectl, which contains kustomize. */
  readonly kustomize?: OtherTool;
}

/** The pinned tools of the cluster tests, or else the PATH. */
export function otherTools(env: NodeJS.ProcessEnv = process.env): OtherTools {
  const given = (name: string): string[] => [env[name] ?? ''].filter((value) => value !== '');
  const [cache = join(homedir(), '.cache')] = given('XDG_CACHE_HOME');
  const [kept = join(cache, 'dozlab-cluster', 'bin')] = given('CLUSTER_BIN');
  const path = given('PATH').flatMap((folders) => folders.split(delimiter));
  const find = (name: string) => [kept, ...path].map((bin) => join(bin, name)).find(existsSync);
  const [helm, kubectl] = [find('helm'), find('kubectl')];
  return {
    ...(helm === undefined ? {} : { helm: { path: helm, version: answer(helm, 'version', '--short') } }),
    ...(kubectl === undefined ? {} : { kustomize: { path: kubectl, version: kustomizeVersion(kubectl) } }),
  };
}

const answer = (path: string, ...args: string[]): string => execFileSync(path, args, { encoding: 'utf8' }).trim();

const kustomizeVersion = (kubectl: string): string =>
  (JSON.parse(answer(kubectl, 'version', '--client', '--output=json')) as { kustomizeVersion: string })
    .kustomizeVersion;
