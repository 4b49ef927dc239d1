import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { utils, type AnyAuthMethod, type ParsedKey } from 'ssh2';
import { refused } from './vm-problem';

export interface Login {
  readonly user: string;
  readonly keyFile: string | undefined;
  readonly passwordFile: string | undefined;
  readonly password: string | undefined;
}

/** Used when it exists and no other key is set. */
export const DEFAULT_KEY_FILE = '/vm-data/.ssh/id_ed25519';

const FILE_LIMIT = 64 * 1024;

/**
 * The ways to log in, in order. Files are read at each login, because Kubernetes replaces those of a Secret.
 * @throws VmProblem
 */
export async function authMethods(login: Login, defaultKeyFile = DEFAULT_KEY_FILE): Promise<AnyAuthMethod[]> {
  const { user: username } = login;
  const key = await privateKey(login.keyFile, defaultKeyFile);
  const password = await passwordOf(login);
  const methods: AnyAuthMethod[] = [{ type: 'none', username }];
  if (key !== undefined) methods.push({ type: 'publickey', username, key });
  if (password !== undefined)
    methods.push(
      { type: 'password', username, password },
      {
        type: 'keyboard-interactive',
        username,
        prompt: (_name, _instructions, _language, prompts, finish) => finish(prompts.map(() => password)),
      },
    );
  return methods;
}

/** What the VM refused, without the secrets. */
export function describeLogin(methods: readonly AnyAuthMethod[], user: string): string {
  const types = methods.map(({ type }) => type);
  const tried = [...(types.includes('publickey') ? ['key'] : []), ...(types.includes('password') ? ['password'] : [])];
  const by = tried.length === 0 ? 'without key and password' : `by ${tried.join(' and ')}`;
  return `the VM refuses the login of ${user} ${by}. Fix: set SSH_USER and SSH_KEY_FILE, SSH_PASSWORD_FILE or SSH_PASSWORD.`;
}

async function privateKey(file: string | undefined, defaultFile: string): Promise<Buffer | undefined> {
  if (file !== undefined) return keyOf(await contentOf('SSH_KEY_FILE', file), file);
  // Nobody asked for the default file: whatever is wrong with it, another method may do.
  return contentOf('SSH_KEY_FILE', defaultFile)
    .then((key) => keyOf(key, defaultFile))
    .catch(() => undefined);
}

function keyOf(content: Buffer, file: string): Buffer {
  const key = utils.parseKey(content);
  // A file may hold several keys, which the types do not say.
  const first = Array.isArray(key) ? (key as ParsedKey[])[0] : key;
  if (first === undefined || first instanceof Error || !first.isPrivateKey())
    throw refused(`SSH_KEY_FILE: ${file} holds no private key without passphrase.`);
  return content;
}

async function passwordOf({ password, passwordFile }: Login): Promise<string | undefined> {
  if (passwordFile === undefined) return password;
  return (await contentOf('SSH_PASSWORD_FILE', passwordFile)).toString('utf8').replace(/\r?\n$/, '');
}

/** A pipe would block, and a large file would fill the memory: a VM or VS Code may write into the folder. */
async function contentOf(name: string, file: string): Promise<Buffer> {
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await handle.stat();
      if (!stats.isFile() || stats.size > FILE_LIMIT) throw Object.assign(new Error(), { code: 'no small file' });
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(FILE_LIMIT), 0, FILE_LIMIT, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw refused(`${name}: ${file} cannot be read: ${code ?? 'unknown error'}.`);
  }
}
