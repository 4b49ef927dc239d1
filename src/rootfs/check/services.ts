import { failed, type Check } from './check';
import type { ImageFiles } from './image-files';

const PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Path of a program that the image can run by its name. */
export const programNamed = (files: ImageFiles, name: string): string | undefined =>
  PATH.map((folder) => `${folder}/${name}`).find((path) => files.isExecutable(path));

/** systemd, in its order. */
const UNIT_FOLDERS = [
  '/etc/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];

/** Targets of a normal start. */
const TARGETS = ['multi-user', 'graphical', 'default', 'basic', 'sysinit', 'sockets', 'network', 'network-online'];

/** The kernel starts the first. */
const INITS = ['/sbin/init', '/etc/init', '/bin/init'];

/** The failed check of a program that nothing can start, because the image has no init. */
export const withoutInit = (files: ImageFiles, name: Check['name'], what: string, path: string): Check | undefined =>
  INITS.some((init) => files.isExecutable(init))
    ? undefined
    : failed(
        name,
        what,
        `${path} is there, but no /sbin/init that starts it`,
        'install systemd, OpenRC or busybox as init',
      );

const hasSystemd = (files: ImageFiles): boolean =>
  ['/usr/lib/systemd/systemd', '/lib/systemd/systemd'].some((path) => files.isExecutable(path));

/**
 * What starts a service when the microVM starts; undefined if nothing does.
 * @param names of the service
 * @param programs names of its program, for the scripts of an init system
 */
export function starterOf(
  files: ImageFiles,
  names: readonly string[],
  programs: readonly string[],
): string | undefined {
  if (hasSystemd(files)) return systemdStarter(files, names);
  return (
    namedStarter(files, names) ??
    startScripts(files).find((path) => programs.some((program) => runs(files.text(path) ?? '', program)))
  );
}

/** A service before a socket, which starts its service only when somebody connects. */
function systemdStarter(files: ImageFiles, names: readonly string[]): string | undefined {
  const units = ['service', 'socket'].flatMap((type) => names.map((name) => `${name}.${type}`));
  const places = UNIT_FOLDERS.flatMap((folder) =>
    TARGETS.flatMap((target) => ['wants', 'requires'].map((kind) => `${folder}/${target}.target.${kind}`)),
  );
  const unit = units.find(
    (each) =>
      places.some((place) => files.list(place).includes(each)) &&
      !isMasked(files, each) &&
      unitText(files, each) !== '',
  );
  const place = places.find((each) => unit !== undefined && files.list(each).includes(unit));
  return unit === undefined || place === undefined ? undefined : `${place}/${unit}`;
}

const isMasked = (files: ImageFiles, unit: string): boolean =>
  files.target(`/etc/systemd/system/${unit}`) === '/dev/null';

/** The text of a unit with its drop-ins; empty without it. */
export function unitText(files: ImageFiles, unit: string): string {
  const path = UNIT_FOLDERS.map((folder) => `${folder}/${unit}`).find((each) => files.exists(each));
  const text = path === undefined ? '' : (files.text(path) ?? '');
  return text === '' ? '' : [text, ...dropIns(files, unit)].join('\n');
}

const dropIns = (files: ImageFiles, unit: string): string[] =>
  [...UNIT_FOLDERS].reverse().flatMap((folder) =>
    files
      .list(`${folder}/${unit}.d`)
      .filter((name) => name.endsWith('.conf'))
      .map((name) => files.text(`${folder}/${unit}.d/${name}`) ?? ''),
  );

/** OpenRC, runit, s6 and the levels of sysvinit. */
function namedStarter(files: ImageFiles, names: readonly string[]): string | undefined {
  const folders = [
    ...['default', 'boot', 'sysinit'].map((level) => `/etc/runlevels/${level}`),
    ...['/etc/service', '/var/service', '/service', '/etc/runit/runsvdir/default', '/etc/services.d'],
    '/etc/s6-overlay/s6-rc.d/user/contents.d',
  ];
  const direct = folders
    .flatMap((folder) => names.map((name) => `${folder}/${name}`))
    .find((path) => files.exists(path));
  if (direct !== undefined) return direct;
  return ['/etc/rc2.d', '/etc/rc3.d', '/etc/rc5.d', '/etc/init.d']
    .flatMap((folder) => files.list(folder).map((name) => ({ name, path: `${folder}/${name}` })))
    .find(({ name }) => names.includes(/^S\d\d(.+)$/.exec(name)?.[1] ?? ''))?.path;
}

/** Scripts that run at each start, such as of busybox. */
export const startScripts = (files: ImageFiles): string[] =>
  ['/etc/inittab', '/etc/init.d/rcS', '/etc/rc.local', '/etc/rc', ...INITS].filter((path) => files.exists(path));

/** Whether a script names a program outside of comments. A binary has no such lines. */
export function runs(text: string, program: string): boolean {
  if (text.includes('\0')) return false;
  const word = new RegExp(`(^|[\\s/:;&|"'(])${program}($|[\\s;&|"')])`);
  return text.split('\n').some((line) => !/^\s*#/.test(line) && word.test(line));
}
