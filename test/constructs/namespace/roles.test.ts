import { FLUX_PERMISSIONS } from '../../../src/constructs/flux/flux-role';
import { providerPermissions } from '../../../src/secrets/providers';
import { INSTRUCTOR_PERMISSIONS, PASSWORD_PERMISSION } from '../../../src/constructs/namespace/instructor-role';
import { SESSION_MANAGER_PERMISSIONS } from '../../../src/constructs/namespace/session-manager-role';
import { VIEWER_PERMISSIONS } from '../../../src/constructs/namespace/viewer-role';
import { namesOf, one } from '../../support/manifests';
import { RIGHTS, rightsOf, roleOf, type RoleName, type Rule } from '../../support/roles';

const NAMES: Record<RoleName, string> = {
  manager: 'dozlab-session-manager',
  viewer: 'dozlab-viewer',
  instructor: 'dozlab-instructor',
  instructorWithPasswords: 'dozlab-instructor',
  flux: 'dozlab-flux',
};

describe.each(Object.keys(RIGHTS) as RoleName[])('%s', (role) => {
  const manifests = roleOf(role, 'lab-classroom', ['somebody']);

  it('permits its purpose and nothing else', () => {
    expect(rightsOf(one(manifests, 'Role')['rules'] as Rule[])).toEqual(RIGHTS[role]);
  });

  it('is a Role of the namespace with a RoleBinding for its subjects', () => {
    expect(namesOf(manifests)).toEqual([`Role/${NAMES[role]}`, `RoleBinding/${NAMES[role]}`]);
    for (const { metadata } of manifests) expect(metadata.namespace).toBe('lab-classroom');
    expect(one(manifests, 'RoleBinding')['roleRef']).toEqual({
      apiGroup: 'rbac.authorization.k8s.io',
      kind: 'Role',
      name: NAMES[role],
    });
  });
});

it.each<[RoleName, object]>([
  ['manager', { kind: 'ServiceAccount', name: 'somebody', namespace: 'lab-classroom' }],
  ['flux', { kind: 'ServiceAccount', name: 'somebody', namespace: 'lab-classroom' }],
  ['viewer', { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'somebody' }],
  ['instructor', { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'somebody' }],
])('%s is bound to the right kind of subject', (role, subject) => {
  expect(one(roleOf(role, 'lab-classroom', ['somebody']), 'RoleBinding')['subjects']).toEqual([subject]);
});

it.each<RoleName>(['viewer', 'instructor', 'flux'])('%s has no RoleBinding without subjects', (role) => {
  expect(namesOf(roleOf(role, 'lab-classroom', []))).toEqual([`Role/${NAMES[role]}`]);
});

it('every permission has a purpose', () => {
  const all = [
    ...SESSION_MANAGER_PERMISSIONS,
    ...VIEWER_PERMISSIONS,
    ...INSTRUCTOR_PERMISSIONS,
    ...FLUX_PERMISSIONS,
    ...providerPermissions(),
  ];
  for (const { purpose } of [...all, PASSWORD_PERMISSION]) expect(purpose).toMatch(/^[a-z].*[a-zA-Z)]$/);
});
