#pragma once

#include <chrono>
#include <span>
#include <string>
#include <variant>

#include "postgres/wire/params.hpp"
#include "postgres/wire/pipeline.hpp"
#include "support/result.hpp"

namespace troupe::postgres {

/// A connection for start-up work and tests, where waiting is fine: one statement at a time, everything
/// bounded by one timeout per call. Used by one thread at a time.
class BlockingSession {
 public:
  /// Connects; `timeout` also bounds each `run()`.
  static Result<BlockingSession> open(const std::string& conninfo, std::chrono::milliseconds timeout);

  /// Runs one statement (its own transaction) and waits for its answer. After an Error the session is lost.
  Result<std::variant<Rows, StatementError>> run(const std::string& sql, const Params& params = {});

  /// Has one statement parsed and its types told, as Pipeline::describe. After an Error the session is lost.
  Result<std::variant<Rows, StatementError>> describe(const std::string& sql,
                                                      std::span<const unsigned> types = {});

 private:
  Result<std::variant<Rows, StatementError>> answer();

  BlockingSession(Connection connection, std::chrono::milliseconds timeout)
      : pipeline_(std::move(connection)), timeout_(timeout) {}

  Pipeline pipeline_;
  std::chrono::milliseconds timeout_;
  int statements_ = 0;
};

}  // namespace troupe::postgres
