export interface VmAddress {
  readonly host: string;
  readonly port: number;
}

/** Why there is no shell, in words for the page. */
export class VmProblem extends Error {
  override readonly name = 'VmProblem';

  constructor(
    message: string,
    /** Whether nothing answered, as when the VM starts or is off. */
    readonly isDown: boolean,
  ) {
    super(message);
  }
}

const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'no route to the VM',
  ENETUNREACH: 'no route to the VM',
  EHOSTDOWN: 'no route to the VM',
  ETIMEDOUT: 'no answer in time',
  ECONNRESET: 'the VM closed the connection',
  EPIPE: 'the VM closed the connection',
};

const place = ({ host, port }: VmAddress): string => `${host.includes(':') ? `[${host}]` : host}:${String(port)}`;

export const timeOut = (): Error => Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });

/** A problem of the connection, before SSH has answered. */
export function noAnswer(vm: VmAddress, error: Error): VmProblem {
  const { code = '' } = error as NodeJS.ErrnoException;
  const cause = CAUSES[code] ?? (code === '' ? error.message : code);
  return new VmProblem(`the VM does not answer on ${place(vm)}: ${cause}. It may still start.`, true);
}

export const noBanner = (vm: VmAddress): VmProblem =>
  new VmProblem(
    `the VM accepts connections on ${place(vm)} but sends no SSH banner. SSH may still start; otherwise check sshd.`,
    true,
  );

export const notSsh = (vm: VmAddress): VmProblem =>
  new VmProblem(`the server on ${place(vm)} does not speak SSH. Fix: set VM_SSH_PORT to the port of sshd.`, false);

/** A part of the message may come from the VM. */
export const refused = (message: string): VmProblem => new VmProblem(message.slice(0, 500), false);
