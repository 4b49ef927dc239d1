import { z } from 'zod';
import { address, Api, RefusedRequest } from './api';
import type { Forge, KeptComment, Proposal } from './forge';
import { hasMarker } from './marker';

/** What has a number, as users have. */
const numbered = z.object({ id: z.int() });
const note = z.object({ id: z.int(), body: z.string(), system: z.boolean().optional(), author: numbered });
const mergeRequest = z.object({ web_url: address });

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
    await this.api.get(this.project, z.unknown());
  }

  async open({ title, branch, base }: Proposal): Promise<{ url: string; wasOpen: boolean }> {
    const requests = `${this.project}/merge_requests`;
    try {
      const content = { title, source_branch: branch, target_branch: base };
      const { web_url } = await this.api.send('POST', requests, content, mergeRequest);
      return { url: web_url, wasOpen: false };
    } catch (error) {
      if (!(error instanceof RefusedRequest) || error.status !== 409) throw error;
      const query = new URLSearchParams({ state: 'opened', source_branch: branch, target_branch: base });
      const [found] = await this.api.get(`${requests}?${query.toString()}`, z.array(mergeRequest));
      if (found === undefined) throw error;
      return { url: found.web_url, wasOpen: true };
    }
  }

  async keepComment(number: number, body: string, marker: string, dryRun: boolean): Promise<KeptComment> {
    const request = `${this.project}/merge_requests/${String(number)}`;
    const { id: self } = await this.api.get('/user', numbered);
    const { web_url } = await this.api.get(request, mergeRequest);
    const notes = `${request}/notes`;
    const isOwn = ({ author, system, body: text }: z.infer<typeof note>): boolean =>
      system !== true && author.id === self && hasMarker(text, marker);
    const found = await this.api.find(notes, note, isOwn);
    const addressOf = ({ id }: { readonly id: number }): string => `${web_url}#note_${String(id)}`;
    if (found?.body === body) return { url: addressOf(found), change: 'unchanged' };
    if (found !== undefined) {
      if (!dryRun) await this.api.send('PUT', `${notes}/${String(found.id)}`, { body }, z.unknown());
      return { url: addressOf(found), change: 'changed' };
    }
    if (dryRun) return { url: '', change: 'created' };
    return { url: addressOf(await this.api.send('POST', notes, { body }, numbered)), change: 'created' };
  }
}
