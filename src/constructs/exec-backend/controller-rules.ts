import type { k8s } from 'cdk8s-plus-28';

const core = (resources: string[], verbs: string[]): k8s.PolicyRule => ({ apiGroups: [''], resources, verbs });

const CONFIG_MAPS = core(['configmaps'], ['get', 'list', 'create', 'delete', 'deletecollection']);

/**
 * What clients need to open a stream to a pod. Those with SPDY send a POST, which is `create`; those with WebSockets a GET, which is `get`, and
 * for which the API server wants `create` too since Kubernetes 1.35.
 */
const OPEN_STREAM = ['get', 'create'];

/** What the server may do, by the choice of permissions. */
export const CONTROLLER_RULES: Readonly<Record<'full' | 'minimum', readonly k8s.PolicyRule[]>> = {
  full: [
    core(['pods'], ['get', 'list', 'watch', 'create', 'delete', 'deletecollection']),
    core(['pods/exec'], OPEN_STREAM),
    core(['pods/log'], ['get']),
    core(['pods/attach'], OPEN_STREAM),
    core(['pods/portforward'], OPEN_STREAM),
    CONFIG_MAPS,
    core(['services'], ['get', 'list', 'create', 'delete']),
    core(['persistentvolumeclaims'], ['get', 'list', 'create', 'delete']),
  ],
  minimum: [
    core(['pods', 'pods/exec', 'pods/log', 'pods/attach'], ['get', 'list', 'watch', 'create', 'delete']),
    CONFIG_MAPS,
  ],
};
