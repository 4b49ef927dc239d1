import { readFileSync } from 'node:fs';
import { DozlabError } from '../../core/errors';
import { remoteFor } from '../remote';
import { Repository } from '../repository';
import type { Forge } from './forge';
import { GitHub } from './github';
import { GitLab } from './gitlab';
import { given, siteOf, tokenIn, withoutSlash, type Site, type Variables } from './site';

/** A pull or merge request. */
export interface Request {
  readonly forge: Forge;
  readonly number: number;
}

/**
 * The request that a job runs for, as its environment tells; outside of any job that of the repository around a folder.
 * @param asked its number, where it is given
 * @throws DozlabError with code `failed-forge` when it is not known which it is, or without a token
 */
export function requestOf(folder: string, variables: Variables, asked?: number): Request {
  const [forge, number] = gitHubJob(variables) ?? gitLabJob(variables) ?? [forgeAround(folder, variables), undefined];
  const known = asked ?? number;
  if (known === undefined)
    throw new DozlabError('failed-forge', `it is not known which ${forge.noun} is meant; accepted: --number`);
  return { forge, number: known };
}

type Job = readonly [Forge, number | undefined];

function gitHubJob(variables: Variables): Job | undefined {
  const path = given(variables, 'GITHUB_REPOSITORY');
  if (path === undefined) return undefined;
  const token = tokenOf(variables, ['GITHUB_TOKEN', 'GH_TOKEN']);
  const forge = new GitHub(withoutSlash(given(variables, 'GITHUB_API_URL') ?? 'https://api.github.com'), path, token);
  const [, fromRef] = /^refs\/pull\/(\d+)\//.exec(given(variables, 'GITHUB_REF') ?? '') ?? [];
  return [
    forge,
    numberIn(given(variables, 'GITHUB_EVENT_PATH')) ?? (fromRef === undefined ? undefined : Number(fromRef)),
  ];
}

/** The number of the pull request in the file that tells of an event. */
function numberIn(path: string | undefined): number | undefined {
  if (path === undefined) return undefined;
  try {
    const event = JSON.parse(readFileSync(path, 'utf8')) as { readonly pull_request?: { readonly number?: unknown } };
    const number = event.pull_request?.number;
    return typeof number === 'number' ? number : undefined;
  } catch {
    return undefined;
  }
}

function gitLabJob(variables: Variables): Job | undefined {
  const api = given(variables, 'CI_API_V4_URL');
  // The pipeline of a fork runs there, and its request is in the other project.
  const project = given(variables, 'CI_MERGE_REQUEST_PROJECT_ID') ?? given(variables, 'CI_PROJECT_ID');
  if (api === undefined || project === undefined) return undefined;
  const forge = new GitLab(withoutSlash(api), project, tokenOf(variables, ['GITLAB_TOKEN']));
  const number = given(variables, 'CI_MERGE_REQUEST_IID');
  return [forge, number !== undefined && /^[1-9]\d*$/.test(number) ? Number(number) : undefined];
}

function forgeAround(folder: string, variables: Variables): Forge {
  const repository = Repository.around(folder);
  const remote = remoteFor(repository, repository.branch());
  const site: Site | undefined = remote.address === undefined ? undefined : siteOf(remote.address, variables);
  if (site === undefined)
    throw new DozlabError(
      'failed-forge',
      `what ${remote.name} is, is not known; accepted: a remote at GitHub or GitLab`,
    );
  if (site.forge === undefined) throw missingToken(site.tokenName);
  return site.forge;
}

function tokenOf(variables: Variables, names: readonly string[]): string {
  const token = tokenIn(variables, names);
  if (token === undefined) throw missingToken(names[0] ?? '');
  return token;
}

const missingToken = (name: string): DozlabError =>
  new DozlabError('failed-forge', `a token is needed, and ${name} is not set`);
