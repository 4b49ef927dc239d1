import { listField, matching } from './fields';

/** Capabilities of Linux 6.12 (capabilities(7)), as Kubernetes writes them. */
const CAPABILITIES = [
  ...['AUDIT_CONTROL', 'AUDIT_READ', 'AUDIT_WRITE', 'BLOCK_SUSPEND', 'BPF', 'CHECKPOINT_RESTORE', 'CHOWN'],
  ...['DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'IPC_LOCK', 'IPC_OWNER', 'KILL', 'LEASE'],
  ...['LINUX_IMMUTABLE', 'MAC_ADMIN', 'MAC_OVERRIDE', 'MKNOD', 'NET_ADMIN', 'NET_BIND_SERVICE', 'NET_BROADCAST'],
  ...['NET_RAW', 'PERFMON', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYSLOG', 'SYS_ADMIN', 'SYS_BOOT'],
  ...['SYS_CHROOT', 'SYS_MODULE', 'SYS_NICE', 'SYS_PACCT', 'SYS_PTRACE', 'SYS_RAWIO', 'SYS_RESOURCE', 'SYS_TIME'],
  ...['SYS_TTY_CONFIG', 'WAKE_ALARM'],
];

export const isCapability = (name: unknown): name is string => CAPABILITIES.some((each) => each === name);

/** Requirement 003. */
export const MICROVM_CAPABILITIES: readonly string[] = ['NET_ADMIN', 'SYS_ADMIN', 'SYS_RESOURCE'];

const NAME_FORM = 'a capability of Linux in capitals and without CAP_, such as NET_ADMIN';

export const capabilities = () =>
  listField(matching(new RegExp(`^(${CAPABILITIES.join('|')})$`), NAME_FORM, 18), CAPABILITIES.length)
    .superRefine((names, context) => {
      names.forEach((name, index) => {
        if (names.indexOf(name) < index)
          context.addIssue({ code: 'custom', path: [index], message: 'a capability that is not in the list already' });
      });
    })
    .meta({ uniqueItems: true });
