#!/bin/sh
# Prepares the root file system of a session's microVM: downloads it, checks it and grows it. See README.md.
# It needs no capability. Whatever is not finished has another name than IMAGE_PATH.
set -eu

image=${IMAGE_PATH:-/srv/vm/kernels/rootfs.ext4}
part=$image.part      # the download so far
state=$image.part.state # of which file: address, validator (ETag or Last-Modified), whole size
headers=$image.part.headers
new=$image.new        # downloaded, being checked
source=$image.source  # where the finished image came from
attempts=${DOWNLOAD_ATTEMPTS:-8}
pause=${DOWNLOAD_PAUSE:-1}
stall=${DOWNLOAD_STALL:-30}
child=

say() { printf 'init-rootfs: %s\n' "$1"; }

# fail STATUS CODE TEXT: the codes and exit statuses are listed in README.md
fail() {
  printf 'init-rootfs: %s: %s\n' "$2" "$3" >&2
  log=${TERMINATION_LOG:-/dev/termination-log}
  if [ -w "$log" ]; then printf 'init-rootfs: %s: %s\n' "$2" "$3" > "$log" || true; fi
  exit "$1"
}

stop() {
  if [ -n "$child" ]; then kill "$child" 2> /dev/null || true; fi
  fail 143 interrupted 'the pod was stopped. Fix: none needed, the next start goes on'
}

# Longer numbers overflow, and a leading zero is octal in arithmetic.
is_number() { case $1 in '' | 0* | *[!0-9]*) return 1 ;; esac; [ "${#1}" -le 15 ]; }

# The largest ext4 file system with blocks of 4 KiB and 32 bits: 16T.
largest=17592186044416

# bytes_of SIZE: prints it in bytes, in resize2fs's powers of 1024
bytes_of() {
  number=${1%[KMGT]}
  is_number "$number" || return 1
  case ${1#"$number"} in
    '') unit=1 ;;
    K) unit=1024 ;;
    M) unit=1048576 ;;
    G) unit=1073741824 ;;
    T) unit=1099511627776 ;;
  esac
  [ "$number" -le $((largest / unit)) ] || return 1
  echo $((number * unit))
}

size_of() { if [ -e "$1" ]; then stat -c %s "$1"; else echo 0; fi; }

free_mib() { df -Pm "$(dirname "$image")" | awk 'NR == 2 { print $4 }'; }

# without_secrets URL: drops user, password, query and fragment, which may hold a signature
without_secrets() { printf '%s\n' "$1" | sed -E 's/[?#].*$//; s#^([A-Za-z]+://)[^/]*@#\1#'; }

check_settings() {
  case ${IMAGE_DOWNLOAD_URL:-} in
    http://?* | https://?*) ;;
    '') fail 10 invalid-url 'IMAGE_DOWNLOAD_URL is not set. Fix: set rootfs.imageUrl' ;;
    *) fail 10 invalid-url 'IMAGE_DOWNLOAD_URL is not an address of the web. Fix: use https://…' ;;
  esac
  case $IMAGE_DOWNLOAD_URL in
    *[[:cntrl:][:space:]]*) fail 10 invalid-url 'IMAGE_DOWNLOAD_URL has a space or a control character. Fix: escape it, such as %20' ;;
  esac
  # With / ? or # in a password, the password would end up in messages.
  host=${IMAGE_DOWNLOAD_URL#*://}
  host=${host%%[/?#]*}
  case ${host##*@} in
    \[*\] | \[*\]:*[0-9]) ;;
    '' | *:*[!0-9]*) fail 10 invalid-url 'IMAGE_DOWNLOAD_URL has no valid host. Fix: write / ? # and @ of a password as %2F %3F %23 and %40' ;;
  esac
  url=$(without_secrets "$IMAGE_DOWNLOAD_URL")
  wanted=$(bytes_of "${IMAGE_SIZE:-}") ||
    fail 11 invalid-size "IMAGE_SIZE is \"${IMAGE_SIZE:-}\". Fix: a whole number with K, M, G or T such as 4G, or of bytes, at most 16T"
  sha256=$(printf '%s' "${IMAGE_SHA256:-}" | tr 'A-F' 'a-f')
  case $sha256 in
    '') ;;
    *[!0-9a-f]*) fail 12 invalid-checksum 'IMAGE_SHA256 is no SHA-256. Fix: 64 digits of sha256sum' ;;
    *) [ "${#sha256}" -eq 64 ] || fail 12 invalid-checksum 'IMAGE_SHA256 is no SHA-256. Fix: 64 digits of sha256sum' ;;
  esac
  folder=$(dirname "$image")
  mkdir -p "$folder" 2> /dev/null || fail 13 not-writable "$folder cannot be made. Fix: mount a volume there"
  if ! touch "$state" 2> /dev/null; then
    fail 13 not-writable "$folder is not writable for user $(id -u). Fix: set fsGroup, or remove files of another user"
  fi
}

forget_download() { rm -f "$part" "$part".*; }

state_line() { sed -n "$1p" "$state" 2> /dev/null || true; }

# header NAME: prints its value in the last answer, which is the one after all redirects
header() {
  [ -e "$headers" ] || return 0
  tr -d '\r' < "$headers" | awk -v name="$1" '
    /^HTTP\// { value = name == "HTTP/status" ? $2 : "" }
    tolower(substr($0, 1, length(name) + 1)) == name ":" { value = substr($0, length(name) + 2); sub(/^[ \t]+/, "", value) }
    END { print value }'
}

# Remembers which file the download is a part of. A weak ETag does not promise the same bytes.
record_state() {
  answer=$(header 'HTTP/status')
  case $answer in 200 | 206) ;; *) return 0 ;; esac
  validator=$(header etag)
  case $validator in '"'*'"') ;; *) validator=$(header last-modified) ;; esac
  known=$(state_line 2)
  if [ -n "$known" ]; then
    # 200 to a request for the rest: curl wrote nothing, and the file is another. 206 of another file: the server ignores If-Range.
    if [ "$answer" = 200 ] || { [ -n "$validator" ] && [ "$validator" != "$known" ]; }; then forget_download; fi
    return 0
  fi
  [ "$answer" = 200 ] || return 0
  total=$(header content-length)
  is_number "$total" || total=
  printf '%s\n%s\n%s\n' "$url" "$validator" "$total" > "$state.new"
  mv "$state.new" "$state"
  rm -f "$headers"
}

# quoted TEXT: for curl's configuration file
quoted() { printf '%s' "$1" | sed 's/[\\"]/\\&/g'; }

# request: one try. Gives curl's exit status and sets `http`. The address is no argument: others can read those.
request() {
  validator=$(state_line 2)
  secure='=http,https'
  case $IMAGE_DOWNLOAD_URL in https://*) secure='=https' ;; esac
  status=0
  rm -f "$headers"
  {
    printf 'url = "%s"\n' "$(quoted "$IMAGE_DOWNLOAD_URL")"
    if [ -s "$part" ]; then printf 'header = "If-Range: %s"\n' "$(quoted "$validator")"; fi
  } | curl -q --config - --silent --fail --location --max-redirs 10 --globoff --proto =http,https --proto-redir "$secure" \
    --connect-timeout 15 --speed-limit 1024 --speed-time "$stall" --continue-at - --output "$part" \
    --dump-header "$headers" --write-out '%{http_code}' > "$part.status" &
  child=$!
  wait "$child" || status=$?
  child=
  http=$(cat "$part.status")
  rm -f "$part.status"
  return "$status"
}

# reason STATUS: curl's own text may quote the address with its secrets
reason() {
  case $1 in
    0 | 33) echo 'the file changed, or the server sends no rest of it' ;;
    5 | 6) echo 'the host name is not known' ;;
    7) echo 'no connection' ;;
    18 | 52 | 56 | 92 | 95) echo 'the connection broke' ;;
    28) echo "nothing arrived for $stall s, or no connection in 15 s" ;;
    1 | 47) echo 'a redirect leads nowhere, or from https to http' ;;
    35 | 51 | 58 | 60 | 77 | 80 | 83) echo 'the TLS certificate or connection is not valid' ;;
    *) echo "curl ended with $1" ;;
  esac
}

download() {
  # Without a validator nothing says that the rest belongs to the same file.
  record_state
  if [ "$(state_line 1)" != "$url" ] || [ -z "$(state_line 2)" ]; then forget_download; fi
  resumed=
  failed=0
  most=0
  delay=$pause
  while :; do
    before=$(size_of "$part")
    total=$(state_line 3)
    if [ "$before" -gt 0 ] && [ "$before" = "$total" ]; then break; fi
    if [ "$before" -gt 0 ]; then
      resumed=1
      say "resuming $url at $before bytes"
    else
      forget_download
      say "downloading $url"
    fi
    status=0
    request || status=$?
    record_state
    if [ "$status" = 0 ] && [ -e "$part" ]; then break; fi
    case $status in
      23) fail 21 no-space "$part cannot be written at $(size_of "$part") bytes, $(free_mib) MiB are free. Fix: a larger volume (volumes.kernels.sizeLimit) or node disk" ;;
      33) forget_download ;; # the file is another now, or the server knows no ranges
      22)
        case $http in
          416) forget_download ;;
          401 | 403) fail 20 download-failed "$url answers $http. Fix: make the file readable, or renew the signature of rootfs.imageUrl" ;;
          404 | 410) fail 20 download-failed "$url answers $http, so there is no such file. Fix: correct rootfs.imageUrl" ;;
          408 | 425 | 429 | 5??) ;;
          *) fail 20 download-failed "$url answers $http. Fix: correct rootfs.imageUrl" ;;
        esac
        ;;
      1 | 3) fail 20 download-failed "$url: $(reason "$status"). Fix: correct rootfs.imageUrl" ;;
    esac
    why=$(reason "$status")
    [ "$status" != 22 ] || why="answers $http"
    now=$(size_of "$part")
    if [ "$now" -gt "$most" ]; then
      most=$now
      failed=0
      delay=$pause
    fi
    failed=$((failed + 1))
    if [ "$failed" -ge "$attempts" ]; then
      fail 20 download-failed "$url: $why, $attempts times. Fix: check that pods reach the server (DNS, network policy), then restart the pod"
    fi
    # Without a validator a part is worth nothing.
    if [ -z "$(state_line 2)" ]; then forget_download; fi
    say "$url: $why; next try in $delay s"
    sleep "$delay" &
    child=$!
    wait "$child"
    child=
    case $delay in *[!0-9]*) ;; *) if [ "$delay" -lt 30 ]; then delay=$((delay * 2)); fi ;; esac
  done
}

check_checksum() {
  [ -n "$sha256" ] || return 0
  found=$(sha256sum < "$part" | cut -d ' ' -f 1)
  if [ "$found" = "$sha256" ]; then return 0; fi
  forget_download
  # Two versions of a file can share a date.
  if [ -n "$resumed" ] && [ -z "${again:-}" ]; then
    again=1
    say 'the checksum of the resumed download differs; once more from the start'
    download
    check_checksum
    return 0
  fi
  fail 22 checksum-mismatch "$url has SHA-256 $found, wanted is $sha256. Fix: correct IMAGE_SHA256, or upload the image again"
}

# bytes_at FILE OFFSET COUNT: prints them in hexadecimal
bytes_at() { od -An -v -tx1 -j "$2" -N "$3" "$1" 2> /dev/null | tr -d ' \n'; }

# Leaves the file system in $new.
unpack() {
  rm -f "$new"
  if [ "$(bytes_at "$part" 0 2)" != 1f8b ]; then
    mv "$part" "$new"
  else
    say 'unpacking gzip'
    # A shell without pipefail: gzip says in a file that it did not succeed.
    rm -f "$part.bad"
    { gzip -dc "$part" 2> /dev/null || touch "$part.bad"; } | dd of="$new" bs=64k iflag=fullblock conv=sparse 2> /dev/null ||
      fail 21 no-space "$new cannot be written, $(free_mib) MiB are free. Fix: a larger volume (volumes.kernels.sizeLimit) or node disk"
    if [ -e "$part.bad" ]; then
      forget_download
      rm -f "$part.bad" "$new"
      fail 31 corrupt-filesystem "$url is a damaged gzip file. Fix: upload it again"
    fi
  fi
  forget_download
}

# check_filesystem FILE FIX
check_filesystem() {
  if [ "$(bytes_at "$1" 1080 2)" != 53ef ]; then
    case $(bytes_at "$1" 0 6) in
      fd377a585a00) what='an xz file' ;;
      28b52ffd*) what='a zstd file' ;;
      3c*) what='a page of HTML or XML' ;;
      514649fb*) what='a qcow2 disk' ;;
      *) what='something else' ;;
    esac
    fail 30 not-ext4 "$url is $what, not an ext4 file system. Fix: upload the ext4 image itself, as it is or with gzip"
  fi
  # 0: clean, 1 and 2: repaired, 4: errors are left, 8 and more: e2fsck could not work.
  status=0
  e2fsck -f -p "$1" || status=$?
  if [ "$status" -ge 4 ] && [ "$status" -lt 128 ]; then
    status=0
    e2fsck -f -y "$1" || status=$?
    if [ "$status" -lt 4 ]; then say "warning: the file system had errors, which e2fsck repaired"; fi
  fi
  if [ "$status" -ge 128 ]; then
    fail 32 check-failed "e2fsck was killed ($status). Fix: more memory for initContainers.rootfs.resources.limits"
  fi
  if [ "$status" -ge 4 ]; then fail 31 corrupt-filesystem "e2fsck cannot repair $1 ($status). Fix: $2"; fi
}

# grow FILE: never shrinks
grow() {
  size=$(size_of "$1")
  if [ "$size" -gt "$wanted" ]; then
    say "the image has $size bytes, more than IMAGE_SIZE $IMAGE_SIZE; it keeps its size"
    return 0
  fi
  truncate -s "$wanted" "$1" || fail 21 no-space "$1 cannot grow to $IMAGE_SIZE. Fix: a smaller rootfs.diskSize"
  resize2fs "$1" || fail 33 resize-failed "resize2fs cannot grow $1 to $IMAGE_SIZE, $(free_mib) MiB are free. Fix: see the lines above"
}

# A student's work is never replaced.
keep() {
  say "$image is there already and is kept"
  from=$(sed -n 1p "$source" 2> /dev/null || true)
  if [ -n "$from" ] && [ "$from" != "$url" ]; then
    say "warning: it came from $from; for $url delete $image or its volume"
  fi
  from=$(sed -n 2p "$source" 2> /dev/null || true)
  if [ -n "$from" ] && [ -n "$sha256" ] && [ "$from" != "$sha256" ]; then
    say "warning: its SHA-256 was $from; for another delete $image or its volume"
  fi
  check_filesystem "$image" "restore a copy of the volume, or delete $image to download it again, which loses the work in it"
  grow "$image"
}

trap stop TERM INT
# The group is that of fsGroup.
umask 007
check_settings
if [ -e "$image" ]; then
  forget_download
  keep
else
  rm -f "$new"
  download
  check_checksum
  unpack
  check_filesystem "$new" 'upload the image again'
  grow "$new"
  printf '%s\n%s\n' "$url" "$sha256" > "$source"
  mv "$new" "$image"
fi
say "$image is ready, $(size_of "$image") bytes"
