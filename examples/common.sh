# shellcheck shell=bash
# What examples/*/run share: which troupe, where to write, a PostgreSQL and a server of their own, and the end of all that.
# Source it first. It goes to the example's folder, so that files are named as in the documents.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[1]}")"
example=$(basename "$PWD")

say() { printf '\n== %s\n' "$*"; }
fail() {
  echo "$example: $1" >&2
  exit "${2:-1}"
}
skip() {
  echo "$example is SKIPPED: $1"
  exit 77
}

# $TROUPE_BINARY, the path's, or the clone's. Troupe itself takes TROUPE_… for settings: it must not see that variable.
built=$(cd ../.. && pwd)/build/release/troupe
troupe=${TROUPE_BINARY:-$(command -v troupe || echo "$built")}
unset TROUPE_BINARY DATABASE_URL
[[ -x $troupe ]] || fail "there is no program $troupe: run scripts/build release, or set TROUPE_BINARY" 2

# Who is root runs PostgreSQL, which refuses to run as root, as the user that troupe chooses, too.
as=()
work=$(mktemp -d)
if [[ $EUID -eq 0 ]]; then
  owner=postgres
  id "$owner" >/dev/null 2>&1 || owner=nobody
  as=(setpriv "--reuid=$owner" "--regid=$(id -g "$owner")" --clear-groups)
  chown "$owner:" "$work"
fi

started=() # process ids, each with the signal that ends it well
clean_up() {
  local code=$? index
  trap - EXIT
  for ((index = ${#started[@]} - 1; index >= 0; --index)); do
    kill "-${started[index]#*:}" "${started[index]%:*}" 2>/dev/null || true
    wait "${started[index]%:*}" 2>/dev/null || true
  done
  rm -rf "$work"
  exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# start_postgres DATABASE: a PostgreSQL that ends with the example, with an empty database of the user app, who may do what
# troupe asks for. Sets and exports DATABASE_URL.
start_postgres() {
  local programs tries
  programs=$(find /usr/lib/postgresql/*/bin -name initdb -printf '%h\n' 2>/dev/null | sort -V | tail -n 1)
  [[ -n $programs ]] || programs=$(dirname "$(command -v initdb || fail 'PostgreSQL is not installed: run scripts/setup' 2)")
  (cd / && "${as[@]}" "$programs/initdb" -D "$work/data" -U postgres -A trust -E UTF8 --no-locale -N) >"$work/initdb.log" 2>&1 ||
    fail "initdb: $(tail -n 3 "$work/initdb.log")"
  # A socket in a directory of its own: no port that another program could have.
  (cd / && exec "${as[@]}" "$programs/postgres" -D "$work/data" -c listen_addresses= -c "unix_socket_directories=$work") \
    >"$work/postgres.log" 2>&1 &
  started+=("$!:INT") # does not wait for clients
  for ((tries = 0; ; ++tries)); do
    psql -Xqd "postgresql://postgres@/postgres?host=$work" -c 'SELECT 1' >/dev/null 2>&1 && break
    [[ $tries -lt 300 ]] || fail "PostgreSQL did not start: $(tail -n 3 "$work/postgres.log")" 3
    sleep 0.1
  done
  psql -Xqd "postgresql://postgres@/postgres?host=$work" -c 'CREATE USER app CREATEDB IN ROLE pg_checkpoint' -c "CREATE DATABASE $1 OWNER app"
  export DATABASE_URL="postgresql://app@/$1?host=$work"
}

# start_server FLAGS…: `troupe serve` on a port that it finds itself. Sets url.
start_server() {
  local tries
  "$troupe" serve --port 0 "$@" >"$work/serve.out" 2>"$work/serve.log" &
  started+=("$!:TERM")
  for ((tries = 0; ; ++tries)); do
    # shellcheck disable=SC2034  # it is the example's
    url=$(grep -om 1 'http://[0-9.:]*' "$work/serve.out") && break
    kill -0 "$!" 2>/dev/null || fail "troupe serve: $(tail -n 3 "$work/serve.log")"
    [[ $tries -lt 300 ]] || fail "troupe serve did not start: $(tail -n 3 "$work/serve.log")"
    sleep 0.1
  done
  cat "$work/serve.out"
}
