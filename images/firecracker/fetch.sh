#!/bin/sh
# fetch.sh [FOLDER]: puts `firecracker` and `vmlinux.bin` into the folder, by default bin/ beside this script, unless they are there.
# The Dockerfile runs it too, and takes what is in bin/: run it first where the build has no network.
# To use other files, set the four variables, or put the two files into bin/ yourself.
set -eu
release=${FIRECRACKER_VERSION:-v1.15.1}
url=${FIRECRACKER_URL:-https://github.com/firecracker-microvm/firecracker/releases/download/$release/firecracker-$release-x86_64.tgz}
sha256=${FIRECRACKER_SHA256:-d4a32ab2322d887ca1bc4a4e7afa9cc35393e6362dfc2b3becb389d362e4275a}
kernel_url=${KERNEL_URL:-https://s3.amazonaws.com/spec.ccfc.min/firecracker-ci/v1.15/x86_64/vmlinux-6.1.155}
kernel_sha256=${KERNEL_SHA256:-e20e46d0c36c55c0d1014eb20576171b3f3d922260d9f792017aeff53af3d4f2}
folder=${1:-$(dirname "$0")/bin}
mkdir -p "$folder"

# fetch URL SHA256 FILE
fetch() {
  curl -q --fail --silent --show-error --location --proto =https --retry 3 --output "$3.part" "$1"
  if ! printf '%s  %s\n' "$2" "$3.part" | sha256sum -c - > /dev/null 2>&1; then
    echo "fetch.sh: $1 has another SHA-256 than $2: $(sha256sum < "$3.part")" >&2
    rm -f "$3.part"
    exit 1
  fi
  mv "$3.part" "$3"
}

if [ ! -e "$folder/firecracker" ]; then
  fetch "$url" "$sha256" "$folder/firecracker.tgz"
  tar -xzf "$folder/firecracker.tgz" -C "$folder" "release-$release-x86_64/firecracker-$release-x86_64"
  mv "$folder/release-$release-x86_64/firecracker-$release-x86_64" "$folder/firecracker"
  rmdir "$folder/release-$release-x86_64"
  rm "$folder/firecracker.tgz"
fi
[ -e "$folder/vmlinux.bin" ] || fetch "$kernel_url" "$kernel_sha256" "$folder/vmlinux.bin"
chmod 755 "$folder/firecracker"
