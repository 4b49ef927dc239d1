/** Kubernetes, "Authorization", "Determine the request verb". */
export const READ = ['get', 'list', 'watch'];

export const APPLY = [...READ, 'create', 'patch', 'delete'];

export const WRITE = [...READ, 'create', 'update', 'patch', 'delete'];

/** WebSocket needs `get`, SPDY `create`. Since Kubernetes 1.35 a WebSocket needs both. */
export const CONNECT = ['get', 'create'];
