import type { RenderedProject } from '../manifests/render';
import type { RenderedSession } from '../manifests/session-files';
import type { SessionSecret } from '../secrets/provider';
import type { Problem } from '../core/diagnostics';

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
