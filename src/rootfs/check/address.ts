import { failed, found, type Check } from './check';
import type { ImageFiles } from './image-files';
import { programNamed, startScripts } from './services';

const FOLDERS = [
  { folder: '/etc/network/interfaces.d', ending: '' },
  { folder: '/etc/systemd/network', ending: '.network' },
  { folder: '/etc/netplan', ending: '.yaml' },
  { folder: '/etc/NetworkManager/system-connections', ending: '' },
  { folder: '/etc/sysconfig/network-scripts', ending: '' },
];

const DHCP =
  /\bdhcp[46]?\s*[:=]\s*(yes|true|ipv4)\b|\binet\s+dhcp\b|^DHCP=(yes|true|ipv4|both)\b|BOOTPROTO="?dhcp|method=auto\b/im;

/** Of interfaces, networkd, netplan, NetworkManager and ifcfg. */
const ADDRESS =
  /(?:^\s*address\s+|^Address=|^address\d*=|^\s*-\s*"?'?|^IPADDR\d*="?|addresses:\s*\[\s*"?'?)(\d+\.\d+\.\d+\.\d+)(?:\/\d+)?/gim;

/**
 * The kernel sets the address by its argument ip=, which images/firecracker gives it: the image must either set the same
 * one or leave it.
 */
export function checkAddress(files: ImageFiles, address: string): Check {
  const what = `static address ${address}`;
  const settings = [
    '/etc/network/interfaces',
    ...FOLDERS.flatMap(({ folder, ending }) => filesIn(files, folder, ending)),
  ];
  const texts = settings.map((path) => ({ path, text: withoutComments(files.text(path) ?? '') }));
  const addressed = [
    ...texts,
    ...startScripts(files).map((path) => ({ path, text: withoutComments(files.text(path) ?? '') })),
  ];
  const isWanted = new RegExp(`(^|[^0-9.])${address.replaceAll('.', '\\.')}($|[^0-9.])`, 'm');
  const own = addressed.find(({ text }) => isWanted.test(text));
  if (own !== undefined) return found('address', what, `set in ${own.path}`);
  const dhcp = texts.find(({ text }) => DHCP.test(text));
  if (dhcp !== undefined)
    return failed(
      'address',
      what,
      `${dhcp.path} asks DHCP, and no server answers`,
      `set ${address}/30 there, or remove the file`,
    );
  for (const { path, text } of texts)
    for (const [, other = ''] of text.matchAll(ADDRESS))
      if (!/^(127\.|0\.)/.test(other))
        return failed('address', what, `${path} sets ${other}`, `set ${address}/30 there, or remove the file`);
  if (programNamed(files, 'cloud-init') !== undefined && !isCloudNetworkOff(files))
    return failed(
      'address',
      what,
      'cloud-init asks DHCP',
      'network: {config: disabled} in /etc/cloud/cloud.cfg.d/99-network.cfg',
    );
  return found('address', what, 'nothing changes the address that the kernel sets by ip=');
}

const filesIn = (files: ImageFiles, folder: string, ending: string): string[] =>
  files
    .list(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`);

const withoutComments = (text: string): string => (text.includes('\0') ? '' : text.replace(/^\s*[#;].*$/gm, ''));

const isCloudNetworkOff = (files: ImageFiles): boolean =>
  files.exists('/etc/cloud/cloud-init.disabled') ||
  filesIn(files, '/etc/cloud/cloud.cfg.d', '.cfg').some((path) =>
    /network:\s*\{?\s*config:\s*disabled/.test(withoutComments(files.text(path) ?? '')),
  );
