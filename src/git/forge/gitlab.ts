import { z } from 'zod';
import { printableUrl, RefusedRequest, RestApi } from './api';
import type { CommentResult, Forge, Proposal } from './forge';

const withId = z.object({ id: z.int() });
const note = z.object({ id: z.int(), body: z.string(), system: z.boolean().optional(), author: withId });
const mergeRequest = z.object({ web_url: printableUrl });

/** GitLab REST API, "Merge requests" and "Notes". */
export class GitLab implements Forge {
  readonly noun = 'merge request';
  readonly maxCommentLength = 1_000_000;
  private readonly api: RestApi;
  private readonly project: string;

  /** @param project path or ID */
  constructor(root: string, project: string, token: string) {
    this.api = new RestApi(root, token, 'application/json');
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

  async upsertComment(number: number, body: string, marker: string, dryRun: boolean): Promise<CommentResult> {
    const request = `${this.project}/merge_requests/${String(number)}`;
    const { id: self } = await this.api.get('/user', withId);
    const { web_url } = await this.api.get(request, mergeRequest);
    const notes = `${request}/notes`;
    const isOwn = ({ author, system, body: text }: z.infer<typeof note>): boolean =>
      system !== true && author.id === self && text.includes(marker);
    const found = await this.api.find(notes, note, isOwn);
    const urlOf = ({ id }: { readonly id: number }): string => `${web_url}#note_${String(id)}`;
    if (found?.body === body) return { url: urlOf(found), change: 'unchanged' };
    if (found !== undefined) {
      if (!dryRun) await this.api.send('PUT', `${notes}/${String(found.id)}`, { body }, z.unknown());
      return { url: urlOf(found), change: 'changed' };
    }
    if (dryRun) return { url: '', change: 'created' };
    return { url: urlOf(await this.api.send('POST', notes, { body }, withId)), change: 'created' };
  }
}
