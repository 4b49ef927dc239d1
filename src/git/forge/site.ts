import { DozlabError } from '../../core/errors';
import { maskSecret } from '../../core/redact';
import type { RemoteAddress } from '../remote-url';
import type { Forge, Proposal } from './forge';
import { GitHub } from './github';
import { GitLab } from './gitlab';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Site {
  /** `pull request` or `merge request`. */
  readonly noun: string;
  /** Undefined without a token. */
  readonly forge: Forge | undefined;
  readonly tokenName: string;
  pageFor(proposal: Pick<Proposal, 'branch' | 'base'>): string;
}

export function siteOf(remote: RemoteAddress, variables: Environment): Site | undefined {
  const address = withMainHost(remote);
  return gitHubSite(address, variables) ?? gitLabSite(address, variables);
}

const MAIN_HOSTS: Readonly<Record<string, string>> = {
  'ssh.github.com': 'github.com',
  'altssh.gitlab.com': 'gitlab.com',
};

function withMainHost(address: RemoteAddress): RemoteAddress {
  const host = MAIN_HOSTS[address.host];
  return host === undefined ? address : { ...address, host, web: `https://${host}` };
}

function gitHubSite({ host, web, path }: RemoteAddress, variables: Environment): Site | undefined {
  const api = variable(variables, 'GITHUB_API_URL');
  const server = hostOf(variable(variables, 'GITHUB_SERVER_URL')) ?? 'github.com';
  const isOfWorkflow = api !== undefined && [server, hostOf(api)].includes(host);
  const isCloud = host === 'github.com' || host.endsWith('.ghe.com');
  if (!isOfWorkflow && !isCloud && !host.includes('github')) return undefined;
  // The token for github.com must not go to an enterprise server.
  const names =
    isOfWorkflow || isCloud ? ['GITHUB_TOKEN', 'GH_TOKEN'] : ['GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN'];
  const token = tokenIn(variables, names);
  const root = isOfWorkflow ? api : isCloud ? `https://api.${host}` : `${web}/api/v3`;
  return {
    noun: 'pull request',
    forge: token === undefined ? undefined : new GitHub(withoutSlash(root), path, token),
    tokenName: names[0] ?? '',
    pageFor: ({ branch, base }) =>
      `${web}/${encodePath(path)}/compare/${encodePath(base)}...${encodePath(branch)}?expand=1`,
  };
}

function gitLabSite({ host, web, path }: RemoteAddress, variables: Environment): Site | undefined {
  const api = variable(variables, 'CI_API_V4_URL');
  const isOfPipeline = api !== undefined && [hostOf(variable(variables, 'CI_SERVER_URL')), hostOf(api)].includes(host);
  if (!isOfPipeline && !host.includes('gitlab')) return undefined;
  const token = tokenIn(variables, ['GITLAB_TOKEN']);
  const root = isOfPipeline ? api : `${web}/api/v4`;
  return {
    noun: 'merge request',
    forge: token === undefined ? undefined : new GitLab(withoutSlash(root), path, token),
    tokenName: 'GITLAB_TOKEN',
    pageFor({ branch, base }) {
      const query = new URLSearchParams({
        'merge_request[source_branch]': branch,
        'merge_request[target_branch]': base,
      });
      return `${web}/${encodePath(path)}/-/merge_requests/new?${query.toString()}`;
    },
  };
}

export function variable(variables: Environment, name: string): string | undefined {
  const value = variables[name]?.trim();
  return value === '' ? undefined : value;
}

/** Masks the value. */
export function tokenIn(variables: Environment, names: readonly string[]): string | undefined {
  const token = names.map((name) => variable(variables, name)).find((value) => value !== undefined);
  return token === undefined ? undefined : maskSecret(token);
}

export const missingToken = (name: string): DozlabError =>
  new DozlabError('failed-forge', `a token is needed. Fix: set ${name}`);

export const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

const hostOf = (url: string | undefined): string | undefined =>
  url !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined;

const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
