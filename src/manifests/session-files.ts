import type { OutputFile, Printer } from '@dozlab/charts';
import { providerOf } from '../secrets/providers';
import { type Session, releaseValues } from '../model/session';
import type { SessionValues } from '../api/values/schema';
import { HEADER } from './manifest-file';
import { releasePrinter, type ReleaseProps } from './release';
import type { SessionTemplates } from './session-templates';

export type RenderedSession = Omit<Session, 'lab' | 'secret'> & Partial<Pick<Session, 'secret'>>;

/** Limits memory. */
const MOST_CLASSES = 32;

/** Makes the common part of a class once, and files only when they are read. */
export function sessionFiles(
  { session: template, release: releaseTemplate, secret: secretTemplate }: SessionTemplates,
  release: ReleaseProps | undefined,
): (session: RenderedSession) => OutputFile[] {
  const printers = new Map<object, Printer<SessionValues>>();
  const printRelease = release === undefined ? undefined : releasePrinter(releaseTemplate, release);
  const folders = sessionFolders(release);

  const manifests = ({ values, namespace, sessionClass }: RenderedSession): string => {
    const cached = sessionClass === undefined ? undefined : printers.get(sessionClass);
    const print = cached ?? template(values, namespace);
    if (sessionClass !== undefined && cached === undefined) {
      if (printers.size === MOST_CLASSES) printers.clear();
      printers.set(sessionClass, print);
    }
    return print(values);
  };
  const secretText = ({ values, namespace, secret }: RenderedSession): (() => string) | undefined => {
    if (secret === undefined) return undefined;
    const provider = providerOf(secret.provider);
    if (provider.files !== undefined) {
      return () => {
        const made = provider.files?.({ values, secret }) ?? { yaml: '' };
        return 'yaml' in made
          ? made.yaml
          : secretTemplate(made.chart)(made.values as never, namespace)(made.values as never);
      };
    }
    const { text } = secret;
    // Byte by byte: SOPS has a code over all of it.
    return text === undefined ? undefined : () => text;
  };
  return (session) => {
    const { id, cohort } = session;
    const file = (folder: string, end: string, make: () => string): OutputFile =>
      lazyFile(`${folder}/${cohort}/${id}${end}.yaml`, make);
    const secret = secretText(session);
    return [
      file('sessions', '', () => HEADER + manifests(session)),
      ...(printRelease === undefined
        ? []
        : [file('releases', '', () => printRelease({ id, given: releaseValues(session) }))]),
      ...(secret === undefined ? [] : folders.map((folder) => file(folder, '.secret', () => HEADER + secret()))),
    ];
  };
}

const sessionFolders = (release: ReleaseProps | undefined): readonly string[] =>
  release === undefined ? ['sessions'] : ['sessions', 'releases'];

/** Makes the content once, at the first read. */
function lazyFile(path: string, make: () => string): OutputFile {
  let made: string | undefined;
  return {
    path,
    get content() {
      return (made ??= make());
    },
  };
}
