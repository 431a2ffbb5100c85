#pragma once

namespace troupe::cli {

/// What `troupe sweep --help` says below its flags.
inline constexpr const char* sweep_examples =
    R"(Examples:
  troupe sweep config/sweep.toml
      what that file says
  troupe sweep --pool-size 1,2,4,8 --batching coalesce,off --users 8,64
      sixteen cells, three repeats each, PostgreSQL of its own
  troupe sweep --model event-loop,threads,prefork,actors --transport http --users 1,8,64
      the concurrency shapes of FastAPI, Flask, Django and Troupe side by side
  troupe sweep --pool-size 1,2,4,8,16 --users 1,4,16,64,256 --budget 5m
      as much as fits into five minutes
  troupe sweep --resources shop.toml --scenario my-mix.toml --database-url postgresql://app@db/shop \
      --pool-size 1,2,4,8,16 --write-config best.toml
      how many connections for your queries on your tables
  troupe sweep --target http://127.0.0.1:8000 --axis pool=4,8,16 --axis workers=1,2 --users 16,64 \
      --before 'POOL={pool} WORKERS={workers} ./restart' --ready http://127.0.0.1:8000/health --scenario my.toml
      a service of yours, restarted for each repeat (docs/how-to/size-any-service.md)
  troupe sweep --resume results/2026-11-22T16-00-00
      goes on with a sweep that was ended early
)";

/// What --help-all says, too.
inline constexpr const char* sweep_rest =
    R"(
Every flag for a setting (the groups in brackets) takes a list, too: what has a list is varied, the rest is the same
for all cells. Only where PostgreSQL is (--database-url, --data-dir) and --log-level are one for the whole sweep.
Results go to a new directory: records.msgpack (raw), results.csv, summary.json, environment.json and report.html;
docs/reference/results.md describes them. The sweep uses a table of its own, troupe_sweep_items; with --resources it works on a
copy of your tables that it makes on the same server and removes at its end (docs/how-to/size-my-pool.md).

Exit codes:
  0  success                            3  PostgreSQL is away, or not one cell could be run
  1  a failure without a code of its own  130  ended early by Ctrl-C; what was measured is written
  2  a mistake on the command line, in the sweep file or in a setting
)";

}  // namespace troupe::cli
