import { CHANGED_PODS, migratedPod, specOf } from '../support/changed-pods';
import { differingFields, podIn, reportedFields } from '../support/migration';

test.each(Object.entries(CHANGED_PODS))('migrate reports every changed field of a pod with %s', (_, change) => {
  const { before, after, reported } = migratedPod(change, 'labs');
  // A new container is reported as a whole, without defaults of the API server.
  const names = specOf(before).containers.map(({ name }) => `spec.containers.${String(name)}.image`);
  const isNew = (path: string): boolean => /\.containers\..*\.image$/.test(path) && !names.includes(path);
  const fields = reportedFields(reported).map((path) => (isNew(path) ? path.replace(/\.image$/, '') : path));
  const differing = differingFields(podIn(before), podIn(after));
  expect(differing.filter((path) => !isDecided(path) && !fields.some((each) => covers(each, path)))).toEqual([]);
});

/** Fields that the cluster sets. */
const isDecided = (path: string): boolean =>
  /^spec\.(nodeName|tolerations|priority|preemptionPolicy|dnsPolicy|schedulerName|serviceAccount(Name)?)|kube-api-access|secrets\/kubernetes\.io|terminationMessage|imagePullPolicy|successThreshold|\.logs\..*Probe/.test(
    path,
  );

/** Whether a reported field is the path or contains it. */
const covers = (reported: string, path: string): boolean =>
  path === reported || [`${reported}.`, `${reported}[`].some((start) => path.startsWith(start));
