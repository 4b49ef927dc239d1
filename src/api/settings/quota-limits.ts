import { z } from 'zod';
import { matching, quantityField } from '../values/fields';
import { isWhole } from '../values/quantity';

export const QUOTA_PRESETS = ['dozlab-quota', 'lab-sessions-quota'] as const;

type QuotaPreset = (typeof QUOTA_PRESETS)[number];

export const PRESET_LIMITS: Readonly<Record<QuotaPreset, Readonly<Record<string, string>>>> = {
  'dozlab-quota': { 'requests.cpu': '50', 'requests.memory': '100Gi', pods: '50', persistentvolumeclaims: '0' },
  'lab-sessions-quota': { 'requests.cpu': '20', 'requests.memory': '40Gi', pods: '10' },
};

const COUNTED =
  'pods|services|services\\.nodeports|services\\.loadbalancers|replicationcontrollers|resourcequotas|secrets|configmaps|persistentvolumeclaims';
const MEASURED =
  '((requests|limits)\\.)?(cpu|memory|ephemeral-storage)|requests\\.storage|(requests\\.)?hugepages-[0-9]+[KMG]i';
const PREFIXED =
  '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?';

const OF_CONTAINERS = 'cpu|memory|ephemeral-storage|hugepages-[0-9]+[KMG]i';

/** Prefixed names count whole units; Kubernetes does not check those with `requests.`. */
const IS_COUNTED = new RegExp(`^(${COUNTED}|(?!requests\\.)${PREFIXED})$`);

/** Kubernetes, "Resource Quotas". */
const resourceName = () =>
  matching(
    new RegExp(`^(${COUNTED}|${MEASURED}|${PREFIXED})$`),
    'a resource that a ResourceQuota can limit, such as pods, requests.cpu, limits.memory, count/jobs.batch or requests.nvidia.com/gpu',
    317,
  );

export const quotaLimits = () =>
  z
    .record(resourceName(), quantityField(), { error: 'a mapping of resource names to quantities' })
    .superRefine((given, context) => {
      for (const [name, limit] of Object.entries(given)) {
        if (IS_COUNTED.test(name) && !isWhole(limit))
          context.addIssue({ code: 'custom', path: [name], message: 'a whole number, as these are counted' });
      }
    });

/** The API server refuses a LimitRange with a name for quotas. */
export const containerAmounts = () =>
  z.record(
    matching(
      new RegExp(`^(${OF_CONTAINERS}|(?!requests\\.)${PREFIXED})$`),
      'a resource that a container can ask for, such as cpu, memory or nvidia.com/gpu',
      317,
    ),
    quantityField(),
    { error: 'a mapping of resource names to quantities' },
  );
