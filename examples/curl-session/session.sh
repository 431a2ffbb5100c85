#!/usr/bin/env bash
# session.sh [URL]: one item's life, with curl, on a `troupe serve` that runs already. Ends with 1 at the first answer that is another than
# it should be.
set -euo pipefail
url=${1:-http://127.0.0.1:8080}
json='Content-Type: application/json'
answer=$(mktemp -d)
trap 'rm -rf "$answer"' EXIT

# ask STATUS ARGUMENTS…: asks with curl, prints the answer and holds its status against what it should be.
ask() {
  local status body
  status=$(curl -sS -o "$answer/body" -D "$answer/head" -w '%{http_code}' "${@:2}")
  body=$(cat "$answer/body")
  echo "$status${body:+ $body}"
  [[ $status == "$1" ]] || {
    echo "session: $1 was expected" >&2
    exit 1
  }
}
field() { sed -n "s/^$1: //Ip" "$answer/head" | tr -d '\r'; }

echo '== Create: 201, and Location says where it is'
ask 201 "$url/items/" -H "$json" -d '{"name": "Desk lamp", "price": 12.5}'
lamp=$url$(field Location)
ask 201 "$url/items/" -H "$json" -d '{"name": "Floor lamp", "price": 80, "in_stock": false}'
other=$url$(field Location)

echo '== List: a filter, an order, the fields that are wanted'
ask 200 "$url/items/?min_price=10&order=-price&fields=name,price&limit=10"

echo '== Change: If-Match holds the version that was read, so nobody is overwritten'
ask 200 "$lamp"
version=$(field ETag)
ask 200 -X PATCH "$lamp" -H "If-Match: $version" -H "$json" -d '{"price": 11}'
ask 412 -X PATCH "$lamp" -H "If-Match: $version" -H "$json" -d '{"price": 10}' # that version is gone

echo '== A body with faults: 422 lists all of them'
ask 422 "$url/items/" -H "$json" -d '{"name": "", "price": "x"}'

echo '== Delete: 204, and then it is gone'
ask 204 -X DELETE "$lamp"
ask 404 "$lamp"
ask 204 -X DELETE "$other"
