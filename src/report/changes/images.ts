import type { Session } from '../../model/session';
import { imagesOf } from '../../resolve/lab-values';
import { pathText } from '@dozlab/charts/schema';
import { isSecretText } from './secret-text';
import type { Snapshot } from './snapshot';

/** An image or a root file system that sessions get, or get in place of another one. */
export interface ImageChange {
  /** Such as `firecracker`, or `rootfs`. */
  readonly of: string;
  /** What sessions that are there had; undefined for what only new sessions have, and none had before. */
  readonly before?: string;
  readonly after: string;
  /** Number of sessions that have it afterwards. */
  readonly sessions: number;
}

/** The images and root file systems that change, and those that are new. */
export function imageChanges(before: Snapshot, after: Snapshot): ImageChange[] {
  let known: ReadonlySet<string> | undefined;
  const isKnown = (image: Image): boolean => {
    known ??= new Set(Array.from(before.sessions.values()).flatMap((session) => imagesAt(session).map(textOf)));
    return known.has(textOf(image));
  };
  const found = new Map<string, ImageChange>();
  const count = (change: Omit<ImageChange, 'sessions'>): void => {
    const key = JSON.stringify(change);
    found.set(key, { ...change, sessions: (found.get(key)?.sessions ?? 0) + 1 });
  };
  for (const [key, session] of after.sessions) {
    const was = before.sessions.get(key);
    if (was === session) continue;
    const images = new Map(was === undefined ? [] : imagesAt(was).map(({ of, image }) => [of, image]));
    for (const { of, image } of imagesAt(session)) {
      const old = images.get(of);
      if (was !== undefined && old !== undefined && old !== image) count({ of, before: old, after: image });
      else if (was === undefined && !isKnown({ of, image })) count({ of, after: image });
    }
  }
  return Array.from(found.values());
}

interface Image {
  readonly of: string;
  readonly image: string;
}

const textOf = ({ of, image }: Image): string => `${of} ${image}`;

const imagesAt = ({ values }: Session): Image[] => [
  ...imagesOf(values).map(({ path, image }) => ({ of: pathText(path), image })),
  { of: 'rootfs', image: shownUrl(values.rootfs.imageUrl) },
];

/** An address without what may be a credential: a user, and parameters. */
function shownUrl(text: string): string {
  if (!isSecretText(['rootfs', 'imageUrl'], text)) return text;
  const { origin, pathname } = new URL(text);
  return `${origin}${isSecretText(['pathname'], pathname) ? '' : pathname} (more is not shown)`;
}
