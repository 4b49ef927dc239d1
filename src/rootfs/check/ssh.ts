import { failed, found, type Check } from './check';
import { programNamed, starterOf, startScripts, unitText, withoutInit } from './services';
import type { ImageFiles } from './image-files';

const SERVERS = ['sshd', 'dropbear'] as const;

export function checkSsh(files: ImageFiles): Check {
  const what = 'SSH server that starts';
  const server = SERVERS.find((name) => programNamed(files, name) !== undefined);
  if (server === undefined) return failed('ssh', what, 'no sshd and no dropbear', 'install openssh-server or dropbear');
  const path = programNamed(files, server) ?? server;
  const noInit = withoutInit(files, 'ssh', what, path);
  if (noInit !== undefined) return noInit;
  const names = server === 'sshd' ? ['ssh', 'sshd'] : ['dropbear'];
  const starter = starterOf(files, names, [server]);
  if (starter === undefined)
    return failed(
      'ssh',
      what,
      `nothing starts ${path}`,
      `systemctl enable ${names[0] ?? ''}, or rc-update add ${server}`,
    );
  if (server === 'sshd' && !hasHostKey(files))
    return failed('ssh', what, `${path} has no host key, and nothing makes one`, 'RUN ssh-keygen -A');
  return found('ssh', what, `${path}, started by ${starter}`);
}

function hasHostKey(files: ImageFiles): boolean {
  if (files.list('/etc/ssh').some((name) => /^ssh_host_\w+_key$/.test(name))) return true;
  const units = ['ssh.service', 'sshd.service', 'sshd-keygen.service', 'sshd-keygen@.service', 'sshd-keygen.target'];
  const scripts = ['/etc/init.d/ssh', '/etc/init.d/sshd', ...startScripts(files)];
  const texts = [...units.map((unit) => unitText(files, unit)), ...scripts.map((path) => files.text(path) ?? '')];
  return texts.some((text) => /ssh-keygen|sshd-keygen/.test(text));
}
