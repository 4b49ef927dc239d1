import { lazyFile, type OutputFile, type Printer } from '@dozlab/charts';
import { providerOf } from '../secrets/providers';
import type { Session } from '../model/session';
import type { SessionValues } from '../api/values/schema';
import { HEADER } from './header';
import { releasePrinter, type ReleaseProps } from './release';
import type { SessionTemplates } from './session-templates';

/** What the renderer reads of a session. */
export type RenderedSession = Omit<Session, 'lab' | 'secret'> & Partial<Pick<Session, 'secret'>>;

/** So many kinds of sessions are remembered: where each session is of its own kind, that takes memory and is of no use. */
const MOST_KINDS = 32;

/**
 * Gives the files of the sessions of one cohort: `sessions/<cohort>/<id>.yaml`, beside it `<id>.secret.yaml` where the provider has something
 * for Git, and the same in `releases/<cohort>/` where Helm delivers them. They are made when their content is asked for; what sessions of a
 * kind have in common is made once.
 * @param release of a cohort that Helm delivers
 */
export function sessionFiles(
  { session: template, release: releaseTemplate, secret: secretTemplate }: SessionTemplates,
  release: ReleaseProps | undefined,
): (session: RenderedSession) => OutputFile[] {
  const printers = new Map<object, Printer<SessionValues>>();
  const printRelease = release === undefined ? undefined : releasePrinter(releaseTemplate, release);
  const folders = sessionFolders(release);

  const manifests = ({ values, namespace, kind }: RenderedSession): string => {
    const known = kind === undefined ? undefined : printers.get(kind);
    const print = known ?? template(values, namespace);
    if (kind !== undefined && known === undefined) {
      if (printers.size === MOST_KINDS) printers.clear();
      printers.set(kind, print);
    }
    return print(values);
  };
  /** What the cluster makes a session's Secret of; undefined when nothing of it is in Git. */
  const secretText = ({ values, namespace, secret }: RenderedSession): SecretText | undefined => {
    if (secret === undefined) return undefined;
    const provider = providerOf(secret.provider);
    if (provider.files !== undefined) {
      const text = (): string => {
        const made = provider.files?.({ values, secret }) ?? { yaml: '' };
        return 'yaml' in made
          ? made.yaml
          : secretTemplate(made.chart)(made.values as never, namespace)(made.values as never);
      };
      return { text, isMade: true };
    }
    const { text } = secret;
    // Byte by byte: SOPS has a code over all of it.
    return text === undefined ? undefined : { text: () => text, isMade: false };
  };
  return (session) => {
    const { id, cohort, isKnown } = session;
    const file = (folder: string, end: string, make: () => string, known = isKnown): OutputFile =>
      lazyFile(`${folder}/${cohort}/${id}${end}.yaml`, make, known === true);
    const secret = secretText(session);
    return [
      file('sessions', '', () => HEADER + manifests(session)),
      ...(printRelease === undefined ? [] : [file('releases', '', () => printRelease(session))]),
      ...(secret === undefined
        ? []
        : folders.map((folder) =>
            file(folder, '.secret', () => HEADER + secret.text(), isKnown === true && secret.isMade),
          )),
    ];
  };
}

/** The folders at the top that hold files of a cohort's sessions. */
const sessionFolders = (release: ReleaseProps | undefined): readonly string[] =>
  release === undefined ? ['sessions'] : ['sessions', 'releases'];

interface SecretText {
  readonly text: () => string;
  /** Whether it is made of what the session is made of, and not taken from a file. */
  readonly isMade: boolean;
}
