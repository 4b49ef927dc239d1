import { z } from 'zod';
import { address, Api, RefusedRequest } from './api';
import type { Forge, KeptComment, Proposal } from './forge';
import { hasMarker } from './marker';

const user = z.object({ login: z.string(), type: z.string().optional() });
type User = z.infer<typeof user>;

const comment = z.object({
  id: z.int(),
  html_url: address,
  body: z.string().nullish(),
  user: user.nullish(),
});

/** What has a page. */
const page = z.object({ html_url: address });

/** GitHub, and GitHub Enterprise Server. */
export class GitHub implements Forge {
  readonly noun = 'pull request';
  readonly longestComment = 65_536;
  private readonly api: Api;
  private readonly repository: string;

  /** @param path `owner/repository` */
  constructor(
    root: string,
    private readonly path: string,
    token: string,
  ) {
    this.api = new Api(root, token, 'application/vnd.github+json');
    this.repository = `/repos/${path.split('/').map(encodeURIComponent).join('/')}`;
  }

  async check(): Promise<void> {
    await this.api.get(this.repository, z.unknown());
  }

  async open({ title, branch, base }: Proposal): Promise<{ url: string; wasOpen: boolean }> {
    try {
      const content = { title, head: branch, base };
      const { html_url } = await this.api.send('POST', `${this.repository}/pulls`, content, page);
      return { url: html_url, wasOpen: false };
    } catch (error) {
      if (!(error instanceof RefusedRequest) || error.status !== 422) throw error;
      const [owner = ''] = this.path.split('/');
      const query = new URLSearchParams({ state: 'open', head: `${owner}:${branch}`, base });
      const path = `${this.repository}/pulls?${query.toString()}`;
      const [found] = await this.api.get(path, z.array(page));
      if (found === undefined) throw error;
      return { url: found.html_url, wasOpen: true };
    }
  }

  async keepComment(number: number, body: string, marker: string, dryRun: boolean): Promise<KeptComment> {
    const isOwn = await this.ownership();
    const comments = `${this.repository}/issues/${String(number)}/comments`;
    const found = await this.api.find(
      comments,
      comment,
      (each) => isOwn(each.user ?? null) && hasMarker(each.body, marker),
    );
    if (found?.body === body) return { url: found.html_url, change: 'unchanged' };
    if (found !== undefined) {
      const path = `${this.repository}/issues/comments/${String(found.id)}`;
      if (!dryRun) await this.api.send('PATCH', path, { body }, z.unknown());
      return { url: found.html_url, change: 'changed' };
    }
    if (dryRun) return { url: '', change: 'created' };
    const { html_url } = await this.api.send('POST', comments, { body }, page);
    return { url: html_url, change: 'created' };
  }

  /** Whether a comment is by whoever the token belongs to. That of a workflow belongs to nobody: then it is a bot. */
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
