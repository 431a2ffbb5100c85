#include "postgres/wire/conninfo.hpp"

#include <libpq-fe.h>

#include <map>
#include <memory>
#include <string_view>

namespace troupe::postgres {
namespace {

using Pairs = std::map<std::string, std::string, std::less<>>;

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

Result<Pairs> pairs_of(const std::string& conninfo) {
  const std::unique_ptr<PQconninfoOption, FreeOptions> options(PQconninfoParse(conninfo.c_str(), nullptr));
  if (!options) return Error{ErrorCode::invalid_argument, "malformed database URL"};
  Pairs pairs;
  for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) pairs.emplace(option->keyword, option->val);
  }
  return pairs;
}

std::string text_of(const Pairs& pairs) {
  std::string text;
  for (const auto& [key, value] : pairs) {
    text += (text.empty() ? "" : " ") + key + "='";
    for (const char c : value) {
      if (c == '\'' || c == '\\') text += '\\';
      text += c;
    }
    text += "'";
  }
  return text;
}

}  // namespace

Result<std::string> with_database(const std::string& conninfo, const std::string& database) {
  auto pairs = pairs_of(conninfo);
  if (!pairs) return pairs.error();
  (*pairs)["dbname"] = database;
  return text_of(*pairs);
}

Result<std::string> read_only(const std::string& conninfo) {
  auto pairs = pairs_of(conninfo);
  if (!pairs) return pairs.error();
  auto& options = (*pairs)["options"];
  options += (options.empty() ? "" : " ") + std::string("-c default_transaction_read_only=on");
  return text_of(*pairs);
}

}  // namespace troupe::postgres
