import { NO_RULES, type NamespaceRules } from '../admission/admit';
import type { LimitRange } from '../admission/limit-range';
import { amountsOf } from '../admission/resource-list';
import type { InfraSettings } from '../api/settings/infra';
import { podPolicyRefusal } from '../constructs/namespace/pod-policy-verdict';
import { isOwnNamespace, type Namespace } from '../model/project';

/** A foreign namespace gets no LimitRange and no policy of ours; its own are not known. */
export const limitRangesOf = (name: string, { limitRange }: InfraSettings): LimitRange[] => {
  const { enabled, defaultRequest, max } = limitRange;
  const isEmpty = Object.keys({ ...defaultRequest, ...max }).length === 0;
  return !enabled || isEmpty || !isOwnNamespace(name) ? [] : [[{ type: 'Container', defaultRequest, max }]];
};

export const QUOTA_NAME = 'lab-sessions';

/** What the manifests of the namespace say to the API server. */
export function namespaceRules(namespace: Namespace): NamespaceRules {
  const { name, settings, quota, images, capabilities } = namespace;
  const { enabled, acmeSolverImages: solverImages } = settings.podPolicy;
  const known = rules.get(namespace);
  if (known !== undefined) return known;
  const made: NamespaceRules = {
    ...NO_RULES,
    limitRanges: limitRangesOf(name, settings),
    quotas: quota === undefined ? [] : [{ name: QUOTA_NAME, hard: amountsOf(quota), scopes: [] }],
    policies:
      enabled && isOwnNamespace(name)
        ? [{ name, refusal: podPolicyRefusal({ name, namespace: name, images, solverImages, capabilities }) }]
        : [],
  };
  rules.set(namespace, made);
  return made;
}

const rules = new WeakMap<Namespace, NamespaceRules>();
