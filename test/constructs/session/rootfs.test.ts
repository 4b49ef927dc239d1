import { container, environmentOf, labSession } from '../../support/manifests';

const SHA256 = '0123456789abcdef'.repeat(4);
const checksums = (sha256?: string): string[] =>
  environmentOf(container(labSession({ rootfs: sha256 === undefined ? {} : { sha256 } }), 'init-rootfs')).filter(
    (line) => line.startsWith('IMAGE_SHA256'),
  );

it('the init container gets the checksum only if there is one', () => {
  expect(checksums(SHA256)).toEqual([`IMAGE_SHA256=${SHA256}`]);
  expect(checksums('')).toEqual([]);
  expect(checksums()).toEqual([]);
});
