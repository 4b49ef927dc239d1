/** Verbs that read objects (Kubernetes, "Authorization", "Determine the request verb"). */
export const READ = ['get', 'list', 'watch'];

/** Verbs of `kubectl apply`, and of programs that also delete objects. */
export const APPLY = [...READ, 'create', 'patch', 'delete'];

/** Verbs of programs that also replace whole objects. */
export const WRITE = [...READ, 'create', 'update', 'patch', 'delete'];

/**
 * Verbs of subresources that open a connection: clients get them by WebSocket, and create them by SPDY. Since Kubernetes 1.35 a WebSocket
 * needs `create` too.
 */
export const CONNECT = ['get', 'create'];
