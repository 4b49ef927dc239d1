/** The volumes of a pod, by where their values are. */
export const VOLUMES = {
  'vm-kernels': 'kernels',
  'vm-data': 'vmData',
  'vscode-data': 'vscodeData',
  'shared-config': 'sharedConfig',
};

/** Fields of a pod's spec that values have as they are. */
export const SAME_FIELDS = [
  'restartPolicy',
  'nodeSelector',
  'tolerations',
  'affinity',
  'topologySpreadConstraints',
  'priorityClassName',
  'runtimeClassName',
  'terminationGracePeriodSeconds',
  'imagePullSecrets',
];
