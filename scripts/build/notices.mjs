import { readFileSync, readdirSync } from 'node:fs';
import { path } from './paths.mjs';

const FILES = /^(licen[cs]e|copying|notice)([-.].*)?$/i;
const RULE = '-'.repeat(80);

/** The folder of the package that a module is in, or undefined for one of our own. */
const packageFolder = (module) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(module)?.[0];

function noticeOf(folder) {
  const manifest = JSON.parse(readFileSync(path(`${folder}/package.json`), 'utf8'));
  const { name, version } = manifest;
  // The older form, which npm still accepts.
  const license = manifest.license ?? manifest.licenses?.map(({ type }) => type).join(' OR ');
  if (typeof license !== 'string') throw new Error(`${folder}/package.json names no licence`);
  const texts = readdirSync(path(folder))
    .filter((file) => FILES.test(file))
    .sort()
    .map((file) => readFileSync(path(`${folder}/${file}`), 'utf8').trim());
  return { name: `${name} ${version}`, text: [`${name} ${version} (${license})`, ...texts].join('\n\n') };
}

/** The text of THIRD-PARTY-NOTICES: name, version and licence of each package that has code in a bundle. */
export function noticesOf(modules) {
  const folders = new Set(modules.map(packageFolder).filter((folder) => folder !== undefined));
  const notices = new Map(Array.from(folders, noticeOf).map(({ name, text }) => [name, text]));
  const sorted = Array.from(notices).sort(([one], [other]) => (one < other ? -1 : 1));
  return `Dozlab contains code of the following packages.\n\n${sorted.map(([, text]) => `${RULE}\n${text}\n`).join('\n')}`;
}
