import { randomUUID } from 'node:crypto';
import { kubectl } from './cluster';

/**
 * Has Flux act on objects, one after the other, and waits until each is Ready.
 * @param objects such as gitrepository/fleet; a source goes before what is made of it
 * @throws Error with the conditions of the object when it is not Ready in two minutes
 */
export function reconcile(namespace: string, ...objects: string[]): void {
  for (const object of objects) {
    request(namespace, object);
    waitFor(namespace, object, 'condition=Ready');
  }
}

/** Has Flux act on objects, all at once, and waits until it has, whatever came of it. */
export function request(namespace: string, ...objects: string[]): void {
  if (objects.length === 0) return;
  const id = randomUUID();
  // Flux takes back what kubectl has put into objects that Flux applies itself.
  const manager = '--field-manager=flux';
  const annotation = `reconcile.fluxcd.io/requestedAt=${id}`;
  kubectl.run(['annotate', '--overwrite', manager, ...objects, '-n', namespace, annotation]);
  for (const object of objects) waitFor(namespace, object, `jsonpath={.status.lastHandledReconcileAt}=${id}`);
}

function waitFor(namespace: string, object: string, what: string): void {
  if (kubectl.try(['wait', object, '-n', namespace, `--for=${what}`, '--timeout=120s'])) return;
  const { status } = kubectl.get(object, '-n', namespace);
  throw new Error(`${object} is not at ${what}: ${JSON.stringify(status, undefined, 2)}`);
}
