#pragma once

#include <string>
#include <variant>
#include <vector>

#include "helpers/row_statements.hpp"
#include "postgres/wire/pipeline.hpp"

namespace troupe::tests {

/// A pipeline to PostgreSQL whose owner may wait: one transaction of several statements at a time. Fails the
/// test when its connection is lost.
class BlockingPipeline {
 public:
  using Outcome = std::variant<postgres::Rows, postgres::StatementError>;

  explicit BlockingPipeline(const std::string& conninfo);

  /// The outcome of each, once their transaction has ended.
  std::vector<Outcome> run(const std::vector<SentStatement>& all);

 private:
  postgres::Pipeline pipeline_;
};

}  // namespace troupe::tests
