export const QUOTA_PRESETS = ['dozlab-quota', 'lab-sessions-quota'] as const;

export type QuotaPreset = (typeof QUOTA_PRESETS)[number];

export const PRESET_LIMITS: Readonly<Record<QuotaPreset, Readonly<Record<string, string>>>> = {
  'dozlab-quota': { 'requests.cpu': '50', 'requests.memory': '100Gi', pods: '50', persistentvolumeclaims: '0' },
  'lab-sessions-quota': { 'requests.cpu': '20', 'requests.memory': '40Gi', pods: '10' },
};
