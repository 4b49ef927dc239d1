import { Api, RefusedRequest } from './api';
import type { Forge, KeptComment, Proposal } from './forge';
import { hasMarker } from './marker';

interface Note {
  readonly id: number;
  readonly body: string;
  readonly system: boolean;
  readonly author: { readonly id: number };
}

interface MergeRequest {
  readonly web_url: string;
}

/** GitLab, that of gitlab.com and others. */
export class GitLab implements Forge {
  readonly noun = 'merge request';
  readonly longestComment = 1_000_000;
  private readonly api: Api;
  private readonly project: string;

  /** @param project path of the project, with its groups, or its number */
  constructor(root: string, project: string, token: string) {
    this.api = new Api(root, token, 'application/json');
    this.project = `/projects/${encodeURIComponent(project)}`;
  }

  async check(): Promise<void> {
    await this.api.get(this.project);
  }

  async open({ title, branch, base }: Proposal): Promise<{ url: string; wasOpen: boolean }> {
    const requests = `${this.project}/merge_requests`;
    try {
      const content = { title, source_branch: branch, target_branch: base };
      const { web_url } = (await this.api.send('POST', requests, content)) as MergeRequest;
      return { url: web_url, wasOpen: false };
    } catch (error) {
      if (!(error instanceof RefusedRequest) || error.status !== 409) throw error;
      const query = new URLSearchParams({ state: 'opened', source_branch: branch, target_branch: base });
      const [found] = (await this.api.get(`${requests}?${query.toString()}`)) as MergeRequest[];
      if (found === undefined) throw error;
      return { url: found.web_url, wasOpen: true };
    }
  }

  async keepComment(number: number, body: string, marker: string, dryRun: boolean): Promise<KeptComment> {
    const request = `${this.project}/merge_requests/${String(number)}`;
    const { id: self } = (await this.api.get('/user')) as { id: number };
    const { web_url } = (await this.api.get(request)) as MergeRequest;
    const notes = `${request}/notes`;
    const isOwn = ({ author, system, body: text }: Note): boolean =>
      !system && author.id === self && hasMarker(text, marker);
    const found = await this.api.find<Note>(notes, isOwn);
    const addressOf = ({ id }: Note): string => `${web_url}#note_${String(id)}`;
    if (found?.body === body) return { url: addressOf(found), change: 'unchanged' };
    if (found !== undefined) {
      if (!dryRun) await this.api.send('PUT', `${notes}/${String(found.id)}`, { body });
      return { url: addressOf(found), change: 'changed' };
    }
    if (dryRun) return { url: '', change: 'created' };
    return { url: addressOf((await this.api.send('POST', notes, { body })) as Note), change: 'created' };
  }
}
