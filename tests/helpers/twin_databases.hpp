#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "helpers/blocking_pipeline.hpp"
#include "helpers/model_client.hpp"
#include "helpers/row_statements.hpp"
#include "postgres/wire/blocking_session.hpp"

namespace troupe::tests {

/// A database of the shared cluster and a modelled one with the same tables, both empty: cells (x, y),
/// devices (a uuid), people (a number of their own) and words (themselves). Both meet rows in the order in
/// which a statement names them.
struct TwinDatabases {
  using Outcome = std::variant<postgres::Rows, postgres::StatementError>;

  explicit TwinDatabases(std::uint64_t seed, const world::ModelSettings& settings = ModelFixture::quick());

  Outcome ask_real(const SentStatement& sent);
  Outcome ask_model(const SentStatement& sent);
  /// The same with the statements of one transaction.
  std::vector<Outcome> ask_real_together(const std::vector<SentStatement>& all);
  std::vector<Outcome> ask_model_together(const std::vector<SentStatement>& all);
  const postgres::SharedResource& resource(const std::string& name) const;

  std::string conninfo;
  std::optional<postgres::BlockingSession> real_session;
  std::optional<BlockingPipeline> real_pipeline;
  ModelFixture model;
  ModelClient* client = nullptr;
  std::vector<postgres::SharedResource> resources;
};

/// An outcome as text: an error with all that a client may be told, or a line for each row, sorted unless it
/// is `ordered`, and without its last column when that is `xmin`; of rows without columns nothing.
std::vector<std::string> said(const TwinDatabases::Outcome& outcome, bool xmin, bool ordered);
/// The version of a read's only row; "3" when there is none.
std::string version_in(const TwinDatabases::Outcome& read);

}  // namespace troupe::tests
