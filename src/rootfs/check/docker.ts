import { failed, found, type Check } from './check';
import type { ImageFiles } from './image-files';
import { programNamed, starterOf, startScripts, unitText, withoutInit } from './services';

const WHAT = 'Docker on port 2375';
const DAEMON_FILE = '/etc/docker/daemon.json';

/** dockerd listens on all addresses by the first two forms, and on one by the third. */
const OPEN = /tcp:\/\/(0\.0\.0\.0|\[::\])?:2375\b/;
const LOOPBACK = /tcp:\/\/(127\.0\.0\.1|localhost|\[::1\]):2375\b/;
const SOCKET = /^ListenStream=(0\.0\.0\.0:|\[::\]:)?2375$/m;

export function checkDocker(files: ImageFiles, address: string): Check {
  const path = programNamed(files, 'dockerd');
  if (path === undefined) return failed('docker', WHAT, 'no dockerd', 'install docker.io or docker-ce');
  const noInit = withoutInit(files, 'docker', WHAT, path);
  if (noInit !== undefined) return noInit;
  const starter = starterOf(files, ['docker', 'dockerd'], ['dockerd']);
  if (starter === undefined)
    return failed('docker', WHAT, `nothing starts ${path}`, 'systemctl enable docker, or rc-update add docker');
  if (starter.endsWith('.socket') && !SOCKET.test(unitText(files, 'docker.socket')))
    return failed(
      'docker',
      WHAT,
      `${starter} starts ${path} at the first use of its Unix socket only`,
      'systemctl enable docker',
    );
  const sources = settingsOf(files);
  const isOpen = (text: string): boolean =>
    OPEN.test(text) || text.includes(`tcp://${address}:2375`) || SOCKET.test(text);
  const source = sources.find(({ text }) => isOpen(text));
  if (source === undefined) {
    const isLocal = sources.some(({ text }) => LOOPBACK.test(text));
    const problem = isLocal ? `${path} listens on its own loopback address only` : `${path} listens on no TCP port`;
    return failed(
      'docker',
      WHAT,
      problem,
      `"hosts": ["unix:///var/run/docker.sock", "tcp://0.0.0.0:2375"] in ${DAEMON_FILE}`,
    );
  }
  if (source.path === DAEMON_FILE && hasHostArgument(files))
    return failed(
      'docker',
      WHAT,
      `dockerd refuses hosts in ${DAEMON_FILE}, because docker.service has the option -H too`,
      `a drop-in of docker.service with ExecStart= and, on the next line, ExecStart=${path}`,
    );
  return found('docker', WHAT, `${path}, started by ${starter}, with the port in ${source.path}`);
}

interface Source {
  readonly path: string;
  readonly text: string;
}

/** Lines that a comment turns off do not count. */
function settingsOf(files: ImageFiles): Source[] {
  const scripts = ['/etc/default/docker', '/etc/conf.d/docker', '/etc/init.d/docker', ...startScripts(files)];
  return [
    ...['docker.service', 'docker.socket'].map((path) => ({ path, text: unitText(files, path) })),
    ...[DAEMON_FILE, ...scripts].map((path) => ({ path, text: files.text(path) ?? '' })),
  ].map(({ path, text }) => ({ path, text: text.replace(/^\s*[#;].*$/gm, '') }));
}

/** An empty ExecStart= removes the ones before it. */
function hasHostArgument(files: ImageFiles): boolean {
  const lines = Array.from(unitText(files, 'docker.service').matchAll(/^ExecStart=(.*)$/gm), ([, line = '']) =>
    line.trim(),
  );
  return lines.slice(lines.lastIndexOf('') + 1).some((line) => /\s(-H|--host)\b/.test(line));
}
