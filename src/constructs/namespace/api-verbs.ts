/** Verbs of the Kubernetes API that go together (Kubernetes, "Authorization", "Determine the request verb"). */
export const READ = ['get', 'list', 'watch'];

/** What `kubectl apply` and what removes objects need. */
export const APPLY = [...READ, 'create', 'patch', 'delete'];

/** What writes whole objects needs as well. */
export const WRITE = [...READ, 'create', 'update', 'patch', 'delete'];

/**
 * Of the subresources that open a connection: clients by WebSocket get them, those by SPDY create them.
 * Since Kubernetes 1.35 a WebSocket needs `create` as well.
 */
export const CONNECT = ['get', 'create'];
