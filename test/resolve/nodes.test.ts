import { placesWith } from '../support/problems';
import { lab, project } from '../support/project';

test('validate rejects a lab of prePull that does not exist', () => {
  expect(
    placesWith({ 'dozlab.yaml': project({ nodes: { prePull: { enabled: true, labs: ['vm', 'nope'] } } }) }),
  ).toEqual(['dozlab.yaml:11:11 spec.nodes.prePull.labs[1] [unknown-lab]']);
});

test('validate rejects one resource for two devices', () => {
  const labWith = (name: string, kvm: string, tun: string) =>
    lab(name, {
      values: { rootfs: { imageUrl: 'https://example.com/rootfs.ext4' }, firecracker: { devices: { kvm, tun } } },
    });
  const labs = {
    'labs/vm.yaml': labWith('vm', 'example.com/a', 'example.com/b'),
    'labs/vn.yaml': labWith('vn', 'example.com/b', ''),
  };
  expect(placesWith(labs)).toEqual([]);
  expect(placesWith({ ...labs, 'dozlab.yaml': project({ nodes: { devicePlugin: { enabled: true } } }) })).toEqual([
    'dozlab.yaml:8:7 spec.nodes.devicePlugin [conflict]',
  ]);
});
