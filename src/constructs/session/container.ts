import type { k8s } from 'cdk8s-plus-28';
import { entry, type OpenMap, optional, type Optional, orElse, quantities, type Text } from '@dozlab/charts';
import type { SessionView } from './metadata';
import { diskSpaceLimitOf } from '../../api/values/quantity-functions';
import { imageReferenceOf } from '../../api/values/template-functions';

interface Image {
  readonly image: Text;
  readonly tag: Text;
  readonly digest: Optional<string>;
}

export const containerImage = (view: SessionView, { image, tag, digest }: Image) => ({
  image: imageReferenceOf(image, tag, digest),
  imagePullPolicy: optional(view.imagePullPolicy) as string | undefined,
});

/** For containers that ask nothing of the kernel. */
export const UNPRIVILEGED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
} as const satisfies k8s.SecurityContext;

interface Resources {
  readonly limits: OpenMap<string | number>;
  readonly requests: OpenMap<string | number>;
}

const DISK = 'ephemeral-storage';

/**
 * @param disk that the container's volumes take of the node
 * @param room for which the limit of the disk space is enough
 * @param more limits and requests, which hold what is given
 */
export function containerResources(
  given: Resources,
  disk: string,
  room = disk,
  more: Partial<Record<keyof Resources, Record<string, string>>> = {},
): k8s.ResourceRequirements {
  const request = orElse(entry(given.requests, DISK), disk);
  return {
    limits: quantities(given.limits, {
      ...more.limits,
      [DISK]: orElse(entry(given.limits, DISK), diskSpaceLimitOf(request, room)),
    }),
    requests: quantities(given.requests, { ...more.requests, [DISK]: request }),
  };
}
