import { at } from '@dozlab/charts/schema';

/** Reasons of containers that only wait for their turn. */
const USUAL = ['PodInitializing', 'ContainerCreating'];

/** Why a container of a pod does not run or is not ready, by its status: `NAME: CAUSE`. Nothing for a container that waits for its turn. */
export function containerCause(status: unknown): string | undefined {
  const causes = [present(status), endOf(at(status, ['lastState', 'terminated']))].filter(
    (cause) => cause !== undefined,
  );
  if (causes.length === 0) return undefined;
  const restarts = Number(at(status, ['restartCount']) ?? 0);
  const times = restarts === 0 ? '' : ` (restarts: ${String(restarts)})`;
  return `${String(at(status, ['name']))}: ${causes.join('; ')}${times}`;
}

/** What is wrong now. How the container ended before says more than that it ends again and again. */
function present(status: unknown): string | undefined {
  const waiting = text(status, 'state', 'waiting', 'reason');
  if (waiting === 'CrashLoopBackOff' && endOf(at(status, ['lastState', 'terminated'])) !== undefined) return undefined;
  if (waiting !== undefined)
    return USUAL.includes(waiting)
      ? undefined
      : [waiting, text(status, 'state', 'waiting', 'message')].filter((part) => part !== undefined).join(': ');
  if (at(status, ['state', 'running']) === undefined) return endOf(at(status, ['state', 'terminated']));
  if (at(status, ['ready']) === true) return undefined;
  return `does not answer its ${at(status, ['started']) === true ? 'readiness' : 'startup'} probe`;
}

/**
 * How a container ended, unless it succeeded. The images of sessions write a line with the cause and the fix into the termination message.
 * Kubernetes, "Determine the Reason for Pod Failure".
 */
function endOf(terminated: unknown): string | undefined {
  const code = at(terminated, ['exitCode']);
  if (typeof code !== 'number' || code === 0) return undefined;
  const reason = text(terminated, 'reason');
  if (reason === 'OOMKilled') return 'OOMKilled: it used more memory than its limit';
  return text(terminated, 'message') ?? `${reason ?? 'ended'} with exit code ${String(code)}`;
}

/** The first line of a text, if it has one. */
function text(object: unknown, ...path: string[]): string | undefined {
  const value = at(object, path);
  const line = typeof value === 'string' ? value.trim().split('\n').at(0) : undefined;
  return line === '' ? undefined : line;
}
