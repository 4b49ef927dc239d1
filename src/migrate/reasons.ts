type Kind = 'lost' | 'added' | 'changed';

/** Why a session is not just as its original was: by the object and the path of what differs, and how it must not differ for that. */
const RULES: readonly (readonly [place: RegExp, reason: string, unless?: Kind])[] = [
  [/^Pod kind$/, 'a Deployment keeps the session running and takes changes; its one pod has another name'],
  [/^Pod metadata\.name$/, 'objects are named after the id of the session'],
  [/^Pod metadata\.labels\.user-id$/, 'made a valid label value; the annotation dozlab.io/user-id has it exactly'],
  [/^(Pod|Service) metadata\.labels\["app\.kubernetes\.io\//, 'every object of a session has these labels'],
  [/^(Pod|Service) metadata\.labels\./, 'labels of the session are on all its objects'],
  [/^Pod metadata\.annotations\["cluster-autoscaler/, 'an eviction would lose the work of the student'],
  [/annotations\["dozlab\.io\/user-id"\]$/, 'has the user exactly'],
  [/^(Pod|Service) metadata\.annotations/, 'annotations are not read, as they may hold secrets'],
  [/^Pod spec\.automountServiceAccountToken$/, 'a session has no business with the API server'],
  [/^Pod spec\.enableServiceLinks$/, 'a session learns nothing of other Services'],
  [/^Pod spec\.serviceAccountName$|^Pod spec\.serviceAccount$/, 'a session has no business with the API server'],
  [
    /^Pod spec\.initContainers\.network-setup\.(command|args|env)/,
    'values reach the script as environment variables, never as program text; it writes the same /shared/network-config',
  ],
  [/\.resources\.limits\["devices\./, 'without privileged containers a device plugin gives the microVM its devices'],
  [/\.securityContext\.privileged$/, 'a session has capabilities and devices instead'],
  [/\.resources\.requests\.ephemeral-storage$/, 'the scheduler has to see the disk space that the volumes take'],
  [
    /\.firecracker-vm\.resources\.limits\./,
    'follows the size of the microVM, as the default of the original does not fit it',
  ],
  [
    /^Pod spec\.volumes\.vm-kernels\.emptyDir\.sizeLimit$/,
    'follows the size of the disk, as the default of the original does not fit it',
  ],
  [/\.env\.PASSWORD/, 'the password comes from the Secret that the project keeps'],
  [/\.env\.IMAGE_DOWNLOAD_URL/, 'what stands behind ? or # in the address may be a credential'],
  [
    /\.env\./,
    'the value of a variable may be a secret; refer to a Secret or ConfigMap by valueFrom (extraEnv)',
    'added',
  ],
  [/\.(command|args)$/, 'what a container runs belongs to its image'],
  [/^Service spec\.ports\..*nodePort$/, 'the cluster gives the Service a port of the node'],
  [/^Secret /, 'no file holds a password: the project keeps it as spec.secrets says, by dozlab secret set'],
  [/metadata\.namespace$/, 'the namespace of the cohort'],
  [/^NetworkPolicy /, 'isolates the session; the value networkPolicy.enabled: false leaves it out'],
  [/^PersistentVolumeClaim /, 'a volume with persistence'],
  [/^(Ingress|HTTPRoute) /, 'a route, as project or cohort say'],
];

/** Why something differs. */
export function reasonOf(object: string, path: string, change: Kind): string {
  const place = `${object} ${path}`;
  const known = RULES.find(([pattern, , unless]) => unless !== change && pattern.test(place))?.[1];
  if (known !== undefined) return known;
  return change === 'lost' ? 'no value of a session sets it' : 'every session has it so';
}
