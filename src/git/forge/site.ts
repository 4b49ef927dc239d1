import { keepSecret } from '../../core/redact';
import type { RemoteAddress } from '../remote-url';
import type { Forge, Proposal } from './forge';
import { GitHub } from './github';
import { GitLab } from './gitlab';

/** Variables of the environment by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A repository on a service that is known, with or without a token for it. */
export interface Site {
  /** What the service calls it. */
  readonly noun: string;
  /** Its API; undefined without a token. */
  readonly forge: Forge | undefined;
  /** The variable that a token may be in. */
  readonly tokenName: string;
  /** Page on which a person opens a request. */
  pageFor(proposal: Pick<Proposal, 'branch' | 'base'>): string;
}

/** The service that a remote belongs to; undefined when it is none that is known. */
export function siteOf(given: RemoteAddress, variables: Variables): Site | undefined {
  const address = withAlias(given);
  return gitHubSite(address, variables) ?? gitLabSite(address, variables);
}

/** Hosts for ssh over the port of https, and those of the pages. */
const ALIASES: Readonly<Record<string, string>> = {
  'ssh.github.com': 'github.com',
  'altssh.gitlab.com': 'gitlab.com',
};

function withAlias(address: RemoteAddress): RemoteAddress {
  const host = ALIASES[address.host];
  return host === undefined ? address : { ...address, host, web: `https://${host}` };
}

function gitHubSite(address: RemoteAddress, variables: Variables): Site | undefined {
  const { host, web, path } = address;
  const api = given(variables, 'GITHUB_API_URL');
  const server = hostOf(given(variables, 'GITHUB_SERVER_URL')) ?? 'github.com';
  const isOfWorkflow = api !== undefined && [server, hostOf(api)].includes(host);
  const isCloud = host === 'github.com' || host.endsWith('.ghe.com');
  if (!isOfWorkflow && !isCloud && !host.includes('github')) return undefined;
  // One host's token is not for another.
  const names =
    isOfWorkflow || isCloud ? ['GITHUB_TOKEN', 'GH_TOKEN'] : ['GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN'];
  const token = tokenIn(variables, names);
  const root = isOfWorkflow ? api : isCloud ? `https://api.${host}` : `${web}/api/v3`;
  return {
    noun: 'pull request',
    forge: token === undefined ? undefined : new GitHub(withoutSlash(root), path, token),
    tokenName: names[0] ?? '',
    pageFor: ({ branch, base }) =>
      `${web}/${encodedPath(path)}/compare/${encodedPath(base)}...${encodedPath(branch)}?expand=1`,
  };
}

function gitLabSite({ host, web, path }: RemoteAddress, variables: Variables): Site | undefined {
  const api = given(variables, 'CI_API_V4_URL');
  const isOfPipeline = api !== undefined && [hostOf(given(variables, 'CI_SERVER_URL')), hostOf(api)].includes(host);
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
      return `${web}/${encodedPath(path)}/-/merge_requests/new?${query.toString()}`;
    },
  };
}

/** A variable that is set to something. */
export function given(variables: Variables, name: string): string | undefined {
  const value = variables[name]?.trim();
  return value === '' ? undefined : value;
}

/** The first token that is set; from now on nothing shows it. */
export function tokenIn(variables: Variables, names: readonly string[]): string | undefined {
  const token = names.map((name) => given(variables, name)).find((value) => value !== undefined);
  return token === undefined ? undefined : keepSecret(token);
}

export const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

const hostOf = (url: string | undefined): string | undefined =>
  url !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined;

const encodedPath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
