import { readFileSync } from 'node:fs';
import { DozlabError } from '../../core/errors';
import { remoteFor } from '../remote';
import { Repository } from '../repository';
import { REPORT_MARKER, type CommentResult, type Forge } from './forge';
import { GitHub } from './github';
import { GitLab } from './gitlab';
import { missingToken, siteOf, tokenIn, variable, withoutSlash, type Environment } from './site';

export interface ChangeRequest {
  readonly forge: Forge;
  readonly number: number;
}

/**
 * @param number required outside of CI
 * @throws DozlabError with code `failed-forge` without a number or token
 */
export function changeRequestOf(folder: string, variables: Environment, number?: number): ChangeRequest {
  const job = gitHubJob(variables) ?? gitLabJob(variables) ?? { forge: forgeAround(folder, variables) };
  const found = number ?? job.number;
  if (found === undefined)
    throw new DozlabError('failed-forge', `the number of the ${job.forge.noun} is missing. Fix: set --number`);
  return { forge: job.forge, number: found };
}

interface Job {
  readonly forge: Forge;
  readonly number?: number | undefined;
}

/** GitHub Actions, "Default environment variables". */
function gitHubJob(variables: Environment): Job | undefined {
  const path = variable(variables, 'GITHUB_REPOSITORY');
  if (path === undefined) return undefined;
  const token = requiredToken(variables, ['GITHUB_TOKEN', 'GH_TOKEN']);
  const root = withoutSlash(variable(variables, 'GITHUB_API_URL') ?? 'https://api.github.com');
  const [, fromRef] = /^refs\/pull\/(\d+)\//.exec(variable(variables, 'GITHUB_REF') ?? '') ?? [];
  return {
    forge: new GitHub(root, path, token),
    number:
      numberInEvent(variable(variables, 'GITHUB_EVENT_PATH')) ?? (fromRef === undefined ? undefined : Number(fromRef)),
  };
}

function numberInEvent(path: string | undefined): number | undefined {
  if (path === undefined) return undefined;
  try {
    const event = JSON.parse(readFileSync(path, 'utf8')) as { readonly pull_request?: { readonly number?: unknown } };
    const number = event.pull_request?.number;
    return typeof number === 'number' ? number : undefined;
  } catch {
    return undefined;
  }
}

/** GitLab, "Predefined CI/CD variables". */
function gitLabJob(variables: Environment): Job | undefined {
  const api = variable(variables, 'CI_API_V4_URL');
  // The pipeline of a fork runs in the fork; its merge request is in the other project.
  const project = variable(variables, 'CI_MERGE_REQUEST_PROJECT_ID') ?? variable(variables, 'CI_PROJECT_ID');
  if (api === undefined || project === undefined) return undefined;
  const forge = new GitLab(withoutSlash(api), project, requiredToken(variables, ['GITLAB_TOKEN']));
  const number = variable(variables, 'CI_MERGE_REQUEST_IID');
  return { forge, number: number !== undefined && /^[1-9]\d*$/.test(number) ? Number(number) : undefined };
}

function forgeAround(folder: string, variables: Environment): Forge {
  const repository = Repository.around(folder);
  const remote = remoteFor(repository, repository.branch());
  const site = remote.address === undefined ? undefined : siteOf(remote.address, variables);
  if (site === undefined)
    throw new DozlabError('failed-forge', `the remote ${remote.name} is neither at GitHub nor at GitLab`);
  if (site.forge === undefined) throw missingToken(site.tokenName);
  return site.forge;
}

function requiredToken(variables: Environment, names: readonly string[]): string {
  const token = tokenIn(variables, names);
  if (token === undefined) throw missingToken(names[0] ?? '');
  return token;
}

/**
 * A dry run only reads.
 * @throws DozlabError with code `failed-forge`, or `invalid-values` if the report is empty or too long
 */
export async function commentReport(
  { forge, number }: ChangeRequest,
  markdown: string,
  dryRun: boolean,
): Promise<CommentResult> {
  if (markdown.trim() === '') throw new DozlabError('invalid-values', 'the report is empty; nothing was written');
  const body = markdown.includes(REPORT_MARKER) ? markdown : `${REPORT_MARKER}\n${markdown}`;
  const { length } = Array.from(body);
  if (length > forge.maxCommentLength)
    throw new DozlabError(
      'invalid-values',
      `the report has ${String(length)} characters; a comment on a ${forge.noun} has at most ${String(forge.maxCommentLength)}`,
    );
  return await forge.upsertComment(number, body, REPORT_MARKER, dryRun);
}
