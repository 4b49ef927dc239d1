import { isMapping } from '@dozlab/charts/schema';
import { sessionDocument, type SessionDocument } from '../api/session';
import type { YamlFile } from './yaml';

const { metadata: metadataSchema, spec: specSchema } = sessionDocument.shape;
const { name: nameSchema } = metadataSchema.shape;
const { userId: userIdSchema, expiresAt: expiresAtSchema } = specSchema.shape;

/**
 * What files of sessions say that were right. Most of them differ in nothing but who the session is for, and until when: of the next one that does,
 * nothing else has to be checked.
 */
export class SessionForms {
  private readonly right = new Set<string>();

  /** Takes in what a file says that is right. */
  add(file: YamlFile): void {
    const form = formOf(file);
    if (form !== undefined) this.right.add(form);
  }

  /** What a file says, if that is known to be right. */
  document(file: YamlFile, expectedName: string): SessionDocument | undefined {
    const form = formOf(file);
    if (form === undefined || !this.right.has(form)) return undefined;
    const document = file.content as SessionDocument;
    const { metadata, spec } = document;
    const isRight =
      metadata.name === expectedName &&
      nameSchema.safeParse(metadata.name).success &&
      userIdSchema.safeParse(spec.userId).success &&
      expiresAtSchema.safeParse(spec.expiresAt).success;
    return isRight ? document : undefined;
  }
}

/** All that a file says but for the texts of name, user and end; undefined where that is not what the file of a session says. */
function formOf({ content, isTree }: YamlFile): string | undefined {
  if (isTree !== true || !isMapping(content)) return undefined;
  const { metadata, spec } = content;
  if (!isMapping(metadata) || !isMapping(spec)) return undefined;
  const { expiresAt } = spec;
  if (typeof metadata['name'] !== 'string' || typeof spec['userId'] !== 'string') return undefined;
  return JSON.stringify({
    ...content,
    metadata: { ...metadata, name: '' },
    spec: { ...spec, userId: '', ...(typeof expiresAt === 'string' ? { expiresAt: '' } : {}) },
  });
}
