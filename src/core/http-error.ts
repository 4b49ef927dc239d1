import { withoutSecrets } from './redact';

const LONGEST_MESSAGE = 500;

/** What a service says of a request that it refuses, on one line; empty when it says nothing that is understood. */
export const saidIn = (text: string): string => withoutSecrets(messageOf(text)).slice(0, LONGEST_MESSAGE);

/** GitHub has `message` and `errors`, GitLab `message`, of any form, or `error`, registries `errors`. */
function messageOf(text: string): string {
  try {
    const { message, error, errors } = JSON.parse(text) as Record<string, unknown>;
    const details = Array.isArray(errors) ? errors.map((each) => partOf((each as Partial<Error>).message ?? each)) : [];
    return [partOf(message ?? error ?? ''), ...details]
      .filter(Boolean)
      .join(': ')
      .replace(/[\s\x00-\x1f\x7f-\x9f]+/gu, ' ');
  } catch {
    return '';
  }
}

const partOf = (part: unknown): string => (typeof part === 'string' ? part : JSON.stringify(part));

/** Why there is no answer. The message of the error may hold what was sent. */
export function silenceOf(error: unknown, milliseconds: number): string {
  const { name, cause } = error as Error;
  if (name === 'TimeoutError') return `no answer in ${String(milliseconds / 1000)} s`;
  return (cause as NodeJS.ErrnoException | undefined)?.code ?? 'unknown error';
}

/** Whether what an address is sent stays on this machine. */
export const isLoopback = ({ hostname }: URL): boolean => ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
