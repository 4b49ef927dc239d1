import type { RenderedProject } from '../output/output';
import type { RenderedSession } from '../output/session-files';
import type { SessionSecret } from '../secrets/session-secret';
import type { Problem } from './problem';

/** A session with complete values, ready to be rendered. */
export interface ResolvedSession extends RenderedSession {
  /** The name of its lab. */
  readonly lab: string;
  readonly secret: SessionSecret;
}

/** What a project comes to: its sessions, and all there is to say of it. With an error among the problems, sessions may be missing. */
export interface ResolvedProject extends RenderedProject {
  readonly sessions: readonly ResolvedSession[];
  readonly problems: readonly Problem[];
}
