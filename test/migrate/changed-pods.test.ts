import { CHANGED_PODS, migratedPod, specOf } from '../support/changed-pods';
import { differingFields, podIn, toldFields } from '../support/migration';

test.each(Object.entries(CHANGED_PODS))('%s: every field that is not as it was is told', (_, change) => {
  const { before, after, told } = migratedPod(change, 'labs');
  // A container that was not there is told as a whole, without what the API server takes for what it does not say.
  const names = specOf(before).containers.map(({ name }) => `spec.containers.${String(name)}.image`);
  const isNew = (path: string): boolean => /\.containers\..*\.image$/.test(path) && !names.includes(path);
  const fields = toldFields(told).map((path) => (isNew(path) ? path.replace(/\.image$/, '') : path));
  const differing = differingFields(podIn(before), podIn(after));
  expect(differing.filter((path) => !isDecided(path) && !fields.some((each) => covers(each, path)))).toEqual([]);
});

/** What the cluster adds to a Pod, and what it takes for what is not given. */
const isDecided = (path: string): boolean =>
  /^spec\.(nodeName|tolerations|priority|preemptionPolicy|dnsPolicy|schedulerName|serviceAccount(Name)?)|kube-api-access|secrets\/kubernetes\.io|terminationMessage|imagePullPolicy|successThreshold|\.logs\..*Probe/.test(
    path,
  );

/** Whether something that is told is a field, or is around it. */
const covers = (told: string, path: string): boolean =>
  path === told || [`${told}.`, `${told}[`].some((start) => path.startsWith(start));
