import { z } from 'zod';
import { printableUrl, RefusedRequest, RestApi } from './api';
import type { CommentResult, Forge, Proposal } from './forge';

const user = z.object({ login: z.string(), type: z.string().optional() });
type User = z.infer<typeof user>;

const comment = z.object({
  id: z.int(),
  html_url: printableUrl,
  body: z.string().nullish(),
  user: user.nullish(),
});

const withPage = z.object({ html_url: printableUrl });

/** GitHub REST API, "Pull requests" and "Issue comments". */
export class GitHub implements Forge {
  readonly noun = 'pull request';
  readonly maxCommentLength = 65_536;
  private readonly api: RestApi;
  private readonly repository: string;

  /** @param path `owner/repository` */
  constructor(
    root: string,
    private readonly path: string,
    token: string,
  ) {
    this.api = new RestApi(root, token, 'application/vnd.github+json');
    this.repository = `/repos/${path.split('/').map(encodeURIComponent).join('/')}`;
  }

  async check(): Promise<void> {
    await this.api.get(this.repository, z.unknown());
  }

  async open({ title, branch, base }: Proposal): Promise<{ url: string; wasOpen: boolean }> {
    try {
      const content = { title, head: branch, base };
      const { html_url } = await this.api.send('POST', `${this.repository}/pulls`, content, withPage);
      return { url: html_url, wasOpen: false };
    } catch (error) {
      if (!(error instanceof RefusedRequest) || error.status !== 422) throw error;
      const [owner = ''] = this.path.split('/');
      const query = new URLSearchParams({ state: 'open', head: `${owner}:${branch}`, base });
      const path = `${this.repository}/pulls?${query.toString()}`;
      const [found] = await this.api.get(path, z.array(withPage));
      if (found === undefined) throw error;
      return { url: found.html_url, wasOpen: true };
    }
  }

  async upsertComment(number: number, body: string, marker: string, dryRun: boolean): Promise<CommentResult> {
    const isOwn = await this.ownership();
    const comments = `${this.repository}/issues/${String(number)}/comments`;
    const found = await this.api.find(
      comments,
      comment,
      (each) => isOwn(each.user ?? null) && each.body?.includes(marker) === true,
    );
    if (found?.body === body) return { url: found.html_url, change: 'unchanged' };
    if (found !== undefined) {
      const path = `${this.repository}/issues/comments/${String(found.id)}`;
      if (!dryRun) await this.api.send('PATCH', path, { body }, z.unknown());
      return { url: found.html_url, change: 'changed' };
    }
    if (dryRun) return { url: '', change: 'created' };
    const { html_url } = await this.api.send('POST', comments, { body }, withPage);
    return { url: html_url, change: 'created' };
  }

  /** The token of a workflow has no owner: a bot comments. */
  private async ownership(): Promise<(author: User | null) => boolean> {
    try {
      const { login } = await this.api.get('/user', user);
      return (author) => author?.login === login;
    } catch (error) {
      if (!(error instanceof RefusedRequest) || error.status !== 403) throw error;
      return (author) => author?.type === 'Bot';
    }
  }
}
