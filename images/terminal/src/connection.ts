import { connect, type Socket } from 'node:net';
import { Client } from 'ssh2';
import type { HostKey } from './host-key';
import { authMethods, describeLogin, type Login } from './login';
import { noAnswer, noBanner, refused, timeOut, VmProblem, type VmAddress } from './vm-problem';

export interface Connection {
  readonly client: Client;
  /** To pause the VM's output: the window of SSH would let it send 2 MiB more. */
  readonly socket: Socket;
}

const CONNECT_MS = 5000;
const LOGIN_MS = 20_000;
const KEEP_ALIVE = { keepaliveInterval: 5000, keepaliveCountMax: 3 };

/**
 * Opens an SSH connection. The caller ends it. An abort closes it, during the login as well.
 * @throws VmProblem
 */
export async function connectTo(
  vm: VmAddress,
  login: Login,
  hostKey: HostKey,
  signal: AbortSignal,
): Promise<Connection> {
  const methods = await authMethods(login);
  const socket = connect({ ...vm, noDelay: true });
  const abort = () => socket.destroy(new Error('the terminal stops'));
  signal.addEventListener('abort', abort);
  try {
    await connected(vm, socket);
    const refusal = describeLogin(methods, login.user);
    const client = await logIn(vm, socket, hostKey, { username: login.user, authHandler: methods, refusal });
    return { client, socket };
  } catch (error) {
    if (error instanceof VmProblem && error.isDown) hostKey.sawDown();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function connected(vm: VmAddress, socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(timeOut()), CONNECT_MS);
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(noAnswer(vm, error));
    };
    socket.once('error', fail).once('connect', () => {
      clearTimeout(timer);
      socket.off('error', fail);
      resolve();
    });
  });
}

interface LoginAttempt {
  readonly username: string;
  readonly authHandler: Awaited<ReturnType<typeof authMethods>>;
  /** The problem when the VM refuses all methods. */
  readonly refusal: string;
}

function logIn(vm: VmAddress, socket: Socket, hostKey: HostKey, attempt: LoginAttempt): Promise<Client> {
  return new Promise((resolve, reject) => {
    const client = new Client();
    let keyProblem: string | undefined;
    let hasHandshake = false;
    const fail = (error?: Error & { level?: string }) => {
      socket.destroy();
      if (keyProblem !== undefined) reject(refused(keyProblem));
      else if (error?.level === 'client-authentication') reject(refused(attempt.refusal));
      else if (hasHandshake)
        reject(refused('the VM closed the connection during the login. See the log of sshd in the VM.'));
      else if (socket.bytesRead > 0)
        reject(refused(`SSH with the VM fails before the login: ${error?.message ?? 'the VM closed the connection'}.`));
      else reject(error?.level === 'client-socket' ? noAnswer(vm, error) : noBanner(vm));
    };
    // Later errors come with the event close as well.
    client.on('error', () => undefined);
    client
      .on('handshake', () => (hasHandshake = true))
      .on('error', fail)
      .on('close', fail)
      .once('ready', () => {
        client.off('error', fail).off('close', fail);
        resolve(client);
      })
      .connect({
        sock: socket,
        username: attempt.username,
        authHandler: attempt.authHandler,
        readyTimeout: LOGIN_MS,
        hostVerifier: (key: Buffer) => {
          keyProblem = hostKey.problem(key);
          return keyProblem === undefined;
        },
        ...KEEP_ALIVE,
      });
  });
}
