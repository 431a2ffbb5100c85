#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/import/draft_names.hpp"
#include "sim/import/openapi_document.hpp"
#include "sim/import/schema_sample.hpp"

namespace troupe::sim {

/// Makes tasks of a document's operations.
class ApiTasks {
 public:
  /// What stands for the parameter of a path's part: `{order_id}`; nullopt: a value of its type.
  using IdOf = std::function<std::optional<std::string>(const std::vector<PathPart>& path, std::size_t part)>;

  /// All outlive it.
  ApiTasks(const JsonDocument& document, ScenarioDraft& draft, DraftNames& names, std::string base_path);

  /// How most operations know who asks becomes the draft's own `auth` or `headers`. `token`: the variable
  /// that a login gives; empty: there is no login.
  void choose_security(const std::vector<ApiOperation>& operations, const std::string& token);

  DraftTask make(const ApiOperation& operation, const IdOf& id_of);
  /// The same for a login, which nobody asks who asks.
  DraftTask make_login(const ApiOperation& operation);

 private:
  ApiSecurity security_of(const ApiOperation& operation) const;
  std::string path_of(const ApiOperation& operation, const IdOf& id_of, DraftTask& task);
  std::string value_of(const ApiParameter& parameter, DraftTask& task);
  void add_parameters(const ApiOperation& operation, DraftTask& task);
  void add_body(const ApiOperation& operation, DraftTask& task);
  void add_security(const ApiSecurity& who, DraftTask& task);
  DraftAuth auth_of(const ApiSecurity& who);
  std::string field_of(const ApiSecurity& who);

  const JsonDocument& document_;
  ScenarioDraft& draft_;
  DraftNames& names_;
  SchemaSample sample_;
  std::string base_path_;
  std::string token_;
  ApiSecurity for_all_;    ///< what the draft's top says
  ApiSecurity otherwise_;  ///< of operations that do not say
};

}  // namespace troupe::sim
